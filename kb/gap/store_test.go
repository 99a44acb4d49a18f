package gap_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// open returns the gaps of two workspaces of a database.
func open(t *testing.T, db *gorm.DB) (shop, other *gap.Store) {
	t.Helper()
	for _, id := range []string{"shop", "other"} {
		if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
			t.Fatal(err)
		}
	}
	b := gap.New(db, func() time.Time { return noon })
	return b.In("shop"), b.In("other")
}

func failure(suggestion, gapID string) gap.Failure {
	return gap.Failure{
		SuggestionID: suggestion, TicketID: "t-" + suggestion, CustomerID: "c-" + suggestion, Question: "Where is my refund " + suggestion + "?",
		Reply: "It takes five days.", Signs: []gap.Sign{gap.Abstained}, Counted: true, GapID: gapID, At: noon,
	}
}

func put(t *testing.T, s *gap.Store, f gap.Found) {
	t.Helper()
	if err := s.Put(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// suggested keeps suggestions of the shop, so that they can be failures.
func suggested(t *testing.T, db *gorm.DB, ids ...string) {
	t.Helper()
	for _, id := range ids {
		s := retrieval.Suggestion{WorkspaceID: "shop", ID: id, Mode: retrieval.ForOperator, Decision: retrieval.Abstained, CreatedAt: noon}
		must(t, retrieval.NewStore(db).Keep(t.Context(), &s))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s *gap.Store, id string) gap.Gap {
	t.Helper()
	g, err := s.Gap(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestModelsMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { sqldbtest.Matches(t, db, &gap.Gap{}, &gap.Failure{}) })
}

func TestAGapIsKeptAsItIs(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, other := open(t, db)
		g := gap.Gap{ID: "g1", Status: gap.Open, Label: "refund", Cause: gap.Uncovered, Cost: 12.5, FirstAt: noon, LastAt: noon}
		g.Topic = gap.Topic{Phrases: []string{"refund"}, Question: "Where is it?", Customers: 3, Signs: map[gap.Sign]int{gap.Abstained: 3}}
		g.Draft = &gap.Draft{Title: "Refunds", Sentences: []gap.Sentence{{Text: "Five days.", Tickets: []string{"t"}}}}
		small := gap.Gap{ID: "g2", Status: gap.Waiting, FirstAt: noon, LastAt: noon}
		put(t, shop, gap.Found{Gaps: []gap.Gap{g, small}})
		got := read(t, shop, "g1")
		if got.Version != 1 || got.Draft.Sentences[0].Text != "Five days." || got.Topic.Signs[gap.Abstained] != 3 || !got.FirstAt.Equal(noon) {
			t.Errorf("it is %+v", got)
		}
		if _, err := other.Gap(t.Context(), "g1"); !errors.Is(err, gap.ErrNotFound) {
			t.Errorf("another workspace finds it: %v", err)
		}
		for _, tt := range []struct {
			f    gap.Filter
			want int
		}{
			{gap.Filter{}, 1}, {gap.Filter{Statuses: []gap.Status{gap.Waiting}}, 1}, {gap.Filter{Causes: []gap.Cause{gap.Action}}, 0},
			{gap.Filter{Owner: "ann"}, 0}, {gap.Filter{Offset: 1}, 0}, {gap.Filter{Limit: 5}, 1},
		} {
			if gs, err := shop.Gaps(t.Context(), tt.f); err != nil || len(gs) != tt.want {
				t.Errorf("%+v finds %d, %v, want %d", tt.f, len(gs), err, tt.want)
			}
		}
	})
}

func TestOfTwoEditorsTheSecondIsToldAndNothingIsLost(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, _ := open(t, db)
		put(t, shop, gap.Found{Gaps: []gap.Gap{{ID: "g", Status: gap.Open, FirstAt: noon, LastAt: noon}}})
		assign := func(to string) func(*gap.Gap) error {
			return func(g *gap.Gap) error { return g.Assign(to, nil, "boss", noon) }
		}
		if _, err := shop.Change(t.Context(), "g", 1, assign("ann")); err != nil {
			t.Fatal(err)
		}
		if _, err := shop.Change(t.Context(), "g", 1, assign("bob")); !errors.Is(err, gap.ErrConflict) {
			t.Errorf("the second editor: %v", err)
		}
		if g := read(t, shop, "g"); g.Owner != "ann" || g.Version != 2 {
			t.Errorf("it is %s's, version %d", g.Owner, g.Version)
		}
		var all sync.WaitGroup
		for range 8 { // none of them asks for a version, so each comes after the others
			all.Go(func() {
				_, err := shop.Change(context.WithoutCancel(t.Context()), "g", 0, func(g *gap.Gap) error { g.Note("cause", "x", "", noon); return nil })
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if g := read(t, shop, "g"); g.Version != 10 || len(g.History) != 9 {
			t.Errorf("after eight notes: version %d, %d steps", g.Version, len(g.History))
		}
		broken := errors.New("broken")
		if _, err := shop.Change(t.Context(), "g", 0, func(*gap.Gap) error { return broken }); !errors.Is(err, broken) {
			t.Errorf("an error is not passed on: %v", err)
		}
	})
}

func TestARunThatAnEditorOvertookChangesNothing(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, _ := open(t, db)
		put(t, shop, gap.Found{Gaps: []gap.Gap{{ID: "g", Status: gap.Open, FirstAt: noon, LastAt: noon}}})
		stale := read(t, shop, "g")
		if _, err := shop.Change(t.Context(), "g", 0, func(g *gap.Gap) error { return g.Assign("ann", nil, "ann", noon) }); err != nil {
			t.Fatal(err)
		}
		fresh := gap.Gap{ID: "new", Status: gap.Waiting, FirstAt: noon, LastAt: noon}
		for name, f := range map[string]gap.Found{"standing": {Gaps: []gap.Gap{fresh, stale}}, "figures": {Gaps: []gap.Gap{fresh}, Figures: []gap.Gap{stale}}} {
			if err := shop.Put(t.Context(), f); !errors.Is(err, gap.ErrConflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := shop.Gap(t.Context(), "new"); !errors.Is(err, gap.ErrNotFound) || read(t, shop, "g").Owner != "ann" {
			t.Errorf("half of it was stored: %v", err)
		}
	})
}

func TestFiguresThatMoveDoNotGetInAnEditorsWay(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, _ := open(t, db)
		put(t, shop, gap.Found{Gaps: []gap.Gap{{ID: "g", Status: gap.Open, FirstAt: noon, LastAt: noon}}})
		g := read(t, shop, "g")
		g.Cost, g.Topic.Tickets, g.LastAt = 99, 7, noon.Add(time.Hour)
		put(t, shop, gap.Found{Figures: []gap.Gap{g}})
		if got := read(t, shop, "g"); got.Version != 1 || got.Cost != 99 || got.Topic.Tickets != 7 || !got.LastAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("it is %+v", got)
		}
	})
}

