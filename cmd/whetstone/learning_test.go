package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// The product in one test: operators keep rewriting an answer into what another
// article says, and after the next run of the jobs the pilot group is answered
// from that article first, the rest see no change, and after a rollback neither
// does.
func TestLearning(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	d := newDesk(t)
	d.pilot("tryout", "parcels")
	questions := d.days(28)

	probes := questions.fresh(12)
	was := d.answers("letters", probes)
	if first := count(was, "delivery-times"); first < len(probes)*3/4 {
		t.Fatalf("the article that operators rewrite is first for %d of %d questions: there is nothing to learn", first, len(probes))
	}
	d.night()

	pilot, rest := d.answers("parcels", probes), d.answers("letters", probes)
	if n := count(pilot, "lost-parcel"); n < len(probes)*3/4 {
		t.Errorf("the pilot group is answered from what operators write for %d of %d questions", n, len(probes))
	}
	for i := range probes {
		if got := pilot[i]; got.Ranker == 0 || got.Pilot != "tryout" || got.Arm != "pilot" {
			t.Errorf("the pilot group's suggestion is stamped ranker %d, pilot %q, arm %q", got.Ranker, got.Pilot, got.Arm)
		}
		if got := rest[i]; got.Ranker != 0 || got.Pilot != "" || got.order() != was[i].order() {
			t.Errorf("%s: the rest are answered by ranker %d, pilot %q\n%s\nand were before\n%s", probes[i], got.Ranker, got.Pilot, got.order(), was[i].order())
		}
	}
	d.call("POST", "/v1/rankers/newest/rollback", "", http.StatusOK)
	for _, group := range []string{"parcels", "letters"} {
		for i, got := range d.answers(group, probes) {
			if got.order() != was[i].order() || got.Ranker != 0 {
				t.Errorf("%s: after the rollback %s is answered by ranker %d\n%s\nand was before\n%s", probes[i], group, got.Ranker, got.order(), was[i].order())
			}
		}
	}
}

// A helpdesk is a Whetstone with a server and a clock of its own, and no case
// memory, so that nothing but the ranker can change an answer.
type helpdesk struct {
	*testing.T
	app   *app
	web   *httptest.Server
	key   string
	log   *screen
	clock time.Time
}

// newDesk opens one on a small helpdesk's articles, with these settings.
func newDesk(t *testing.T, settings ...string) *helpdesk {
	t.Helper()
	d := &helpdesk{T: t, log: new(screen), clock: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)}
	cfg, err := load(append([]string{"WHETSTONE_CONFIG=", "WHETSTONE_DATA=" + t.TempDir(), "WHETSTONE_RATE=0"}, settings...))
	if err != nil {
		t.Fatal(err)
	}
	d.app, err = open(t.Context(), cfg, slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.app.close(); err != nil {
			t.Error(err)
		}
	})
	now := func() time.Time { return d.clock }
	d.app.learning, d.app.answerer.Now = d.app.learns(now), now
	workspace, err := d.app.workspace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.fill(workspace)
	if _, d.key, err = d.app.keys.Issue(t.Context(), workspace, "test", auth.Admin); err != nil {
		t.Fatal(err)
	}
	server := d.app.server()
	server.Caught = nil // index brings the index up to date
	d.web = httptest.NewServer(server.Handler())
	t.Cleanup(d.web.Close)
	set := feedback.DefaultSettings()
	set.CaseMemory = false
	d.call("PUT", "/v1/settings", asJSON(t, set), http.StatusOK)
	return d
}

func (d *helpdesk) fill(workspace string) {
	d.Helper()
	var docs []*kb.Document
	for id, a := range deskArticles() {
		docs = append(docs, &kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{
			Title: a[0], Body: a[1], Locale: "en", Status: kb.Published, Audience: kb.Public,
		}})
	}
	if _, err := d.app.kb.In(workspace).PutAll(d.Context(), docs); err != nil {
		d.Fatal(err)
	}
	d.index(workspace)
}

