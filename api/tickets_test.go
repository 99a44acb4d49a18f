package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/ticket"
)

// A bench is an installation with a workbench.
type bench struct {
	*installation
	now                                *time.Time // of presences and widgets' tokens
	operator, helpdesk, editor, leader string     // keys
}

// workbench installs a server with tickets and an article.
func workbench(t *testing.T) *bench {
	t.Helper()
	return workbenchOn(t, sqldbtest.SQLite(t))
}

func workbenchOn(t *testing.T, db *gorm.DB) *bench {
	t.Helper()
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	b := &bench{now: &now}
	clock := func() time.Time { return *b.now }
	b.installation = installOn(t, db, func(s *api.Server) {
		s.Tickets, s.Presences, s.Widgets = ticket.New(db, nil), api.NewPresences(db, clock), api.NewWidgets(db, clock)
		s.Gaps, s.Notices = gap.New(db, nil), notice.NewStore(db)
	})
	b.operator, b.helpdesk = b.key("acme", auth.Operator), b.key("acme", auth.Helpdesk)
	b.editor, b.leader = b.key("acme", auth.Editor), b.key("acme", auth.Lead)
	b.put("/v1/articles/returns", `{"title":"Returning an item","body":"Send the item back within 14 days of delivery. Print the return label in your account."}`)
	b.put("/v1/articles/courier", `{"title":"When the courier comes","body":"Couriers deliver from 9:00 to 21:00. Change the time slot until 18:00 of the day before."}`)
	return b
}

type ticketSeen struct {
	ID, Subject, Preview, Status, Priority, Assignee, Topic, Language, Origin string
	Version                                                                   int64
	Tags                                                                      []string
	SuggestionID                                                              string `json:"suggestion_id"`
	Messages                                                                  []struct {
		Place, Version     int64
		Role, Text, Author string
	}
}

const ask = `{"customer_id":"rose","channel":"email","priority":"high","messages":[{"id":"m1","role":"customer","text":"How do I return an item? Call +7 999 123-45-67, Rose"}]}`

func (b *bench) ticket(id string) ticketSeen {
	b.t.Helper()
	var v ticketSeen
	decode(b.t, b.send(b.operator, "GET", "/v1/tickets/"+id, "").want(200).body, &v)
	return v
}

func TestATicketIsAnsweredAndTeaches(t *testing.T) {
	b := workbench(t)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(200)
	v := b.ticket("T1")
	if v.Version != 1 || v.Status != "open" || v.Language != "en" || v.Priority != "high" || len(v.Messages) != 1 || v.Origin != "api" ||
		!strings.Contains(v.Messages[0].Text, "+7 999") || !strings.HasPrefix(v.Subject, "How do I return") {
		t.Errorf("got %+v", v)
	}
	b.send(b.operator, "GET", "/v1/tickets/T1/suggestion", "").want(404).has("T1")
	s := b.suggest(`{"ticket_id":"T1","text":"How do I return an item?","operator":{"id":"vera"}}`)
	b.send(b.operator, "GET", "/v1/tickets/T1/suggestion", "").want(200).has(s.ID)
	if got := b.ticket("T1"); got.SuggestionID != s.ID || got.Version != 1 {
		t.Errorf("got %+v", got)
	}
	b.send(b.operator, "POST", "/v1/tickets/T1/assign", `{}`).want(200).has("test operator")
	b.send(b.editor, "POST", "/v1/tickets/T1/assign", `{}`).want(409).has("test operator")

	var r struct {
		Ticket         ticketSeen
		Message        struct{ Text string }
		Known          bool
		Event, Refused string
		Learned        struct {
			Digested bool
			Used     string
			Kept, Of int
			Credits  []struct {
				SourceID string `json:"source_id"`
				Title    string
			}
		}
	}
	text := strings.ReplaceAll(s.Answer.Text, " [1]", "")
	body := fmt.Sprintf(`{"text":%s,"suggestion_id":%q,"version":1,"close":true,"idempotency_key":"k1"}`, quoted(t, text), s.ID)
	decode(t, b.send(b.operator, "POST", "/v1/tickets/T1/reply", body).want(200).body, &r)
	if r.Event != "sent" || r.Known || r.Ticket.Status != "solved" || len(r.Ticket.Messages) != 2 || r.Message.Text != text || !r.Learned.Digested ||
		r.Learned.Used != "unchanged" || r.Learned.Of < 1 || r.Learned.Kept != r.Learned.Of || r.Learned.Credits[0].Title != "Returning an item" {
		t.Errorf("got %+v", r)
	}
	// A double click.
	decode(t, b.send(b.operator, "POST", "/v1/tickets/T1/reply", body).want(200).body, &r)
	if !r.Known || len(r.Ticket.Messages) != 2 {
		t.Errorf("got %+v", r)
	}
	var told struct {
		Events []struct {
			Kind    string
			Outcome *struct{ Status string }
		}
	}
	decode(t, b.send(b.operator, "GET", "/v1/suggestions/"+s.ID+"/feedback", "").want(200).body, &told)
	if len(told.Events) != 2 || told.Events[0].Kind != "sent" || told.Events[1].Outcome == nil || told.Events[1].Outcome.Status != "resolved" {
		t.Errorf("told %+v", told)
	}
	b.send(b.operator, "POST", "/v1/tickets/T1/status", `{"status":"open"}`).want(200).has(`"open"`)
}

