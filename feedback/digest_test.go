package feedback_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	returnsText  = "Send it back within 14 days."
	refundsText  = "The money is back in 5 days."
	warrantyText = "The warranty covers a broken thermostat for two years after the purchase."
)

// newJudged is a desk with the articles that suggestions cite, and a digester.
func newJudged(t testing.TB, db *gorm.DB) (*desk, *feedback.Digester) {
	t.Helper()
	d := newDesk(t, db)
	for id, text := range map[string]string{"returns": returnsText, "refunds": refundsText, "warranty": warrantyText} {
		d.article(t, id, text)
	}
	return d, d.digester()
}

func (d *desk) article(t testing.TB, id, text string) {
	t.Helper()
	doc := &kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{Title: id, Body: text}}
	if _, err := d.kb.In("shop").Put(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) digester() *feedback.Digester {
	return &feedback.Digester{Store: d.store, KB: d.kb, Every: time.Hour, Log: slog.New(slog.DiscardHandler)}
}

func caught(t testing.TB, d *feedback.Digester) {
	t.Helper()
	if err := d.Catch(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) judgement(t testing.TB, id string) feedback.Judgement {
	t.Helper()
	j, err := d.feed.Judgement(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// credit returns what a source deserves; the zero Credit if nothing.
func credit(j feedback.Judgement, source string) feedback.Credit {
	for _, c := range j.Credits {
		if c.SourceID == source {
			return c
		}
	}
	return feedback.Credit{}
}

func TestEventsAreJudgedAndJudgedAnew(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d, digester := newJudged(t, db)
		d.suggest(t, "shop", "s")
		d.record(t, event("e1", feedback.Sent))
		caught(t, digester)
		j := d.judgement(t, "s")
		if j.Used != feedback.Unchanged || j.Distance != 0 || j.ResolvedWith != "returns" || j.OperatorID != "anna" || j.TicketID != "t-s" {
			t.Errorf("sent: %+v", j)
		}
		if c := credit(j, "returns"); c.Verdict != feedback.Kept || c.Amount <= 0 || c.Place != 1 {
			t.Errorf("the source of what was sent: %+v", c)
		}
		rejected := event("e2", feedback.Rejected)
		rejected.Value, rejected.At = feedback.Outdated, made.Add(time.Hour)
		late := event("e3", feedback.Copied) // it happened first and arrives last
		late.At = made
		d.record(t, rejected, late)
		caught(t, digester)
		j = d.judgement(t, "s")
		if j.Used != feedback.Refused || j.Reason != feedback.Outdated || j.ResolvedWith != "" || credit(j, "returns").Amount >= 0 || j.Seq != 3 {
			t.Errorf("rejected: %+v", j)
		}
	})
}

func TestManyEventsAtOnceAreAllJudged(t *testing.T) {
	if testing.Short() {
		t.Skip("a matter of volume: make test runs it in full, without the race detector")
	}
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	const suggestions, each = 500, 20
	ids := make([]string, suggestions)
	for i := range ids {
		ids[i] = fmt.Sprint("s", i)
	}
	d.suggest(t, "shop", ids...)
	for from := range each / 2 {
		var es []feedback.Event
		for i, id := range ids {
			for k := range 2 {
				es = append(es, feedback.Event{
					ID: fmt.Sprint("e", i, "-", from, "-", k), SuggestionID: id, Kind: feedback.Rated, Score: 1,
					OperatorID: fmt.Sprint("o", 2*from+k), At: made.Add(time.Minute),
				})
			}
		}
		d.record(t, es...)
	}
	caught(t, digester)
	n, last := 0, int64(0)
	for j, err := range d.feed.Judgements(t.Context(), feedback.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; j.Rating != 1 || j.Seq <= last {
			t.Fatalf("rating %v, seq %d after %d", j.Rating, j.Seq, last)
		}
		last = j.Seq
	}
	if n != suggestions || last != suggestions*each {
		t.Errorf("%d suggestions are judged, up to event %d; want %d, %d", n, last, suggestions, suggestions*each)
	}
}

// The digester is stopped at every statement that it sends, and another goes on
// where it was: the judgements are those of one that was never stopped.
func TestADigesterThatIsStoppedAnywhereLosesNothing(t *testing.T) {
	var want []feedback.Judgement
	for stop := 0; ; stop++ {
		d, digester := newJudged(t, sqldbtest.SQLite(t))
		d.suggest(t, "shop", "s", "s2")
		edited, voted := event("e1", feedback.Edited), event("e2", feedback.Voted)
		edited.Text, voted.SourceID, voted.Value, voted.SuggestionID = warrantyText, "refunds", feedback.Incorrect, "s2"
		digester.Search = finds("warranty")
		d.record(t, edited, voted)
		stopped := false
		if stop > 0 {
			ctx, cancel := context.WithCancel(t.Context())
			breakAt(t, d.db, stop, cancel)
			stopped = digester.Catch(ctx) != nil
			cancel()
			breakAt(t, d.db, 0, nil)
		}
		again := d.digester()
		again.Search = finds("warranty")
		caught(t, again)
		var got []feedback.Judgement
		for j, err := range d.feed.Judgements(t.Context(), feedback.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, j)
		}
		if stop == 0 {
			want = got
		}
		if len(got) != 2 || !reflect.DeepEqual(got, want) {
			t.Fatalf("stopped at statement %d: %+v, want %+v", stop, got, want)
		}
		if stop > 0 && !stopped {
			if stop < 8 {
				t.Errorf("there were only %d statements to stop at", stop-1)
			}
			return
		}
	}
}