// index builds an index of what is known, and searches in it.
func (d *helpdesk) index(workspace string) {
	d.Helper()
	s, err := d.app.build(d.Context(), d.app.cfg.wanted(), true)
	if err != nil {
		d.Fatal(err)
	}
	if _, err := d.app.indexer(s).Sync(d.Context(), workspace); err != nil {
		d.Fatal(err)
	}
	d.app.answerer.Serve(s.Space)
}

// call makes a request of the server and returns the body of the response.
func (d *helpdesk) call(method, path, body string, want int) []byte {
	d.Helper()
	p := process{t: d.T, url: d.web.URL, key: d.key}
	status, got := p.call(method, path, body)
	if status != want {
		d.Fatalf("%s %s: %d, want %d: %s", method, path, status, want, got)
	}
	return got
}

// pilot gives a group of operators the newest ranker that has proven itself.
func (d *helpdesk) pilot(name, group string) {
	d.Helper()
	p := retrieval.DefaultProfile()
	p.Name, p.Ranker = "newest", retrieval.NewestRanker
	d.call("PUT", "/v1/profiles/newest", asJSON(d.T, p), http.StatusOK)
	d.call("PUT", "/v1/pilots/"+name, asJSON(d.T, map[string]any{"profile": "newest", "groups": []string{group}, "percent": 100}), http.StatusCreated)
	d.call("POST", "/v1/pilots/"+name+"/start", "", http.StatusOK)
}

// A stamped is what these tests read of a suggestion.
type stamped struct {
	ID, Decision, Pilot, Arm, Topic string

	Ranker int64
	Answer *struct {
		Text      string
		Citations []struct {
			SourceID string `json:"source_id"`
		}
	}
	Sources []struct {
		ID    string
		Score float64
	}
	asked string
}

// order is the sources with their scores.
func (s *stamped) order() string { return fmt.Sprint(s.Sources) }

// ask has an operator ask.
func (d *helpdesk) ask(operator, group, text string) stamped {
	d.Helper()
	body := asJSON(d.T, map[string]any{"text": text, "operator": map[string]string{"id": operator, "group": group}})
	s := read[stamped](d.T, d.call("POST", "/v1/suggestions", body, http.StatusCreated))
	s.asked = text
	return s
}

// answers asks each question as an operator of the group.
func (d *helpdesk) answers(group string, questions []string) []stamped {
	d.Helper()
	out := make([]stamped, len(questions))
	for i, q := range questions {
		out[i] = d.ask("probe", group, q)
	}
	return out
}

// count counts the suggestions that are answered from an article first: it is
// the first source and what the draft rests on.
func count(ss []stamped, article string) int {
	n := 0
	for i := range ss {
		if s := &ss[i]; s.Answer != nil && s.Sources[0].ID == article && s.Answer.Citations[0].SourceID == article {
			n++
		}
	}
	return n
}

// tell tells what became of a suggestion.
func (d *helpdesk) tell(id string, event map[string]any) {
	d.Helper()
	d.call("POST", "/v1/suggestions/"+id+"/feedback", asJSON(d.T, event), http.StatusCreated)
}

// digest makes judgements of what was told.
func (d *helpdesk) digest() {
	d.Helper()
	if err := d.app.learning.digester.Catch(d.Context()); err != nil {
		d.Fatal(err)
	}
}

// night does what is done at night.
func (d *helpdesk) night() {
	d.Helper()
	d.digest()
	l := d.app.learning.learner
	for _, job := range []func(context.Context) (string, error){l.Calibrate, l.Rerank, l.Promote} {
		note, err := job(d.Context())
		if err != nil {
			d.Fatal(err)
		}
		d.Log(note)
	}
}

