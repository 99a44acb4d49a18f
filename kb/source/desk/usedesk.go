package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// usedesk reads UseDesk's API: the knowledge base whose number is Login (its
// articles have no time of change, so each is read in every run and told by its
// content), and tickets that are done or closed, a hundred at a time, each with
// its comments. The documentation has no ratings in either.
//
// The system asks for 150 requests a minute at most.
//
// Reference: api.usedocs.ru.
func usedesk() system {
	return system{
		base: func(Options) string { return "https://api.usedesk.ru" },
		pace: 400 * time.Millisecond,
		accept: func(o Options) string {
			if _, err := strconv.Atoi(o.Login); err != nil && o.Articles {
				return "login: give the number of the knowledge base"
			}
			return ""
		},
		credential: func(o Options, host string) fetch.Credential { return fetch.Query(host, "api_token", o.Token) },
		articles:   usedeskArticles,
		tickets:    usedeskTickets,
		record:     usedeskRecord,
	}
}

type usedeskArticle struct {
	ID              text
	Title, Text     string
	Public          *flag
	CategoryTitle   string `json:"category_title"`
	CollectionTitle string `json:"collection_title"`
	UpdatedAt       stamp  `json:"updated_at"`
}

func (a *usedeskArticle) article() article {
	return article{
		id: string(a.ID), title: a.Title, body: a.Text, tags: []string{a.CategoryTitle, a.CollectionTitle}, updated: a.UpdatedAt,
		internal: a.Public != nil && !bool(*a.Public),
	}
}

// usedeskList finds the articles in the list of sections and categories. Those
// of a section or a category that is not public are not either.
func usedeskList(raw []byte) ([]json.RawMessage, map[string]bool, error) {
	type category struct {
		Public   flag
		Articles json.RawMessage // a list, and an object where it is empty or numbered
	}
	var sections []struct {
		Public     flag
		Categories []category
	}
	if err := json.Unmarshal(raw, &sections); err != nil {
		return nil, nil, err
	}
	var out []json.RawMessage
	hidden := make(map[string]bool)
	for _, s := range sections {
		for _, c := range s.Categories {
			var articles []json.RawMessage
			if json.Unmarshal(c.Articles, &articles) != nil {
				var numbered map[string]json.RawMessage
				if err := json.Unmarshal(c.Articles, &numbered); err != nil {
					return nil, nil, err
				}
				articles = numberedParts(numbered)
			}
			for _, b := range articles {
				hidden[identity(b)] = !bool(s.Public) || !bool(c.Public)
			}
			out = append(out, articles...)
		}
	}
	return out, hidden, nil
}

func usedeskArticles(ctx context.Context, r *reader) error {
	var hidden map[string]bool
	return r.walk(ctx, list{
		first: "/support/" + r.Login + "/list",
		page: func(a response) (p page, err error) {
			p.records, hidden, err = usedeskList(a.body)
			return p, err
		},
		each: func(raw json.RawMessage) error {
			var a usedeskArticle
			if ok, err := r.decode("article", raw, &a); !ok {
				return err
			}
			return r.article(a.article(), func(out *article) error {
				var whole usedeskArticle
				if err := r.get(ctx, "/support/"+r.Login+"/articles/"+out.id, &whole); err != nil {
					return err
				}
				*out = whole.article()
				out.id = string(a.ID)
				out.internal = out.internal || hidden[out.id]
				return nil
			})
		},
	})
}

type usedeskTicket struct {
	ID          text
	Subject     string
	StatusID    text            `json:"status_id"`
	Status      json.RawMessage // a number, or an object with it
	UpdatedAt   stamp           `json:"last_updated_at"`
	PublishedAt stamp           `json:"published_at"`
}

type usedeskComment struct {
	Message     string
	From        string
	Type        string
	TriggerID   text  `json:"trigger_id"`
	PublishedAt stamp `json:"published_at"`
}

// usedeskWhole is a ticket as it is read by itself.
type usedeskWhole struct {
	Ticket   usedeskTicket
	Comments []usedeskComment
	Tags     []json.RawMessage
}

