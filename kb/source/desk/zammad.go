package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// zammad reads Zammad's REST API: the knowledge base (Login is its number,
// empty for 1; the token needs the permission knowledge_base.editor for the
// overview) and tickets in the order of their numbers with their articles and
// tags. Without its search server Zammad cannot list by time of change, so all
// tickets are listed in every run, and those that changed are read. It has no
// ratings, and tells no deletions.
//
// Reference: docs.zammad.org, api.
func zammad() system {
	return system{
		credential: func(o Options, host string) fetch.Credential {
			return fetch.Header(host, "Authorization", fetch.NewSecret("Token token="+o.Token.Reveal()))
		},
		articles: zammadAnswers,
		tickets:  zammadTickets,
		record:   zammadRecord,
	}
}

// zammadBase is a knowledge base, or a part of it, as assets by their numbers.
type zammadBase struct {
	Locales    map[text]zammadLocale   `json:"KnowledgeBaseLocale"`
	Categories map[text]zammadTitle    `json:"KnowledgeBaseCategoryTranslation"`
	Answers    map[text]zammadAnswer   `json:"KnowledgeBaseAnswer"`
	Titles     map[text]zammadTitle    `json:"KnowledgeBaseAnswerTranslation"`
	Contents   map[text]zammadContents `json:"KnowledgeBaseAnswerTranslationContent"`

	names map[text]string // of the system's locales
}

type zammadLocale struct {
	System  text `json:"system_locale_id"`
	Primary flag
}

type zammadTitle struct {
	ID         text
	Title      string
	LocaleID   text  `json:"kb_locale_id"`
	AnswerID   text  `json:"answer_id"`
	CategoryID text  `json:"category_id"`
	ContentID  text  `json:"content_id"`
	UpdatedAt  stamp `json:"updated_at"`
}

type zammadAnswer struct {
	ID          text
	Base        text  `json:"knowledge_base_id"`
	CategoryID  text  `json:"category_id"`
	PublishedAt stamp `json:"published_at"`
	InternalAt  stamp `json:"internal_at"`
	ArchivedAt  stamp `json:"archived_at"`
	UpdatedAt   stamp `json:"updated_at"`
	Tags        []string
}

type zammadContents struct{ Body string }

// answers reads the parts one by one: what is broken in one answer costs
// that answer. Zammad writes an empty list where there is nothing.
func (z *zammadBase) answers(raw json.RawMessage) ([]json.RawMessage, error) {
	var parts map[string]json.RawMessage
	if strings.HasPrefix(strings.TrimSpace(string(raw)), "[") {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, err
	}
	var answers map[string]json.RawMessage
	for name, v := range map[string]any{
		"KnowledgeBaseLocale": &z.Locales, "KnowledgeBaseCategoryTranslation": &z.Categories, "KnowledgeBaseAnswer": &answers,
		"KnowledgeBaseAnswerTranslation": &z.Titles, "KnowledgeBaseAnswerTranslationContent": &z.Contents,
	} {
		if b, ok := parts[name]; ok {
			if err := json.Unmarshal(b, v); err != nil {
				return nil, err
			}
		}
	}
	return numberedParts(answers), nil
}

// locale returns the name of one of the knowledge base's languages.
func (z *zammadBase) locale(id text) string { return z.names[z.Locales[id].System] }

func zammadAnswers(ctx context.Context, r *reader) error {
	var locales []struct {
		ID     text
		Locale string
	}
	if err := r.get(ctx, "/api/v1/locales", &locales); err != nil && !denied(err) {
		return err
	}
	z := zammadBase{names: make(map[text]string)}
	for _, l := range locales {
		z.names[l.ID] = l.Locale
	}
	number := cmp.Or(r.Login, "1")
	return r.walk(ctx, list{
		first: "/api/v1/knowledge_bases/init",
		body:  func(string) []byte { return []byte("{}") },
		page: func(a response) (page, error) {
			answers, err := z.answers(a.body)
			if err != nil {
				return page{}, response{body: a.body, at: a.at}.decode(&zammadBase{})
			}
			return page{records: answers}, nil
		},
		each: func(raw json.RawMessage) error {
			return z.answer(r, raw, func(ids []string) (map[text]zammadContents, error) {
				var whole struct{ Assets zammadBase }
				at := "/api/v1/knowledge_bases/" + number + "/answers/" + identity(raw) + "?full=1&include_contents=" + strings.Join(ids, ",")
				err := r.get(ctx, at, &whole)
				return whole.Assets.Contents, err
			})
		},
	})
}

