package feedback_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestAnEventToldTwiceCountsOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		d.suggest(t, "shop", "s")
		e := event("e", feedback.Edited)
		e.Text = "Call Anna Smith at +1 212 555 0123, please."
		first := d.record(t, e)
		again := e
		again.At, again.OperatorID = time.Time{}, "anna"
		out := d.record(t, again, e)
		if first[0].Known || !out[0].Known || !out[1].Known || out[0].Seq != first[0].Seq {
			t.Errorf("told first %+v, then %+v", first, out)
		}
		// The question's personal data is forgotten in time.
		if _, err := retrieval.NewStore(db).Forget(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		if out := d.record(t, e); !out[0].Known {
			t.Error("an event is not known any more when the question's personal data is forgotten")
		}
		other := e
		other.Text = "Call somebody else."
		if _, err := d.feed.Record(t.Context(), []feedback.Event{event("new", feedback.Sent), other}); !errors.Is(err, feedback.ErrConflict) {
			t.Errorf("another event under the same id: %v", err)
		}
		if _, err := d.feed.Record(t.Context(), []feedback.Event{event("twin", feedback.Sent), event("twin", feedback.Copied)}); !errors.Is(err, feedback.ErrConflict) {
			t.Errorf("two events under one id in a batch: %v", err)
		}
		if es, err := d.feed.Events(t.Context(), "s"); len(es) != 1 || err != nil {
			t.Errorf("%d events are stored, %v; a batch that is refused must leave nothing", len(es), err)
		}
	})
}

func TestABatchIsAllOrNothing(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s")
	lost := event("b", feedback.Sent)
	lost.SuggestionID = "nowhere"
	if _, err := d.feed.Record(t.Context(), []feedback.Event{event("a", feedback.Sent), lost}); !errors.Is(err, feedback.ErrNotFound) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a suggestion that does not exist: %v", err)
	}
	if _, err := d.feed.Record(t.Context(), []feedback.Event{event("a", feedback.Sent), event("b", "liked")}); !errors.Is(err, feedback.ErrInvalid) {
		t.Errorf("an event that makes no sense: %v", err)
	}
	if _, err := d.feed.Record(t.Context(), make([]feedback.Event, feedback.MaxBatch+1)); !errors.Is(err, feedback.ErrInvalid) {
		t.Errorf("too large a batch: %v", err)
	}
	if out, err := d.feed.Record(t.Context(), nil); out != nil || err != nil {
		t.Errorf("no events: %v, %v", out, err)
	}
	if es := d.since(t, 0, 10); len(es) != 0 {
		t.Errorf("stored %v", es)
	}
	if _, err := d.store.In("nobody").Record(t.Context(), []feedback.Event{event("a", feedback.Sent)}); !errors.Is(err, feedback.ErrNotFound) {
		t.Errorf("a workspace that does not exist: %v", err)
	}
}

func TestNoTimeIsRefused(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s")
	for i, tt := range []struct {
		name     string
		at, want time.Time
	}{
		{"not told", time.Time{}, noon},
		{"past", made.Add(time.Minute), made.Add(time.Minute)},
		{"a clock that is a little ahead", noon.Add(4 * time.Minute), noon.Add(4 * time.Minute)},
		{"the future", noon.Add(6 * time.Minute), noon},
		{"beyond any calendar", time.Date(1<<20, 1, 1, 0, 0, 0, 0, time.UTC), noon},
		{"before the suggestion was made", made.Add(-time.Hour), made},
		{"another zone, in nanoseconds", made.Add(time.Hour + 1).In(time.FixedZone("", 3600)), made.Add(time.Hour)},
	} {
		e := event(fmt.Sprint("e", i), feedback.Sent)
		e.At = tt.at
		d.record(t, e)
		es := d.since(t, int64(i), 1)
		if len(es) != 1 || !es[0].At.Equal(tt.want) {
			t.Errorf("%s: stored %v; want %v", tt.name, es, tt.want)
		}
	}
}

func TestPersonalDataIsTakenOutInStepWithTheQuestion(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	s := suggestion("s")
	s.Question = "My name is ⟦name:B⟧, my order is ⟦order:A⟧. Call ⟦name:C⟧."
	s.Originals = kb.Originals{"⟦name:B⟧": "Anna Smith", "⟦order:A⟧": "№ 123456789", "⟦name:A⟧": "Boris Brown"}
	if err := retrieval.NewStore(d.db).Keep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct{ told, want string }{
		{"Nothing personal. [1]", "Nothing personal. [1]"},
		{"Dear Anna Smith, thank you.", "Dear ⟦name:B⟧, thank you."},
		{"Dear ⟦name:B⟧, thank you.", "Dear ⟦name:B⟧, thank you."},
		{"Dear ⟦name:C⟧, thank you.", "Dear ⟦name:C⟧, thank you."},
		{"Write to maria@mail.example or maria@mail.example.", "Write to ⟦email:A⟧ or ⟦email:A⟧."},
	} {
		e := event(fmt.Sprint("e", i), feedback.Edited)
		e.Text = tt.told
		d.record(t, e)
		es := d.since(t, int64(i), 1)
		if len(es) != 1 || es[0].Text != tt.want {
			t.Errorf("%q is stored as %+v; want %q", tt.told, es, tt.want)
		}
	}
	// Whoever is named for the first time must not get a placeholder that is taken.
	e := event("new", feedback.Edited)
	e.Text = "My name is John Carter. Dear Anna Smith!"
	d.record(t, e)
	es := d.since(t, 5, 1)
	if strings.Contains(es[0].Text, "Carter") || strings.Contains(es[0].Text, "⟦name:A⟧") || strings.Contains(es[0].Text, "⟦name:C⟧") {
		t.Errorf("stored %+v", es)
	}
}

