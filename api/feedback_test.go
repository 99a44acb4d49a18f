package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// A judged is a suggestion as it is read again, with what became of it.
type judged struct {
	suggestion

	Feedback *struct {
		Used     string
		Distance *float64 `json:"edit_distance"`
		Reason   string
		Rating   *float64
		Resolved string `json:"resolved_with"`
		Credits  []feedback.Credit
		Outcome  feedback.Outcome
		Missing  bool `json:"missing_knowledge"`
		At       time.Time
	}
}

func (j *judged) credit(source string) feedback.Credit {
	if j.Feedback != nil {
		for _, c := range j.Feedback.Credits {
			if c.SourceID == source {
				return c
			}
		}
	}
	return feedback.Credit{}
}

// read reads a suggestion again.
func (x *installation) read(id string) *judged {
	x.t.Helper()
	j := new(judged)
	x.send(x.admin, "GET", "/v1/suggestions/"+id, "").want(200).into(j)
	return j
}

// asks makes a suggestion for the operator anna that has a draft.
func (x *installation) asks() suggestion {
	x.t.Helper()
	s := x.suggest(`{"text":"Как вернуть чайник?","operator":{"id":"anna","group":"Доставка"}}`)
	if s.Answer == nil || s.Sources[0].ID != "returns" {
		x.t.Fatalf("no draft to judge: %+v", s)
	}
	return s
}

func (x *installation) tell(id, body string, headers ...string) reply {
	x.t.Helper()
	return x.send(x.admin, "POST", "/v1/suggestions/"+id+"/feedback", body, headers...)
}

type recorded struct {
	Events []struct {
		ID    string
		Known bool
	}
}

type toldEvent struct {
	ID, Kind, Reason, Vote, Rating, Text, Supersedes string

	OperatorID string `json:"operator_id"`
	SourceID   string `json:"source_id"`
	Shown      []string
	Outcome    *feedback.Outcome
	At         time.Time
	ReceivedAt time.Time `json:"received_at"`
}

func (x *installation) events(id string) []toldEvent {
	x.t.Helper()
	var es struct{ Events []toldEvent }
	x.send(x.admin, "GET", "/v1/suggestions/"+id+"/feedback", "").want(200).into(&es)
	return es.Events
}

func TestASuggestionShowsWhatBecameOfIt(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		x.stock()
		s := x.asks()
		if j := x.read(s.ID); j.Feedback != nil {
			t.Errorf("nothing was told, and it shows %+v", j.Feedback)
		}
		var r recorded
		x.tell(s.ID, `{"kind":"sent"}`).want(201).into(&r)
		if len(r.Events) != 1 || r.Events[0].ID == "" || r.Events[0].Known {
			t.Errorf("recorded as %+v", r)
		}
		j := x.read(s.ID)
		if j.Feedback.Used != "unchanged" || *j.Feedback.Distance != 0 || j.Feedback.Resolved != "returns" || j.Feedback.Rating != nil {
			t.Errorf("sent as it was: %+v", j.Feedback)
		}
		if c := j.credit("returns"); c.Verdict != feedback.Kept || c.Amount <= 0 || c.Place != 1 || c.Why == "" {
			t.Errorf("the source that was kept has credit %+v", c)
		}
		es := x.events(s.ID)
		if len(es) != 1 || es[0].Kind != "sent" || es[0].OperatorID != "anna" || es[0].At.IsZero() || es[0].ReceivedAt.IsZero() {
			t.Errorf("told: %+v", es)
		}
	})
}

