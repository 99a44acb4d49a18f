package gap_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

var noon = time.Date(2026, 4, 17, 12, 0, 0, 0, time.UTC)

// in returns a gap that stands where a step wants it to.
func in(s gap.Status) *gap.Gap {
	g := &gap.Gap{ID: "g", Status: s, Label: "refund to card", Topic: gap.Topic{Customers: 3, Factors: gap.Factors{Volume: 4}}}
	if s == gap.Published || s == gap.Verifying || s == gap.Closed || s == gap.Reopened {
		g.ArticleID = "refunds"
	}
	return g
}

func proof(answered, asked int) *gap.Proof {
	return &gap.Proof{At: noon, ArticleID: "refunds", Asked: asked, Answered: answered}
}

// A walk is one change of a gap, by name.
type walk struct {
	name string
	do   func(*gap.Gap) error
}

func walks() []walk {
	return []walk{
		{"begin", func(g *gap.Gap) error { return g.Begin(noon) }},
		{"assign", func(g *gap.Gap) error { return g.Assign("ann", nil, "bob", noon) }},
		{"give back", func(g *gap.Gap) error { return g.Assign("", nil, "bob", noon) }},
		{"write", func(g *gap.Gap) error { return g.Write(&gap.Draft{Title: "Refunds"}, "ann", noon) }},
		{"publish", func(g *gap.Gap) error { return g.Publish("refunds", "ann", noon) }},
		{"verify", func(g *gap.Gap) error { return g.Verify("ann", noon) }},
		{"prove", func(g *gap.Gap) error { return g.Prove(proof(4, 5), noon) }},
		{"fail", func(g *gap.Gap) error { return g.Prove(proof(3, 5), noon) }},
		{"reopen", func(g *gap.Gap) error { return g.Reopen("ann", "asked again", noon) }},
		{"dismiss", func(g *gap.Gap) error { return g.Dismiss("no such product", "ann", noon) }},
	}
}

// where says where each change leads from each status; what is not there is
// refused.
func where() map[gap.Status]map[string]gap.Status {
	working := func(assigned, back gap.Status) map[string]gap.Status {
		return map[string]gap.Status{
			"assign": assigned, "give back": back, "write": gap.Drafted, "publish": gap.Published, "dismiss": gap.Dismissed,
		}
	}
	with := func(m map[string]gap.Status, more ...any) map[string]gap.Status {
		for i := 0; i < len(more); i += 2 {
			m[more[i].(string)] = more[i+1].(gap.Status)
		}
		return m
	}
	return map[gap.Status]map[string]gap.Status{
		gap.Waiting:  {"begin": gap.Open, "write": gap.Waiting, "dismiss": gap.Dismissed},
		gap.Open:     working(gap.Assigned, gap.Open),
		gap.Assigned: working(gap.Assigned, gap.Open),
		gap.Drafted:  working(gap.Drafted, gap.Drafted),
		gap.Published: with(working(gap.Published, gap.Published),
			"write", gap.Published, "verify", gap.Verifying),
		gap.Verifying: with(working(gap.Verifying, gap.Verifying),
			"write", gap.Verifying, "verify", gap.Verifying, "prove", gap.Closed, "fail", gap.Published),
		gap.Closed:    {"verify": gap.Closed, "prove": gap.Closed, "fail": gap.Reopened, "reopen": gap.Reopened},
		gap.Reopened:  with(working(gap.Assigned, gap.Reopened), "verify", gap.Verifying),
		gap.Dismissed: {"reopen": gap.Reopened},
		gap.Merged:    {},
	}
}

func TestEveryStepOfAGapLeadsWhereItShouldOrIsRefused(t *testing.T) {
	for from, to := range where() {
		for _, w := range walks() {
			g := in(from)
			err := w.do(g)
			want, allowed := to[w.name]
			switch {
			case !allowed && !errors.Is(err, gap.ErrConflict):
				t.Errorf("%s a gap that is %s: %v, want a conflict", w.name, from, err)
			case !allowed && g.Status != from:
				t.Errorf("%s a gap that is %s was refused and changed it to %s", w.name, from, g.Status)
			case allowed && (err != nil || g.Status != want):
				t.Errorf("%s a gap that is %s: it is %s, %v, want %s", w.name, from, g.Status, err, want)
			}
		}
	}
}

