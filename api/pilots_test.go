package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A pilot is one as the API shows it.
type pilot struct {
	Name, Profile, Control, Status, Says, Author string

	Groups  []string
	Percent int
	History []struct {
		At, Author, Action, Profile, Control string

		Groups  []string
		Percent int
	}
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

type assignment struct {
	Pilot, Arm, Profile, Why string

	In bool
}

// profile writes a profile that is told from the default by its name alone.
func (x *installation) profile(name string) {
	x.t.Helper()
	x.send(x.admin, "PUT", "/v1/profiles/"+name, string(x.send(x.admin, "GET", "/v1/profiles/default", "").want(200).body)).want(200)
}

// started makes profile b and a running pilot of it in group Доставка.
func (x *installation) started(percent int) {
	x.t.Helper()
	x.profile("b")
	x.send(x.admin, "PUT", "/v1/pilots/trial", fmt.Sprintf(`{"profile":"b","groups":["Доставка"],"percent":%d}`, percent)).want(201)
	x.send(x.admin, "POST", "/v1/pilots/trial/start", "").want(200)
}

// by is a question of an operator.
func by(operator, group string) string {
	return fmt.Sprintf(`{"text":"Как вернуть чайник?","operator":{"id":%q,"group":%q}}`, operator, group)
}

func (x *installation) assignment(operator, group string) assignment {
	x.t.Helper()
	var a assignment
	q := url.Values{"operator": {operator}, "group": {group}}
	x.send(x.admin, "GET", "/v1/pilots/trial/assignment?"+q.Encode(), "").want(200).into(&a)
	return a
}

func TestArmsAreStampedAsTheyAreStored(t *testing.T) {
	if experiment.ArmPilot != retrieval.ArmPilot || experiment.ArmControl != retrieval.ArmControl {
		t.Error("experiment and retrieval name the arms differently")
	}
}

func TestAnOperatorIsAnsweredInTheSameArmEveryTime(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := installOn(t, db)
		x.stock()
		x.started(50)
		arms := make(map[string]int)
		for i := range 100 {
			operator := fmt.Sprint("op-", i%10)
			want := x.assignment(operator, "Доставка")
			s := x.suggest(by(operator, "Доставка"))
			if s.Pilot != "trial" || s.Arm != want.Arm || s.Profile != want.Profile || !want.In {
				t.Fatalf("request %d: stamped %q %q %q, assigned %+v", i, s.Pilot, s.Arm, s.Profile, want)
			}
			if (s.Arm == "pilot") != (s.Profile == "b") || (s.Arm == "control") != (s.Profile == "default") {
				t.Errorf("arm %s is answered by %s", s.Arm, s.Profile)
			}
			arms[operator+" "+s.Arm]++
			if i < 10 {
				var again suggestion
				x.send(x.admin, "GET", "/v1/suggestions/"+s.ID, "").want(200).into(&again)
				if again.Pilot != s.Pilot || again.Arm != s.Arm || again.Profile != s.Profile {
					t.Errorf("read again as %q %q %q", again.Pilot, again.Arm, again.Profile)
				}
			}
		}
		for arm, n := range arms {
			if n != 10 {
				t.Errorf("%s %d times of 10", arm, n)
			}
		}
	})
}