func TestAnEditedReplyIsTold(t *testing.T) {
	b := workbench(t)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
	s := b.suggest(`{"ticket_id":"T1","text":"How do I return an item?"}`)
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", fmt.Sprintf(
		`{"text":"Hello! Send the item back within 14 days of delivery.","suggestion_id":%q,"version":1,"idempotency_key":"k","operator_id":"vera"}`, s.ID)).
		want(200).has(`"event":"edited"`).has(`"status":"pending"`).has(`"author":"vera"`).has(`"edit_distance"`)
	other := b.suggest(`{"ticket_id":"T2","text":"How do I return an item?"}`)
	reply := `{"text":"Hello","suggestion_id":%q,"version":2,"idempotency_key":"k2"}`
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", fmt.Sprintf(reply, other.ID)).want(422).has("another ticket")
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", fmt.Sprintf(reply, "none")).want(404)
	if got := b.ticket("T1"); len(got.Messages) != 2 {
		t.Errorf("what was refused was sent: %+v", got)
	}
}

func TestAReplyToWhatHasChangedIsRefused(t *testing.T) {
	b := workbench(t)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
	s := b.suggest(`{"ticket_id":"T1","text":"How do I return an item?"}`)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", `{"messages":[{"id":"m2","role":"customer","text":"Never mind."}]}`).want(200)
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", fmt.Sprintf(`{"text":"Hello","suggestion_id":%q,"version":1,"idempotency_key":"k"}`, s.ID)).
		want(409).has(`"detail":"newer message`)
	b.send(b.operator, "GET", "/v1/suggestions/"+s.ID+"/feedback", "").want(200).has(`"events":[]`)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", `{"version":1,"status":"solved"}`).want(409)
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", `{"text":"Hello","version":2,"idempotency_key":"k"}`).want(200).hasNot("learned")
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", `{"text":"","version":3,"idempotency_key":"k2"}`).want(422)
}

func TestTicketsAreForThoseWhoAnswer(t *testing.T) {
	b := workbench(t)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
	for _, path := range []string{"/v1/tickets", "/v1/tickets/T1"} {
		b.send(b.leader, "GET", path, "").want(403)
		for _, key := range []string{b.operator, b.editor, b.admin, b.helpdesk} {
			b.send(key, "GET", path, "").want(200).has("T1")
		}
	}
	if _, err := b.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	stranger := b.key("other", auth.Operator)
	b.send(stranger, "GET", "/v1/tickets/T1", "").want(404)
	b.send(stranger, "GET", "/v1/tickets", "").want(200).hasNot("T1")
	b.send(stranger, "GET", "/v1/find?q=return", "").want(200).hasNot("T1").hasNot("returns")
}

