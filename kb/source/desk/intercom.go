package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// intercom reads Intercom's API: the articles of the help centre with their
// translations and collections, by numbered pages, articles for the team where
// the account has them, and closed conversations by search in the order of
// their change, each with its parts and its rating from 1 to 5. The token is
// that of an app or OAuth. The API tells no deletions.
//
// Reference: developers.intercom.com, docs/references/rest-api.
func intercom() system {
	return system{
		base:       func(Options) string { return "https://api.intercom.io" },
		credential: func(o Options, host string) fetch.Credential { return fetch.Bearer(host, o.Token) },
		header:     map[string]string{"Intercom-Version": "2.14"},
		limit: func(h http.Header) time.Duration {
			return remaining(h, "X-Ratelimit-Remaining", "X-Ratelimit-Reset", 10*time.Second)
		},
		articles: intercomArticles,
		tickets:  intercomConversations,
		record:   intercomRecord,
	}
}

type intercomPage struct {
	Data, Conversations []json.RawMessage

	Pages struct {
		Page       int
		TotalPages int `json:"total_pages"`
		Next       json.RawMessage
	}
}

// numbered reads a page of those that are numbered.
func (p *intercomPage) numbered(a response) (page, error) {
	if err := a.decode(p); err != nil {
		return page{}, err
	}
	out := page{records: p.Data}
	if p.Pages.Page < p.Pages.TotalPages {
		out.next = numbered(a.at)
	}
	return out, nil
}

func intercomArticles(ctx context.Context, r *reader) error {
	raw, err := r.all(ctx, "/help_center/collections?page=1&per_page=50", func(a response) (page, error) { return new(intercomPage).numbered(a) })
	if err != nil && !denied(err) {
		return err
	}
	collections := make(map[text]string)
	for _, b := range raw {
		var c struct {
			ID   text
			Name string
		}
		if json.Unmarshal(b, &c) == nil { // it only costs a tag
			collections[c.ID] = c.Name
		}
	}
	const internal = "/internal_articles?page=1&per_page=50"
	return r.walk(ctx, list{
		first: "/articles?page=1&per_page=50",
		page: func(a response) (page, error) {
			p, err := new(intercomPage).numbered(a)
			if p.next == "" && path(a.at) == "/articles" {
				p.next = internal
			}
			return p, err
		},
		// Not every plan has articles for the team.
		missing: func(at string) bool { return path(at) == path(internal) },
		each:    func(raw json.RawMessage) error { return intercomArticle(r, raw, collections) },
	})
}

type intercomText struct {
	Title, Body, State, URL string
	UpdatedAt               stamp `json:"updated_at"`
}

func intercomArticle(r *reader, raw json.RawMessage, collections map[text]string) error {
	var a struct {
		intercomText
		ID            text
		Type          string
		Locale        string
		DefaultLocale string `json:"default_locale"`
		ParentID      text   `json:"parent_id"`
		ParentIDs     []text `json:"parent_ids"`
		Tags          struct {
			Tags []struct{ Name string }
		}
		Translations map[string]json.RawMessage `json:"translated_content"`
	}
	if ok, err := r.decode("article", raw, &a); !ok {
		return err
	}
	out := article{
		id: string(a.ID), title: a.Title, body: a.Body, url: a.URL, updated: a.UpdatedAt,
		locale: a.DefaultLocale, draft: a.State == "draft", internal: a.Type == "internal_article",
	}
	if out.internal {
		// The numbers are counted apart from those of public articles.
		out.id, out.locale = "internal."+out.id, a.Locale
	}
	for _, id := range append(a.ParentIDs, a.ParentID) {
		out.tags = append(out.tags, collections[id])
	}
	for _, t := range a.Tags.Tags {
		out.tags = append(out.tags, t.Name)
	}
	if err := r.article(out, nil); err != nil {
		return err
	}
	for locale, raw := range ordered(a.Translations) {
		var t *intercomText // one of the fields is the name of their type, others are null
		if locale == a.DefaultLocale || locale == "type" || json.Unmarshal(raw, &t) != nil || t == nil {
			continue
		}
		own := out
		own.id += "." + locale
		own.title, own.body, own.url, own.locale, own.draft, own.updated = t.Title, t.Body, t.URL, locale, t.State == "draft", latest(t.UpdatedAt, a.UpdatedAt)
		if err := r.article(own, nil); err != nil {
			return err
		}
	}
	return nil
}