func TestWhoTakesNoPartIsAnsweredByDefaultWithoutAStamp(t *testing.T) {
	x := install(t)
	x.stock()
	x.started(100)
	x.profile("c")
	for name, body := range map[string]string{
		"an operator of another group":           by("anna", "Возврат"),
		"an operator of no group":                by("anna", ""),
		"an operator without an id":              by("", "Доставка"),
		"nobody in particular":                   `{"text":"Как вернуть чайник?"}`,
		"a request that names a profile":         `{"profile":"c",` + by("anna", "Доставка")[1:],
		"a request that names that of the pilot": `{"profile":"b",` + by("anna", "Доставка")[1:],
		"a request for an unattended answer":     `{"mode":"answer",` + by("anna", "Доставка")[1:],
	} {
		want := "default"
		if _, rest, named := strings.Cut(body, `"profile":"`); named {
			want = rest[:1]
		}
		r := x.send(x.admin, "POST", "/v1/suggestions", body).want(201).hasNot(`"pilot"`).hasNot(`"arm"`)
		var s suggestion
		if r.into(&s); s.Profile != want {
			t.Errorf("%s is answered by %s, want %s", name, s.Profile, want)
		}
	}
	if f := x.search(by("anna", "Доставка")); f.Profile != "b" {
		t.Errorf("a search shows the sources of profile %s, a suggestion those of b", f.Profile)
	}
	if f := x.search(by("anna", "Возврат")); f.Profile != "default" {
		t.Errorf("a search in another group is by %s", f.Profile)
	}
}

func TestNobodyLeavesAPilotThatGrows(t *testing.T) {
	x := install(t)
	x.started(0)
	in := make(map[string]bool)
	for percent := 0; percent <= 100; percent += 20 {
		x.send(x.admin, "POST", "/v1/pilots/trial/ramp", fmt.Sprintf(`{"percent":%d}`, percent)).want(200)
		n := 0
		for i := range 40 {
			operator := fmt.Sprint("op-", i)
			is := x.assignment(operator, "Доставка").Arm == "pilot"
			if in[operator] && !is {
				t.Errorf("%s left at %d %%", operator, percent)
			}
			if in[operator] = is; is {
				n++
			}
		}
		if percent == 0 && n != 0 || percent == 100 && n != 40 {
			t.Errorf("%d of 40 at %d %%", n, percent)
		}
	}
}

func TestAStoppedPilotLeavesEverybodyToTheDefault(t *testing.T) {
	x := install(t)
	x.stock()
	x.started(100)
	kept := x.suggest(by("anna", "Доставка"), "Idempotency-Key", "k")
	if kept.Arm != "pilot" || kept.Profile != "b" {
		t.Fatalf("got %+v", kept)
	}
	x.send(x.admin, "POST", "/v1/pilots/trial/stop", "").want(200).has("everybody is answered by default")
	if s := x.suggest(by("anna", "Доставка")); s.Pilot != "" || s.Arm != "" || s.Profile != "default" {
		t.Errorf("after the stop: %q %q %q", s.Pilot, s.Arm, s.Profile)
	}
	if a := x.assignment("anna", "Доставка"); a.In || a.Profile != "default" || !strings.Contains(a.Why, "stopped") {
		t.Errorf("got %+v", a)
	}
	if again := x.suggest(by("anna", "Доставка"), "Idempotency-Key", "k"); again.ID != kept.ID || again.Arm != "pilot" {
		t.Errorf("what was answered before is now of arm %q", again.Arm)
	}
	x.send(x.admin, "POST", "/v1/pilots/trial/start", "").want(200)
	if s := x.suggest(by("anna", "Доставка")); s.Arm != "pilot" {
		t.Errorf("started again: arm %q", s.Arm)
	}
}