func TestTheQueueIsReadPageByPage(t *testing.T) {
	b := workbench(t)
	for i := range 5 {
		b.send(b.helpdesk, "PUT", fmt.Sprintf("/v1/tickets/T%d", i), fmt.Sprintf(
			`{"priority":%q,"messages":[{"role":"customer","text":"Question %d","at":"2026-03-0%dT12:00:00Z"}]}`, []string{"low", "urgent"}[i%2], i, i+1)).want(201)
	}
	b.send(b.operator, "POST", "/v1/tickets/T2/assign", `{}`).want(200)
	b.send(b.operator, "POST", "/v1/tickets/T3/assign", `{"assignee":"boris"}`).want(200)
	b.send(b.operator, "POST", "/v1/tickets/T4/status", `{"status":"solved"}`).want(200)
	for query, want := range map[string]string{
		"":                                "T4 T3 T2 T1 T0",
		"?sort=oldest":                    "T0 T1 T2 T3 T4",
		"?sort=priority&limit=2":          "T1 T3 T0 T2 T4",
		"?status=open,pending&limit=3":    "T3 T2 T1 T0",
		"?assignee=me":                    "T2",
		"?assignee=boris":                 "T3",
		"?assignee=none&status=open":      "T1 T0",
		"?q=question+3":                   "T3",
		"?topic=none":                     "",
		"?priority=low":                   "T4 T2 T0",
		"?tone=angry":                     "",
		"?status=solved&status=solved":    "T4",
		"?sort=newest&limit=1&q=Question": "T4 T3 T2 T1 T0",
	} {
		var got []string
		for next := ""; ; {
			path := "/v1/tickets" + query
			if next != "" {
				path += map[bool]string{true: "&", false: "?"}[query != ""] + "cursor=" + next
			}
			var page struct {
				Tickets    []ticketSeen
				Counts     *struct{ Open, Pending, Solved int }
				NextCursor string `json:"next_cursor"`
			}
			decode(t, b.send(b.operator, "GET", path, "").want(200).body, &page)
			if (page.Counts != nil) != (next == "") || page.Counts != nil && (page.Counts.Open != 4 || page.Counts.Solved != 1) {
				t.Errorf("%s: counts %+v", path, page.Counts)
			}
			for _, v := range page.Tickets {
				got = append(got, v.ID)
			}
			if next = page.NextCursor; next == "" {
				break
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s lists %v, want %s", query, got, want)
		}
	}
	b.send(b.operator, "GET", "/v1/tickets?cursor=nonsense", "").want(400)
}

func TestTwoSeeEachOther(t *testing.T) {
	b := workbench(t)
	at := func(key, body string) reply { return b.send(key, "POST", "/v1/presence", body).want(200) }
	at(b.operator, `{"subject":"ticket:T1"}`).has(`"others":[]`)
	at(b.editor, `{"subject":"ticket:T1","editing":true}`).has(`"name":"test operator","editing":false`)
	at(b.operator, `{"subject":"ticket:T1"}`).has(`"name":"test editor","editing":true`).hasNot("test operator")
	at(b.operator, `{"subject":"article:returns"}`).has(`"others":[]`)
	b.send(b.operator, "GET", "/v1/tickets", "").want(200).has(`"here":[{"ticket_id":"T1","name":"test editor","editing":true`).hasNot("test operator")
	at(b.editor, `{"subject":"ticket:T1","left":true}`)
	at(b.operator, `{"subject":"ticket:T1"}`).has(`"others":[]`)
	*b.now = b.now.Add(31 * time.Second)
	at(b.editor, `{"subject":"ticket:T1"}`).has(`"others":[]`)
	var left int64
	if err := b.db.Raw("SELECT COUNT(*) FROM presences").Scan(&left).Error; err != nil || left != 1 {
		t.Errorf("%d presences are kept: %v", left, err)
	}
	b.send(b.operator, "POST", "/v1/presence", `{"subject":"anything"}`).want(422)
}

func TestAConnectorIsToldOfReplies(t *testing.T) {
	b := workbench(t)
	b.send(b.admin, "POST", "/v1/webhooks", `{"email":"all@example.org"}`).want(201)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", `{"text":"Send it back.","version":1,"idempotency_key":"k"}`).want(200)
	b.send(b.admin, "GET", "/v1/notices", "").want(200).hasNot("ticket.replied")
	b.send(b.admin, "POST", "/v1/webhooks", `{"url":"https://desk.example.org/hook","kinds":["ticket.replied"]}`).want(201)
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", `{"text":"By post.","version":2,"idempotency_key":"k2"}`).want(200)
	b.send(b.admin, "GET", "/v1/notices", "").want(200).has("ticket.replied").has(`"message":3`).hasNot("By post")
}

func TestRowsOfTheWorkbenchMatchTheSchema(t *testing.T) {
	sqldbtest.Matches(t, sqldbtest.SQLite(t), &api.PresenceRow{}, &api.WidgetRow{})
}

func TestTheWorkbenchIsTheSameOnEveryDatabase(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := workbenchOn(t, db)
		b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
		s := b.suggest(`{"ticket_id":"T1","text":"How do I return an item?"}`)
		reply := fmt.Sprintf(`{"text":"By post.","suggestion_id":%q,"version":1,"idempotency_key":"k"}`, s.ID)
		for _, known := range []string{"false", "true"} {
			b.send(b.operator, "POST", "/v1/tickets/T1/reply", reply).want(200).has(`"known":` + known)
		}
		for range 2 {
			b.send(b.operator, "POST", "/v1/presence", `{"subject":"ticket:T1","editing":true}`).want(200)
		}
		b.send(b.editor, "POST", "/v1/presence", `{"subject":"ticket:T1"}`).want(200).has("test operator")
		for range 2 {
			b.send(b.admin, "PUT", "/v1/widget", `{"origins":["https://desk.example.org"]}`).want(200)
		}
		b.send(b.token(), "GET", "/v1/tickets/T1", "").want(200).has(s.ID)
		b.send(b.operator, "GET", "/v1/find?q=return", "").want(200).has("returns").has("T1")
	})
}

