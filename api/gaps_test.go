package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/api/notify"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/training"
)

type gapSeen struct {
	ID, Status, Label, Cause, Owner string
	Version                         int64
	Cost                            float64
	ArticleID                       string `json:"article_id"`
	Topic                           struct {
		Question                     string
		Customers, Tickets, Failures int
		Factors                      struct{ Volume, Handling, Dissatisfaction, Growth float64 }
	}
	Draft *struct {
		Title, Body string
		Sentences   []struct {
			Start   int
			Tickets []string
		}
		Conflicts []any
	}
	Proof *struct {
		Asked, Answered int
		Questions       []struct {
			Answered bool
			Why      string
		}
	}
	History  []struct{ What, Author string }
	Evidence []struct {
		TicketID    string `json:"ticket_id"`
		TicketKnown bool   `json:"ticket_known"`
		Signs       []string
	}
}

// lacking installs a server that finds gaps, on a few articles.
func lacking(t *testing.T) (x *installation, find func()) {
	t.Helper()
	db := sqldbtest.SQLite(t)
	var l *training.Learner
	x = installOn(t, db, func(s *api.Server) {
		l = &training.Learner{
			KB: s.KB, Suggestions: s.Store, Feedback: s.Feedback, Pilots: s.Pilots, DB: db, Gaps: gap.New(db, nil),
			Answerer: s.Answerer, Space: s.Answerer.Serves, Log: s.Log,
		}
		s.Gaps, s.Notices, s.Compose, s.Prove, s.Tickets = l.Gaps, notice.NewStore(db), l.Compose, l.Verify, ticket.New(db, nil)
	})
	for id, text := range map[string][2]string{
		"returns": {"Returning an item", "Send the item back within 14 days of delivery. Print the return label in your account."},
		"courier": {"When the courier comes", "Couriers deliver from 9:00 to 21:00. Change the time slot until 18:00 of the day before."},
		"payment": {"Ways to pay", "Pay by card, by bank transfer or in cash to the courier. Instalments run for four months."},
		// What operators reply about wrapping resembles it, and it says nothing of it.
		"giftcards": {"Gift cards", "A gift card is valid for 3 years. Choose Gift card in the basket before you pay, and enter the code. You cannot buy a gift card with a gift card."},
		"warranty":  {"Warranty on kettles", "The warranty on kettles is 24 months. Send us photos of the defect and the receipt."},
	} {
		x.put("/v1/articles/"+id, fmt.Sprintf(`{"title":%q,"body":%q}`, text[0], text[1]))
	}
	return x, func() {
		t.Helper()
		if _, err := l.FindGaps(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// customers ask the questions, each another customer, and an operator writes
// the reply.
func (x *installation) customers(reply string, questions ...string) {
	x.t.Helper()
	for i, q := range questions {
		s := x.suggest(fmt.Sprintf(`{"text":%q,"ticket_id":"T%d","customer_id":"c%d","operator":{"id":"vera"}}`, q, i, i))
		x.tell(s.ID, fmt.Sprintf(`{"kind":"edited","text":%q}`, reply)).want(201)
	}
}

func (x *installation) gaps(query string) []gapSeen {
	x.t.Helper()
	var page struct {
		Gaps []gapSeen
	}
	decode(x.t, x.send(x.admin, "GET", "/v1/gaps"+query, "").want(200).body, &page)
	return page.Gaps
}

const wrapReply = "Hello! Yes, we can gift wrap any present for 3 euros. Choose Gift wrapping in the basket before you pay. Kind regards, Vera"

func wrapQuestions() []string {
	return []string{
		"Can you gift wrap my present?", "Do you offer gift wrapping for presents?", "I want gift wrapping for a present, is that possible?",
		"How much is gift wrapping of a present?",
	}
}

func TestAGapGoesFromQuestionsToAProvenArticle(t *testing.T) {
	x, find := lacking(t)
	said := make(chan string, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { said <- r.Header.Get("Whetstone-Event") }))
	t.Cleanup(hook.Close)
	x.send(x.admin, "POST", "/v1/webhooks", fmt.Sprintf(`{"url":%q,"kinds":["gap.*"]}`, hook.URL)).want(201).has("whsec_")

	x.customers(wrapReply, wrapQuestions()[:2]...)
	find()
	if got := x.gaps(""); len(got) != 0 {
		t.Errorf("two customers make a gap: %+v", got)
	}
	x.customers(wrapReply, wrapQuestions()...)
	find()
	gs := x.gaps("")
	if len(gs) != 1 || gs[0].Status != "open" || gs[0].Cause != "uncovered" || gs[0].Topic.Customers != 4 || gs[0].Cost <= 0 {
		t.Fatalf("got %+v, want one open gap that nothing covers", gs)
	}
	path := "/v1/gaps/" + gs[0].ID

	var g gapSeen
	step := func(method, path, body string, want int) reply {
		t.Helper()
		r := x.send(x.admin, method, path, body).want(want)
		if want < 300 {
			decode(t, r.body, &g)
		}
		return r
	}
	step("GET", path, "", 200)
	if len(g.Evidence) != g.Topic.Failures || g.Evidence[0].TicketID == "" {
		t.Errorf("%d failures, and the evidence is %+v", g.Topic.Failures, g.Evidence)
	}
	x.send(x.admin, "PUT", "/v1/tickets/T1", `{"messages":[{"role":"customer","text":"Do you wrap presents?"}]}`).want(201)
	step("GET", path, "", 200)
	for _, e := range g.Evidence {
		if e.TicketKnown != (e.TicketID == "T1") {
			t.Errorf("of ticket %s it is said that it is known: %t, and T1 is", e.TicketID, e.TicketKnown)
		}
	}
	step("PATCH", path, `{"owner":"anna","due":"2030-01-02T00:00:00Z","version":`+strconv.FormatInt(g.Version, 10)+`}`, 200)
	step("PATCH", path, `{"owner":"boris","version":`+strconv.FormatInt(gs[0].Version, 10)+`}`, 409).has("somebody else")
	step("POST", path+"/draft", `{}`, 200)
	if g.Status != "drafted" || g.Owner != "anna" || g.Draft == nil || !strings.Contains(g.Draft.Body, "3 euros") || strings.Contains(g.Draft.Body, "Vera") ||
		len(g.Draft.Sentences) == 0 || len(g.Draft.Sentences[0].Tickets) < 2 {
		t.Errorf("status %s, owner %s, draft %+v", g.Status, g.Owner, g.Draft)
	}
	x.send(x.admin, "GET", "/v1/articles/answer-"+strings.TrimPrefix(g.ID, "gap-"), "").want(404) // nothing is published by itself

	step("POST", path+"/publish", `{"article_id":"payment"}`, 200)
	if g.Status != "published" || g.Proof == nil || g.Proof.Answered != 0 || g.Proof.Questions[0].Why == "" {
		t.Errorf("with another article: %s, %+v", g.Status, g.Proof)
	}
	step("POST", path+"/publish", `{"article_id":"wrapping","title":"Gift wrapping of presents","body":"We gift wrap any present for 3 euros. Choose Gift wrapping in the basket before you pay."}`, 200)
	if g.Status != "closed" || g.Proof.Asked == 0 || g.Proof.Answered < g.Proof.Asked*4/5 || g.ArticleID != "wrapping" {
		t.Errorf("with the right one: %s by %s, %+v", g.Status, g.ArticleID, g.Proof)
	}
	x.send(x.admin, "DELETE", "/v1/articles/wrapping", "").want(204)
	step("POST", path+"/verify", `{}`, 200)
	if g.Status != "reopened" || len(g.History) < 6 {
		t.Errorf("when the article is gone: %s, %+v", g.Status, g.History)
	}
	if got := x.delivered(said); got != "gap.closed gap.opened gap.reopened" {
		t.Errorf("webhooks were told %v", got)
	}
}

// delivered delivers what is due and returns what said was told, in the order
// of the alphabet: it may arrive in any.
func (x *installation) delivered(said chan string) string {
	x.t.Helper()
	d := &notify.Deliverer{Store: notice.NewStore(x.db), AllowPrivate: true, Log: quiet()}
	if _, err := d.Send(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
	close(said)
	var kinds []string
	for k := range said {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return strings.Join(kinds, " ")
}

func TestAProofTellsOfEachQuestionAsItIsKnown(t *testing.T) {
	x, find := lacking(t)
	x.customers(wrapReply, wrapQuestions()...)
	find()
	path := "/v1/gaps/" + x.gaps("")[0].ID
	r := x.send(x.admin, "POST", path+"/verify", "", "Accept", "text/event-stream").want(409)
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("what goes wrong before the first event is %s", got)
	}
	r = x.send(x.admin, "POST", path+"/publish", `{"title":"Gift wrapping of presents","body":"We gift wrap any present for 3 euros. Choose Gift wrapping in the basket before you pay."}`,
		"Accept", "text/event-stream").want(200)
	events := r.events(t)
	var g gapSeen
	decode(t, []byte(events[len(events)-1].data), &g)
	if events[len(events)-1].name != "gap" || g.Status != "closed" || g.Proof.Asked != len(events)-1 || g.Proof.Asked != len(wrapQuestions()) {
		t.Fatalf("%d events end with %+v", len(events), g)
	}
	for i, e := range events[:len(events)-1] {
		var one gap.Asked
		decode(t, []byte(e.data), &one)
		if e.name != "question" || one.At != i+1 || one.Of != g.Proof.Asked || one.Question.Text == "" || one.Question.Answered != g.Proof.Questions[i].Answered {
			t.Errorf("event %d is %s %s", i, e.name, e.data)
		}
	}
}

func TestGapsAreDismissedAndExported(t *testing.T) {
	x, find := lacking(t)
	x.customers("=HYPERLINK is not what you need. We gift wrap any present for 3 euros.", append(wrapQuestions(), "=gift wrapping of a present?")...)
	find()
	g := x.gaps("")[0]
	path := "/v1/gaps/" + g.ID
	x.send(x.admin, "PATCH", path, `{"status":"dismissed"}`).want(422).has("reason")
	x.send(x.admin, "PATCH", path, `{}`).want(422)
	x.send(x.admin, "PATCH", path, `{"status":"dismissed","reason":"we stop wrapping"}`).want(200)
	x.send(x.admin, "POST", path+"/publish", `{"article_id":"payment"}`).want(409)
	find()
	if len(x.gaps("")) != 0 || len(x.gaps("?status=dismissed")) != 1 || len(x.gaps("?cause=action&status=dismissed")) != 0 {
		t.Error("it is listed where it should not be, or the other way round")
	}
	x.send(x.admin, "PATCH", path, `{"status":"reopened"}`).want(200)
	x.send(x.admin, "GET", "/v1/gaps/nothing", "").want(404)
	r := x.send(x.admin, "GET", "/v1/gaps/export?format=csv", "").want(200)
	rows, err := csv.NewReader(strings.NewReader(string(r.body))).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[1]) != len(rows[0]) || rows[0][0] != "id" || rows[1][0] != g.ID {
		t.Fatalf("%v, %v", rows, err)
	}
	for i, cell := range rows[1] {
		if strings.HasPrefix(cell, "=") {
			t.Errorf("%s is a formula: %s", rows[0][i], cell)
		}
	}
	x.send(x.admin, "GET", "/v1/gaps/export?format=json", "").want(200).has(`"gaps":[{`)
	x.send(x.key("acme", auth.Operator), "GET", "/v1/gaps", "").want(403)
	x.send(x.key("acme", auth.Editor), "GET", "/v1/gaps", "").want(200)
	if _, err := x.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	x.send(x.key("other", auth.Admin), "GET", path, "").want(404)
}

func TestADraftWithConflictsIsNotPublishedAsItIs(t *testing.T) {
	x, find := lacking(t)
	for i, q := range wrapQuestions() {
		x.customers(fmt.Sprintf("We can gift wrap any present for %d euros. Choose Gift wrapping in the basket before you pay.", 3+2*(i%2)), q)
	}
	for i, q := range wrapQuestions() { // each another customer
		s := x.suggest(fmt.Sprintf(`{"text":%q,"ticket_id":"U%d","customer_id":"d%d"}`, q, i, i))
		x.tell(s.ID, fmt.Sprintf(`{"kind":"edited","text":"We can gift wrap any present for %d euros. Choose Gift wrapping in the basket before you pay."}`, 3+2*(i%2))).want(201)
	}
	find()
	gs := x.gaps("")
	if len(gs) != 1 {
		t.Fatalf("got %+v", gs)
	}
	path := "/v1/gaps/" + gs[0].ID
	x.send(x.admin, "POST", path+"/publish", `{}`).want(422).has("no draft")
	x.send(x.admin, "POST", path+"/draft", `{}`).want(200).has(`"conflicts":[{`)
	x.send(x.admin, "POST", path+"/publish", `{}`).want(422).has("decide them")
	x.send(x.admin, "POST", path+"/draft", `{"title":"Gift wrapping"}`).want(422)
	x.send(x.admin, "POST", path+"/draft", `{"title":"Gift wrapping","body":"We gift wrap any present for 5 euros."}`).want(200)
	x.send(x.admin, "POST", path+"/draft", `{}`).want(409).has("instead")
	x.send(x.admin, "POST", path+"/publish", `{"revision":7}`).want(409)
	x.send(x.admin, "POST", path+"/publish", `{}`).want(200).has(`"article_id":"answer-`)
}

func TestADraftThatAnEditorChangesKeepsItsTickets(t *testing.T) {
	x, find := lacking(t)
	x.customers("We can gift wrap any present for 3 euros. Choose Gift wrapping in the basket before you pay.", wrapQuestions()...)
	find()
	path := "/v1/gaps/" + x.gaps("")[0].ID
	x.send(x.admin, "POST", path+"/draft", `{"article_id":"payment","new":true}`).want(422).has("cannot be new")
	x.send(x.admin, "POST", path+"/draft", `{"article_id":"payment"}`).want(200).has(`"article_id":"payment"`)
	x.send(x.admin, "POST", path+"/draft", `{"new":true}`).want(200).hasNot(`"article_id"`)
	var g gapSeen
	decode(t, x.send(x.admin, "POST", path+"/draft", `{"title":"Gift wrapping","body":"Dear reader! Choose Gift wrapping in the basket before you pay. It is quick."}`).want(200).body, &g)
	if len(g.Draft.Sentences) != 1 || g.Draft.Sentences[0].Start != 13 || len(g.Draft.Sentences[0].Tickets) != 4 {
		t.Errorf("the sentence that was left as it was has lost its tickets: %+v", g.Draft.Sentences)
	}
}

func TestOfEditorsWhoPublishAtOnceOneDoes(t *testing.T) {
	x, find := lacking(t)
	x.customers(wrapReply, wrapQuestions()...)
	find()
	g := x.gaps("")[0]
	path := "/v1/gaps/" + g.ID + "/publish"
	body := func(who int, more string) string {
		return fmt.Sprintf(`{"article_id":"wrapping","title":"Gift wrapping by %d","body":"We gift wrap any present for 3 euros. Choose Gift wrapping in the basket before you pay."%s}`, who, more)
	}
	status := make([]int, 6)
	var wg sync.WaitGroup
	for i := range status {
		wg.Go(func() {
			status[i] = x.send(x.admin, "POST", path, body(i, fmt.Sprintf(`,"version":%d`, g.Version))).status
		})
	}
	wg.Wait()
	won := slices.Index(status, 200)
	if slices.Contains(status[won+1:], 200) || won < 0 {
		t.Fatalf("they were answered %v, want one 200", status)
	}
	x.send(x.admin, "GET", "/v1/articles/wrapping", "").want(200).has(fmt.Sprintf("Gift wrapping by %d", won)).has(`"revision":1`)
	x.send(x.admin, "PATCH", "/v1/gaps/"+g.ID, `{"status":"reopened"}`).want(200)
	x.send(x.admin, "POST", path, body(9, "")).want(409).has("send revision")
	x.send(x.admin, "POST", path, body(9, `,"revision":1`)).want(200)
	x.send(x.admin, "GET", "/v1/articles/wrapping", "").want(200).has("Gift wrapping by 9")
}

func TestWebhooksAreKeptWithoutShowingTheirSecrets(t *testing.T) {
	x, _ := lacking(t)
	var made struct{ ID, Secret string }
	decode(t, x.send(x.admin, "POST", "/v1/webhooks", `{"url":"https://desk.example/hook"}`).want(201).body, &made)
	if made.ID == "" || made.Secret == "" {
		t.Fatalf("made %+v", made)
	}
	x.send(x.admin, "GET", "/v1/webhooks", "").want(200).has(made.ID).hasNot(made.Secret)
	x.send(x.admin, "PUT", "/v1/webhooks/"+made.ID, `{"email":"lead@desk.example","kinds":["alarm.*"],"active":false}`).want(200).hasNot("whsec_")
	for _, wrong := range []string{`{}`, `{"url":"ftp://x"}`, `{"url":"https://x.example","kinds":["gap.sold"]}`, `{"email":"a@b.example\r\nBcc: c@d.example"}`} {
		x.send(x.admin, "POST", "/v1/webhooks", wrong).want(422)
	}
	x.send(x.admin, "GET", "/v1/webhooks/"+made.ID+"/deliveries", "").want(200).has(`"deliveries":[]`)
	x.send(x.admin, "POST", "/v1/deliveries/nothing/resend", "").want(404)
	x.send(x.admin, "DELETE", "/v1/webhooks/"+made.ID, "").want(204)
	x.send(x.admin, "DELETE", "/v1/webhooks/"+made.ID, "").want(404)
	x.send(x.key("acme", auth.Editor), "GET", "/v1/webhooks", "").want(403)
	x.send(x.key("acme", auth.Editor), "GET", "/v1/notices?kind=gap.&limit=5", "").want(200).has(`"notices":[]`)
}