func TestAPilotSaysInWordsWhatComesOfIt(t *testing.T) {
	x := install(t)
	x.profile("b")
	x.profile("c")
	for _, tt := range []struct{ method, path, body, says string }{
		{"PUT", "", `{"profile":"b","groups":["Доставка"],"percent":20}`, "Not started: nobody is answered differently. Once it is started, 20 % of the operators of Доставка are answered by profile b; the others by default."},
		{"POST", "/start", "", "20 % of the operators of Доставка are answered by profile b; the others by default."},
		{"POST", "/ramp", `{"percent":0}`, "All of the operators of Доставка are answered by default, and none by profile b."},
		{"POST", "/ramp", `{"percent":100}`, "All of the operators of Доставка are answered by profile b."},
		{"PUT", "", `{"profile":"b","groups":["Доставка","Возврат","Оплата"],"percent":7}`, "7 % of the operators of Доставка, Возврат and Оплата are answered by profile b; the others by default."},
		{"POST", "/stop", "", "Stopped: everybody is answered by default, as before it was started."},
		{"PUT", "", `{"profile":"b","control":"c","percent":50}`, "Stopped: everybody is answered by default, as before it was started."},
		{"POST", "/start", "", "50 % of the operators of every group are answered by profile b; the others by profile c."},
	} {
		var p pilot
		x.send(x.admin, tt.method, "/v1/pilots/trial"+tt.path, tt.body).into(&p)
		if p.Says != tt.says {
			t.Errorf("%s%s %s\ngot  %s\nwant %s", tt.method, tt.path, tt.body, p.Says, tt.says)
		}
	}
	var p pilot
	x.send(x.admin, "GET", "/v1/pilots/trial", "").want(200).into(&p)
	if len(p.History) != 8 || p.History[1].Action != "started" || p.History[1].Author != "test admin" || p.Author != "test admin" {
		t.Errorf("got %+v", p)
	}
	if s := x.suggest(by("anna", "Any")); s.Arm == "control" && s.Profile != "c" || s.Arm == "pilot" && s.Profile != "b" || s.Pilot != "trial" {
		t.Errorf("stamped %q %q %q", s.Pilot, s.Arm, s.Profile)
	}
}