type intercomAuthor struct {
	Type    string
	FromAI  flag `json:"from_ai_agent"`
	Answers flag `json:"is_ai_answer"`
}

func (a intercomAuthor) author() author {
	switch {
	case bool(a.FromAI) || bool(a.Answers):
		return machine
	case a.Type == "user" || a.Type == "lead" || a.Type == "contact":
		return customer
	case a.Type == "admin":
		return agent
	}
	return machine // a bot, or a team
}

type intercomConversation struct {
	ID        text
	Title     string
	State     string
	UpdatedAt stamp `json:"updated_at"`
	CreatedAt stamp `json:"created_at"`
	Source    struct {
		Subject, Body string
		DeliveredAs   string `json:"delivered_as"`
		Author        intercomAuthor
	}
	Rating struct {
		Rating *float64
	} `json:"conversation_rating"`
	Statistics struct {
		LastCloseAt stamp `json:"last_close_at"`
	}
	Tags struct {
		Tags []struct{ Name string }
	}
	Parts struct {
		Parts []struct {
			Type      string `json:"part_type"`
			Body      string
			Redacted  flag
			Author    intercomAuthor
			CreatedAt stamp `json:"created_at"`
		} `json:"conversation_parts"`
	} `json:"conversation_parts"`
}

func (c *intercomConversation) ticket() ticket {
	out := ticket{
		id: string(c.ID), subject: c.Title, state: c.State, solved: c.State == "closed",
		updated: c.UpdatedAt, resolved: c.Statistics.LastCloseAt, url: "https://app.intercom.com/a/apps/_/conversations/" + string(c.ID),
	}
	if out.subject == "" {
		out.subject = plain(c.Source.Subject)
	}
	for _, t := range c.Tags.Tags {
		out.tags = append(out.tags, t.Name)
	}
	if c.Rating.Rating != nil {
		out.rating = share(*c.Rating.Rating, 1, 5)
	}
	first := message{by: c.Source.Author.author(), text: c.Source.Body, html: true, at: c.CreatedAt}
	if d := c.Source.DeliveredAs; d == "automated" || d == "campaigns_initiated" {
		first.by = machine
	}
	out.messages = append(out.messages, first)
	for _, p := range c.Parts.Parts {
		m := message{by: p.Author.author(), text: p.Body, html: true, at: p.CreatedAt}
		switch p.Type {
		case "comment", "open", "close", "quick_reply":
		default: // notes, assignments, changes of attributes
			m.private = true
		}
		if !bool(p.Redacted) {
			out.messages = append(out.messages, m)
		}
	}
	return out
}

func intercomConversations(ctx context.Context, r *reader) error {
	since := max(moment(r.at.Since).Unix()-1, 0)
	return r.walk(ctx, list{
		first: "/conversations/search",
		// What follows # is where the next page begins. It stays here.
		body: func(at string) []byte {
			after := ""
			if p := fragment(at); p != "" {
				after = `, "starting_after": ` + strconv.Quote(p)
			}
			return fmt.Appendf(nil, `{"query": {"operator": "AND", "value": [{"field": "updated_at", "operator": ">", "value": %d}, {"field": "state", "operator": "=", "value": "closed"}]},`+
				` "sort": {"field": "updated_at", "order": "ascending"}, "pagination": {"per_page": 150%s}}`, since, after)
		},
		page: func(a response) (page, error) {
			var p intercomPage
			var next struct {
				After text `json:"starting_after"`
			}
			if err := a.decode(&p); err != nil {
				return page{}, err
			}
			out := page{records: p.Conversations}
			if len(p.Pages.Next) > 0 && json.Unmarshal(p.Pages.Next, &next) == nil && next.After != "" {
				out.next = "/conversations/search#" + string(next.After)
			}
			return out, nil
		},
		each: func(raw json.RawMessage) error {
			var c intercomConversation
			if ok, err := r.decode("ticket", raw, &c); !ok {
				return err
			}
			return r.ticket(c.ticket(), func(t *ticket) error {
				var whole intercomConversation
				if err := r.get(ctx, "/conversations/"+t.id, &whole); err != nil {
					return err
				}
				t.messages = whole.ticket().messages
				return nil
			})
		},
	})
}

func intercomRecord(r *reader, raw json.RawMessage) error {
	if !has(raw, "conversation_parts") && has(raw, "body") {
		return intercomArticle(r, raw, nil)
	}
	var c intercomConversation
	if ok, err := r.decode("ticket", raw, &c); !ok {
		return err
	}
	return r.ticket(c.ticket(), nil)
}
