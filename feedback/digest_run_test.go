package feedback_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestRunJudgesWhatWasTold(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d, digester := newJudged(t, db)
		d.suggest(t, "shop", "s")
		stop := running(t, digester)
		seq := d.record(t, event("e", feedback.Sent))[0].Seq
		digester.Nudge()
		if !d.digested(t, seq, time.Minute) {
			t.Error("what was told is not judged")
		}
		d.judgement(t, "s")
		d.record(t, event("e", feedback.Sent)) // known: its number is given to nothing
		digester.Nudge()
		if !d.digested(t, seq+1, time.Minute) {
			t.Error("a number that was given to nothing is still looked for")
		}
		stop()
		if ok, err := sqldb.Lease(t.Context(), db, "feedback", "other", time.Hour); !ok || err != nil {
			t.Errorf("the lease is not given up: %v", err)
		}
	})
}

// running runs a digester until the function that it returns is called.
func running(t *testing.T, d *feedback.Digester) func() {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		d.Run(ctx)
		close(done)
	}()
	stop := func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop
}

// digested reports whether what was told in the shop is judged up to seq, within
// patience.
func (d *desk) digested(t *testing.T, seq int64, patience time.Duration) bool {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for end := time.After(patience); ; {
		cursor, _, err := sqldb.State(t.Context(), d.db, "feedback/shop")
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(cursor, fmt.Sprintf("%d of ", seq)) {
			return true
		}
		select {
		case <-look.C:
		case <-end:
			return false
		}
	}
}

func TestOfTwoProcessesOneJudges(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s")
	if ok, err := sqldb.Lease(t.Context(), d.db, "feedback", "other", time.Hour); !ok || err != nil {
		t.Fatal(err)
	}
	digester.Every = time.Millisecond
	running(t, digester)
	seq := d.record(t, event("e", feedback.Sent))[0].Seq
	if d.digested(t, seq, 50*time.Millisecond) {
		t.Error("judged while another process holds the lease")
	}
	if err := sqldb.Release(t.Context(), d.db, "feedback", "other"); err != nil {
		t.Fatal(err)
	}
	if !d.digested(t, seq, time.Minute) {
		t.Error("not judged though the other process is gone")
	}
}

func TestAFailureIsLoggedOnceAndWithoutNames(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s")
	log := new(bytes.Buffer)
	digester.Log, digester.Every = slog.New(slog.NewTextHandler(log, nil)), time.Millisecond
	tries, enough := 0, make(chan struct{})
	digester.Search = func(context.Context, string, string) ([]retrieval.Cited, error) {
		if tries++; tries == 3 {
			close(enough)
		}
		if tries <= 3 {
			return nil, retrieval.ErrUnavailable
		}
		return nil, nil
	}
	edited := event("e", feedback.Edited)
	edited.OperatorID, edited.Text = "boris.secret", "Very secret words about a thermostat."
	seq := d.record(t, edited)[0].Seq
	stop := running(t, digester)
	<-enough
	if !d.digested(t, seq, time.Minute) {
		t.Error("it is not tried again")
	}
	stop()
	if got := log.String(); strings.Count(got, "feedback is not judged") != 1 || strings.Count(got, "judged again") != 1 || strings.Contains(got, "secret") {
		t.Errorf("logged\n%s", got)
	}
}

func TestAWorkspaceThatIsMadeAgainBeginsAnew(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s")
	d.record(t, event("e1", feedback.Sent), event("e2", feedback.Copied))
	caught(t, digester)
	if err := d.kb.Remove(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	caught(t, digester)
	d.add(t, "shop")
	d.suggest(t, "shop", "new")
	e := event("e1", feedback.Sent)
	e.SuggestionID = "new"
	d.record(t, e)
	caught(t, digester)
	d.judgement(t, "new")
}

func TestOneWorkspaceThatFailsDoesNotHinderTheOthers(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.add(t, "aaa")
	d.suggest(t, "shop", "s")
	d.suggest(t, "aaa", "s")
	e := event("e", feedback.Edited)
	e.Text = warrantyText
	d.record(t, e)
	if _, err := d.store.In("aaa").Record(t.Context(), []feedback.Event{e}); err != nil {
		t.Fatal(err)
	}
	digester.Search = func(_ context.Context, workspace, _ string) ([]retrieval.Cited, error) {
		if workspace == "aaa" {
			return nil, retrieval.ErrUnavailable
		}
		return nil, nil
	}
	if err := digester.Catch(t.Context()); !errors.Is(err, retrieval.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	d.judgement(t, "s")
}
