package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// omnidesk reads Omnidesk's API: the articles of the knowledge base in all its
// languages, with their sections; closed cases in the order of their change,
// with those in the bin and in spam in later runs; their messages; labels; and
// the rating, which is low, middle or high. Login is the operator's e-mail
// address. Pages are numbered, 500 at most, after which the list begins anew
// from the last change.
//
// Reference: omnidesk.ru/api.
func omnidesk() system {
	return system{
		accept: func(o Options) string {
			if o.Login == "" {
				return "login: give the operator's e-mail address"
			}
			return ""
		},
		credential: func(o Options, host string) fetch.Credential { return fetch.Basic(host, o.Login, o.Token) },
		limit: func(h http.Header) time.Duration {
			// So many requests an hour. The field is written in small letters.
			for name, v := range h {
				if strings.EqualFold(name, "api_calls_left") && len(v) > 0 && v[0] == "0" {
					return time.Hour
				}
			}
			return 0
		},
		articles: omnideskArticles,
		tickets:  omnideskCases,
		record:   omnideskRecord,
	}
}

// omnideskSize is how many records a page has at most.
const omnideskSize = 100

// omnideskPage reads a page: records by number, each under the name of its
// kind.
func omnideskPage(kind string) func(a response) (page, error) {
	return func(a response) (page, error) {
		var fields map[string]json.RawMessage
		if strings.TrimSpace(string(a.body)) == "[]" {
			return page{}, nil
		}
		if err := a.decode(&fields); err != nil {
			return page{}, err
		}
		var out page
		for _, b := range numberedParts(fields) {
			out.records = append(out.records, unwrap(b, kind))
		}
		var total int
		if json.Unmarshal(fields["total_count"], &total) == nil && number(a.at, "page")*omnideskSize < total && len(out.records) > 0 {
			out.next = numbered(a.at)
		}
		return out, nil
	}
}

// unwrap returns what stands under a name, or the record itself.
func unwrap(raw json.RawMessage, name string) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) == nil && len(fields[name]) > 0 {
		return fields[name]
	}
	return raw
}

// omnideskNames reads a list of what has a number and a name.
func omnideskNames(ctx context.Context, r *reader, at, kind, title string) (map[text]string, error) {
	raw, err := r.all(ctx, at+"?limit=100&page=1", omnideskPage(kind))
	if err != nil && !denied(err) {
		return nil, err
	}
	out := make(map[text]string)
	for _, b := range raw {
		var fields map[string]json.RawMessage
		var id text
		if json.Unmarshal(b, &fields) == nil && json.Unmarshal(fields[strings.TrimPrefix(kind, "kb_")+"_id"], &id) == nil {
			for _, name := range ordered(omnideskByLanguage(fields[title])) {
				out[id] = cmp.Or(out[id], name)
			}
		}
	}
	return out, nil
}

func omnideskArticles(ctx context.Context, r *reader) error {
	sections, err := omnideskNames(ctx, r, "/api/kb_section.json", "kb_section", "section_title")
	if err != nil {
		return err
	}
	languages, err := omnideskLanguages(ctx, r)
	if err != nil {
		return err
	}
	return r.walk(ctx, list{
		first: "/api/kb_article.json?language_id=all&limit=100&page=1",
		page:  omnideskPage("kb_article"),
		each:  func(raw json.RawMessage) error { return omnideskArticle(r, raw, sections, languages) },
	})
}

// omnideskLanguages reads the codes of the account's languages by number.
func omnideskLanguages(ctx context.Context, r *reader) (map[string]string, error) {
	raw, err := r.all(ctx, "/api/languages.json?limit=100&page=1", omnideskPage("language"))
	if err != nil && !denied(err) {
		return nil, err
	}
	out := make(map[string]string)
	for _, b := range raw {
		var l struct {
			ID   text `json:"language_id"`
			Code string
		}
		if json.Unmarshal(b, &l) == nil {
			out[string(l.ID)] = l.Code
		}
	}
	return out, nil
}

func omnideskArticle(r *reader, raw json.RawMessage, sections map[text]string, languages map[string]string) error {
	var a struct {
		ID         text            `json:"article_id"`
		SectionID  text            `json:"section_id"`
		Sections   []text          `json:"section_id_arr"`
		Title      json.RawMessage `json:"article_title"`
		Content    json.RawMessage `json:"article_content"`
		Tags       json.RawMessage `json:"article_tags"`
		AccessType string          `json:"access_type"`
		Active     *flag
		UpdatedAt  stamp `json:"updated_at"`
	}
	if ok, err := r.decode("article", raw, &a); !ok {
		return err
	}
	titles, contents, tags := omnideskByLanguage(a.Title), omnideskByLanguage(a.Content), omnideskByLanguage(a.Tags)
	if titles == nil && contents == nil {
		return r.lost(r.System+".article."+string(a.ID), "not what the system's documentation says: no title and no content")
	}
	out := article{id: string(a.ID), draft: a.Active != nil && !bool(*a.Active), internal: a.AccessType != "public", updated: a.UpdatedAt}
	var names []string
	for _, id := range append(a.Sections, a.SectionID) {
		names = append(names, sections[id])
	}
	first := true
	for id, title := range ordered(titles) {
		own := out
		own.title, own.body, own.locale = title, contents[id], languages[id]
		own.tags = append(strings.Split(tags[id], ","), names...)
		if !first {
			own.id += "." + cmp.Or(own.locale, id)
		}
		if first = false; title == "" && own.body == "" {
			continue // not translated
		}
		if err := r.article(own, nil); err != nil {
			return err
		}
	}
	return nil
}