func TestAnAssignmentSaysWhy(t *testing.T) {
	x := install(t)
	x.profile("b")
	x.send(x.admin, "PUT", "/v1/pilots/trial", `{"profile":"b","control":"default","groups":["Доставка"],"percent":100}`).want(201).hasNot(`"control":"default"`)
	if a := x.assignment("anna", "Доставка"); a.In || a.Profile != "default" || !strings.Contains(a.Why, "not started") || !strings.Contains(a.Why, "arm is pilot") {
		t.Errorf("a draft: %+v", a)
	}
	x.send(x.admin, "POST", "/v1/pilots/trial/start", "").want(200)
	if a := x.assignment("anna", "Доставка"); !a.In || a.Arm != "pilot" || a.Profile != "b" || !strings.Contains(a.Why, "below the pilot's 100 %") {
		t.Errorf("in the pilot arm: %+v", a)
	}
	x.send(x.admin, "PUT", "/v1/pilots/other", `{"profile":"b","groups":["Возврат"],"percent":100}`).want(201)
	x.send(x.admin, "POST", "/v1/pilots/other/start", "").want(200)
	for name, tt := range map[string]struct{ operator, group, why, profile string }{
		"another pilot's group": {"anna", "Возврат", "not for Возврат. Pilot other has the operator in its arm pilot.", "b"},
		"no group":              {"anna", "", "has no group", "default"},
		"no id":                 {"", "Доставка", "without an id", "default"},
	} {
		if a := x.assignment(tt.operator, tt.group); a.In || a.Arm != "" || a.Profile != tt.profile || !strings.Contains(a.Why, tt.why) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	x.send(x.admin, "POST", "/v1/pilots/trial/ramp", `{"percent":0}`).want(200)
	if a := x.assignment("anna", "Доставка"); !a.In || a.Arm != "control" || a.Profile != "default" || !strings.Contains(a.Why, "not below") {
		t.Errorf("in the control arm: %+v", a)
	}
	if strings.Contains(x.log.String(), "anna") {
		t.Error("an operator is in the log")
	}
}

func TestAnotherWorkspacesPilotIsNotThere(t *testing.T) {
	x := install(t)
	x.stock()
	x.started(100)
	if _, err := x.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	stranger := x.key("other", auth.Admin)
	x.send(stranger, "GET", "/v1/pilots", "").want(200).has(`"pilots":[]`)
	for _, call := range []string{"GET trial", "GET trial/assignment?operator=anna", "POST trial/start", "POST trial/stop", `POST trial/ramp {"percent":1}`} {
		method, rest, _ := strings.Cut(call, " ")
		path, body, _ := strings.Cut(rest, " ")
		x.send(stranger, method, "/v1/pilots/"+path, body).want(404)
	}
	var s suggestion
	x.send(stranger, "POST", "/v1/suggestions", by("anna", "Доставка")).want(201).into(&s)
	if s.Pilot != "" || s.Profile != "default" {
		t.Errorf("stamped %q, answered by %s", s.Pilot, s.Profile)
	}
	// The name is free there, and the profile is not to be had.
	x.send(stranger, "PUT", "/v1/pilots/trial", `{"profile":"b","percent":1}`).want(201)
	x.send(stranger, "POST", "/v1/pilots/trial/start", "").want(422).has("no profile b")
	x.send(x.admin, "GET", "/v1/pilots", "").want(200).has(`"percent":100`).hasNot(`"percent":1,`)
}

func TestWhatAPilotCannotBeIsRefused(t *testing.T) {
	x := install(t)
	x.started(10)
	x.send(x.admin, "PUT", "/v1/pilots/draft", `{"profile":"nowhere","percent":10}`).want(201)
	x.send(x.admin, "PUT", "/v1/pilots/lost", `{"profile":"b","control":"nowhere","groups":["Оплата"],"percent":10}`).want(201)
	x.send(x.admin, "PUT", "/v1/pilots/second", `{"profile":"b","groups":["Доставка","Оплата"],"percent":10}`).want(201)
	for _, tt := range []struct {
		call string
		want int
		says string
	}{
		{`PUT p {"percent":10}`, 422, "profile"},
		{`PUT p {"profile":"","percent":10}`, 422, "profile"},
		{`PUT p {"profile":"b"}`, 422, "percent"},
		{`PUT p {"profile":"b","percent":-1}`, 422, "percent"},
		{`PUT p {"profile":"b","percent":101}`, 422, "percent"},
		{`PUT p {"profile":"b","percent":0.5}`, 422, "percent"},
		{`PUT p {"profile":"b","percent":"10"}`, 422, "percent"},
		{`PUT p {"profile":"b","percent":10,"salt":"x"}`, 422, "salt"},
		{`PUT p {"profile":"b","percent":10,"status":"running"}`, 422, "status"},
		{`PUT p {"profile":"b","control":"b","percent":10}`, 422, "another profile"},
		{`PUT p {"profile":"default","percent":10,"control":"default"}`, 422, "another profile"},
		{`PUT p {"profile":"default","percent":10}`, 422, "another profile"},
		{`PUT p {"profile":"b","percent":10,"groups":[""]}`, 422, "empty"},
		{`PUT p {"profile":"b","percent":10,"groups":["a","a"]}`, 422, "twice"},
		{`PUT p {"profile":"b","percent":10,"groups":"a"}`, 422, "groups"},
		{`PUT a%20b {"profile":"b","percent":10}`, 422, "letters"},
		{`PUT ` + strings.Repeat("x", 65) + ` {"profile":"b","percent":10}`, 422, ""},
		{`PUT p%00 {"profile":"b","percent":10}`, 400, "NUL"},
		{`PUT p {"profile":"b","percent":10`, 400, ""},
		{`PUT trial {"profile":"c","groups":["Доставка"],"percent":10}`, 409, "running"},
		{`POST trial/ramp {"percent":101}`, 422, "percent"},
		{`POST trial/ramp {}`, 422, "percent"},
		{`POST none/ramp {"percent":1}`, 404, "none"},
		{`POST none/start`, 404, "none"},
		{`POST none/stop`, 404, "none"},
		{`GET none`, 404, "none"},
		{`GET none/assignment`, 404, "none"},
		{`GET trial/assignment?operator=` + strings.Repeat("x", 129), 422, ""},
		{`GET trial/assignment?who=anna`, 422, ""},
		{`POST draft/start`, 422, "no profile nowhere"},
		{`POST lost/start`, 422, "no profile nowhere"},
		{`POST draft/stop`, 409, "never started"},
		{`POST second/start`, 409, "pilot trial is running for Доставка"},
	} {
		method, rest, _ := strings.Cut(tt.call, " ")
		path, body, _ := strings.Cut(rest, " ")
		r := x.send(x.admin, method, "/v1/pilots/"+path, body)
		if r.status != tt.want || !strings.Contains(string(r.body), tt.says) {
			t.Errorf("%s: got %d, want %d with %q: %s", tt.call, r.status, tt.want, tt.says, r.body)
		}
	}
	x.send(x.admin, "GET", "/v1/pilots/p", "").want(404)
	for _, role := range []auth.Role{auth.Editor, auth.Operator, auth.Helpdesk} {
		key := x.key("acme", role)
		for _, call := range []string{"GET pilots", "GET pilots/trial", "PUT pilots/p", "POST pilots/trial/start", "POST pilots/trial/stop",
			"POST pilots/trial/ramp", "GET pilots/trial/assignment", "GET profiles", "DELETE profiles/b"} {
			method, path, _ := strings.Cut(call, " ")
			x.send(key, method, "/v1/"+path, "").want(403)
		}
	}
}

func TestAPilotThatLostItsProfileIsPassedOver(t *testing.T) {
	x := install(t)
	x.stock()
	x.started(100)
	if err := x.db.Exec("UPDATE pilots SET profile = 'gone'").Error; err != nil {
		t.Fatal(err)
	}
	if s := x.suggest(by("anna", "Доставка")); s.Pilot != "" || s.Profile != "default" {
		t.Errorf("stamped %q, answered by %s", s.Pilot, s.Profile)
	}
	if got := x.log.String(); !strings.Contains(got, "pilot passed over") || strings.Contains(got, "anna") {
		t.Errorf("logged %s", got)
	}
}

func TestCustomerAndTopicAreKept(t *testing.T) {
	x := install(t)
	x.stock()
	s := x.suggest(`{"text":"Как вернуть чайник?","customer_id":"c-1","topic":"Возврат"}`)
	if s.Topic != "Возврат" {
		t.Errorf("topic %q", s.Topic)
	}
	kept, err := retrieval.NewStore(x.db).Suggestion(t.Context(), "acme", s.ID)
	if err != nil || kept.CustomerID != "c-1" || kept.Topic != "Возврат" {
		t.Errorf("kept %q, %q, %v", kept.CustomerID, kept.Topic, err)
	}
	for _, field := range []string{"customer_id", "topic"} {
		for n, want := range map[int]int{128: 201, 129: 422} {
			x.send(x.admin, "POST", "/v1/suggestions", fmt.Sprintf(`{"text":"Как вернуть чайник?",%q:%q}`, field, strings.Repeat("я", n))).want(want)
		}
	}
}

func TestPilotsSplitTheOperatorsTheyKnow(t *testing.T) {
	x := install(t)
	store := retrieval.NewStore(x.db)
	for i := range 200 {
		err := store.Keep(t.Context(), &retrieval.Suggestion{
			WorkspaceID: "acme", ID: fmt.Sprint("s", i), OperatorID: fmt.Sprint("op-", i), OperatorGroup: "Доставка", CreatedAt: time.Now().UTC(),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	x.started(20)
	p, err := experiment.NewStore(x.db).Pilot(t.Context(), "acme", "trial")
	if err != nil {
		t.Fatal(err)
	}
	for p.Percent = 5; p.Percent < 100; p.Percent += 5 {
		n := 0
		for i := range 200 {
			if p.Draws(fmt.Sprint("op-", i)) {
				n++
			}
		}
		if n < 2*p.Percent-8 || n > 2*p.Percent+8 { // 4 points of 200
			t.Errorf("%d of 200 operators at %d %%", n, p.Percent)
		}
	}
}