// breakAt makes db call cancel before the nth statement from now; 0: never.
func breakAt(t testing.TB, db *gorm.DB, n int, cancel func()) {
	t.Helper()
	hook := func(*gorm.DB) {
		if n--; n == 0 {
			cancel()
		}
	}
	c := db.Callback()
	err := errors.Join(
		c.Query().Before("*").Replace("test:break", hook), c.Create().Before("*").Replace("test:break", hook),
		c.Raw().Before("*").Replace("test:break", hook), c.Row().Before("*").Replace("test:break", hook),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// finds is a search that finds the same articles whatever it is asked.
func finds(ids ...string) func(context.Context, string, string) ([]retrieval.Cited, error) {
	return func(context.Context, string, string) ([]retrieval.Cited, error) {
		var out []retrieval.Cited
		for _, id := range ids {
			out = append(out, retrieval.Cited{ID: id, Kind: kb.Article})
		}
		return out, nil
	}
}

func TestASourceThatWasNotShownIsBroughtIn(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s", "s2")
	searched := ""
	digester.Search = func(ctx context.Context, workspace, text string) ([]retrieval.Cited, error) {
		searched += workspace + ": " + text + "\n"
		return finds("returns", "warranty", "gone")(ctx, workspace, text)
	}
	edited, sent := event("e1", feedback.Edited), event("e2", feedback.Sent)
	edited.Text, sent.SuggestionID = warrantyText, "s2"
	d.record(t, edited, sent)
	caught(t, digester)
	j := d.judgement(t, "s")
	if c := credit(j, "warranty"); c.Verdict != feedback.BroughtIn || c.Place != 0 || c.Amount <= 0 || c.Article != "warranty" {
		t.Errorf("credit of what was brought in: %+v", c)
	}
	if j.ResolvedWith != "warranty" || j.Used != feedback.Replaced {
		t.Errorf("judged %+v", j)
	}
	if want := "shop: " + warrantyText + "\n"; searched != want {
		t.Errorf("searched for\n%swant\n%s", searched, want)
	}
}

func TestAReplyDoesNotRestOnTheCaseThatWasMadeOfIt(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s")
	own := &kb.Document{ID: "c1", Kind: kb.Case, Content: kb.Content{Problem: "It broke.", Resolution: warrantyText}}
	if _, err := d.kb.In("shop").Put(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	err := d.db.Exec("INSERT INTO case_tickets (workspace_id, suggestion_id, document_id, ticket_id, operator_id, withdrawn, at) VALUES (?, ?, ?, '', '', '', ?)",
		"shop", "s", "c1", noon).Error
	if err != nil {
		t.Fatal(err)
	}
	digester.Search = finds("c1")
	edited := event("e", feedback.Edited)
	edited.Text = warrantyText
	d.record(t, edited)
	caught(t, digester)
	if c := credit(d.judgement(t, "s"), "c1"); c.SourceID != "" {
		t.Errorf("a case of the ticket itself has credit: %+v", c)
	}
}

func TestASearchThatFailsIsTriedAgain(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s")
	edited := event("e", feedback.Edited)
	edited.Text = warrantyText
	d.record(t, edited)
	fails := retrieval.ErrUnavailable
	digester.Search = func(context.Context, string, string) ([]retrieval.Cited, error) { return nil, fails }
	if err := digester.Catch(t.Context()); !errors.Is(err, retrieval.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	fails = fmt.Errorf("%w: there is no question", retrieval.ErrInvalid) // that is how it is, and no failure
	caught(t, digester)
	if j := d.judgement(t, "s"); j.Used != feedback.Replaced {
		t.Errorf("judged %+v", j)
	}
}

func TestSourcesThatHaveChangedOrGone(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "s", "s2")
	if err := d.kb.In("shop").Delete(t.Context(), "returns", "vera"); err != nil {
		t.Fatal(err)
	}
	d.record(t, event("e", feedback.Sent))
	caught(t, digester)
	if c := credit(d.judgement(t, "s"), "returns"); c.Verdict != feedback.Kept {
		t.Errorf("the source that was deleted: %+v", c)
	}
}

func TestRepliesOfAnyKindAreJudged(t *testing.T) {
	d, digester := newJudged(t, sqldbtest.SQLite(t))
	d.suggest(t, "shop", "long", "russian", "wordless")
	digester.Search = finds("warranty")
	for id, text := range map[string]string{
		"long":     strings.Repeat("Please descale the kettle once a month with lemon juice. ", feedback.MaxText/57),
		"russian":  "Верните товар в течение 14 дней, деньги придут за пять дней.",
		"wordless": "???",
	} {
		e := feedback.Event{ID: id, SuggestionID: id, Kind: feedback.Edited, Text: text}
		d.record(t, e)
	}
	caught(t, digester)
	for _, id := range []string{"long", "russian", "wordless"} {
		j := d.judgement(t, id)
		if j.Used != feedback.Replaced || j.Distance < 0.9 || j.ResolvedWith != "" {
			t.Errorf("%s: %q at distance %v, resolved with %q", id, j.Used, j.Distance, j.ResolvedWith)
		}
		for _, c := range j.Credits {
			if c.Verdict == feedback.Kept || c.Verdict == feedback.BroughtIn || c.Amount > 0 || c.Amount < -1 {
				t.Errorf("%s: credit %+v", id, c)
			}
		}
	}
}