func TestUnchangedEditedReplacedAndRejectedAreApart(t *testing.T) {
	x := install(t)
	x.stock()
	const brought = "Если вы оплатили заказ картой, деньги за возврат придут на ту же карту."
	for name, tt := range map[string]struct {
		event, used string
		known       bool    // whether the distance is
		low, high   float64 // of the distance
	}{
		"sent as it was":         {`{"kind":"sent"}`, "unchanged", true, 0, 0},
		"sent with a word more":  {`{"kind":"edited","text":"Чтобы вернуть чайник, отправьте его обратно в течение 14 дней. Деньги за чайник придут на карту за 5 рабочих дней. Удачи!"}`, "edited", true, .01, .4},
		"written anew":           {`{"kind":"edited","text":"` + brought + `"}`, "", true, .4, 1},
		"another answer":         {`{"kind":"edited","text":"Please call us tomorrow before noon."}`, "replaced", true, .9, 1},
		"rejected":               {`{"kind":"rejected","reason":"outdated"}`, "rejected", false, 0, 0},
		"looked at and no more":  {`{"kind":"opened","source_id":"returns"}`, "", false, 0, 0},
		"rated and no more":      {`{"kind":"rated","rating":"down"}`, "", false, 0, 0},
		"resolved, and no draft": {`{"kind":"outcome","outcome":{"status":"resolved","satisfaction":5,"nps":9,"first_response_seconds":60,"handling_seconds":90.5}}`, "", false, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			x.t = t
			s := x.asks()
			x.tell(s.ID, tt.event).want(201)
			got := x.read(s.ID).Feedback
			if tt.used != "" && got.Used != tt.used || (got.Distance != nil) != tt.known {
				t.Fatalf("got %+v", got)
			}
			if tt.known && (*got.Distance < tt.low || *got.Distance > tt.high) {
				t.Errorf("edit distance %v, want %v to %v", *got.Distance, tt.low, tt.high)
			}
		})
	}
}

func TestEachSourceIsCreditedWithAReason(t *testing.T) {
	x := install(t)
	x.stock()
	s := x.asks()
	x.tell(s.ID, `{"kind":"edited","text":"Чтобы вернуть чайник, отправьте его обратно в течение 30 дней. Если вы оплатили заказ картой, деньги за возврат придут на ту же карту."}`).want(201)
	j := x.read(s.ID)
	if c := j.credit("returns"); c.Verdict != feedback.Contradicted || c.Amount >= 0 || !strings.Contains(c.Why, "30") && !strings.Contains(c.Why, "14") {
		t.Errorf("a source whose number was changed: %+v", c)
	}
	if c := j.credit("card"); c.Verdict != feedback.BroughtIn || c.Amount <= 0 || c.Why == "" {
		t.Errorf("a source that the operator answered from: %+v", c)
	}
	if j.Feedback.Resolved != "card" {
		t.Errorf("resolved with %q, want card", j.Feedback.Resolved)
	}
	x.tell(s.ID, `{"kind":"source_vote","source_id":"card","vote":"irrelevant","operator_id":"boris"}`).want(201)
	if c := x.read(s.ID).credit("card"); !strings.Contains(c.Why, "irrelevant") || c.Amount >= j.credit("card").Amount {
		t.Errorf("a vote against it leaves %+v", c)
	}
}

func TestABatchIsRecordedWholeOrNotAtAll(t *testing.T) {
	x := install(t)
	x.stock()
	s := x.asks()
	x.tell(s.ID, `{"events":[{"kind":"displayed","shown":["returns","card"]},{"kind":"copied"},{"kind":"rated","rating":"4"},
		{"kind":"missing_knowledge","text":"Чем заменить чайник"},{"kind":"sent"}]}`).want(201)
	j := x.read(s.ID).Feedback
	if j.Used != "unchanged" || *j.Rating != 0.75 || !j.Missing || len(x.events(s.ID)) != 5 {
		t.Errorf("a batch comes to %+v", j)
	}
	for _, bad := range []string{
		`{"events":[{"kind":"opened","source_id":"card"},{"kind":"rated"}]}`,
		`{"kind":"sent","events":[{"kind":"copied"}]}`,
		`{"events":[` + strings.TrimSuffix(strings.Repeat(`{"kind":"copied"},`, 1001), ",") + `]}`,
	} {
		x.tell(s.ID, bad).want(422)
	}
	if es := x.events(s.ID); len(es) != 5 {
		t.Errorf("a refused batch left %d events", len(es)-5)
	}
}

