package desk

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// freshdesk reads version 2 of Freshdesk's API: solution articles folder by
// folder, in all languages of the account; tickets in the order of their change,
// with the deleted ones in later runs; their conversations; and the ratings of
// the satisfaction surveys. Pages are numbered, and there are 300 of a list of
// tickets at most, after which the list begins anew from the last change.
//
// Its exports are read as records of the API with their conversations, and in
// the form of version 1, in which tickets stand under helpdesk_ticket.
//
// Reference: developers.freshdesk.com/api.
func freshdesk() system {
	return system{
		credential: func(o Options, host string) fetch.Credential { return named(host, o.Token, "X") },
		limit: func(h http.Header) time.Duration {
			return remaining(h, "X-Ratelimit-Remaining", "Retry-After", time.Minute)
		},
		articles: freshdeskArticles,
		tickets:  freshdeskTickets,
		record:   freshdeskRecord,
	}
}

// named is a credential whose token is the name and whose password means
// nothing.
func named(host string, token fetch.Secret, password string) fetch.Credential {
	return fetch.Header(host, "Authorization", fetch.NewSecret("Basic "+base64.StdEncoding.EncodeToString([]byte(token.Reveal()+":"+password))))
}

// freshdeskPage reads a page of the API: a list, with the next page's address
// in the header.
func freshdeskPage(a response) (page, error) {
	var p page
	if err := a.decode(&p.records); err != nil {
		return page{}, err
	}
	if linked(a.header) != "" {
		p.next = numbered(a.at)
	}
	return p, nil
}

// A freshdeskFolder is a folder of articles, in one language.
type freshdeskFolder struct {
	ID         text
	Name       string
	Visibility int
	HasSub     json.RawMessage

	category, locale string
	translated       bool
}

func (f *freshdeskFolder) first() string {
	at := "/api/v2/solutions/folders/" + string(f.ID) + "/articles"
	if f.translated {
		at += "/" + f.locale
	}
	return at + "?page=1&per_page=100"
}

