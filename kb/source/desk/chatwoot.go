package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// chatwoot reads Chatwoot's application API: the articles of all portals,
// resolved conversations with their messages, and the ratings of its
// satisfaction surveys. Login is the number of the account. Conversations come
// with the latest activity first, so a later run stops where it has been. The
// API tells no deletions and does not say when a conversation was resolved.
//
// Reference: developers.chatwoot.com/api-reference.
func chatwoot() system {
	return system{
		accept: func(o Options) string {
			if _, err := strconv.Atoi(o.Login); err != nil {
				return "login: give the number of the account"
			}
			return ""
		},
		credential: func(o Options, host string) fetch.Credential {
			return fetch.Header(host, "api_access_token", o.Token)
		},
		articles: chatwootArticles,
		tickets:  chatwootConversations,
		record:   chatwootRecord,
	}
}

func (r *reader) chatwoot(at string) string { return "/api/v1/accounts/" + r.Login + at }

type chatwootPortal struct {
	Name, Slug string
	Config     struct {
		Locale string `json:"default_locale"`
	}
}

func chatwootArticles(ctx context.Context, r *reader) error {
	var portals struct{ Payload []chatwootPortal }
	if err := r.get(ctx, r.chatwoot("/portals"), &portals); err != nil || len(portals.Payload) == 0 {
		return err
	}
	first := func(i int) string {
		return r.chatwoot("/portals/" + portals.Payload[i].Slug + "/articles?page=1")
	}
	in, last := 0, ""
	return r.walk(ctx, list{
		first: first(0),
		page: func(a response) (page, error) {
			var p struct{ Payload []json.RawMessage }
			if err := a.decode(&p); err != nil {
				return page{}, err
			}
			in = max(0, slices.IndexFunc(portals.Payload, func(q chatwootPortal) bool {
				return strings.HasSuffix(path(a.at), "/portals/"+q.Slug+"/articles")
			}))
			out := page{records: p.Payload, next: numbered(a.at)}
			// Versions that know no pages return the same list for each.
			if len(p.Payload) == 0 || identity(p.Payload[0]) == last {
				out = page{}
				if in+1 < len(portals.Payload) {
					out.next = first(in + 1)
				}
			} else {
				last = identity(p.Payload[0])
			}
			return out, nil
		},
		each: func(raw json.RawMessage) error { return chatwootArticle(r, raw, portals.Payload[in]) },
	})
}

func chatwootArticle(r *reader, raw json.RawMessage, in chatwootPortal) error {
	var a struct {
		ID                           text
		Title, Content, Slug, Locale string
		Status                       string
		UpdatedAt                    stamp `json:"updated_at"`
		Category                     struct{ Name, Locale string }
		Meta                         struct{ Tags []string }
	}
	if ok, err := r.decode("article", raw, &a); !ok {
		return err
	}
	out := article{
		id: string(a.ID), title: a.Title, body: a.Content, markdown: true, updated: a.UpdatedAt,
		locale: cmp.Or(a.Locale, a.Category.Locale, in.Config.Locale), tags: append(a.Meta.Tags, a.Category.Name, in.Name),
		draft: a.Status == "draft", archived: a.Status == "archived",
	}
	if r.base != nil && a.Slug != "" {
		out.url = r.base.String() + "/hc/" + in.Slug + "/articles/" + a.Slug
	}
	return r.article(out, nil)
}

type chatwootConversation struct {
	ID             text
	Status         string
	Labels         []string
	LastActivityAt stamp `json:"last_activity_at"`
	UpdatedAt      stamp `json:"updated_at"`
	Attributes     struct {
		Subject string `json:"mail_subject"`
	} `json:"additional_attributes"`
	Messages []chatwootMessage
}

type chatwootMessage struct {
	ID          int64
	Content     string
	Type        json.RawMessage `json:"message_type"` // a number, and a word in events
	ContentType string          `json:"content_type"`
	Private     flag
	Sender      struct{ Type string }
	SenderType  string `json:"sender_type"`
	CreatedAt   stamp  `json:"created_at"`
	Attributes  struct {
		Deleted flag
		Rule    text `json:"automation_rule_id"`
		Email   struct {
			HTML struct{ Reply, Full string } `json:"html_content"`
		}
		Submitted struct {
			Survey struct{ Rating *float64 } `json:"csat_survey_response"`
		} `json:"submitted_values"`
	} `json:"content_attributes"`
	Additional struct {
		Campaign text `json:"campaign_id"`
	} `json:"additional_attributes"`
}