func TestTheSameKeyOrIDTellsOnce(t *testing.T) {
	x := install(t)
	x.stock()
	s := x.asks()
	var first, again recorded
	const body = `{"events":[{"kind":"copied"},{"kind":"rated","rating":"up"}]}`
	x.tell(s.ID, body, "Idempotency-Key", "k").want(201).into(&first)
	x.tell(s.ID, body, "Idempotency-Key", "k").want(201).into(&again)
	for i, e := range again.Events {
		if !e.Known || e.ID != first.Events[i].ID || first.Events[i].Known {
			t.Errorf("told first as %+v and again as %+v", first.Events[i], e)
		}
	}
	x.tell(s.ID, `{"id":"mine","kind":"opened","source_id":"card"}`).want(201)
	x.tell(s.ID, `{"id":"mine","kind":"opened","source_id":"card","at":"2020-01-01T00:00:00Z"}`).want(201).has(`"known":true`)
	if es := x.events(s.ID); len(es) != 3 {
		t.Errorf("three events were told several times, and %d are kept", len(es))
	}
	x.tell(s.ID, `{"id":"mine","kind":"copied"}`).want(409).has("supersedes")
	x.tell(s.ID, `{"events":[{"kind":"copied"},{"kind":"rated","rating":"down"}]}`, "Idempotency-Key", "k").want(409)
	other := x.asks()
	x.tell(other.ID, body, "Idempotency-Key", "k").want(201).has(`"known":false`)
}

func TestACorrectionSupersedes(t *testing.T) {
	x := install(t)
	x.stock()
	s := x.asks()
	x.tell(s.ID, `{"id":"e1","kind":"rejected","reason":"wrong"}`).want(201)
	x.tell(s.ID, `{"id":"e2","kind":"sent","supersedes":"e1"}`).want(201)
	if got := x.read(s.ID).Feedback; got.Used != "unchanged" || got.Reason != "" {
		t.Errorf("a rejection that was a mistake leaves %+v", got)
	}
	if es := x.events(s.ID); len(es) != 2 || es[0].Reason != "wrong" || es[1].Supersedes != "e1" {
		t.Errorf("what was corrected is not kept: %+v", es)
	}
	other := x.asks()
	x.tell(other.ID, `{"kind":"sent","supersedes":"e1"}`).want(422).has("another suggestion")
	// The correction may come first.
	x.tell(other.ID, `{"id":"late-2","kind":"sent","supersedes":"late-1"}`).want(201)
	x.tell(other.ID, `{"id":"late-1","kind":"rejected","reason":"wrong"}`).want(201)
	if got := x.read(other.ID).Feedback; got.Used != "unchanged" {
		t.Errorf("what arrives after its correction leaves %+v", got)
	}
}

func TestEventsMayComeLateAndOutOfOrder(t *testing.T) {
	x := install(t)
	x.stock()
	told := []string{
		`{"id":"%s-1","kind":"sent","at":"2126-01-01T09:00:00Z"}`, // a clock that is quite wrong
		`{"id":"%s-2","kind":"rated","rating":"2","at":"1999-01-01T09:00:00Z"}`,
		`{"id":"%s-3","kind":"outcome","outcome":{"status":"resolved"}}`,
		`{"id":"%s-4","kind":"outcome","outcome":{"satisfaction":4}}`,
	}
	var want string
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		s := x.asks()
		for _, i := range order {
			x.tell(s.ID, fmt.Sprintf(told[i], s.ID)).want(201)
		}
		j := x.read(s.ID)
		if age := time.Since(j.Feedback.At); age < 0 || age > time.Hour || j.Feedback.At.Before(j.CreatedAt) {
			t.Errorf("it was judged at %v and made at %v", j.Feedback.At, j.CreatedAt)
		}
		j.Feedback.At = time.Time{}
		got, err := json.Marshal(j.Feedback)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(got)
		}
		if string(got) != want || j.Feedback.Outcome.Status != "resolved" || j.Feedback.Outcome.Satisfaction != 4 {
			t.Errorf("in the order %v the events come to\n%s\nand before to\n%s", order, got, want)
		}
	}
}

