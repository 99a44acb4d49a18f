package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// helpscout reads Help Scout's Inbox API 2.0 (conversations in the order of
// their change, with their threads, and the ratings of the happiness report
// where the plan has it) or its Docs API (collections and their articles). The
// two have hosts and tokens of their own, so a source reads one of them. For
// the Inbox API the token is the secret of an app whose id is Login, or, without
// a Login, an access token. For Docs it is the API key. Neither tells deletions.
//
// Reference: developer.helpscout.com, mailbox-api and docs-api.
func helpscout() system {
	return system{
		base: func(o Options) string {
			if o.Articles {
				return "https://docsapi.helpscout.net"
			}
			return "https://api.helpscout.net"
		},
		accept: func(o Options) string {
			if o.Articles && o.Tickets {
				return "articles and tickets have tokens of their own: set up a source for each"
			}
			return ""
		},
		credential: func(o Options, host string) fetch.Credential {
			switch {
			case o.Articles:
				return named(host, o.Token, "X")
			case o.Login != "":
				return fetch.Credential{} // the secret is exchanged for a token
			}
			return fetch.Bearer(host, o.Token)
		},
		limit: func(h http.Header) time.Duration {
			return remaining(h, "X-Ratelimit-Remaining-Minute", "X-Ratelimit-Retry-After", time.Minute)
		},
		articles: helpscoutArticles,
		tickets:  helpscoutConversations,
		record:   helpscoutRecord,
	}
}

// docsPage reads a page of the Docs API, which stands under the name of what it
// lists.
func docsPage(name string) func(a response) (page, error) {
	return func(a response) (page, error) {
		var p map[string]struct {
			Page, Pages int
			Items       []json.RawMessage
		}
		if err := a.decode(&p); err != nil {
			return page{}, err
		}
		out := page{records: p[name].Items}
		if p[name].Page < p[name].Pages {
			out.next = numbered(a.at)
		}
		return out, nil
	}
}

type helpscoutCollection struct {
	ID, Name, Visibility string
}

func helpscoutArticles(ctx context.Context, r *reader) error {
	raw, err := r.all(ctx, "/v1/collections?page=1", docsPage("collections"))
	if err != nil {
		return err
	}
	var collections []helpscoutCollection
	places := make(map[string]int)
	first := func(i int) string {
		return "/v1/collections/" + collections[i].ID + "/articles?page=1&pageSize=100&status=all"
	}
	for _, b := range raw {
		var c helpscoutCollection
		if err := json.Unmarshal(b, &c); err != nil {
			return err
		}
		collections = append(collections, c)
		places[path(first(len(collections)-1))] = len(collections) - 1
	}
	if len(collections) == 0 {
		return nil
	}
	var in helpscoutCollection
	return r.walk(ctx, list{
		first: first(0),
		page: func(a response) (page, error) {
			i := places[path(a.at)]
			in = collections[i]
			p, err := docsPage("articles")(a)
			if p.next == "" && i+1 < len(collections) {
				p.next = first(i + 1)
			}
			return p, err
		},
		each: func(raw json.RawMessage) error { return helpscoutArticle(ctx, r, raw, in) },
	})
}

type helpscoutText struct {
	ID, Name, Status, Text string
	PublicURL              string `json:"publicUrl"`
	Keywords               []string
	UpdatedAt              stamp
}

func (a *helpscoutText) article(in helpscoutCollection) article {
	return article{
		id: a.ID, title: a.Name, body: a.Text, url: a.PublicURL, tags: append(a.Keywords, in.Name),
		draft: a.Status != "published", internal: in.Visibility == "private", updated: a.UpdatedAt,
	}
}

func helpscoutArticle(ctx context.Context, r *reader, raw json.RawMessage, in helpscoutCollection) error {
	var a helpscoutText
	if ok, err := r.decode("article", raw, &a); !ok {
		return err
	}
	return r.article(a.article(in), func(out *article) error {
		var whole struct{ Article helpscoutText }
		if err := r.get(ctx, "/v1/articles/"+a.ID, &whole); err != nil {
			return err
		}
		full := whole.Article.article(in)
		out.body, out.tags = full.body, full.tags
		return nil
	})
}

type helpscoutConversation struct {
	ID                     text
	Subject, Status, State string
	ModifiedAt             stamp `json:"userUpdatedAt"`
	ClosedAt               stamp
	CreatedAt              stamp
	Tags                   []struct{ Tag string }
	Embedded               struct {
		Threads []helpscoutThread
	} `json:"_embedded"`
	Links struct {
		Web struct{ Href string }
	} `json:"_links"`
}

type helpscoutThread struct {
	Type, Body, State string
	CreatedBy         struct{ Type string }
	Action            struct{ Type string }
	Source            struct{ Type, Via string }
	CreatedAt         stamp
}