func TestWhoWantsToHearOfAGapIsTold(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, _ := open(t, db)
		steps := []func(*gap.Gap) error{
			func(g *gap.Gap) error { return g.Begin(noon) },
			func(g *gap.Gap) error { return g.Assign("ann", nil, "ann", noon) },
			func(g *gap.Gap) error { return g.Assign("", nil, "ann", noon) }, // it is open again, and no news
			func(g *gap.Gap) error { return g.Publish("refunds", "ann", noon) },
			func(g *gap.Gap) error { return g.Verify("ann", noon) },
			func(g *gap.Gap) error { return g.Prove(proof(3, 3), noon) },
			func(g *gap.Gap) error { return g.Verify(gap.Self, noon) },
			func(g *gap.Gap) error { return g.Prove(proof(0, 3), noon) },
		}
		put(t, shop, gap.Found{Gaps: []gap.Gap{{
			ID: "g", Status: gap.Waiting, Label: "refund", FirstAt: noon, LastAt: noon, Topic: gap.Topic{Customers: 3, Question: "secret"},
		}}})
		for i, do := range steps {
			if _, err := shop.Change(t.Context(), "g", 0, do); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
		}
		ns, err := notice.NewStore(db).Notices(t.Context(), "shop", "gap.", notice.Page{})
		must(t, err)
		var kinds []string
		for _, n := range ns {
			kinds = append(kinds, string(n.Kind))
			if strings.Contains(string(n.Data), "secret") || n.Subject != "refund" || !strings.Contains(string(n.Data), `"id":"g"`) {
				t.Errorf("told is %s: %s", n.Subject, n.Data)
			}
		}
		if got := strings.Join(kinds, " "); got != "gap.reopened gap.closed gap.opened" {
			t.Errorf("told, the latest first: %s", got)
		}
	})
}