func TestWhatSupersedesIsAboutTheSameSuggestion(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s", "other")
	d.record(t, event("e", feedback.Sent))
	correction := event("c", feedback.Copied)
	correction.Supersedes = "e"
	astray := correction
	astray.SuggestionID = "other"
	if _, err := d.feed.Record(t.Context(), []feedback.Event{astray}); !errors.Is(err, feedback.ErrInvalid) {
		t.Errorf("an event of one suggestion supersedes another's: %v", err)
	}
	early := event("early", feedback.Copied)
	early.Supersedes = "late"
	d.record(t, correction, early, event("late", feedback.Sent))
}

func TestASourceThatDoesNotExistIsRefused(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		d.add(t, "market")
		d.suggest(t, "shop", "s")
		put := func(workspace, id string) {
			c := kb.Content{Title: id, Body: "About " + id + ".", Locale: "en", Audience: kb.Public}
			if _, err := d.kb.In(workspace).Put(t.Context(), &kb.Document{ID: id, Kind: kb.Article, Content: c}); err != nil {
				t.Fatal(err)
			}
		}
		put("shop", "warranty")
		put("shop", "old")
		put("market", "stalls")
		if err := d.kb.In("shop").Delete(t.Context(), "old", "vera"); err != nil {
			t.Fatal(err)
		}
		about := func(source string) feedback.Event {
			e := event("e-"+source, feedback.Opened)
			e.SourceID = source
			return e
		}
		d.record(t, about("returns"), about("warranty"), about("old"))
		for _, source := range []string{"nothing", "stalls"} {
			_, err := d.feed.Record(t.Context(), []feedback.Event{event("first-"+source, feedback.Sent), about(source)})
			if !errors.Is(err, feedback.ErrInvalid) || !strings.Contains(err.Error(), "event 2 of 2") || !strings.Contains(err.Error(), "source "+source+" is neither") {
				t.Errorf("a source that is not there, %s: %v", source, err)
			}
		}
		// What was told while it was there may be told again.
		if _, err := d.kb.In("shop").Erase(t.Context(), []string{"warranty"}, "vera"); err != nil {
			t.Fatal(err)
		}
		if got := d.record(t, about("warranty")); !got[0].Known {
			t.Errorf("told again after the document was erased: %+v", got)
		}
	})
}

func TestAnOperatorTellsOnlySoMuchOfADay(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		d.suggest(t, "shop", "s")
		settings := feedback.DefaultSettings()
		settings.DailyCap = 10
		if err := feedback.SetSettings(t.Context(), db, "shop", settings); err != nil {
			t.Fatal(err)
		}
		batch := func(name, operator string, n int, at time.Time) []feedback.Event {
			es := make([]feedback.Event, n)
			for i := range es {
				es[i] = feedback.Event{ID: fmt.Sprint(name, i), SuggestionID: "s", OperatorID: operator, Kind: feedback.Copied, At: at}
			}
			return es
		}
		d.record(t, batch("a", "boris", 9, noon)...)
		_, err := d.feed.Record(t.Context(), batch("b", "boris", 2, noon))
		if !errors.Is(err, feedback.ErrTooMany) || strings.Contains(err.Error(), "boris") {
			t.Errorf("the eleventh event of a day: %v", err)
		}
		d.record(t, batch("b", "boris", 1, noon)...)
		d.record(t, batch("a", "boris", 9, noon)...) // told again, and not new
		d.record(t, batch("c", "vera", 10, noon)...)
	})
}

func TestHistoryOfManyDaysIsNoFlood(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	s := suggestion("s")
	s.CreatedAt = made.AddDate(-1, 0, 0)
	if err := retrieval.NewStore(d.db).Keep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	settings := feedback.DefaultSettings()
	settings.DailyCap = 10
	if err := feedback.SetSettings(t.Context(), d.db, "shop", settings); err != nil {
		t.Fatal(err)
	}
	es := make([]feedback.Event, 300)
	for i := range es {
		es[i] = event(fmt.Sprint("e", i), feedback.Copied)
		es[i].At = s.CreatedAt.AddDate(0, 0, i/10)
	}
	d.record(t, es...)
}

// Many tell at once, some of it twice: each event is stored once, and a reader
// of the feed that asks again and again sees each of them.
func TestTellersAtTheSameTime(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		d.suggest(t, "shop", "s")
		const tellers, each = 8, 25
		done := make(chan struct{})
		var tell, read sync.WaitGroup
		for w := range tellers {
			tell.Go(func() {
				for i := range each {
					e := event(fmt.Sprint("e", w/2, "-", i), feedback.Copied) // two tell the same
					if _, err := d.feed.Record(t.Context(), []feedback.Event{e}); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		var seen []string
		read.Go(func() {
			at := int64(0)
			for last := false; ; {
				es := d.since(t, at, 7)
				for _, e := range es {
					seen, at = append(seen, e.ID), e.Seq
				}
				if last && len(es) == 0 {
					return
				}
				select {
				case <-done:
					last = true
				default:
				}
			}
		})
		tell.Wait()
		close(done)
		read.Wait()
		slices.Sort(seen)
		if n := len(slices.Compact(slices.Clone(seen))); n != tellers/2*each || len(seen) != n {
			t.Errorf("the reader saw %d events, %d of them different; want %d", len(seen), n, tellers/2*each)
		}
	})
}
