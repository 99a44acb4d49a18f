package api_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

type ranker struct {
	Version      int64
	Status, Note string
	Figures      map[string]any
	CreatedAt    time.Time `json:"created_at"`
	StatusAt     time.Time `json:"status_at"`
	Learned      *retrieval.Learned
}

// learns stores a version that has learned l and makes it what it is to be.
func (x *installation) learns(l retrieval.Learned, status retrieval.RankerStatus) int64 {
	x.t.Helper()
	r := retrieval.Ranker{
		WorkspaceID: "acme", Status: retrieval.Untried, Learned: l, CreatedAt: time.Now(), Note: "learned by a test", Figures: map[string]any{"sources": len(l.Sources)},
	}
	if err := x.store.AddRanker(x.t.Context(), &r); err != nil {
		x.t.Fatal(err)
	}
	err := x.store.Judge(x.t.Context(), "acme", r.Version, retrieval.Ruling{Status: status, Note: "so", At: time.Now(), Figures: map[string]any{"gate": "passed"}})
	if err != nil {
		x.t.Fatal(err)
	}
	return r.Version
}

// useful has learned that one source is of use everywhere.
func useful(id string, bonus float64) retrieval.Learned {
	last := time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)
	return retrieval.Learned{Sources: map[string]retrieval.Usefulness{id: {
		Whole: retrieval.Posterior{Useful: 11.5, Useless: 2.25, Kept: 14, Brought: 3, Dropped: 2, Against: 1, Lower: 0.7, Bonus: bonus, Last: last},
		ByTopic: map[string]retrieval.Posterior{
			"t-late": {Useful: 4.5, Useless: 1, Kept: 5, Dropped: 1, Lower: 0.6, Bonus: 0.08, Last: last.AddDate(0, 0, -1)},
		},
		Revision: 1, Kept: 1,
	}}}
}

func (x *installation) rankers() []ranker {
	x.t.Helper()
	var rs struct{ Rankers []ranker }
	x.send(x.admin, "GET", "/v1/rankers", "").want(200).into(&rs)
	return rs.Rankers
}

func (x *installation) ranker(which string) ranker {
	x.t.Helper()
	var r ranker
	x.send(x.admin, "GET", "/v1/rankers/"+which, "").want(200).into(&r)
	return r
}

func TestVersionsAreListedWithTheirFigures(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		if rs := x.rankers(); len(rs) != 0 {
			t.Errorf("before anything was learned there are %+v", rs)
		}
		x.send(x.admin, "GET", "/v1/rankers/serving", "").want(404)
		x.learns(useful("returns", 0.02), retrieval.Serving)
		x.learns(useful("returns", 0.04), retrieval.Proven)
		x.learns(useful("returns", 0.06), retrieval.Rejected)
		rs := x.rankers()
		for i, want := range []retrieval.RankerStatus{retrieval.Rejected, retrieval.Proven, retrieval.Serving} {
			r := rs[i]
			if r.Version != int64(3-i) || r.Status != string(want) || r.Note != "so" || r.Figures["gate"] != "passed" || r.Figures["sources"] != 1.0 ||
				r.Learned != nil || r.CreatedAt.IsZero() || r.StatusAt.IsZero() {
				t.Errorf("listed as %+v, want version %d as %s", r, 3-i, want)
			}
		}
		for which, version := range map[string]int64{"serving": 1, "newest": 2, "3": 3} {
			r := x.ranker(which)
			if r.Version != version || r.Learned == nil || r.Learned.Sources["returns"].Whole.Kept != 14 {
				t.Errorf("%s is %+v, want version %d with what it learned", which, r, version)
			}
		}
	})
}

func TestAVersionServesAndIsRolledBackByOneCall(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		x.stock()
		const question = `{"text":"Деньги за возврат чайника: карта?"}`
		plain := x.suggest(question)
		if plain.Ranker != 0 || len(plain.Sources) < 2 {
			t.Fatalf("before anything was learned it is answered by %d from %+v", plain.Ranker, plain.Sources)
		}
		second := plain.Sources[1]
		first := x.learns(useful(second.ID, 0.05), retrieval.Untried)
		other := x.learns(useful(second.ID, 0.09), retrieval.Untried)
		wants := func(when string, version int64, bonus float64) {
			t.Helper()
			s := x.suggest(question)
			for _, c := range s.Sources {
				if c.ID == second.ID && (c.Score < second.Score+bonus-1e-3 || c.Score > second.Score+bonus+1e-3) {
					t.Errorf("%s the source's score is %v, and %v with nothing learned", when, c.Score, second.Score)
				}
			}
			if s.Ranker != version {
				t.Errorf("%s ranker %d answers, want %d", when, s.Ranker, version)
			}
		}
		serve := func(version int64) {
			t.Helper()
			var r ranker
			x.send(x.admin, "POST", fmt.Sprintf("/v1/rankers/%d/serve", version), "").want(200).into(&r)
			if r.Version != version || r.Status != "serving" || r.Note == "" {
				t.Errorf("made to serve it is %+v", r)
			}
		}
		var back struct {
			RolledBack int64 `json:"rolled_back"`
			Serving    int64
		}
		wants("as a candidate", 0, 0)
		serve(first)
		wants("serving", first, 0.05)
		serve(other)
		wants("after the next", other, 0.09)
		x.send(x.admin, "POST", "/v1/rankers/serving/rollback", "").want(200).into(&back)
		if back.RolledBack != other || back.Serving != first {
			t.Errorf("rolled back: %+v", back)
		}
		wants("rolled back", first, 0.05)
		x.send(x.admin, "POST", fmt.Sprintf("/v1/rankers/%d/rollback", first), "").want(200).into(&back)
		if back.RolledBack != first || back.Serving != 0 {
			t.Errorf("rolled back to nothing: %+v", back)
		}
		wants("rolled back to nothing", 0, 0)
		if got := x.suggest(question); fmt.Sprint(got.Sources) != fmt.Sprint(plain.Sources) {
			t.Errorf("rolled back, sources are\n%+v\nand were\n%+v", got.Sources, plain.Sources)
		}
		if r := x.ranker(strconv.FormatInt(other, 10)); r.Status != "rolled_back" || r.Note == "" {
			t.Errorf("the version that was rolled back is %+v", r)
		}
	})
}