type toldLine struct {
	Line              int
	ID, Status, Error string
}

func TestHistoryIsTakenLineByLine(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		x.stock()
		s, other := x.asks(), x.asks()
		body := strings.Join([]string{
			`{"suggestion_id":"` + s.ID + `","id":"h1","kind":"sent","operator_id":"vera","at":"2026-01-01T10:00:00Z"}`,
			``,
			`{"suggestion_id":"` + s.ID + `","id":"h1","kind":"sent","operator_id":"vera"}`,
			`{"suggestion_id":"nothing","id":"h2","kind":"sent"}`,
			`{"suggestion_id":"` + s.ID + `","id":"h3","kind":"rated","rating":"6"}`,
			`{"suggestion_id":"` + s.ID + `","id":"h4","kind":"sent","colour":"red"}`,
			`not JSON at all`,
			`{"suggestion_id":"` + s.ID + `","id":"h1","kind":"copied","operator_id":"vera"}`,
			`{"suggestion_id":"` + other.ID + `","kind":"rejected","reason":"incomplete","text":"Нет срока"}`,
		}, "\n")
		got := lines[toldLine](t, x.send(x.admin, "POST", "/v1/feedback/bulk", body, "Content-Type", "application/x-ndjson").want(200).body)
		want := []struct {
			line        int
			status, has string
		}{
			{1, "recorded", ""}, {3, "known", ""}, {4, "failed", "not found"}, {5, "failed", "1 to 5"}, {6, "failed", "colour"}, {7, "failed", ""}, {8, "failed", "supersedes"}, {9, "recorded", ""},
		}
		if len(got) != len(want) {
			t.Fatalf("%d reports, want %d: %+v", len(got), len(want), got)
		}
		for i, w := range want {
			if got[i].Line != w.line || got[i].Status != w.status || !strings.Contains(got[i].Error, w.has) || (got[i].Error == "") == (w.status == "failed") {
				t.Errorf("report %+v, want %+v", got[i], w)
			}
		}
		if j := x.read(s.ID).Feedback; j.Used != "unchanged" || len(x.events(s.ID)) != 1 {
			t.Errorf("history comes to %+v", j)
		}
		if j := x.read(other.ID).Feedback; j.Used != "rejected" || j.Reason != "incomplete" {
			t.Errorf("the last line comes to %+v", j)
		}
	})
}

