package api_test

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/analytics"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training"
)

// asked is when the first of the reported suggestions was made.
var asked = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// judge stores one judgement a day on the topic, sent unchanged from the third
// on and edited before.
func (x *installation) judge(workspace, topic string, n int) {
	x.t.Helper()
	js := make([]feedback.Judgement, n)
	for i := range js {
		js[i] = feedback.Judgement{
			SuggestionID: fmt.Sprint(topic, i), Seq: int64(i + 1), Decision: retrieval.Drafted, Topic: topic, OperatorGroup: "night",
			Used: feedback.Unchanged, Rating: -1, SuggestedAt: asked.AddDate(0, 0, i), At: asked.AddDate(0, 0, i),
		}
		if i < 2 {
			js[i].Used, js[i].Distance = feedback.Changed, 0.5
		}
	}
	if err := feedback.NewStore(x.db, nil).In(workspace).PutJudgements(x.t.Context(), js); err != nil {
		x.t.Fatal(err)
	}
}

func TestAcceptanceIsReported(t *testing.T) {
	x := install(t)
	if _, err := x.kb.Create(t.Context(), "bank", "Bank"); err != nil {
		t.Fatal(err)
	}
	beliefs := retrieval.Beliefs{Topics: []retrieval.Topic{{ID: "t-1", Label: "courier parcel"}}}
	if err := retrieval.NewStore(x.db).SetBeliefs(t.Context(), "acme", beliefs); err != nil {
		t.Fatal(err)
	}
	x.judge("acme", "t-1", 5)
	x.judge("bank", "loans", 3)
	var r analytics.Report
	x.send(x.admin, "GET", "/v1/reports/acceptance?by=topic", "").want(200).into(&r)
	w := r.Whole
	if w.Suggestions != 5 || w.Unchanged.Count != 3 || w.Edited.Count != 2 || w.AnyUse.Count != 5 || w.AnyUse.Of != 5 || *w.Distance.Mean != 0.2 || *w.Distance.Median != 0 {
		t.Errorf("the whole is %+v", w)
	}
	if s := w.Unchanged; *s.Value != 0.6 || *s.Low >= 0.6 || *s.High <= 0.6 {
		t.Errorf("accepted unchanged: %v, from %v to %v", *s.Value, *s.Low, *s.High)
	}
	if len(r.Groups) != 1 || r.Groups[0].Key != "t-1" || r.Groups[0].Label != "courier parcel" || r.Groups[0].Suggestions != 5 {
		t.Errorf("groups %+v", r.Groups)
	}
	when := url.Values{"from": {asked.AddDate(0, 0, 1).Format(time.RFC3339)}, "to": {asked.AddDate(0, 0, 3).Format(time.RFC3339)}}
	r = analytics.Report{}
	x.send(x.admin, "GET", "/v1/reports/acceptance?"+when.Encode(), "").want(200).into(&r)
	if r.Whole.Suggestions != 2 || r.Whole.Edited.Count != 1 {
		t.Errorf("in two days %+v", r.Whole)
	}
	for _, bad := range []string{"by=weather", "from=yesterday", "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "until=2026-03-01T00:00:00Z"} {
		if got := x.send(x.admin, "GET", "/v1/reports/acceptance?"+bad, ""); got.status != 422 {
			t.Errorf("%s: %d %s", bad, got.status, got.body)
		}
	}
	x.send(x.key("bank", auth.Admin), "GET", "/v1/reports/acceptance", "").want(200).has(`"suggestions":3`)
}

func TestLearningSpeedIsReported(t *testing.T) {
	runner := &training.Runner{Log: slog.New(slog.DiscardHandler)}
	x := install(t, func(s *api.Server) { s.Jobs = runner })
	runner.DB = x.db
	get := func(query string) reply { return x.send(x.admin, "GET", "/v1/reports/learning"+query, "").want(200) }
	get("").has(`"encounters":0`).has(`"topics":[]`).has(`"computed_at":`)

	x.judge("acme", "refunds", 8)
	get("").has(`"id":"refunds"`).has(`"encounters":8`).has(`"gap_flagged":null`).has(`"teams":[]`)
	get("?by=team").has(`"key":"night"`).has(`"topics":[]`)
	get("?by=language").has(`"languages":[{`)
	x.send(x.admin, "GET", "/v1/reports/learning?by=weather", "").want(422)

	l := &training.Learner{KB: x.kb, Suggestions: retrieval.NewStore(x.db), Feedback: feedback.NewStore(x.db, nil), Log: runner.Log}
	if _, err := l.KeepProgress(x.db)(t.Context()); err != nil {
		t.Fatal(err)
	}
	x.judge("acme", "delivery", 4)
	get("").has(`"encounters":8`).hasNot("delivery") // as the job has left it
	if err := sqldb.SetState(t.Context(), x.db, "progress/acme", "what no version has written"); err != nil {
		t.Fatal(err)
	}
	get("").has("delivery")
}

func TestReportsAreForThoseWhoOversee(t *testing.T) {
	x := install(t)
	for _, role := range auth.Roles() {
		for _, path := range []string{"/v1/reports/acceptance", "/v1/reports/learning"} {
			want := 403
			if role.May(auth.Oversee) {
				want = 200
			}
			if got := x.send(x.key("acme", role), "GET", path, ""); got.status != want {
				t.Errorf("%s asks for %s: %d %s", role, path, got.status, strings.TrimSpace(string(got.body)))
			}
		}
	}
}
