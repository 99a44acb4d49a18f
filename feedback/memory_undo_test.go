package feedback

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestAnOperatorsCasesAreWithdrawnAndReadmitted(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		shared := sent("s2")
		shared.operator = "mallory"
		d.consider(shared)
		for i, q := range []string{"Where do I see my invoices?", "Can a gift card be used twice?"} {
			own := sent(fmt.Sprint("m", i))
			own.operator, own.question, own.article = "mallory", q, ""
			d.consider(own)
		}
		bad := sent("s4")
		bad.operator = "mallory"
		d.consider(bad)
		d.consider(bad.but(outcome(Outcome{Status: ReopenedStatus})))
		reopened := sent("s2")
		reopened.operator = "mallory"
		n, err := d.memory.Withdraw(d.Context(), "shop", "mallory")
		if n != 2 || err != nil {
			d.Fatalf("withdrawn %d, %v; want the two that nobody else stands behind", n, err)
		}
		if got := d.inUse(); !slices.Equal(got, []string{returnReply}) || d.evidence(howToReturn) != 1 {
			d.Errorf("in use are %q with an evidence of %d", got, d.evidence(howToReturn))
		}
		if n, err := d.memory.Withdraw(d.Context(), "shop", "mallory"); n != 0 || err != nil {
			d.Errorf("withdrawn again: %d, %v", n, err)
		}
		d.consider(reopened.but(outcome(Outcome{Status: ResolvedStatus})))
		if got := d.evidence(howToReturn); got != 1 {
			d.Errorf("news of a withdrawn ticket make an evidence of %d, want 1", got)
		}
		// What becomes of a ticket meanwhile holds afterwards.
		d.consider(reopened.but(outcome(Outcome{Status: ReopenedStatus})))
		if n, err := d.memory.Readmit(d.Context(), "shop", "mallory"); n != 2 || err != nil {
			d.Errorf("readmitted %d, %v; want two", n, err)
		}
		if len(d.inUse()) != 3 || d.evidence(howToReturn) != 1 {
			d.Errorf("in use are %q with an evidence of %d; want all three, and none for the reopened ticket", d.inUse(), d.evidence(howToReturn))
		}
		if _, err := d.memory.Withdraw(d.Context(), "shop", ""); err == nil {
			d.Error("nobody's cases were withdrawn")
		}
	})
}

// evidence of the case that asks the question.
func (d *desk) evidence(question string) int64 {
	d.Helper()
	for _, c := range d.cases() {
		if c.Problem == question {
			return c.Evidence
		}
	}
	return -1
}

func TestAnExcludedOperatorAddsNothing(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		err := retrieval.NewStore(d.db).Override(d.Context(), retrieval.Override{
			WorkspaceID: "shop", Kind: retrieval.OverOperator, ID: "op-s2", Action: retrieval.Exclude, At: d.now,
		})
		if err != nil {
			d.Fatal(err)
		}
		d.consider(sent("s2"))
		d.wants("after a ticket of an excluded operator", kb.Published, 1)
	})
}

func TestWhatIsForgottenLeavesNothing(t *testing.T) {
	each(t, func(d *desk) {
		mine := sent("s1")
		mine.question = "How do I return the heliotrope kettle that I do not like?"
		d.consider(mine)
		alone := sent("s2")
		alone.question, alone.final, alone.article = "Is the marzipan kettle sold abroad?", "The marzipan kettle is sold in all of Europe.", ""
		d.consider(alone)
		other := sent("s3")
		other.question = "How do I return the vermilion kettle that I do not like?"
		d.consider(other)
		if n := len(d.cases()); n != 2 {
			d.Fatalf("%d cases, want two", n)
		}
		if err := d.memory.Forget(d.Context(), "shop", []string{"s1", "s2", "never"}); err != nil {
			d.Fatal(err)
		}
		c := d.only()
		if c.Evidence != 1 || c.Status != kb.Published || c.Problem != other.question || c.Resolution != returnReply || c.ResolvedWith != "returns" {
			d.Errorf("the case that another ticket stands behind is %+v", c)
		}
		left := d.rows()
		for _, word := range []string{"heliotrope", "marzipan"} {
			if strings.Contains(left, word) {
				d.Errorf("the tables of cases still hold %q:\n%s", word, left)
			}
		}
		if err := d.memory.Forget(d.Context(), "shop", []string{"s1", "s3"}); err != nil {
			d.Fatal(err)
		}
		if cs := d.cases(); len(cs) != 0 || strings.Contains(d.rows(), "vermilion") {
			d.Errorf("after the last ticket is forgotten, left are %+v", cs)
		}
		d.consider(sent("s4"))
		d.wants("the question asked anew", kb.Published, 1)
	})
}

// rows is all that the database holds of cases, as text.
func (d *desk) rows() string {
	d.Helper()
	var b strings.Builder
	for _, table := range []string{"documents", "revisions", "case_tickets"} {
		var rows []map[string]any
		if err := d.db.Table(table).Find(&rows).Error; err != nil {
			d.Fatal(err)
		}
		for _, row := range rows {
			for column, value := range row {
				if raw, ok := value.([]byte); ok {
					value = string(raw)
				}
				fmt.Fprintf(&b, "%s.%s=%v\n", table, column, value)
			}
		}
	}
	return b.String()
}

func TestForgettingKeepsWhatAnEditorDecided(t *testing.T) {
	each(t, func(d *desk) {
		d.settings(func(s *Settings) { s.ApproveCases = true })
		d.consider(sent("s1"))
		d.consider(sent("s2"))
		d.edits(func(c *kb.Document) { c.Status, c.Title = kb.Published, "Returning a kettle" })
		if err := d.memory.Forget(d.Context(), "shop", []string{"s1"}); err != nil {
			d.Fatal(err)
		}
		if c := d.only(); c.Status != kb.Published || c.Title != "Returning a kettle" || c.Evidence != 1 {
			d.Errorf("the edited case is %+v", c)
		}
		d.consider(sent("s2").but(outcome(Outcome{Status: ReopenedStatus})))
		d.wants("reopened", kb.Archived, 0)
		d.consider(sent("s2"))
		d.wants("resolved again", kb.Published, 1)
	})
}

func TestForgettingACaseLetsItsRivalIn(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	d.consider(sent("s1"))
	d.now = d.now.Add(time.Hour)
	d.consider(rival("s2"))
	if err := d.memory.Forget(t.Context(), "shop", []string{"s2"}); err != nil {
		t.Fatal(err)
	}
	if got := d.inUse(); !slices.Equal(got, []string{returnReply}) {
		t.Errorf("in use are %q, want the one that had been voted out", got)
	}
}

func TestForgettingStopsAtAnError(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	if err := d.memory.Forget(t.Context(), "none", []string{"s1"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("forgetting in a workspace that is not there: %v", err)
	}
}

// Many who tell at once must not be counted short, and must not make copies.
func TestTicketsThatComeAtOnceAreAllCounted(t *testing.T) {
	each(t, func(d *desk) {
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() { d.consider(sent(fmt.Sprintf("s%02d", i))) })
		}
		wg.Wait()
		d.wants("16 tickets at once", kb.Published, 16)
	})
}