func (m *chatwootMessage) message() message {
	out := message{private: bool(m.Private) || bool(m.Attributes.Deleted), text: m.Content, at: m.CreatedAt}
	if out.text == "" {
		out.text, out.html = cmp.Or(m.Attributes.Email.HTML.Reply, m.Attributes.Email.HTML.Full), true
	}
	person := strings.ToLower(cmp.Or(m.Sender.Type, m.SenderType)) == "user"
	switch strings.Trim(string(m.Type), `"`) {
	case "0", "incoming":
		out.by = customer
	case "1", "outgoing":
		if person && m.Attributes.Rule == "" && m.Additional.Campaign == "" {
			out.by = agent
		}
	}
	return out
}

func (c *chatwootConversation) ticket() ticket {
	out := ticket{
		id: string(c.ID), subject: c.Attributes.Subject, state: c.Status, solved: c.Status == "resolved", tags: c.Labels,
		updated: latest(c.LastActivityAt, c.UpdatedAt), separate: true,
	}
	chatwootMessages(&out, c.Messages)
	return out
}

// chatwootMessages makes messages the conversation of a ticket, and takes the
// rating that the customer gave in it.
func chatwootMessages(t *ticket, messages []chatwootMessage) {
	slices.SortFunc(messages, func(a, b chatwootMessage) int { return int(a.ID - b.ID) })
	t.messages = nil
	for _, m := range messages {
		t.messages = append(t.messages, m.message())
		if stars := m.Attributes.Submitted.Survey.Rating; stars != nil {
			t.rating = share(*stars, 1, 5)
		}
	}
}

// chatwootRatings reads the ratings by conversation; the last counts.
func chatwootRatings(ctx context.Context, r *reader) (map[text]*float64, error) {
	raw, err := r.all(ctx, r.chatwoot("/csat_survey_responses?page=1&sort=created_at"), func(a response) (page, error) {
		var p page
		err := a.decode(&p.records)
		if len(p.records) > 0 {
			p.next = numbered(a.at)
		}
		return p, err
	})
	if err != nil && !denied(err) { // agents may not read them
		return nil, err
	}
	out := make(map[text]*float64)
	for _, b := range raw {
		var rated struct {
			Conversation text `json:"conversation_id"`
			Rating       *float64
		}
		if json.Unmarshal(b, &rated) == nil && rated.Rating != nil {
			out[rated.Conversation] = share(*rated.Rating, 1, 5)
		}
	}
	return out, nil
}

func chatwootConversations(ctx context.Context, r *reader) error {
	ratings, err := chatwootRatings(ctx, r)
	if err != nil {
		return err
	}
	r.sift = true
	since := moment(r.at.Since)
	return r.walk(ctx, list{
		first: r.chatwoot("/conversations?assignee_type=all&page=1&sort_by=last_activity_at_desc&status=resolved"),
		page: func(a response) (page, error) {
			var p struct {
				Data struct{ Payload []json.RawMessage }
			}
			if err := a.decode(&p); err != nil {
				return page{}, err
			}
			out := page{records: p.Data.Payload}
			if n := len(out.records); n > 0 {
				var last chatwootConversation
				if json.Unmarshal(out.records[n-1], &last) != nil || !last.LastActivityAt.Before(since.Time) {
					out.next = numbered(a.at)
				}
			}
			return out, nil
		},
		each: func(raw json.RawMessage) error {
			var c chatwootConversation
			if ok, err := r.decode("ticket", raw, &c); !ok {
				return err
			}
			out := c.ticket()
			out.url = r.base.String() + "/app/accounts/" + r.Login + "/conversations/" + out.id
			out.rating = ratings[c.ID]
			return r.ticket(out, func(t *ticket) error { return chatwootRead(ctx, r, t) })
		},
	})
}

// chatwootRead reads a conversation's messages, the last twenty first.
func chatwootRead(ctx context.Context, r *reader, t *ticket) error {
	at := r.chatwoot("/conversations/" + t.id + "/messages")
	raw, err := r.all(ctx, at, func(a response) (page, error) {
		var p struct{ Payload []json.RawMessage }
		if err := a.decode(&p); err != nil {
			return page{}, err
		}
		out := page{records: p.Payload}
		if len(p.Payload) > 0 {
			out.next = with(at, "before", identity(p.Payload[0]))
		}
		return out, nil
	})
	if err != nil {
		return err
	}
	var messages []chatwootMessage
	for _, b := range raw {
		var m chatwootMessage
		if err := json.Unmarshal(b, &m); err != nil {
			return err
		}
		messages = append(messages, m)
	}
	rated := t.rating
	chatwootMessages(t, messages)
	if rated != nil {
		t.rating = rated
	}
	return nil
}

func chatwootRecord(r *reader, raw json.RawMessage) error {
	if !has(raw, "messages") && has(raw, "content") {
		return chatwootArticle(r, raw, chatwootPortal{})
	}
	var c chatwootConversation
	if ok, err := r.decode("ticket", raw, &c); !ok {
		return err
	}
	return r.ticket(c.ticket(), nil)
}