func TestAGapIsNotShownBeforeEnoughCustomersHaveAsked(t *testing.T) {
	g := in(gap.Waiting)
	g.Topic.Customers = gap.CustomersLeast - 1
	if err := g.Begin(noon); !errors.Is(err, gap.ErrConflict) || g.OpenedAt != nil {
		t.Errorf("with %d customers: %v", g.Topic.Customers, err)
	}
	g.Topic.Customers++
	if err := g.Begin(noon); err != nil || g.OpenedAt == nil || !g.OpenedAt.Equal(noon) {
		t.Errorf("with %d customers: opened at %v, %v", g.Topic.Customers, g.OpenedAt, err)
	}
}

func TestAGapClosesOnlyWhenEnoughQuestionsAreAnswered(t *testing.T) {
	for _, tt := range []struct {
		answered, asked int
		closes          bool
	}{{0, 0, false}, {4, 5, true}, {3, 5, false}, {2, 3, false}, {3, 3, true}, {39, 50, false}, {40, 50, true}} {
		g := in(gap.Verifying)
		if err := g.Prove(proof(tt.answered, tt.asked), noon); err != nil {
			t.Fatal(err)
		}
		if closed := g.Status == gap.Closed; closed != tt.closes || closed != (g.ClosedAt != nil) {
			t.Errorf("%d of %d: the gap is %s", tt.answered, tt.asked, g.Status)
		}
		if g.Proof == nil || g.Proof.Needed != gap.Needed {
			t.Errorf("%d of %d: the proof is %+v", tt.answered, tt.asked, g.Proof)
		}
	}
}

func TestADismissedGapComesBackWhenItsVolumeHasDoubled(t *testing.T) {
	g := in(gap.Open)
	if err := g.Dismiss(" \n", "ann", noon); !errors.Is(err, gap.ErrInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	if err := g.Dismiss(strings.Repeat("x", 5000), "ann", noon); !errors.Is(err, gap.ErrInvalid) {
		t.Errorf("with a novel for a reason: %v", err)
	}
	if err := g.Dismiss("not ours", "ann", noon); err != nil {
		t.Fatal(err)
	}
	for volume, grown := range map[float64]bool{4: false, 7.9: false, 8: true, 20: true} {
		if g.Topic.Factors.Volume = volume; g.Grown() != grown {
			t.Errorf("dismissed with 4 tickets a month and now %.1f: grown is %v", volume, g.Grown())
		}
	}
}

func TestADateNeedsAnOwner(t *testing.T) {
	g, due := in(gap.Open), noon.AddDate(0, 0, 7)
	if err := g.Assign("", &due, "ann", noon); !errors.Is(err, gap.ErrInvalid) {
		t.Errorf("a date for nobody: %v", err)
	}
	if err := g.Assign(strings.Repeat("n", 300), nil, "ann", noon); !errors.Is(err, gap.ErrInvalid) {
		t.Errorf("an endless name: %v", err)
	}
	if err := g.Assign(" bob ", &due, "ann", noon); err != nil || g.Owner != "bob" || !g.Due.Equal(due) {
		t.Errorf("owner %q due %v, %v", g.Owner, g.Due, err)
	}
}

func TestWhatSomebodyPutIntoAGapGoesOverWhenItIsMerged(t *testing.T) {
	part, whole := in(gap.Assigned), in(gap.Open)
	part.ID, part.Owner, part.Draft = "part", "ann", &gap.Draft{Title: "Refunds"}
	part.Join(whole, noon)
	if part.Status != gap.Merged || part.MergedInto != "g" || whole.Owner != "ann" || whole.Draft == nil || whole.Topic.From[0] != "part" {
		t.Errorf("part %+v, whole %+v", part, whole)
	}
	if last := whole.History[len(whole.History)-1]; last.What != "merged" {
		t.Errorf("the whole's history ends with %+v", last)
	}
}

func TestAHistoryKeepsItsBeginningAndItsEnd(t *testing.T) {
	g := new(gap.Gap)
	for i := range 1000 {
		g.Note("cause", gap.Self, "", noon.Add(time.Duration(i)*time.Hour))
	}
	if n := len(g.History); n > 300 || !g.History[0].At.Equal(noon) || !g.History[n-1].At.Equal(noon.Add(999*time.Hour)) {
		t.Errorf("%d steps, from %v to %v", n, g.History[0].At, g.History[n-1].At)
	}
}

func TestANameThatHasNotChangedIsNoNews(t *testing.T) {
	g := in(gap.Open)
	g.Rename("refund to card", noon)
	g.Rename("", noon)
	if len(g.History) != 0 {
		t.Errorf("history %+v", g.History)
	}
	g.Rename("refund to bank", noon)
	if g.Label != "refund to bank" || len(g.History) != 1 || g.History[0].What != "renamed" {
		t.Errorf("%q, history %+v", g.Label, g.History)
	}
}