func TestEvidenceStaysWithItsGapAndIsBounded(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, other := open(t, db)
		a, b, c := failure("a", ""), failure("b", ""), failure("c", "")
		b.At, c.At = noon.Add(time.Hour), noon.Add(2*time.Hour)
		suggested(t, db, "a", "b", "c")
		must(t, shop.Record(t.Context(), []gap.Failure{a, b, c}))
		put(t, shop, gap.Found{Gaps: []gap.Gap{{ID: "g", Status: gap.Waiting, FirstAt: noon, LastAt: noon}}, Of: map[string]string{"a": "g", "b": "g"}})
		b.Reply, b.Signs = "In ten days.", []gap.Sign{gap.Rejected}
		must(t, shop.Record(t.Context(), []gap.Failure{b})) // what has become known of it
		got, err := shop.Evidence(t.Context(), "g", 10)
		if err != nil || len(got) != 2 || got[0].SuggestionID != "b" || got[0].Reply != "In ten days." || got[0].GapID != "g" {
			t.Errorf("the evidence is %+v, %v", got, err)
		}
		if fs, err := shop.Failures(t.Context(), noon.Add(time.Minute), 1); err != nil || len(fs) != 1 || fs[0].SuggestionID != "c" {
			t.Errorf("the latest failure is %+v, %v", fs, err)
		}
		if fs, err := other.Failures(t.Context(), time.Time{}, 9); err != nil || len(fs) != 0 {
			t.Errorf("another workspace has %+v, %v", fs, err)
		}
		must(t, shop.Withdraw(t.Context(), []string{"a", "b"}))
		if bare, err := shop.Bare(t.Context()); err != nil || len(bare) != 1 || bare[0] != "g" {
			t.Errorf("gaps without evidence: %v, %v", bare, err)
		}
		put(t, shop, gap.Found{Gone: []string{"g"}})
		if _, err := shop.Gap(t.Context(), "g"); !errors.Is(err, gap.ErrNotFound) {
			t.Errorf("a gap with no ticket behind it: %v", err)
		}
	})
}

func TestAnErasedCustomerLeavesNothingInGaps(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, _ := open(t, db)
		rose, boris := failure("rose", ""), failure("boris", "")
		rose.Reply = "Heliotrope ones are late."
		rose.Question, boris.Question = "Why is my heliotrope kettle late?", "Why is the kettle late?"
		suggested(t, db, "rose", "boris", "rose2")
		must(t, shop.Record(t.Context(), []gap.Failure{rose, boris}))
		g := gap.Gap{ID: "g", Status: gap.Open, Label: "heliotrope kettle", FirstAt: noon, LastAt: noon}
		g.Topic = gap.Topic{Phrases: []string{"kettle late", "heliotrope kettle"}, Question: rose.Question}
		g.Proof = &gap.Proof{Questions: []gap.Question{{SuggestionID: "rose", Text: rose.Question}, {SuggestionID: "boris", Text: boris.Question}}}
		g.Draft = &gap.Draft{Title: "Heliotrope kettle", Unknown: []string{"Only one reply says: Heliotrope ones are late.", "Asked and not answered: " + rose.Question, "Nobody has said how long."}, Body: "Heliotrope ones are late. Wait a week.", Diff: "+Heliotrope", Sentences: []gap.Sentence{
			{Text: "Heliotrope ones are late.", End: 25, Tickets: []string{"t-rose"}},
			{Text: "Wait a week.", Start: 26, End: 38, Tickets: []string{"t-rose", "t-boris"}},
		}, Conflicts: []gap.Conflict{{Sentence: 1, Variants: []gap.Variant{{Text: "a week", Tickets: []string{"t-boris"}}, {Text: "heliotrope", Tickets: []string{"t-rose"}}}}}}
		alone := gap.Gap{ID: "alone", Status: gap.Open, Label: "heliotrope", FirstAt: noon, LastAt: noon}
		second := failure("rose2", "")
		must(t, shop.Record(t.Context(), []gap.Failure{second}))
		put(t, shop, gap.Found{Gaps: []gap.Gap{g, alone}, Of: map[string]string{"rose": "g", "boris": "g", "rose2": "alone"}})
		n, err := shop.Erase(t.Context(), []string{"rose", "rose2", "never"})
		if n != 2 || err != nil {
			t.Fatalf("erased %d, %v", n, err)
		}
		got := read(t, shop, "g")
		if got.Label != "" || len(got.Topic.Phrases) != 1 || got.Topic.Question != boris.Question || len(got.Proof.Questions) != 1 {
			t.Errorf("the gap is %+v", got)
		}
		if d := got.Draft; d.Title != "" || len(d.Unknown) != 1 || strings.TrimSpace(d.Body) != "Wait a week." || len(d.Sentences) != 1 || d.Diff != "" || len(d.Conflicts) != 0 ||
			string([]rune(d.Body)[d.Sentences[0].Start:d.Sentences[0].End]) != "Wait a week." {
			t.Errorf("the draft is %+v", d)
		}
		if _, err := shop.Gap(t.Context(), "alone"); !errors.Is(err, gap.ErrNotFound) {
			t.Errorf("a gap that nobody else is behind: %v", err)
		}
		ns, err := notice.NewStore(db).Notices(t.Context(), "shop", "gap.", notice.Page{})
		if err != nil || len(ns) != 0 {
			t.Errorf("notices that name it: %+v, %v", ns, err)
		}
		if n, err := shop.Erase(t.Context(), []string{"rose"}); n != 0 || err != nil {
			t.Errorf("erased again: %d, %v", n, err)
		}
	})
}

