package api_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/training"
)

type run struct {
	Slot       time.Time
	Status     string
	Attempt    int
	StartedAt  time.Time  `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"`
	TookMS     *int64     `json:"took_ms"`
	Note       string
}

type jobs struct {
	Jobs []struct {
		Name, About, Schedule string
		Everywhere            bool
		NextAt                time.Time `json:"next_at"`
		LastRun               *run      `json:"last_run"`
	}
}

// noon is what the clock of the jobs shows, and end a run's end as it is shown.
var noon = time.Date(2026, 5, 15, 12, 0, 0, 0, time.UTC)

// working installs a server whose jobs run until stop is called: polish, which
// has begun what was due and ends a run each time ended is received from, and
// break, which fails.
func working(t *testing.T) (x *installation, ended <-chan struct{}, stop func()) {
	t.Helper()
	db := sqldbtest.SQLite(t)
	end := make(chan struct{})
	runner := &training.Runner{DB: db, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon.Add(time.Minute) }, Holder: "host-7"}
	runner.Jobs = []training.Job{
		{Name: "polish", About: "Polishes.", Spec: "0 * * * *", Timeout: time.Hour, Run: func(ctx context.Context) (string, error) {
			select {
			case end <- struct{}{}:
				return "12 polished", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}},
		{Name: "warm", About: "Warms.", Spec: "@every 1h", Timeout: time.Hour, Everywhere: true, Run: func(context.Context) (string, error) {
			return "", errors.New("not today")
		}},
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		runner.Run(ctx)
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return installOn(t, db, func(s *api.Server) { s.Jobs = runner }), end, stop
}

// runs waits until as many runs of the job polish have ended, and returns them.
func (x *installation) runs(ended int) []run {
	x.t.Helper()
	var got struct{ Runs []run }
	for deadline := time.Now().Add(20 * time.Second); ; {
		got.Runs = nil
		x.send(x.admin, "GET", "/v1/jobs/polish/runs", "").want(200).into(&got)
		n := 0
		for _, r := range got.Runs {
			if r.FinishedAt != nil {
				n++
			}
		}
		if n == ended {
			return got.Runs
		}
		if time.Now().After(deadline) {
			x.t.Fatalf("waited in vain for %d runs to end: %+v", ended, got.Runs)
		}
	}
}

func TestJobsAreListedAndStarted(t *testing.T) {
	x, ended, stop := working(t)
	x.runs(0)
	x.send(x.admin, "POST", "/v1/jobs/polish/run", "").want(409).has("the job is running")
	<-ended
	first := x.runs(1)
	if r := first[0]; len(first) != 1 || !r.Slot.Equal(noon) || r.Status != "done" || r.Attempt != 1 || r.Note != "12 polished" || r.TookMS == nil || *r.TookMS != 0 {
		t.Errorf("%+v", first)
	}

	var begun run
	r := x.send(x.admin, "POST", "/v1/jobs/polish/run", "").want(202).into(&begun)
	if begun.Status != "running" || !begun.Slot.Equal(noon.Add(time.Minute)) || begun.FinishedAt != nil || begun.TookMS != nil {
		t.Errorf("%s", r.body)
	}
	if got := r.header.Get("Location"); got != "/v1/jobs/polish/runs" {
		t.Errorf("Location %q", got)
	}
	<-ended
	if second := x.runs(2); !second[0].Slot.Equal(begun.Slot) || !second[1].Slot.Equal(noon) {
		t.Errorf("%+v", second)
	}
	if got := x.send(x.admin, "GET", "/v1/jobs/polish/runs?limit=1", "").want(200); strings.Count(string(got.body), `"slot"`) != 1 {
		t.Errorf("%s", got.body)
	}

	var list jobs
	x.send(x.admin, "GET", "/v1/jobs", "").want(200).hasNot("host-7").into(&list)
	if len(list.Jobs) != 2 {
		t.Fatalf("%+v", list)
	}
	j := list.Jobs[0]
	if j.Name != "polish" || j.About != "Polishes." || j.Schedule != "0 * * * *" || j.Everywhere || !j.NextAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v", j)
	}
	if j.LastRun == nil || !j.LastRun.Slot.Equal(begun.Slot) || j.LastRun.Note != "12 polished" {
		t.Errorf("the last run of %+v is %+v", j, j.LastRun)
	}
	if j := list.Jobs[1]; j.Name != "warm" || !j.Everywhere || j.LastRun != nil {
		t.Errorf("%+v", j)
	}

	stop()
	x.send(x.admin, "POST", "/v1/jobs/polish/run", "").want(503)
}

func TestJobsThatThereAreNotAreNotFound(t *testing.T) {
	x, _, _ := working(t)
	for _, name := range []string{"none", "polish%2Frun", strings.Repeat("x", 64)} {
		x.send(x.admin, "GET", "/v1/jobs/"+name+"/runs", "").want(404)
		x.send(x.admin, "POST", "/v1/jobs/"+name+"/run", "").want(404)
	}
	x.send(x.admin, "POST", "/v1/jobs/warm/run", "").want(404)
	for _, limit := range []string{"0", "201", "-1", "many"} {
		x.send(x.admin, "GET", "/v1/jobs/polish/runs?limit="+limit, "").want(422)
	}

	without := install(t)
	without.send(without.admin, "GET", "/v1/jobs", "").want(200).has(`{"jobs":[]}`)
	without.send(without.admin, "GET", "/v1/jobs/polish/runs", "").want(404)
	without.send(without.admin, "POST", "/v1/jobs/polish/run", "").want(404)
}

func TestOnlyThoseWhoOverseeSeeAndStartJobs(t *testing.T) {
	x, _, _ := working(t)
	for _, role := range auth.Roles() {
		want := 403
		if role.May(auth.Oversee) {
			want = 200
		}
		key := x.key("acme", role)
		x.send(key, "GET", "/v1/jobs", "").want(want)
		x.send(key, "GET", "/v1/jobs/polish/runs", "").want(want)
		if !role.May(auth.Oversee) {
			x.send(key, "POST", "/v1/jobs/polish/run", "").want(403)
		}
	}
	// They are the service's: the admin of another workspace sees them too.
	if _, err := x.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	x.send(x.key("other", auth.Admin), "GET", "/v1/jobs", "").want(200).has("polish")
}