// answer delivers the translations of an answer, the one in the knowledge base's
// first language under the answer's own number.
func (z *zammadBase) answer(r *reader, raw json.RawMessage, load func(ids []string) (map[text]zammadContents, error)) error {
	var a zammadAnswer
	if ok, err := r.decode("article", raw, &a); !ok {
		return err
	}
	var ids []string
	for _, t := range ordered(z.Titles) {
		if t.AnswerID == a.ID {
			ids = append(ids, string(t.ContentID))
		}
	}
	contents := z.Contents
	loaded := false
	for _, t := range ordered(z.Titles) {
		if t.AnswerID != a.ID {
			continue
		}
		out := article{
			id: string(a.ID), title: t.Title, locale: z.locale(t.LocaleID), updated: latest(a.UpdatedAt, t.UpdatedAt), tags: a.Tags,
			archived: !a.ArchivedAt.IsZero(), internal: a.PublishedAt.IsZero() && !a.InternalAt.IsZero(), draft: a.PublishedAt.IsZero() && a.InternalAt.IsZero(),
		}
		if !bool(z.Locales[t.LocaleID].Primary) && len(ids) > 1 {
			out.id += "." + cmp.Or(out.locale, string(t.LocaleID))
		}
		for _, c := range z.Categories {
			if c.CategoryID == a.CategoryID && c.LocaleID == t.LocaleID {
				out.tags = append([]string{c.Title}, out.tags...)
			}
		}
		if r.base != nil && out.locale != "" {
			out.url = r.base.String() + "/help/" + out.locale + "/" + string(a.CategoryID) + "/" + string(a.ID)
		}
		err := r.article(out, func(out *article) (err error) {
			if load != nil && !loaded {
				contents, err = load(ids)
				loaded = true
			}
			out.body = contents[t.ContentID].Body
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type zammadTicket struct {
	ID          text
	Title       string
	State       string
	CloseAt     stamp `json:"close_at"`
	LastCloseAt stamp `json:"last_close_at"`
	UpdatedAt   stamp `json:"updated_at"`
	Tags        []string
	Articles    []zammadMessage
}

type zammadMessage struct {
	Sender, Type, Body string
	ContentType        string `json:"content_type"`
	Internal           flag
	CreatedAt          stamp `json:"created_at"`
	Preferences        struct {
		Auto   flag `json:"is-auto-response"`
		Notify flag `json:"notification"`
	}
}

func (m *zammadMessage) message() message {
	out := message{private: bool(m.Internal), text: m.Body, html: strings.HasPrefix(m.ContentType, "text/html"), at: m.CreatedAt}
	switch {
	case bool(m.Preferences.Auto) || bool(m.Preferences.Notify):
	case m.Sender == "Customer":
		out.by = customer
	case m.Sender == "Agent":
		out.by = agent
	}
	return out
}

// ticket reads a ticket. Kinds has what kind of state a state is, by its name.
func (t *zammadTicket) ticket(kinds map[string]string) ticket {
	kind := cmp.Or(kinds[t.State], t.State)
	out := ticket{
		id: string(t.ID), subject: t.Title, state: t.State, solved: kind == "closed", deleted: kind == "removed",
		tags: t.Tags, updated: t.UpdatedAt, resolved: latest(t.CloseAt, t.LastCloseAt),
	}
	for _, m := range t.Articles {
		out.messages = append(out.messages, m.message())
	}
	return out
}

func zammadTickets(ctx context.Context, r *reader) error {
	var states []struct {
		Name string
		Kind string `json:"state_type"`
	}
	if err := r.get(ctx, "/api/v1/ticket_states?expand=true", &states); err != nil && !denied(err) {
		return err
	}
	kinds := make(map[string]string)
	for _, s := range states {
		kinds[s.Name] = s.Kind
	}
	r.sift = true
	return r.walk(ctx, list{
		first: "/api/v1/tickets?expand=true&page=1&per_page=100",
		page: func(a response) (page, error) {
			var p page
			err := a.decode(&p.records)
			if len(p.records) > 0 {
				p.next = numbered(a.at)
			}
			return p, err
		},
		each: func(raw json.RawMessage) error {
			var t zammadTicket
			if ok, err := r.decode("ticket", raw, &t); !ok {
				return err
			}
			out := t.ticket(kinds)
			out.url = r.base.String() + "/#ticket/zoom/" + out.id
			return r.ticket(out, func(out *ticket) error {
				if err := r.get(ctx, "/api/v1/ticket_articles/by_ticket/"+out.id+"?expand=true", &t.Articles); err != nil {
					return err
				}
				out.messages = t.ticket(kinds).messages
				var tagged struct{ Tags []string }
				err := r.get(ctx, "/api/v1/tags?o_id="+out.id+"&object=Ticket", &tagged)
				out.tags = tagged.Tags
				return err
			})
		},
	})
}

// zammadRecord reads a ticket with its articles, or a knowledge base as the
// overview of the API has it, with the contents of its answers.
func zammadRecord(r *reader, raw json.RawMessage) error {
	if has(raw, "KnowledgeBaseAnswer") {
		var z zammadBase
		answers, err := z.answers(raw)
		if err != nil {
			return r.lost("", "not what the system's documentation says: %v", err)
		}
		for _, b := range answers {
			if err := z.answer(r, b, nil); err != nil {
				return err
			}
		}
		return nil
	}
	var t zammadTicket
	if ok, err := r.decode("ticket", raw, &t); !ok {
		return err
	}
	return r.ticket(t.ticket(nil), nil)
}
