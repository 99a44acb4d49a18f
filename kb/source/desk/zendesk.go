package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// zendesk reads Zendesk's Help Center API (articles with their translations and
// sections, by cursor) and Ticketing API (the incremental export of tickets, by
// cursor, with the deleted ones; comments ticket by ticket, since the export has
// none). Its ratings stand in the tickets. The token is an API token where Login
// has the operator's address, and one of OAuth otherwise.
//
// Its JSON export is read too: one ticket with its comments a line.
//
// Reference: developer.zendesk.com, api-reference.
func zendesk() system {
	return system{
		credential: func(o Options, host string) fetch.Credential {
			if o.Login == "" {
				return fetch.Bearer(host, o.Token)
			}
			return fetch.Basic(host, o.Login+"/token", o.Token)
		},
		limit: func(h http.Header) time.Duration {
			return remaining(h, "X-Rate-Limit-Remaining", "Ratelimit-Reset", time.Minute)
		},
		articles: zendeskArticles,
		tickets:  zendeskTickets,
		record:   zendeskRecord,
	}
}

type zendeskPage struct {
	Articles, Tickets, Comments []json.RawMessage

	Sections []struct {
		ID   text
		Name string
	}
	Users []struct {
		ID   text
		Role string
	}
	Meta struct {
		HasMore bool `json:"has_more"`
	}
	Links struct {
		Next string
	}
	AfterURL    string `json:"after_url"`
	AfterCursor string `json:"after_cursor"`
	EndOfStream bool   `json:"end_of_stream"`
}

func (p *zendeskPage) next() string {
	if p.Meta.HasMore {
		return p.Links.Next
	}
	return ""
}

func zendeskArticles(ctx context.Context, r *reader) error {
	sections := make(map[text]string)
	return r.walk(ctx, list{
		first: "/api/v2/help_center/articles.json?include=sections,translations&page%5Bsize%5D=100",
		page: func(a response) (page, error) {
			var p zendeskPage
			if err := a.decode(&p); err != nil {
				return page{}, err
			}
			for _, s := range p.Sections {
				sections[s.ID] = s.Name
			}
			return page{records: p.Articles, next: p.next()}, nil
		},
		each: func(raw json.RawMessage) error { return zendeskArticle(r, raw, sections) },
	})
}

// zendeskArticle delivers an article, and each of its translations as one of
// its own.
func zendeskArticle(r *reader, raw json.RawMessage, sections map[text]string) error {
	type translation struct {
		Locale, Title, Body string
		HTMLURL             string `json:"html_url"`
		Draft               flag
		UpdatedAt           stamp `json:"updated_at"`
	}
	var a struct {
		translation
		ID           text
		Name         string
		SourceLocale string   `json:"source_locale"`
		SectionID    text     `json:"section_id"`
		Labels       []string `json:"label_names"`
		Segment      text     `json:"user_segment_id"`
		Segments     []text   `json:"user_segment_ids"`
		Translations []struct{ translation }
	}
	if ok, err := r.decode("article", raw, &a); !ok {
		return err
	}
	out := article{
		id: string(a.ID), title: cmp.Or(a.Title, a.Name), body: a.Body, locale: a.Locale, url: a.HTMLURL, draft: bool(a.Draft),
		tags: append(a.Labels, sections[a.SectionID]), updated: a.UpdatedAt,
		// Without a segment everyone reads it. Who belongs to one is not told
		// here: it may be signed-in customers, but may be operators only.
		internal: a.Segment != "" || len(a.Segments) > 0,
	}
	if err := r.article(out, nil); err != nil {
		return err
	}
	for _, t := range a.Translations {
		if t.Locale == a.Locale {
			continue
		}
		own := out
		own.id += "." + t.Locale
		own.title, own.body, own.locale, own.url, own.draft, own.updated = t.Title, t.Body, t.Locale, t.HTMLURL, bool(t.Draft), t.UpdatedAt
		if err := r.article(own, nil); err != nil {
			return err
		}
	}
	return nil
}

type zendeskTicket struct {
	ID          text
	Subject     string
	Status      string
	Tags        []string
	RequesterID text `json:"requester_id"`
	Requester   struct {
		ID text
	}
	CollaboratorIDs []text `json:"collaborator_ids"`
	UpdatedAt       stamp  `json:"updated_at"`
	SolvedAt        stamp  `json:"solved_at"`
	MetricSet       struct {
		SolvedAt stamp `json:"solved_at"`
	} `json:"metric_set"`
	Rating struct {
		Score string
	} `json:"satisfaction_rating"`
	Comments []zendeskComment
}

