package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/whetstone-desk/whetstone/kb"
)

// listed is how a list is asked for.
type listed struct {
	Cursor string   `query:"cursor" maxLength:"2000" doc:"next_cursor of the page before."`
	Limit  int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Status string   `query:"status" enum:"draft,published,archived"`
	Locale string   `query:"locale"`
	Sort   kb.Order `query:"sort" enum:"id,title,-title,changed,-changed" default:"id" doc:"By id, by title or by the latest change; with - the other way round."`
	Brief  bool     `query:"brief" doc:"Without the texts: excerpt has the start of the body or the problem. Do not write back what was read so."`
}

// aList is a page of documents.
type aList struct {
	docs  []kb.Brief // whole unless they were asked for in brief
	total *int       // of all pages; on the first
	next  string     // cursor of the next page, empty at the end
}

// list reads a page of documents.
func (s *Server) list(ctx context.Context, kind kb.Kind, in *listed) (aList, error) {
	p := kb.Page{Kind: kind, Status: kb.Status(in.Status), Locale: in.Locale, Order: in.Sort, Limit: in.Limit + 1}
	var out aList
	var err error
	if p.After, err = in.after(); err != nil {
		return out, err
	}
	store := s.KB.In(caller(ctx).WorkspaceID)
	if in.Brief {
		out.docs, err = store.Briefs(ctx, p)
	} else {
		var ds []kb.Document
		ds, err = store.List(ctx, p)
		for i := range ds {
			out.docs = append(out.docs, kb.Brief{Document: ds[i]})
		}
	}
	if err != nil {
		return out, err
	}
	if len(out.docs) > in.Limit {
		out.docs = out.docs[:in.Limit]
		if out.next, err = in.following(&out.docs[in.Limit-1].Document); err != nil {
			return out, err
		}
	}
	if in.Cursor == "" {
		n, err := store.Total(ctx, p)
		if err != nil {
			return out, err
		}
		out.total = &n
	}
	return out, nil
}

// after reads the cursor: an id, or in other orders the JSON of a mark.
func (in *listed) after() (m kb.Mark, err error) {
	b, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	switch {
	case err != nil, len(b) == 0:
	case in.Sort == kb.ByID:
		m.ID = string(b)
	default:
		err = json.Unmarshal(b, &m)
	}
	if err != nil || !plain(m.ID) || !plain(m.Title) {
		return m, fmt.Errorf("%w: cursor %q: pass next_cursor on as it came", errMalformed, in.Cursor)
	}
	return m, nil
}

// following is the cursor of the page after a document.
func (in *listed) following(d *kb.Document) (string, error) {
	if in.Sort == kb.ByID {
		return base64.RawURLEncoding.EncodeToString([]byte(d.ID)), nil
	}
	b, err := json.Marshal(d.Mark(in.Sort))
	return base64.RawURLEncoding.EncodeToString(b), err
}