// omnideskByLanguage reads a text, under the empty key, or texts by the number
// of their language.
func omnideskByLanguage(raw json.RawMessage) map[string]string {
	var one string
	var many map[string]string
	if json.Unmarshal(raw, &one) == nil {
		return map[string]string{"": one}
	}
	if json.Unmarshal(raw, &many) != nil {
		return nil
	}
	return many
}

type omnideskCase struct {
	ID            text `json:"case_id"`
	Subject       string
	Status        string
	Deleted, Spam flag
	Rating        string
	Labels        []text
	UpdatedAt     stamp `json:"updated_at"`
	ClosedAt      stamp `json:"closed_at"`
}

type omnideskMessage struct {
	UserID    text `json:"user_id"`
	StaffID   text `json:"staff_id"`
	Content   string
	HTML      string `json:"content_html"`
	Note      flag
	Rule      flag   `json:"sent_via_rule"`
	Type      string `json:"message_type"`
	Rating    string
	CreatedAt stamp `json:"created_at"`
}

func omnideskRating(s string) *float64 {
	switch s {
	case "low":
		return share(0, 0, 1)
	case "middle":
		return share(0.5, 0, 1)
	case "high":
		return share(1, 0, 1)
	}
	return nil
}

func (c *omnideskCase) ticket(labels map[text]string) ticket {
	out := ticket{
		id: string(c.ID), subject: c.Subject, state: c.Status, solved: c.Status == "closed", deleted: bool(c.Deleted) || bool(c.Spam),
		updated: c.UpdatedAt, resolved: c.ClosedAt, rating: omnideskRating(c.Rating), separate: true,
	}
	for _, id := range c.Labels {
		out.tags = append(out.tags, labels[id])
	}
	return out
}

// say adds a message to a ticket. A rating stands in the message too that it
// was asked with.
func (m *omnideskMessage) say(t *ticket) {
	out := message{private: bool(m.Note) || strings.HasPrefix(m.Type, "note"), text: m.HTML, html: true, at: m.CreatedAt}
	if out.text == "" {
		out.text, out.html = m.Content, markup(m.Content)
	}
	switch {
	case bool(m.Rule):
	case m.UserID != "" && m.UserID != "0":
		out.by = customer
	case m.StaffID != "" && m.StaffID != "0":
		out.by = agent
	}
	t.messages = append(t.messages, out)
	if t.rating == nil {
		t.rating = omnideskRating(m.Rating)
	}
}

func omnideskCases(ctx context.Context, r *reader) error {
	labels, err := omnideskNames(ctx, r, "/api/labels.json", "label", "label_title")
	if err != nil {
		return err
	}
	first := "/api/cases.json?limit=100&page=1&sort=updated_at_asc"
	since := moment(r.at.Since)
	if since.IsZero() {
		first += "&status=closed"
	} else {
		first = with(first, "from_updated_time", strconv.FormatInt(since.Unix(), 10))
	}
	const maxPages = 500
	return r.walk(ctx, list{
		first: first,
		page: func(a response) (page, error) {
			p, err := omnideskPage("case")(a)
			if p.next != "" && number(a.at, "page") >= maxPages {
				var last omnideskCase
				if err := json.Unmarshal(p.records[len(p.records)-1], &last); err != nil {
					return page{}, err
				}
				p.next = with(with(a.at, "from_updated_time", strconv.FormatInt(last.UpdatedAt.Unix(), 10)), "page", "1")
			}
			return p, err
		},
		each: func(raw json.RawMessage) error {
			var c omnideskCase
			if ok, err := r.decode("ticket", raw, &c); !ok {
				return err
			}
			out := c.ticket(labels)
			out.url = r.base.String() + "/staff/cases/record/" + out.id
			return r.ticket(out, func(out *ticket) error {
				raw, err := r.all(ctx, "/api/cases/"+out.id+"/messages.json?limit=100&order=asc&page=1", omnideskPage("message"))
				if err != nil {
					return err
				}
				return omnideskSay(out, raw)
			})
		},
	})
}

func omnideskSay(t *ticket, raw []json.RawMessage) error {
	for _, b := range raw {
		var m omnideskMessage
		if err := json.Unmarshal(unwrap(b, "message"), &m); err != nil {
			return err
		}
		m.say(t)
	}
	return nil
}

// omnideskRecord reads an article, or a case with its messages beside or in it.
func omnideskRecord(r *reader, raw json.RawMessage) error {
	if inner := unwrap(raw, "kb_article"); has(inner, "article_id") {
		return omnideskArticle(r, inner, nil, nil)
	}
	var c omnideskCase
	if ok, err := r.decode("ticket", unwrap(raw, "case"), &c); !ok {
		return err
	}
	out := c.ticket(nil)
	var said []json.RawMessage
	for _, in := range []json.RawMessage{raw, unwrap(raw, "case")} {
		b := unwrap(in, "messages")
		if !has(in, "messages") || len(said) > 0 {
			continue
		}
		var numbered map[string]json.RawMessage
		if json.Unmarshal(b, &said) != nil && json.Unmarshal(b, &numbered) == nil {
			said = numberedParts(numbered)
		}
	}
	if err := omnideskSay(&out, said); err != nil {
		return r.lost(r.System+".ticket."+out.id, "not what the system's documentation says: %v", err)
	}
	return r.ticket(out, nil)
}
