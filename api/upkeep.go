package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

// ChoreView is a chore as editors see it.
type ChoreView struct {
	ID         string           `json:"id"`
	Kind       upkeep.Kind      `json:"kind" enum:"duplicate,contradiction,stale,edited_fact,unused,always_edited"`
	Status     upkeep.Status    `json:"status" enum:"open,dismissed,done"`
	DocumentID string           `json:"document_id"`
	Title      string           `json:"title,omitempty" doc:"Of the document; missing if it is gone."`
	OtherID    string           `json:"other_id,omitempty" doc:"Of a duplicate or contradiction: the other document."`
	OtherTitle string           `json:"other_title,omitempty"`
	Score      float64          `json:"score" doc:"What the list is ordered by, from 0 to 1."`
	What       string           `json:"what,omitempty" doc:"What is contradicted or changed: number, date, price, condition or negation."`
	Why        string           `json:"why"`
	Passages   []choreSays      `json:"passages" nullable:"false" doc:"Of a pair: one of each document, in the order of document_id and other_id."`
	Words      *choreDiffers    `json:"words,omitempty" doc:"What differs."`
	Counts     map[string]int64 `json:"counts,omitempty"`
	Owner      string           `json:"owner,omitempty"`
	Reason     string           `json:"reason,omitempty" doc:"What somebody wrote when its status was set."`
	Author     string           `json:"author,omitempty" doc:"Who set its status; missing: nobody did."`
	FoundAt    time.Time        `json:"found_at"`
	UpdatedAt  time.Time        `json:"updated_at"`
}

type choreSays struct {
	DocumentID string    `json:"document_id"`
	Quote      string    `json:"quote"`
	Start      int64     `json:"start" doc:"Runes of an article's body or a case's resolution."`
	End        int64     `json:"end"`
	UpdatedAt  time.Time `json:"updated_at" doc:"When the document was last changed before that."`
}

type choreDiffers struct {
	Here    []string `json:"here" nullable:"false" doc:"In the document."`
	Instead []string `json:"instead" nullable:"false" doc:"In the other one, or in what operators send."`
}

func saysOf(ps []upkeep.Passage) []choreSays {
	out := make([]choreSays, len(ps))
	for i, p := range ps {
		out[i] = choreSays{p.DocumentID, p.Quote, int64(p.Start), int64(p.End), p.UpdatedAt}
	}
	return out
}

func choreOf(c *upkeep.Chore, titles map[string]string) ChoreView {
	v := ChoreView{
		ID: c.ID, Kind: c.Kind, Status: c.Status, DocumentID: c.DocumentID, Title: titles[c.DocumentID], OtherID: c.OtherID, Score: c.Score,
		What: c.Data.What, Why: c.Data.Why, Passages: saysOf(c.Data.Passages), Counts: c.Data.Counts,
		Owner: c.Owner, Reason: c.Note, Author: c.Author, FoundAt: c.FoundAt, UpdatedAt: c.UpdatedAt,
	}
	if c.OtherID != "" {
		v.OtherTitle = titles[c.OtherID]
	}
	if w := c.Data.Words; len(w[0])+len(w[1]) > 0 {
		v.Words = &choreDiffers{append([]string{}, w[0]...), append([]string{}, w[1]...)}
	}
	return v
}

// titles returns what documents are called, by id; a case by its problem.
func (s *Server) titles(ctx context.Context, ids []string) (map[string]string, error) {
	docs, err := s.KB.In(caller(ctx).WorkspaceID).Documents(ctx, ids)
	out := make(map[string]string, len(docs))
	for id, d := range docs {
		out[id] = cmp.Or(d.Title, firstLine(d.Problem))
	}
	return out, err
}

// firstLine is the beginning of a text that has no title.
func firstLine(text string) string {
	const most = 120
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if rs := []rune(line); len(rs) > most {
		return string(rs[:most-1]) + "…"
	}
	return line
}

type choresOut struct{ Body chorePage }