func TestVersionsThatCannotServeOrBeRolledBack(t *testing.T) {
	x := install(t)
	v := x.learns(useful("returns", 0.05), retrieval.Rejected)
	for call, want := range map[string]int{
		"GET /v1/rankers/9":                            404,
		"GET /v1/rankers/newest":                       404,
		"GET /v1/rankers/best":                         422,
		"GET /v1/rankers/-1":                           404,
		"GET /v1/rankers/99999999999999999999":         422,
		"POST /v1/rankers/9/serve":                     404,
		"POST /v1/rankers/best/serve":                  422,
		"POST /v1/rankers/serving/rollback":            404,
		fmt.Sprintf("POST /v1/rankers/%d/rollback", v): 422,
	} {
		var method, path string
		if _, err := fmt.Sscan(call, &method, &path); err != nil {
			t.Fatal(err)
		}
		if r := x.send(x.admin, method, path, ""); r.status != want {
			t.Errorf("%s: %d, want %d: %s", call, r.status, want, r.body)
		}
	}
	if _, err := x.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	stranger := x.key("other", auth.Admin)
	x.send(stranger, "GET", "/v1/rankers", "").want(200).has(`"rankers":[]`)
	x.send(stranger, "POST", fmt.Sprintf("/v1/rankers/%d/serve", v), "").want(404)
	if r := x.ranker(strconv.FormatInt(v, 10)); r.Status != "rejected" {
		t.Errorf("a stranger made it %s", r.Status)
	}
}

func TestProfilesChooseTheirVersion(t *testing.T) {
	x := install(t)
	x.stock()
	serving, newest := x.learns(useful("card", 0.05), retrieval.Serving), x.learns(useful("card", 0.07), retrieval.Proven)
	for which, want := range map[string]int64{"": serving, "serving": serving, "newest": newest, "none": 0, strconv.FormatInt(newest, 10): newest} {
		p := retrieval.DefaultProfile()
		p.Name, p.Ranker = "p", which
		x.send(x.admin, "PUT", "/v1/profiles/p", asJSON(t, p)).want(200)
		if s := x.suggest(`{"text":"Как вернуть чайник?","profile":"p"}`); s.Ranker != want {
			t.Errorf("a profile with ranker %q is answered by %d, want %d", which, s.Ranker, want)
		}
	}
	p := retrieval.DefaultProfile()
	p.Name, p.Ranker = "p", "best"
	x.send(x.admin, "PUT", "/v1/profiles/p", asJSON(t, p)).want(422).has("serving, newest, none or a version")
}

func TestWhoMayTeachAndWhoMayNot(t *testing.T) {
	x := install(t)
	x.stock()
	s := x.asks()
	const mayNot, may = false, true
	type roles struct{ admin, editor, operator, helpdesk bool }
	for call, want := range map[string]roles{
		`POST /v1/suggestions/` + s.ID + `/feedback {"kind":"copied"}`:            {may, may, may, may},
		`GET /v1/suggestions/` + s.ID + `/feedback`:                               {may, may, may, may},
		`POST /v1/feedback/bulk {"suggestion_id":"` + s.ID + `","kind":"copied"}`: {may, may, may, may},
		`GET /v1/sources/returns/learning`:                                        {may, may, mayNot, mayNot},
		`PUT /v1/sources/returns/override {"action":"reset"}`:                     {may, may, mayNot, mayNot},
		`DELETE /v1/sources/returns/override`:                                     {may, may, mayNot, mayNot},
		`GET /v1/rankers`:                                                         {may, mayNot, mayNot, mayNot},
		`GET /v1/rankers/serving`:                                                 {may, mayNot, mayNot, mayNot},
		`POST /v1/rankers/1/serve`:                                                {may, mayNot, mayNot, mayNot},
		`POST /v1/rankers/1/rollback`:                                             {may, mayNot, mayNot, mayNot},
		`GET /v1/operators`:                                                       {may, mayNot, mayNot, mayNot},
		`PUT /v1/operators/anna/override {"action":"reset"}`:                      {may, mayNot, mayNot, mayNot},
		`DELETE /v1/operators/anna/override`:                                      {may, mayNot, mayNot, mayNot},
		`GET /v1/settings`:                                                        {may, mayNot, mayNot, mayNot},
		`PUT /v1/settings {"case_memory":true,"approve_cases":false,"promote":"auto","risk":0.1,"half_life_days":180,"daily_cap":50}`: {may, mayNot, mayNot, mayNot},
	} {
		method, rest, _ := strings.Cut(call, " ")
		path, body, _ := strings.Cut(rest, " ")
		for role, may := range map[auth.Role]bool{
			auth.Admin: want.admin, auth.Editor: want.editor, auth.Operator: want.operator, auth.Helpdesk: want.helpdesk,
		} {
			r := x.send(x.key("acme", role), method, path, body)
			if (r.status == 403) == may || r.status == 401 {
				t.Errorf("%s as %s: %d %s", call, role, r.status, r.body)
			}
		}
	}
}
