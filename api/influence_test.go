package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type learning struct {
	ID, Title, Override string

	Ranker int64
	Kept   float64
	Topics []struct {
		Topic, Label, Says string

		Bonus   float64
		Learned retrieval.Posterior
	}
	Recent []feedback.SourceNote
	Usage  feedback.Usage
}

func (x *installation) learning(id string) learning {
	x.t.Helper()
	var l learning
	x.send(x.admin, "GET", "/v1/sources/"+id+"/learning", "").want(200).into(&l)
	return l
}

func TestWhatWasLearnedOfASourceIsExplained(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		x.stock()
		if l := x.learning("returns"); l.Ranker != 0 || len(l.Topics) != 0 || l.Kept != 1 || l.Title != "Возврат товара" {
			t.Errorf("before anything was learned: %+v", l)
		}
		s := x.asks()
		x.tell(s.ID, `{"kind":"sent"}`).want(201)
		if err := x.store.SetBeliefs(t.Context(), "acme", retrieval.Beliefs{Topics: []retrieval.Topic{{ID: "t-late", Label: "delivery delay"}}}); err != nil {
			t.Fatal(err)
		}
		version := x.learns(useful("returns", 0.03), retrieval.Serving)
		l := x.learning("returns")
		if l.Ranker != version || len(l.Topics) != 2 || len(l.Recent) != 1 {
			t.Fatalf("learned: %+v", l)
		}
		delay, rest := l.Topics[0], l.Topics[1]
		if delay.Topic != "t-late" || delay.Label != "delivery delay" || rest.Topic != "" {
			t.Errorf("the greatest influence does not come first: %+v", l.Topics)
		}
		for _, term := range []string{"+0.080", "on 'delivery delay'", "5 kept", "0 brought in", "1 dropped", "0 against", "2026-05-11"} {
			if !strings.Contains(delay.Says, term) {
				t.Errorf("%q does not say %q", delay.Says, term)
			}
		}
		for _, term := range []string{"+0.030", "14 kept", "3 brought in", "2 dropped", "1 against", "2026-05-12"} {
			if !strings.Contains(rest.Says, term) {
				t.Errorf("%q does not say %q", rest.Says, term)
			}
		}
		p := rest.Learned
		if p.Useful != 11.5 || p.Useless != 2.25 || p.Lower != 0.7 || p.Kept != 14 || p.Brought != 3 || p.Dropped != 2 || p.Against != 1 || p.Last.IsZero() {
			t.Errorf("the terms are %+v", p)
		}
		if n := l.Recent[0]; n.SuggestionID != s.ID || n.Verdict != feedback.Kept || n.Used != feedback.Unchanged || n.Amount <= 0 || n.Why == "" || n.At.IsZero() {
			t.Errorf("the latest judgement is told as %+v", n)
		}
		if u := l.Usage; u.Of != 1 || u.Shown != 1 || u.Served != 1 || u.Unchanged != 1 || u.Weeks[feedback.UsageWeeks-1] != 1 {
			t.Errorf("its use is told as %+v", u)
		}
		x.send(x.admin, "GET", "/v1/sources/nothing/learning", "").want(404)
	})
}

// An article that says something else now keeps half of its weight until it is
// known how much of it still stands.
func TestAChangedSourceSaysThatItsWeightIsDiscounted(t *testing.T) {
	x := install(t)
	x.stock()
	x.learns(useful("returns", 0.08), retrieval.Serving)
	x.put("/v1/articles/returns", `{"title":"Возврат товара","locale":"ru","body":"Чайники больше не принимают."}`)
	l := x.learning("returns")
	for _, topic := range l.Topics {
		if topic.Bonus != topic.Learned.Bonus/2 || !strings.HasPrefix(topic.Says, "+0.040") {
			t.Errorf("after a change: %+v", topic)
		}
	}
	if l.Kept != 0.5 {
		t.Errorf("kept is %v of a source that was changed, want half", l.Kept)
	}
}

func TestADecisionOverASourceHoldsAtOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		x.stock()
		x.learns(useful("card", -0.04), retrieval.Serving)
		const question = `{"text":"Деньги за возврат чайника: карта?"}`
		score := func() float64 {
			t.Helper()
			for _, c := range x.search(question).Sources {
				if c.ID == "card" {
					return c.Score
				}
			}
			return -1
		}
		decide := func(action string) {
			t.Helper()
			x.send(x.admin, "PUT", "/v1/sources/card/override", `{"action":"`+action+`"}`).want(204)
			if l := x.learning("card"); l.Override != action {
				t.Errorf("decided %q, and it shows %q", action, l.Override)
			}
		}
		near := func(what string, got, want float64) {
			t.Helper()
			if got < want-1e-3 || got > want+1e-3 {
				t.Errorf("%s the score is %v, want %v", what, got, want)
			}
		}
		learned := score()
		decide("reset")
		near("reset,", score(), learned+0.04)
		decide("pin")
		near("pinned,", score(), learned+0.04+retrieval.MaxBonus)
		for _, topic := range x.learning("card").Topics {
			if topic.Bonus != retrieval.MaxBonus {
				t.Errorf("a pinned source is said to have %v: %s", topic.Bonus, topic.Says)
			}
		}
		decide("exclude")
		near("excluded,", score(), -1)
		if s := x.suggest(question); strings.Contains(fmt.Sprint(s.Sources), "card ") {
			t.Errorf("an excluded source is cited: %+v", s.Sources)
		}
		x.send(x.admin, "DELETE", "/v1/sources/card/override", "").want(204)
		near("left to learning again,", score(), learned)
		x.send(x.admin, "DELETE", "/v1/sources/card/override", "").want(204)
	})
}

func TestDecisionsThatMakeNoSenseAreRefused(t *testing.T) {
	x := install(t)
	x.stock()
	for name, tt := range map[string]struct {
		path, body string
		want       int
		has        string
	}{
		"an unknown source":              {"sources/nothing", `{"action":"pin"}`, 404, "nothing"},
		"an unknown action":              {"sources/card", `{"action":"praise"}`, 422, "pin"},
		"no action":                      {"sources/card", `{}`, 422, "action"},
		"a word too much":                {"sources/card", `{"action":"pin","why":"x"}`, 422, "why"},
		"pinning an operator":            {"operators/anna", `{"action":"pin"}`, 422, "reset exclude"},
		"an unknown action on operators": {"operators/anna", `{"action":"praise"}`, 422, "exclude"},
	} {
		r := x.send(x.admin, "PUT", "/v1/"+tt.path+"/override", tt.body)
		if r.status != tt.want || !strings.Contains(string(r.body), tt.has) {
			t.Errorf("%s: %d without %q: %s", name, r.status, tt.has, r.body)
		}
	}
	if l := x.learning("card"); l.Override != "" {
		t.Errorf("a refused decision holds: %q", l.Override)
	}
}

type operators struct {
	Operators []struct {
		ID, Override string
		Trust        retrieval.Trust
	}
}

func (x *installation) operators() operators {
	x.t.Helper()
	var o operators
	x.send(x.admin, "GET", "/v1/operators", "").want(200).into(&o)
	return o
}

// cases counts the cases of a status.
func (x *installation) cases(status string) int {
	x.t.Helper()
	var cs struct {
		Cases []struct{ Status string }
	}
	if err := json.Unmarshal(x.send(x.admin, "GET", "/v1/cases", "").want(200).body, &cs); err != nil {
		x.t.Fatal(err)
	}
	n := 0
	for _, c := range cs.Cases {
		if c.Status == status {
			n++
		}
	}
	return n
}