func (t *usedeskTicket) ticket() ticket {
	state := string(t.StatusID)
	if state == "" {
		var object struct{ ID text }
		var number text
		if json.Unmarshal(t.Status, &object) == nil {
			number = object.ID
		} else if len(t.Status) > 0 && json.Unmarshal(t.Status, &number) != nil {
			number = ""
		}
		state = string(number)
	}
	const done, closed, deleted, spam = "2", "3", "4", "7"
	return ticket{
		id: string(t.ID), subject: t.Subject, state: state, solved: state == done || state == closed, deleted: state == deleted || state == spam,
		updated: latest(t.UpdatedAt, t.PublishedAt),
	}
}

func (w *usedeskWhole) messages() []message {
	var out []message
	for _, c := range w.Comments {
		m := message{private: c.Type == "private", text: c.Message, html: markup(c.Message), at: c.PublishedAt}
		switch {
		case c.TriggerID != "" && c.TriggerID != "0":
		case c.From == "client":
			m.by = customer
		case c.From == "user":
			m.by = agent
		}
		out = append(out, m)
	}
	return out
}

// markup reports whether a message is HTML. UseDesk keeps what the channel had.
func markup(s string) bool {
	return strings.Contains(s, "</") || strings.Contains(s, "<br") || strings.Contains(s, "<p>")
}

func usedeskTickets(ctx context.Context, r *reader) error {
	since, last := moment(r.at.Since), ""
	return r.walk(ctx, list{
		// The query is for the next page only: the API wants all in the body.
		first: "/tickets?offset=0",
		body: func(at string) []byte {
			ask := map[string]any{"api_token": r.Token.Reveal(), "offset": number(at, "offset")}
			if since.IsZero() {
				ask["fstatus"] = "2,3"
			} else {
				// All states: one that was deleted is to be told.
				ask["updated_after"] = since.Format("2006-01-02 15:04")
			}
			return encode(ask)
		},
		page: func(a response) (page, error) {
			var p page
			if bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("{")) {
				var wrapped struct{ Tickets, Data []json.RawMessage }
				if err := a.decode(&wrapped); err != nil {
					return page{}, err
				}
				p.records = append(wrapped.Tickets, wrapped.Data...)
			} else if err := a.decode(&p.records); err != nil {
				return page{}, err
			}
			// An installation of one's own may have smaller pages, so the end is
			// an empty one, or the same once more where it knows no offset.
			if len(p.records) > 0 && identity(p.records[0]) != last {
				last = identity(p.records[0])
				p.next = with(a.at, "offset", strconv.Itoa(number(a.at, "offset")+len(p.records)))
			}
			return p, nil
		},
		each: func(raw json.RawMessage) error {
			var t usedeskTicket
			if ok, err := r.decode("ticket", raw, &t); !ok {
				return err
			}
			out := t.ticket()
			out.url = "https://secure.usedesk.ru/tickets/" + out.id
			return r.ticket(out, func(out *ticket) error {
				a, err := r.ask(ctx, "/ticket", encode(map[string]any{"api_token": r.Token.Reveal(), "ticket_id": out.id}))
				if err != nil {
					return err
				}
				var whole usedeskWhole
				if err := a.decode(&whole); err != nil {
					return err
				}
				out.messages, out.tags = whole.messages(), freshdeskTags(whole.Tags)
				return nil
			})
		},
	})
}

// encode returns JSON for values that always have one.
func encode(v map[string]any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a fault here: the values are texts and numbers
	}
	return b
}

func usedeskRecord(r *reader, raw json.RawMessage) error {
	if !has(raw, "ticket") && has(raw, "text") {
		var a usedeskArticle
		if ok, err := r.decode("article", raw, &a); !ok {
			return err
		}
		return r.article(a.article(), nil)
	}
	var whole usedeskWhole
	if ok, err := r.decode("ticket", raw, &whole); !ok {
		return err
	}
	if whole.Ticket.ID == "" { // the list of tickets, without comments
		if ok, err := r.decode("ticket", raw, &whole.Ticket); !ok {
			return err
		}
	}
	out := whole.Ticket.ticket()
	out.messages, out.tags = whole.messages(), freshdeskTags(whole.Tags)
	return r.ticket(out, nil)
}