// days lets six operators of two groups answer 25 questions a day. Of a parcel
// that is late each of them writes what the article on lost parcels says; other
// drafts they send as they are.
func (d *helpdesk) days(n int) *inbox {
	d.Helper()
	in := &inbox{rng: rand.New(rand.NewPCG(7, 2026)), asked: make(map[string]bool), first: make(map[string]*stamped)}
	for day := range n {
		for n := range 25 {
			who, group := fmt.Sprintf("natalia-%d", n%6), []string{"parcels", "letters"}[n%2]
			late := n%5 != day%2 && n%3 != 0
			question := in.other()
			if late {
				question = in.late()
			}
			s := d.ask(who, group, question)
			if len(s.Sources) > 0 && in.first[s.Sources[0].ID] == nil {
				in.first[s.Sources[0].ID] = &s
			}
			switch {
			case late:
				d.tell(s.ID, map[string]any{"kind": "edited", "text": in.reply(), "operator_id": who})
			case s.Answer != nil:
				d.tell(s.ID, map[string]any{"kind": "sent", "operator_id": who})
			}
			d.clock = d.clock.Add(24 * time.Hour / 25)
		}
		d.digest()
	}
	return in
}

// An inbox makes up questions, no two alike.
type inbox struct {
	rng   *rand.Rand
	asked map[string]bool
	first map[string]*stamped // the first suggestion for each first source
}

func (in *inbox) pick(of []string) string { return of[in.rng.IntN(len(of))] }

func (in *inbox) once(make func() string) string {
	for {
		if q := make(); !in.asked[q] {
			in.asked[q] = true
			return q
		}
	}
}

func (in *inbox) late() string {
	return in.once(func() string {
		return strings.Join([]string{in.pick(lateOpenings()), in.pick(lateThings()), in.pick(lateTimes()), in.pick(lateAsks())}, " ")
	})
}

func (in *inbox) other() string {
	return in.once(func() string {
		return strings.Join([]string{in.pick(otherOpenings()), in.pick(otherAsks()), in.pick(lateThings()) + "?", in.pick(otherEnds())}, " ")
	})
}

// reply is what operators write about a parcel that is late, each in an order
// and with words of their own.
func (in *inbox) reply() string {
	said := slices.Clone(lostSentences())
	in.rng.Shuffle(len(said), func(i, j int) { said[i], said[j] = said[j], said[i] })
	return in.pick([]string{"Hello! ", "Good afternoon, ", "Thank you for writing to us. "}) + strings.Join(said[:3+in.rng.IntN(2)], " ")
}

// fresh returns questions on late parcels that nobody has asked.
func (in *inbox) fresh(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = in.late()
	}
	return out
}

func lostSentences() []string {
	return []string{
		"We start a search with the carrier as soon as a parcel has not moved for seven days.",
		"The search takes up to ten working days, and we write to you on each step.",
		"If the carrier finds nothing, we send a replacement at no cost or return your money.",
		"Please check with your neighbours and at the nearest pick-up point first.",
		"You need not fill in any form: the order number is enough.",
	}
}

func deskArticles() map[string][2]string {
	return map[string][2]string{
		"delivery-times": {"A late parcel: delivery times and delays", "A parcel usually arrives within three to five working days. Around holidays a parcel may be late by two more days. The tracking page shows where your parcel is. A delay that the carrier has announced is shown there too."},
		"lost-parcel":    {"Search with the carrier", strings.Join(lostSentences(), " ") + " This goes for every late parcel, whatever the reason of the delay."},
		"returns":        {"Return an item", "You may return an item within thirty days. Open Orders, choose the item and press Return. The label is free of charge."},
		"refund":         {"When a refund arrives", "A refund goes to the card you paid with. Your bank books it within five working days of our confirmation."},
		"invoice":        {"Get an invoice", "Invoices are under Orders, behind the button Documents. A company's tax number can be added for ninety days."},
		"password":       {"Reset a password", "Press Forgot password on the sign-in page. The link in the mail is valid for one hour."},
		"warranty":       {"Warranty repairs", "The warranty lasts two years. Describe the fault and add a photo; the workshop replies within three days."},
		"address":        {"Change the address of an order", "The address can be changed until the order is packed. Open the order and press Change address."},
		"gift":           {"Pay with a gift card", "Enter the code of the gift card at the checkout. What is left of it stays on the card for three years."},
		"loyalty":        {"Bonus points", "One point is given for each euro. Points are worth one cent and expire after a year."},
	}
}