func TestWhatWasErasedMeanwhileDoesNotComeBack(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, _ := open(t, db)
		suggested(t, db, "rose", "boris")
		rose, boris := failure("rose", ""), failure("boris", "")
		must(t, shop.Record(t.Context(), []gap.Failure{rose, boris}))
		if n, err := shop.Erase(t.Context(), []string{"rose"}); n != 1 || err != nil {
			t.Fatalf("erased %d, %v", n, err)
		}
		must(t, db.Exec("DELETE FROM suggestions WHERE id = 'rose'").Error)
		rose.Counted = false
		must(t, shop.Record(t.Context(), []gap.Failure{rose, boris})) // by a job that had read both
		must(t, shop.Count(t.Context(), []gap.Failure{rose}))
		found := gap.Found{
			Gaps: []gap.Gap{{ID: "g", Status: gap.Waiting, Label: "rose", FirstAt: noon, LastAt: noon}}, Of: map[string]string{"rose": "g", "boris": "g"},
		}
		if err := shop.Put(t.Context(), found); !errors.Is(err, gap.ErrConflict) {
			t.Errorf("a gap with the words of one that was erased: %v", err)
		}
		fs, err := shop.Failures(t.Context(), time.Time{}, 9)
		if err != nil || len(fs) != 1 || fs[0].SuggestionID != "boris" {
			t.Errorf("the failures are %+v, %v", fs, err)
		}
		if gs, err := shop.All(t.Context()); err != nil || len(gs) != 0 {
			t.Errorf("the gaps are %+v, %v", gs, err)
		}
		boris.Counted = false
		must(t, shop.Count(t.Context(), []gap.Failure{boris}))
		if fs, err := shop.Failures(t.Context(), time.Time{}, 9); err != nil || len(fs) != 1 || fs[0].Counted {
			t.Errorf("told not to count: %+v, %v", fs, err)
		}
	})
}

func TestAMergedGapForgetsNoLessThanTheOneItIsAPartOf(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		shop, _ := open(t, db)
		suggested(t, db, "rose", "boris")
		rose, boris := failure("rose", ""), failure("boris", "")
		rose.Question, boris.Question = "Why is my heliotrope kettle late?", "Why is the kettle late?"
		must(t, shop.Record(t.Context(), []gap.Failure{rose, boris}))
		was := gap.Gap{ID: "was", Status: gap.Merged, MergedInto: "g", Label: "heliotrope kettle", FirstAt: noon, LastAt: noon}
		was.Topic.Phrases = []string{"heliotrope", "kettle"}
		g := gap.Gap{ID: "g", Status: gap.Open, Label: "kettle late", FirstAt: noon, LastAt: noon}
		g.Note("merged", gap.Self, "heliotrope kettle (was) is a part of it", noon)
		put(t, shop, gap.Found{Gaps: []gap.Gap{was, g}, Of: map[string]string{"rose": "g", "boris": "g"}})
		if n, err := shop.Erase(t.Context(), []string{"rose"}); n != 1 || err != nil {
			t.Fatalf("erased %d, %v", n, err)
		}
		for _, id := range []string{"was", "g"} {
			if got := fmt.Sprintf("%+v", read(t, shop, id)); strings.Contains(got, "heliotrope") || !strings.Contains(got, "kettle") {
				t.Errorf("%s is %s", id, got)
			}
		}
	})
}