// What a person sends by mistake is answered with what to do about it.
func TestFeedbackThatMakesNoSenseIsRefused(t *testing.T) {
	x := install(t)
	x.stock()
	s := x.asks()
	for name, tt := range map[string]struct {
		body string
		want int
		has  string
	}{
		"nothing":                         {`{}`, 422, "needs a kind"},
		"an unknown kind":                 {`{"kind":"liked"}`, 422, "displayed"},
		"an unknown field":                {`{"kind":"sent","colour":"red"}`, 422, "colour"},
		"an unknown field in a batch":     {`{"events":[{"kind":"sent","colour":"red"}]}`, 422, "colour"},
		"an edit without a text":          {`{"kind":"edited"}`, 422, "empty"},
		"an edit of blanks":               {`{"kind":"edited","text":" \n"}`, 422, "rejected instead"},
		"a rejection without a reason":    {`{"kind":"rejected"}`, 422, "rejected needs reason"},
		"a rejection for a made-up one":   {`{"kind":"rejected","reason":"ugly"}`, 422, "wrong_tone"},
		"a rating without a rating":       {`{"kind":"rated"}`, 422, "up, down, or 1 to 5"},
		"six stars":                       {`{"kind":"rated","rating":"6"}`, 422, "rating"},
		"stars as a number":               {`{"kind":"rated","rating":5}`, 422, "string"},
		"a rating of what was sent":       {`{"kind":"sent","rating":"up"}`, 422, "rating does not belong to sent"},
		"a vote without a source":         {`{"kind":"source_vote","vote":"relevant"}`, 422, "source_id"},
		"a vote without a vote":           {`{"kind":"source_vote","source_id":"card"}`, 422, "source_vote needs vote"},
		"a screen that is not told":       {`{"kind":"displayed"}`, 422, "displayed needs shown"},
		"the second of three":             {`{"events":[{"kind":"sent"},{"kind":"rejected"},{"kind":"sent"}]}`, 422, "event 2 of 3"},
		"the third of three":              {`{"events":[{"kind":"sent"},{"kind":"sent"},{"kind":"rated"}]}`, 422, "event 3 of 3"},
		"a made-up vote":                  {`{"kind":"source_vote","source_id":"card","vote":"lovely"}`, 422, "irrelevant"},
		"a reason and a vote":             {`{"kind":"rejected","reason":"wrong","vote":"relevant"}`, 422, "not both"},
		"an outcome that says nothing":    {`{"kind":"outcome","outcome":{}}`, 422, "says nothing"},
		"an outcome nobody knows":         {`{"kind":"outcome","outcome":{"status":"lost"}}`, 422, "resolved, reopened or escalated"},
		"six stars for the ticket":        {`{"kind":"outcome","outcome":{"satisfaction":6}}`, 422, "1 to 5"},
		"an NPS of eleven":                {`{"kind":"outcome","outcome":{"nps":11}}`, 422, "0 to 10"},
		"less than no time":               {`{"kind":"outcome","outcome":{"handling_seconds":-1}}`, 422, "at least 0"},
		"a time that is none":             {`{"kind":"sent","at":"yesterday"}`, 422, "date-time"},
		"one source twice on the screen":  {`{"kind":"displayed","shown":["card","card"]}`, 422, "twice"},
		"an impossible id":                {`{"id":"a/b","kind":"sent"}`, 422, "letters"},
		"an event that corrects itself":   {`{"id":"x","kind":"sent","supersedes":"x"}`, 422, "itself"},
		"a text where there is none":      {`{"kind":"sent","text":"hello"}`, 422, "text does not belong to sent"},
		"missing knowledge without words": {`{"kind":"missing_knowledge"}`, 422, "missing_knowledge needs text"},
	} {
		r := x.tell(s.ID, tt.body)
		if r.status != tt.want || !strings.Contains(string(r.body), tt.has) {
			t.Errorf("%s: %d without %q: %s", name, r.status, tt.has, r.body)
		}
	}
	if es := x.events(s.ID); len(es) != 0 {
		t.Errorf("%d events were kept all the same: %+v", len(es), es)
	}
	x.tell(s.ID, `{"kind":"displayed","shown":[]}`).want(201)
	x.tell("nothing", `{"kind":"sent"}`).want(404)
	x.send(x.admin, "GET", "/v1/suggestions/nothing/feedback", "").want(404)
}

func TestAnOperatorWhoTellsTooMuchIsHeldBack(t *testing.T) {
	x := install(t)
	x.stock()
	x.send(x.admin, "PUT", "/v1/settings", `{"case_memory":true,"approve_cases":false,"promote":"auto","risk":0.1,"half_life_days":180,"daily_cap":10}`).want(200)
	s := x.asks()
	for range 10 {
		x.tell(s.ID, `{"kind":"copied"}`).want(201)
	}
	x.tell(s.ID, `{"kind":"copied"}`).want(429).has("more than 10").hasNot("anna")
	x.tell(s.ID, `{"kind":"copied","operator_id":"boris"}`).want(201)
}