func lateOpenings() []string {
	return []string{
		"Good morning, my parcel is late, the one with", "Hi there! My late parcel again, I ordered", "Hello, I am getting worried about a late parcel:",
		"My daughter's parcel is late, it holds", "Late parcel, nobody rang, inside is", "The second late parcel this year, now",
		"Courier is late with our parcel, it contained", "To whom it may concern, parcel late, contents",
		"Dear team, our office awaits a late parcel with", "Where on earth is that late parcel holding", "Late parcel once more, sadly, bought from you",
		"I paid for express, yet the parcel is late, we want", "Same parcel status forever, very late, item", "Parcel late, my wife ordered",
		"A parcel promised to my mother is late, namely", "Neighbours have not seen the late parcel with",
	}
}

func lateThings() []string {
	return []string{
		"a copper kettle", "two garden chairs", "the blue winter boots", "one espresso grinder", "bicycle lamps", "a wooden train set", "size ten sandals", "noise cancelling headphones",
		"printer cartridges", "an oak bookshelf", "three linen shirts", "the baby monitor", "fishing rods", "some ceramic plates", "a yoga mat", "hiking socks", "a chess board", "the violin strings",
		"a telescope tripod", "paint brushes", "an electric toothbrush", "velvet curtains", "the cast iron pan", "a phone charger", "puzzle boxes",
	}
}

func lateTimes() []string {
	return []string{
		"that should have been here on Monday,", "due before Easter,", "dispatched eleven days ago,", "expected last Thursday evening,", "sent out in the first week of March,", "which left your warehouse ages ago,",
		"meant as a birthday present for tomorrow,", "announced for the weekend,", "already a fortnight behind,", "supposedly handed over on the 3rd,", "scheduled between noon and four,", "on its way since January,",
		"ordered right after Christmas,", "confirmed by mail nine days back,", "and four deadlines have passed,", "though the app promised yesterday,",
	}
}

func lateAsks() []string {
	return []string{
		"how much longer is this delay going to take?", "what can be done about the delay?", "could somebody please look into that delay?",
		"does a delay mean it is lost?", "with such a delay, do I have to do anything myself?", "what delay should I count with?",
		"should I keep waiting, or is the delay too long?", "can you find out why there is a delay?", "who is responsible for a delay?",
		"please advise, delay after delay.", "what happens next after a delay?", "I need a clear answer on the delay today.",
		"would you kindly check that delay?", "is there any hope left in spite of the delay?", "I am running out of patience with the delay.",
		"will another one be shipped, given the delay?",
	}
}

func otherOpenings() []string {
	return []string{
		"Hello and good day to you all,", "Hi, one quick thing today:", "I wonder, being rather new here,", "Dear shop people, tell me", "Sorry to bother you once more,",
		"A question from some regular customer:", "My husband asks every evening", "For our bookkeeping department:", "Before we decide anything,", "Reading your site left me unsure:",
		"Thanks for last time's fast help,", "We opened an account yesterday,", "Just making certain of it,", "Moving house soon, therefore",
	}
}

func otherAsks() []string {
	return []string{
		"how do I return", "when does my refund arrive for", "where is the invoice with tax number for", "how can I reset the password, wanting",
		"does the warranty cover repairs of", "may I change the address, having ordered", "can a gift card pay", "how many bonus points bring",
	}
}

func otherEnds() []string {
	return []string{
		"Kind regards from Lisbon.", "No hurry at all with this.", "Your colleague did not know either.", "Short replies suit me best.", "Write back in plain words please.", "I could not find anything about it.",
		"It was bought in autumn.", "Our last shop never told us.", "Looking forward to hearing.", "That would help us greatly.", "Perhaps others ask the same.", "Calling was no use, lines were busy.",
		"An answer by noon would be lovely.", "Feel free to phone instead.", "My neighbour claims otherwise.", "We shall see.",
	}
}