func (t *helpscoutThread) message() message {
	m := message{text: t.Body, html: true, at: t.CreatedAt}
	switch t.Type {
	case "customer", "beaconchat", "chat", "phone":
		m.by = customer
		if t.CreatedBy.Type == "user" && t.Type != "phone" {
			m.by = agent
		}
	case "message", "reply":
		m.by = agent
	case "note", "forwardparent", "forwardchild":
		m.private = true
	}
	if t.Source.Via == "user" && t.Type == "customer" && t.CreatedBy.Type == "customer" {
		m.by = customer // a mail that an operator forwarded
	}
	if t.Action.Type == "workflow" || t.Source.Type == "workflow" || t.CreatedBy.Type == "system_user" || t.CreatedBy.Type == "ai_assistant" {
		m.by = machine
	}
	if t.State != "" && t.State != "published" {
		m.private = true // a draft, or one under review
	}
	return m
}

func (c *helpscoutConversation) ticket() ticket {
	out := ticket{
		id: string(c.ID), subject: c.Subject, state: c.Status, solved: c.Status == "closed", deleted: c.State == "deleted" || c.Status == "spam",
		updated: latest(c.ModifiedAt, c.ClosedAt, c.CreatedAt), resolved: c.ClosedAt, separate: true,
		replies: len(c.Embedded.Threads), // an answer of the customer does not change userUpdatedAt
	}
	if strings.HasPrefix(c.Links.Web.Href, "https://") {
		out.url = c.Links.Web.Href
	}
	for _, t := range c.Tags {
		out.tags = append(out.tags, t.Tag)
	}
	threads := c.Embedded.Threads
	for i := range threads { // the newest comes first
		out.messages = append(out.messages, threads[len(threads)-1-i].message())
	}
	return out
}

// helpscoutLogin exchanges the app's secret for a token, which is good for two
// days.
func helpscoutLogin(ctx context.Context, r *reader) error {
	if r.Login == "" {
		return nil
	}
	body, err := json.Marshal(map[string]string{"grant_type": "client_credentials", "client_id": r.Login, "client_secret": r.Token.Reveal()})
	if err != nil {
		return err
	}
	a, err := r.ask(ctx, "/v2/oauth2/token", body)
	if err != nil {
		return err
	}
	var granted struct {
		Token string `json:"access_token"`
	}
	if err := a.decode(&granted); err != nil {
		return err
	}
	if granted.Token == "" {
		return fmt.Errorf("%s gives no token", path(a.at))
	}
	r.bearer = granted.Token
	return nil
}

// helpscoutRatings reads the ratings by conversation.
func helpscoutRatings(ctx context.Context, r *reader) (map[text]*float64, error) {
	// The report wants an end; its own day is as good as any later one.
	raw, err := r.all(ctx, "/v2/reports/happiness/ratings?end=2100-01-01T00:00:00Z&page=1&sortField=modifiedAt&sortOrder=ASC&start=2010-01-01T00:00:00Z", func(a response) (page, error) {
		var p struct {
			Results     []json.RawMessage
			Page, Pages int
		}
		if err := a.decode(&p); err != nil {
			return page{}, err
		}
		out := page{records: p.Results}
		if p.Page < p.Pages {
			out.next = numbered(a.at)
		}
		return out, nil
	})
	if err != nil && !denied(err) { // not every plan has reports
		return nil, err
	}
	out := make(map[text]*float64)
	for _, b := range raw {
		var rated struct {
			ID       text
			RatingID int `json:"ratingId"`
		}
		if json.Unmarshal(b, &rated) == nil && rated.RatingID >= 1 && rated.RatingID <= 3 { // great, okay, not good
			out[rated.ID] = share(float64(rated.RatingID), 3, 1)
		}
	}
	return out, nil
}

func helpscoutConversations(ctx context.Context, r *reader) error {
	if err := helpscoutLogin(ctx, r); err != nil {
		return err
	}
	ratings, err := helpscoutRatings(ctx, r)
	if err != nil {
		return err
	}
	first := "/v2/conversations?embed=threads&page=1&sortField=modifiedAt&sortOrder=asc&status=all"
	if since := moment(r.at.Since); !since.IsZero() {
		first = with(first, "modifiedSince", since.UTC().Format(time.RFC3339))
	}
	return r.walk(ctx, list{
		first: first,
		page: func(a response) (page, error) {
			var p struct {
				Embedded struct {
					Conversations []json.RawMessage
				} `json:"_embedded"`
				Page struct{ Number, TotalPages int }
			}
			if err := a.decode(&p); err != nil {
				return page{}, err
			}
			out := page{records: p.Embedded.Conversations}
			if p.Page.Number < p.Page.TotalPages {
				out.next = numbered(a.at)
			}
			return out, nil
		},
		each: func(raw json.RawMessage) error {
			var c helpscoutConversation
			if ok, err := r.decode("ticket", raw, &c); !ok {
				return err
			}
			out := c.ticket()
			out.rating = ratings[c.ID]
			return r.ticket(out, nil)
		},
	})
}

func helpscoutRecord(r *reader, raw json.RawMessage) error {
	if has(raw, "article") || has(raw, "text", "name") {
		var a struct {
			helpscoutText
			Article *helpscoutText
		}
		if ok, err := r.decode("article", raw, &a); !ok {
			return err
		}
		if a.Article != nil {
			a.helpscoutText = *a.Article
		}
		return r.article(a.article(helpscoutCollection{}), nil)
	}
	var c helpscoutConversation
	if ok, err := r.decode("ticket", raw, &c); !ok {
		return err
	}
	return r.ticket(c.ticket(), nil)
}
