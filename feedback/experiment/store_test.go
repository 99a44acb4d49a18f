package experiment_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// A clock is set by the test.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time           { return time.Unix(1_700_000_000, c.at.Load()) }
func (c *clock) advance(by time.Duration) { c.at.Add(int64(by)) }

// open returns a Store with the workspaces acme and other.
func open(t *testing.T, db *gorm.DB) (*experiment.Store, *clock) {
	t.Helper()
	for _, id := range []string{"acme", "other"} {
		if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
			t.Fatal(err)
		}
	}
	c := new(clock)
	s := experiment.NewStore(db)
	s.Now = c.now
	return s, c
}

// put stores a pilot of acme.
func put(t *testing.T, s *experiment.Store, name string, percent int, groups ...string) experiment.Pilot {
	t.Helper()
	p := experiment.Pilot{WorkspaceID: "acme", Name: name, Profile: "b", Groups: groups, Percent: percent, Author: "anna"}
	if _, err := s.Put(t.Context(), &p, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func start(t *testing.T, s *experiment.Store, name string) {
	t.Helper()
	if _, err := s.Start(t.Context(), "acme", name, "anna"); err != nil {
		t.Fatal(err)
	}
}

func arm(t *testing.T, s *experiment.Store, workspace, group, operator string) experiment.Assignment {
	t.Helper()
	a, _, err := s.Assign(t.Context(), workspace, group, operator)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPilotsAreStoredWhole(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, &experiment.Pilot{})
		s, c := open(t, db)
		p := experiment.Pilot{WorkspaceID: "acme", Name: "delivery", Profile: "b", Control: "c", Groups: []string{"Доставка", "Возврат"}, Percent: 20, Author: "anna"}
		if created, err := s.Put(t.Context(), &p, nil); !created || err != nil {
			t.Fatalf("created %v, %v", created, err)
		}
		got, err := s.Pilot(t.Context(), "acme", "delivery")
		if err != nil || fmt.Sprint(got) != fmt.Sprint(p) || len(p.Salt) != 32 || p.Status != experiment.Draft {
			t.Errorf("got\n%+v, %v, want\n%+v", got, err, p)
		}
		c.advance(time.Hour)
		put(t, s, "all", 0)
		all, err := s.List(t.Context(), "acme")
		if err != nil || len(all) != 2 || all[0].Name != "delivery" || all[1].Groups == nil || len(all[1].Groups) != 0 {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}

func TestHistorySaysWhoDidWhatAndWhen(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s, c := open(t, db)
		put(t, s, "p", 20, "Доставка")
		put(t, s, "p", 20, "Доставка") // the same again is no change
		do := func(_ experiment.Pilot, err error) {
			t.Helper()
			c.advance(time.Minute)
			if err != nil {
				t.Fatal(err)
			}
		}
		c.advance(time.Minute)
		do(put(t, s, "p", 20, "Доставка", "Возврат"), nil)
		for range 2 { // the second changes nothing
			do(s.Start(t.Context(), "acme", "p", "boris"))
			do(s.Ramp(t.Context(), "acme", "p", "vera", 50))
		}
		for range 2 {
			do(s.Stop(t.Context(), "acme", "p", "galya"))
		}
		p, err := s.Pilot(t.Context(), "acme", "p")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range p.History {
			got = append(got, fmt.Sprintf("%s %s %d%% %d min", h.Author, h.Action, h.Percent, h.At.Sub(p.CreatedAt)/time.Minute))
		}
		want := "anna created 20% 0 min|anna changed 20% 1 min|boris started 20% 2 min|vera ramped 50% 3 min|galya stopped 50% 6 min"
		if strings.Join(got, "|") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
		}
		if p.Author != "anna" || p.UpdatedAt != p.History[4].At {
			t.Errorf("author %s, updated %v", p.Author, p.UpdatedAt)
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	s, _ := open(t, sqldbtest.SQLite(t))
	put(t, s, "p", 0)
	for i := range 250 {
		if _, err := s.Ramp(t.Context(), "acme", "p", "anna", 1+i%100); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := s.Pilot(t.Context(), "acme", "p"); err != nil || len(p.History) != 200 || p.History[199].Percent != 50 {
		t.Errorf("%d changes, %v", len(p.History), err)
	}
}

func TestTheSaltIsFixedFromTheFirstStart(t *testing.T) {
	s, _ := open(t, sqldbtest.SQLite(t))
	draft := put(t, s, "p", 20, "Доставка")
	if more := put(t, s, "p", 30, "Доставка"); more.Salt != draft.Salt {
		t.Error("another percentage drew the operators of a draft anew")
	}
	start(t, s, "p")
	want := put(t, s, "p", 30, "Доставка").Salt
	if _, err := s.Stop(t.Context(), "acme", "p", "anna"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "p", 60, "Доставка", "Возврат")
	start(t, s, "p")
	if got := put(t, s, "p", 10, "Возврат").Salt; got != want {
		t.Error("a pilot that was started drew its operators anew")
	}
}

func TestOnePilotRunsForAGroup(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s, _ := open(t, db)
		put(t, s, "delivery", 20, "Доставка", "Возврат")
		put(t, s, "returns", 20, "Оплата", "Возврат")
		put(t, s, "every", 20)
		put(t, s, "payment", 20, "Оплата")
		start(t, s, "delivery")
		start(t, s, "payment")
		for _, name := range []string{"returns", "every"} {
			if _, err := s.Start(t.Context(), "acme", name, "anna"); !errors.Is(err, experiment.ErrConflict) {
				t.Errorf("%s was started beside another: %v", name, err)
			}
		}
		for _, groups := range [][]string{{"Доставка", "Оплата"}, nil} {
			p := experiment.Pilot{WorkspaceID: "acme", Name: "delivery", Profile: "b", Groups: groups, Percent: 20}
			if _, err := s.Put(t.Context(), &p, nil); !errors.Is(err, experiment.ErrConflict) {
				t.Errorf("a running pilot took over %v: %v", groups, err)
			}
		}
		if _, err := s.Stop(t.Context(), "acme", "delivery", "anna"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Stop(t.Context(), "acme", "payment", "anna"); err != nil {
			t.Fatal(err)
		}
		start(t, s, "every")
		if _, err := s.Start(t.Context(), "acme", "delivery", "anna"); !errors.Is(err, experiment.ErrConflict) {
			t.Errorf("a group has two pilots: %v", err)
		}
	})
}

func TestOfManyStartedAtOnceOneRuns(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s, _ := open(t, db)
		for i := range 6 {
			put(t, s, fmt.Sprint("p", i), 20, "Доставка")
		}
		var wg sync.WaitGroup
		var started, refused atomic.Int64
		for i := range 6 {
			wg.Go(func() {
				switch _, err := s.Start(t.Context(), "acme", fmt.Sprint("p", i), "anna"); {
				case err == nil:
					started.Add(1)
				case errors.Is(err, experiment.ErrConflict):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		if wg.Wait(); started.Load() != 1 || refused.Load() != 5 {
			t.Errorf("%d started, %d refused", started.Load(), refused.Load())
		}
	})
}

func TestAStopIsHeardInEveryProcessWithinASecond(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		here, c := open(t, db)
		there := experiment.NewStore(db)
		there.Now = c.now
		put(t, here, "p", 100, "Доставка")
		start(t, here, "p")
		want := experiment.Assignment{Pilot: "p", Arm: experiment.ArmPilot, Profile: "b"}
		for _, s := range []*experiment.Store{here, there} {
			if got := arm(t, s, "acme", "Доставка", "boris"); got != want {
				t.Errorf("got %+v", got)
			}
		}
		if _, err := here.Stop(t.Context(), "acme", "p", "anna"); err != nil {
			t.Fatal(err)
		}
		if got := arm(t, here, "acme", "Доставка", "boris"); got != (experiment.Assignment{}) {
			t.Errorf("answered as %+v after the stop", got)
		}
		c.advance(time.Second)
		if got := arm(t, there, "acme", "Доставка", "boris"); got != (experiment.Assignment{}) {
			t.Errorf("answered as %+v in another process a second after the stop", got)
		}
	})
}

func TestRunningPilotsAreReadOnceASecond(t *testing.T) {
	db := sqldbtest.SQLite(t)
	s, c := open(t, db)
	put(t, s, "p", 100)
	start(t, s, "p")
	arm(t, s, "acme", "", "boris")
	if err := db.Exec("DELETE FROM pilots").Error; err != nil {
		t.Fatal(err)
	}
	c.advance(time.Second - time.Microsecond)
	if got := arm(t, s, "acme", "", "boris"); got.Pilot != "p" {
		t.Error("read again within a second")
	}
	c.advance(time.Microsecond)
	if got := arm(t, s, "acme", "", "boris"); got.Pilot != "" {
		t.Error("not read again after a second")
	}
}

func TestAnotherWorkspaceHasPilotsOfItsOwn(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s, _ := open(t, db)
		put(t, s, "p", 100)
		start(t, s, "p")
		if got := arm(t, s, "other", "", "boris"); got.Pilot != "" {
			t.Errorf("got %+v", got)
		}
		for name, err := range map[string]error{
			"read":  second(s.Pilot(t.Context(), "other", "p")),
			"start": second(s.Start(t.Context(), "other", "p", "x")),
			"stop":  second(s.Stop(t.Context(), "other", "p", "x")),
			"ramp":  second(s.Ramp(t.Context(), "other", "p", "x", 1)),
		} {
			if !errors.Is(err, experiment.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
		}
		own := experiment.Pilot{WorkspaceID: "other", Name: "p", Profile: "z"}
		if created, err := s.Put(t.Context(), &own, nil); !created || err != nil {
			t.Errorf("the name is taken in another workspace: %v", err)
		}
		if _, err := s.Start(t.Context(), "other", "p", "x"); err != nil {
			t.Errorf("another workspace's pilot stands in the way: %v", err)
		}
	})
}

func second(_ experiment.Pilot, err error) error { return err }

func TestWhatAPilotMayNotBe(t *testing.T) {
	s, _ := open(t, sqldbtest.SQLite(t))
	for name, p := range map[string]experiment.Pilot{
		"no name":              {Profile: "b"},
		"a name with a slash":  {Name: "a/b", Profile: "b"},
		"a name with a space":  {Name: "a b", Profile: "b"},
		"a long name":          {Name: strings.Repeat("x", 65), Profile: "b"},
		"no profile":           {Name: "p"},
		"control tried":        {Name: "p", Profile: "b", Control: "b"},
		"less than none":       {Name: "p", Profile: "b", Percent: -1},
		"more than all":        {Name: "p", Profile: "b", Percent: 101},
		"a group without name": {Name: "p", Profile: "b", Groups: []string{""}},
		"a group and a space":  {Name: "p", Profile: "b", Groups: []string{"a "}},
		"a group twice":        {Name: "p", Profile: "b", Groups: []string{"a", "b", "a"}},
		"a group's long name":  {Name: "p", Profile: "b", Groups: []string{strings.Repeat("я", 129)}},
		"more groups than fit": {Name: "p", Profile: "b", Groups: operators(101)},
	} {
		p.WorkspaceID = "acme"
		if _, err := s.Put(t.Context(), &p, nil); !errors.Is(err, experiment.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	most := experiment.Pilot{WorkspaceID: "acme", Name: strings.Repeat("я", 64), Profile: "b", Groups: operators(100), Percent: 100}
	if _, err := s.Put(t.Context(), &most, nil); err != nil {
		t.Errorf("the largest pilot: %v", err)
	}
	put(t, s, "p", 10)
	if _, err := s.Ramp(t.Context(), "acme", "p", "anna", 101); !errors.Is(err, experiment.ErrInvalid) {
		t.Errorf("ramped to 101 %%: %v", err)
	}
	if _, err := s.Stop(t.Context(), "acme", "p", "anna"); !errors.Is(err, experiment.ErrConflict) {
		t.Errorf("stopped a draft: %v", err)
	}
	nowhere := experiment.Pilot{WorkspaceID: "nowhere", Name: "p", Profile: "b"}
	if _, err := s.Put(t.Context(), &nowhere, nil); !errors.Is(err, experiment.ErrNotFound) {
		t.Errorf("a pilot of no workspace: %v", err)
	}
}

func TestARunningPilotKeepsItsProfiles(t *testing.T) {
	s, _ := open(t, sqldbtest.SQLite(t))
	put(t, s, "p", 10, "Доставка")
	start(t, s, "p")
	for name, p := range map[string]experiment.Pilot{"profile": {Profile: "c"}, "control": {Profile: "b", Control: "c"}} {
		p.WorkspaceID, p.Name, p.Groups, p.Percent = "acme", "p", []string{"Доставка"}, 10
		if _, err := s.Put(t.Context(), &p, nil); !errors.Is(err, experiment.ErrConflict) {
			t.Errorf("%s: %v, want ErrConflict", name, err)
		}
	}
	if p := put(t, s, "p", 10, "Возврат"); !slices.Equal(p.Groups, []string{"Возврат"}) || p.Status != experiment.Running {
		t.Errorf("got %+v", p)
	}
	if got := arm(t, s, "acme", "Доставка", "boris"); got.Pilot != "" {
		t.Errorf("a group that left the pilot is in %+v", got)
	}
}