type zendeskComment struct {
	AuthorID  text   `json:"author_id"`
	HTMLBody  string `json:"html_body"`
	PlainBody string `json:"plain_body"`
	Body      string
	Public    flag
	CreatedAt stamp `json:"created_at"`
	Via       struct {
		Channel text
		Source  struct {
			Rel string
		}
	}
}

func (t *zendeskTicket) ticket(url string) ticket {
	out := ticket{
		id: string(t.ID), subject: t.Subject, url: url, tags: t.Tags, state: t.Status,
		solved: t.Status == "solved" || t.Status == "closed", deleted: t.Status == "deleted",
		updated: t.UpdatedAt, resolved: latest(t.SolvedAt, t.MetricSet.SolvedAt),
	}
	switch t.Rating.Score {
	case "good", "good_with_comment":
		out.rating = share(1, 0, 1)
	case "bad", "bad_with_comment":
		out.rating = share(0, 0, 1)
	}
	return out
}

func zendeskTickets(ctx context.Context, r *reader) error {
	first := "/api/v2/incremental/tickets/cursor.json?include=metric_sets&start_time=0"
	if r.at.Since != "" {
		first = with("/api/v2/incremental/tickets/cursor.json?include=metric_sets", "cursor", r.at.Since)
	}
	return r.walk(ctx, list{
		first: first,
		page: func(a response) (page, error) {
			var p zendeskPage
			if err := a.decode(&p); err != nil {
				return page{}, err
			}
			next := p.AfterURL
			if p.EndOfStream {
				next = ""
			}
			return page{records: p.Tickets, next: next, since: p.AfterCursor}, nil
		},
		each: func(raw json.RawMessage) error {
			var t zendeskTicket
			if ok, err := r.decode("ticket", raw, &t); !ok {
				return err
			}
			out := t.ticket(r.base.String() + "/agent/tickets/" + string(t.ID))
			return r.ticket(out, func(out *ticket) error { return zendeskComments(ctx, r, t, out) })
		},
	})
}

func zendeskComments(ctx context.Context, r *reader, t zendeskTicket, out *ticket) error {
	roles := make(map[text]string)
	raw, err := r.all(ctx, "/api/v2/tickets/"+string(t.ID)+"/comments.json?include=users&page%5Bsize%5D=100", func(a response) (page, error) {
		var p zendeskPage
		err := a.decode(&p)
		for _, u := range p.Users {
			roles[u.ID] = u.Role
		}
		return page{records: p.Comments, next: p.next()}, err
	})
	if err != nil {
		return err
	}
	for _, b := range raw {
		var c zendeskComment
		if err := json.Unmarshal(b, &c); err != nil {
			return err
		}
		out.messages = append(out.messages, c.message(func(id text) author {
			switch roles[id] {
			case "end-user":
				return customer
			case "agent", "admin":
				return agent
			}
			return t.author(id)
		}))
	}
	return nil
}

// author tells who wrote a comment where no roles are known, as in exports: all
// but the requester and those in copy are operators.
func (t *zendeskTicket) author(id text) author {
	switch id {
	case "", "-1": // the system itself
		return machine
	case cmp.Or(t.RequesterID, t.Requester.ID):
		return customer
	}
	for _, c := range t.CollaboratorIDs {
		if c == id {
			return customer
		}
	}
	return agent
}

func (c *zendeskComment) message(role func(id text) author) message {
	m := message{by: role(c.AuthorID), private: !bool(c.Public), text: c.HTMLBody, html: true, at: c.CreatedAt}
	if m.text == "" {
		m.text, m.html = cmp.Or(c.PlainBody, c.Body), false
	}
	switch c.Via.Channel {
	case "rule", "trigger", "automation", "system", "answer_bot", "answer_bot_for_sdk", "answer_bot_for_slack", "answer_bot_api":
		m.by = machine
	}
	if rel := c.Via.Source.Rel; rel == "merge" || rel == "trigger" || rel == "automation" {
		m.by = machine
	}
	return m
}

func zendeskRecord(r *reader, raw json.RawMessage) error {
	if has(raw, "body", "section_id") {
		return zendeskArticle(r, raw, nil)
	}
	var t zendeskTicket
	if ok, err := r.decode("ticket", raw, &t); !ok {
		return err
	}
	out := t.ticket("")
	for _, c := range t.Comments {
		out.messages = append(out.messages, c.message(t.author))
	}
	return r.ticket(out, nil)
}