func TestASecondReplyIsMadeUpForWhereTheFirstWasNotTold(t *testing.T) {
	b := workbench(t)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
	s := b.suggest(`{"ticket_id":"T1","text":"How do I return an item?","operator":{"id":"vera"}}`)
	body := fmt.Sprintf(`{"text":"By post.","suggestion_id":%q,"version":1,"idempotency_key":"k"}`, s.ID)
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", body).want(200)
	// As if the server had died in between.
	for _, table := range []string{"events", "judgements"} {
		if err := b.db.Exec("DELETE FROM " + table).Error; err != nil {
			t.Fatal(err)
		}
	}
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", body).want(200).has(`"known":true`).has(`"digested":true`)
	b.send(b.operator, "GET", "/v1/suggestions/"+s.ID+"/feedback", "").want(200).has(`"kind":"edited"`).has(`"operator_id":"vera"`)
	// What was told too often is refused, and the reply stands.
	if err := feedback.SetSettings(t.Context(), b.db, "acme", feedback.Settings{Promote: feedback.PromoteAuto, Risk: 0.1, HalfLifeDays: 180, DailyCap: 10}); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		b.send(b.operator, "POST", "/v1/suggestions/"+s.ID+"/feedback", fmt.Sprintf(`{"id":"e%d","kind":"opened","source_id":"returns"}`, i))
	}
	b.send(b.operator, "POST", "/v1/tickets/T1/reply", fmt.Sprintf(`{"text":"And stamps.","suggestion_id":%q,"version":2,"idempotency_key":"k2"}`, s.ID)).
		want(200).has(`"refused":"too many events`).hasNot(`"learned"`)
	if got := b.ticket("T1"); len(got.Messages) != 3 {
		t.Errorf("got %+v", got)
	}
}