func TestAnOperatorsInfluenceIsUndoneByOneCall(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		x.stock()
		trust := map[string]retrieval.Trust{"vera": {Weight: 0.9, Agreed: 9, Apart: 1}, "anna": {Weight: 0.1, Agreed: 1, Apart: 9, Listed: true}}
		if err := x.store.SetBeliefs(t.Context(), "acme", retrieval.Beliefs{Operators: trust}); err != nil {
			t.Fatal(err)
		}
		o := x.operators().Operators
		if len(o) != 2 || o[0].ID != "anna" || !o[0].Trust.Listed || o[0].Trust.Apart != 9 || o[1].Trust.Weight != 0.9 {
			t.Errorf("operators: %+v", o)
		}
		s := x.asks()
		x.tell(s.ID, `{"kind":"edited","text":"Откройте «Заказы», выберите чайник и нажмите «Вернуть»: курьер заберёт его за два дня."}`).want(201)
		if x.cases("published") != 1 {
			t.Fatal("the reply has become no case: there is nothing to undo")
		}
		x.send(x.admin, "PUT", "/v1/operators/anna/override", `{"action":"exclude"}`).want(204)
		if x.cases("published") != 0 || x.cases("archived") != 1 {
			t.Error("the case of an excluded operator is in use")
		}
		if o := x.operators().Operators; o[0].Override != "exclude" {
			t.Errorf("the decision is not shown: %+v", o)
		}
		x.send(x.admin, "DELETE", "/v1/operators/anna/override", "").want(204)
		if x.cases("published") != 1 || x.operators().Operators[0].Override != "" {
			t.Error("what was undone does not come back")
		}
		// From exclude to reset: what comes after now counts again.
		x.send(x.admin, "PUT", "/v1/operators/anna/override", `{"action":"exclude"}`).want(204)
		x.send(x.admin, "PUT", "/v1/operators/anna/override", `{"action":"reset"}`).want(204)
		later := x.suggest(`{"text":"Кто платит за пересылку чайника обратно?","operator":{"id":"anna"}}`)
		x.tell(later.ID, `{"kind":"edited","text":"Пересылку чайника обратно оплачивает магазин: наклейку на посылку вы получите по почте."}`).want(201)
		if x.cases("published") == 0 {
			t.Error("nothing of an operator who was reset counts any more, though it is new")
		}
	})
}

// Helpdesks name operators as they like.
func TestOperatorsOfAnyNameCanBeExcluded(t *testing.T) {
	x := install(t)
	x.stock()
	for _, name := range []string{"Анна Петрова", "anna@shop.example", "50%"} {
		s := x.suggest(`{"text":"Как вернуть чайник?","operator":{"id":` + quoted(t, name) + `}}`)
		x.tell(s.ID, `{"kind":"copied"}`).want(201)
		if r := x.send(x.admin, "PUT", "/v1/operators/"+url.PathEscape(name)+"/override", `{"action":"exclude"}`); r.status != 204 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestHowAWorkspaceLearnsIsSetAndChecked(t *testing.T) {
	x := install(t)
	var s feedback.Settings
	x.send(x.admin, "GET", "/v1/settings", "").want(200).into(&s)
	if s != feedback.DefaultSettings() {
		t.Errorf("before any were set the settings are %+v", s)
	}
	s.Promote, s.Risk, s.ApproveCases, s.HalfLifeDays = feedback.PromoteByHand, 0.05, true, 30
	x.send(x.admin, "PUT", "/v1/settings", asJSON(t, s)).want(200)
	var again feedback.Settings
	if x.send(x.admin, "GET", "/v1/settings", "").want(200).into(&again); again != s {
		t.Errorf("set %+v, got %+v", s, again)
	}
	for change, has := range map[string]string{
		`"promote":"by_hand"|"promote":"never"`:         "by_hand",
		`"risk":0.05|"risk":0`:                          "risk",
		`"risk":0.05|"risk":0.9`:                        "risk",
		`"half_life_days":30|"half_life_days":0`:        "half_life_days",
		`"half_life_days":30|"half_life_days":99999`:    "half_life_days",
		`"daily_cap":5000|"daily_cap":1`:                "daily_cap",
		`"daily_cap":5000|"daily_cap":5000,"colour":1`:  "colour",
		`"case_memory":true,|`:                          "case_memory",
		`"approve_cases":true|"approve_cases":"please"`: "boolean",
	} {
		from, to, _ := strings.Cut(change, "|")
		body := strings.Replace(asJSON(t, s), from, to, 1)
		r := x.send(x.admin, "PUT", "/v1/settings", body)
		if r.status != 422 || !strings.Contains(string(r.body), has) {
			t.Errorf("%s: %d without %q: %s", change, r.status, has, r.body)
		}
	}
	if x.send(x.admin, "GET", "/v1/settings", "").into(&again); again != s {
		t.Errorf("refused settings hold: %+v", again)
	}
	// Other workspaces learn as they did.
	if got, err := feedback.SettingsOf(t.Context(), x.db, "other"); err != nil || got != feedback.DefaultSettings() {
		t.Errorf("another workspace has %+v, %v", got, err)
	}
}