type chorePage struct {
	Chores     []ChoreView    `json:"chores" nullable:"false" doc:"What matters most first."`
	Counts     map[string]int `json:"counts" doc:"How many there are of each kind, whatever kind was asked for."`
	NextCursor string         `json:"next_cursor,omitempty" doc:"Missing on the last page."`
}

// nextPage is the cursor of what follows n of a list, empty if nothing does.
func nextPage(offset, n, found int) string {
	if found <= n {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(offset + n)))
}

// listUpkeep answers GET /v1/upkeep.
func (s *Server) listUpkeep(ctx context.Context, in *struct {
	Kind     string `query:"kind" enum:"duplicate,contradiction,stale,edited_fact,unused,always_edited"`
	Status   string `query:"status" enum:"open,dismissed,done,any" default:"open"`
	Document string `query:"document" maxLength:"128" doc:"What is about this document."`
	Owner    string `query:"owner" maxLength:"256"`
	Cursor   string `query:"cursor" doc:"next_cursor of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*choresOut, error) {
	f := upkeep.Filter{DocumentID: in.Document, Owner: in.Owner}
	if in.Status != "any" {
		f.Status = upkeep.Status(in.Status)
	}
	store := s.Upkeep.In(caller(ctx).WorkspaceID)
	counts, err := store.Count(ctx, f)
	if err != nil {
		return nil, err
	}
	if f.Offset, err = offset(in.Cursor); err != nil {
		return nil, err
	}
	f.Kind, f.Limit = upkeep.Kind(in.Kind), in.Limit+1
	cs, err := store.Chores(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &choresOut{chorePage{Counts: make(map[string]int), NextCursor: nextPage(f.Offset, in.Limit, len(cs))}}
	for kind, n := range counts {
		out.Body.Counts[string(kind)] = n
	}
	cs = cs[:min(len(cs), in.Limit)]
	var ids []string
	for i := range cs {
		ids = append(ids, cs[i].DocumentID, cs[i].OtherID)
	}
	titles, err := s.titles(ctx, ids)
	if err != nil {
		return nil, err
	}
	out.Body.Chores = make([]ChoreView, len(cs))
	for i := range cs {
		out.Body.Chores[i] = choreOf(&cs[i], titles)
	}
	return out, nil
}

// ChoreChange is what a person changes about a chore. What is missing stays.
type ChoreChange struct {
	Status upkeep.Status `json:"status,omitempty" enum:"open,dismissed,done" doc:"dismissed: it is none. done: it was seen to."`
	Reason *string       `json:"reason,omitempty" maxLength:"2000" doc:"Why: needed to dismiss."`
	Owner  *string       `json:"owner,omitempty" maxLength:"256" doc:"Who sees to it; empty: nobody any more."`
}

type choreOut struct{ Body ChoreView }

// changeUpkeep answers PATCH /v1/upkeep/{id}.
func (s *Server) changeUpkeep(ctx context.Context, in *struct {
	ByID
	Body ChoreChange
}) (*choreOut, error) {
	key, b := caller(ctx), &in.Body
	switch {
	case b.Status == "" && b.Reason == nil && b.Owner == nil:
		return nil, fmt.Errorf("%w: say what to change: status, reason or owner", kb.ErrInvalid)
	case b.Status == upkeep.Dismissed && (b.Reason == nil || strings.TrimSpace(*b.Reason) == ""):
		return nil, fmt.Errorf("%w: say in reason why it is dismissed", kb.ErrInvalid)
	}
	x := upkeep.Change{Owner: b.Owner, Note: b.Reason, Author: authorOf(key)}
	if b.Status != "" {
		x.Status = &b.Status
	}
	c, err := s.Upkeep.In(key.WorkspaceID).Set(ctx, in.ID, x)
	if err != nil {
		return nil, err
	}
	titles, err := s.titles(ctx, []string{c.DocumentID, c.OtherID})
	if err != nil {
		return nil, err
	}
	return &choreOut{choreOf(&c, titles)}, nil
}