// freshdeskFolders lists the folders, those in the account's first language
// before the others.
func freshdeskFolders(ctx context.Context, r *reader) ([]freshdeskFolder, error) {
	var settings struct {
		Primary   string   `json:"primary_language"`
		Languages []string `json:"supported_languages"`
	}
	if err := r.get(ctx, "/api/v2/settings/helpdesk", &settings); err != nil && !denied(err) {
		return nil, err
	}
	categories, err := r.all(ctx, "/api/v2/solutions/categories?page=1&per_page=100", freshdeskPage)
	if err != nil {
		return nil, err
	}
	var out []freshdeskFolder
	for _, b := range categories {
		var c freshdeskFolder
		if err := json.Unmarshal(b, &c); err != nil {
			return nil, err
		}
		folders, err := r.all(ctx, "/api/v2/solutions/categories/"+string(c.ID)+"/folders?page=1&per_page=100", freshdeskPage)
		if err != nil {
			return nil, err
		}
		for _, b := range folders {
			f := freshdeskFolder{category: c.Name, locale: settings.Primary}
			if err := json.Unmarshal(b, &f); err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	first := out
	for _, locale := range settings.Languages {
		for _, f := range first {
			f.locale, f.translated = locale, true
			out = append(out, f)
		}
	}
	return out, nil
}

func freshdeskArticles(ctx context.Context, r *reader) error {
	folders, err := freshdeskFolders(ctx, r)
	if err != nil || len(folders) == 0 {
		return err
	}
	places := make(map[string]int)
	for i := range folders {
		places[path(folders[i].first())] = i
	}
	var in freshdeskFolder
	return r.walk(ctx, list{
		first: folders[0].first(),
		page: func(a response) (page, error) {
			i := places[path(a.at)]
			in = folders[i]
			p, err := freshdeskPage(a)
			if p.next == "" && i+1 < len(folders) {
				p.next = folders[i+1].first()
			}
			return p, err
		},
		each: func(raw json.RawMessage) error { return freshdeskArticle(r, raw, in) },
	})
}

func freshdeskArticle(r *reader, raw json.RawMessage, in freshdeskFolder) error {
	var a struct {
		ID                 text
		Title, Description string
		Status             int
		Tags               []string
		UpdatedAt          stamp `json:"updated_at"`
	}
	if ok, err := r.decode("article", raw, &a); !ok {
		return err
	}
	const published, everyone = 2, 1
	out := article{
		id: string(a.ID), title: a.Title, body: a.Description, locale: in.locale, tags: append(a.Tags, in.category, in.Name),
		draft: a.Status != published, updated: a.UpdatedAt,
		// Customers who signed in, companies and operators are not everyone. An
		// export does not say in which folder the article is.
		internal: in.Visibility != everyone,
	}
	if in.translated {
		out.id += "." + in.locale
	} else if r.base != nil {
		out.url = r.base.String() + "/support/solutions/articles/" + out.id
	}
	return r.article(out, nil)
}

type freshdeskTicket struct {
	ID              text
	DisplayID       text `json:"display_id"`
	Subject         string
	Description     string
	DescriptionHTML string `json:"description_html"`
	Status          int
	Source          int
	Tags            []json.RawMessage
	Deleted, Spam   flag
	CreatedAt       stamp `json:"created_at"`
	UpdatedAt       stamp `json:"updated_at"`
	Stats           struct {
		ResolvedAt stamp `json:"resolved_at"`
		ClosedAt   stamp `json:"closed_at"`
	}
	Conversations []freshdeskMessage
	Notes         []freshdeskMessage
	Rating        *freshdeskRating `json:"satisfaction_rating"`
}

type freshdeskMessage struct {
	Body      string
	BodyHTML  string `json:"body_html"`
	Incoming  flag
	Private   flag
	Source    int
	UserID    text  `json:"user_id"`
	Auto      flag  `json:"auto_response"`
	Rule      text  `json:"automation_id"`
	CreatedAt stamp `json:"created_at"`
}

type freshdeskRating struct {
	TicketID text `json:"ticket_id"`
	Ratings  struct {
		Default *float64 `json:"default_question"`
	}
}

// share returns a rating as a number from 0 to 1. The scale has 103 for the
// best, 100 for neither and -103 for the worst.
func (f *freshdeskRating) share() *float64 {
	if f == nil || f.Ratings.Default == nil {
		return nil
	}
	v := *f.Ratings.Default
	if v < 0 {
		return share(v+100, -3, 3)
	}
	return share(v-100, -3, 3)
}

func (t *freshdeskTicket) ticket() ticket {
	const resolved, closed, outbound = 4, 5, 10
	out := ticket{
		id: string(t.ID), subject: t.Subject, solved: t.Status == resolved || t.Status == closed, deleted: bool(t.Deleted) || bool(t.Spam),
		updated: t.UpdatedAt, resolved: latest(t.Stats.ResolvedAt), rating: t.Rating.share(), separate: true, tags: freshdeskTags(t.Tags),
	}
	switch t.Status {
	case 2:
		out.state = "open"
	case 3:
		out.state = "pending"
	}
	if out.resolved.IsZero() {
		out.resolved = t.Stats.ClosedAt
	}
	first := message{by: customer, text: t.Description, html: true, at: t.CreatedAt}
	if t.DescriptionHTML != "" {
		first.text = t.DescriptionHTML
	}
	if t.Source == outbound {
		first.by = agent
	}
	out.messages = append(out.messages, first)
	for _, m := range append(t.Conversations, t.Notes...) {
		out.messages = append(out.messages, m.message())
	}
	return out
}

func (m *freshdeskMessage) message() message {
	const forward, survey = 8, 6
	out := message{by: agent, private: bool(m.Private) || m.Source == forward, text: m.Body, html: true, at: m.CreatedAt}
	if m.BodyHTML != "" {
		out.text = m.BodyHTML
	}
	switch {
	case bool(m.Auto) || m.Rule != "" || m.Source == survey:
		out.by = machine
	case bool(m.Incoming):
		out.by = customer
	}
	return out
}

// freshdeskTags reads tags, which are texts, and objects in version 1.
func freshdeskTags(raw []json.RawMessage) []string {
	var out []string
	for _, b := range raw {
		var name string
		var tag struct{ Name string }
		if json.Unmarshal(b, &name) != nil && json.Unmarshal(b, &tag) == nil {
			name = tag.Name
		}
		out = append(out, name)
	}
	return out
}

// freshdeskRatings reads the ratings since a time, by ticket; the last counts.
func freshdeskRatings(ctx context.Context, r *reader, since string) (map[text]*freshdeskRating, error) {
	raw, err := r.all(ctx, with("/api/v2/surveys/satisfaction_ratings?page=1&per_page=100", "created_since", since), freshdeskPage)
	if err != nil && !denied(err) { // not every plan has surveys
		return nil, err
	}
	out := make(map[text]*freshdeskRating)
	for _, b := range raw {
		var f freshdeskRating
		if json.Unmarshal(b, &f) == nil { // a broken rating costs itself
			out[f.TicketID] = &f
		}
	}
	return out, nil
}

func freshdeskTickets(ctx context.Context, r *reader) error {
	// Without a time the API returns the last month.
	const beginning, maxPages = "2000-01-01T00:00:00Z", 300
	since := moment(cmp.Or(r.at.Since, beginning)).UTC().Format(time.RFC3339)
	ratings, err := freshdeskRatings(ctx, r, beginning)
	if err != nil {
		return err
	}
	const tickets = "/api/v2/tickets?include=description,stats&order_by=updated_at&order_type=asc&page=1&per_page=100"
	later := r.at.Since != ""
	return r.walk(ctx, list{
		first: with(tickets, "updated_since", since),
		page: func(a response) (page, error) {
			p, err := freshdeskPage(a)
			switch {
			case err != nil:
			case p.next != "" && number(a.at, "page") >= maxPages && len(p.records) > 0:
				var last freshdeskTicket
				if err := json.Unmarshal(p.records[len(p.records)-1], &last); err != nil {
					return page{}, err
				}
				p.next = with(with(a.at, "updated_since", last.UpdatedAt.String()), "page", "1")
			case p.next == "" && later && parameter(a.at, "filter") == "":
				p.next = with(with(with(a.at, "filter", "deleted"), "updated_since", since), "page", "1")
			}
			return p, err
		},
		each: func(raw json.RawMessage) error { return freshdeskOne(ctx, r, raw, ratings) },
	})
}

// freshdeskOne delivers one ticket of the list.
func freshdeskOne(ctx context.Context, r *reader, raw json.RawMessage, ratings map[text]*freshdeskRating) error {
	var t freshdeskTicket
	if ok, err := r.decode("ticket", raw, &t); !ok {
		return err
	}
	t.Rating = ratings[t.ID]
	out := t.ticket()
	out.url = r.base.String() + "/a/tickets/" + out.id
	return r.ticket(out, func(out *ticket) error {
		raw, err := r.all(ctx, "/api/v2/tickets/"+out.id+"/conversations?page=1&per_page=100", freshdeskPage)
		if err != nil {
			return err
		}
		for _, b := range raw {
			var m freshdeskMessage
			if err := json.Unmarshal(b, &m); err != nil {
				return err
			}
			out.messages = append(out.messages, m.message())
		}
		return nil
	})
}

func freshdeskRecord(r *reader, raw json.RawMessage) error {
	var wrapped struct {
		Ticket  json.RawMessage `json:"helpdesk_ticket"`
		Article json.RawMessage `json:"article"`
	}
	if err := json.Unmarshal(raw, &wrapped); err == nil && len(wrapped.Ticket) > 0 {
		raw = wrapped.Ticket
	} else if len(wrapped.Article) > 0 {
		raw = wrapped.Article
	}
	if has(raw, "folder_id") {
		return freshdeskArticle(r, raw, freshdeskFolder{})
	}
	var t freshdeskTicket
	if ok, err := r.decode("ticket", raw, &t); !ok {
		return err
	}
	if t.DisplayID != "" { // what version 2 calls the id
		t.ID = t.DisplayID
	}
	return r.ticket(t.ticket(), nil)
}
