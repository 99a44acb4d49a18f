package training

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// tidy runs the job a number of days from now.
func (s *shelf) tidy(days int) string {
	s.Helper()
	at := time.Now().Add(time.Duration(days) * 24 * time.Hour)
	s.learner.Now = func() time.Time { return at }
	defer func() { s.learner.Now = time.Now }()
	return s.do(func(l *Learner) (string, error) { return l.Upkeep(s.Context()) })
}

// chores lists chores as kind:documents, the greatest score first.
func (s *shelf) chores(f upkeep.Filter) string {
	s.Helper()
	cs, err := s.store.Chores(s.Context(), f)
	if err != nil {
		s.Fatal(err)
	}
	var out []string
	for _, c := range cs {
		out = append(out, strings.TrimSuffix(fmt.Sprintf("%s:%s+%s", c.Kind, c.DocumentID, c.OtherID), "+"))
	}
	return strings.Join(out, " ")
}

func (s *shelf) open(kind upkeep.Kind) string {
	return s.chores(upkeep.Filter{Status: upkeep.Open, Kind: kind})
}

// said plants what an operator made of a draft that rests on an article, hours
// from now; it says nothing of what was sent where final is empty.
func (s *shelf) said(n int, article string, hours int, j feedback.Judgement, c feedback.Credit, final string) { //nolint:revive // all that a judgement says
	s.Helper()
	at := time.Now().UTC().Add(time.Duration(hours) * time.Hour).Truncate(time.Microsecond)
	id := fmt.Sprintf("s-%s-%d", article, n)
	sg := retrieval.Suggestion{
		WorkspaceID: "shop", ID: id, TicketID: "t-" + id, Mode: retrieval.ForOperator, Decision: retrieval.Drafted, Language: "en", CreatedAt: at,
		Answer:  retrieval.Answer{Text: "So it is [1].", Citations: []retrieval.Citation{{Marker: 1, SourceID: article}}},
		Sources: []retrieval.Cited{{ID: article, Kind: kb.Article, Revision: 1, Quote: "So it is."}},
	}
	if err := s.learner.Suggestions.Keep(s.Context(), &sg); err != nil {
		s.Fatal(err)
	}
	s.seq++
	c.SourceID, c.Article, c.Kind, c.Place = article, article, kb.Article, 1
	j.SuggestionID, j.TicketID, j.Seq, j.SuggestedAt, j.At, j.Rating, j.Credits = id, "t-"+id, s.seq, at, at, -1, []feedback.Credit{c}
	if j.OperatorID == "" {
		j.OperatorID = fmt.Sprint("op-", n%3)
	}
	if err := s.learner.Feedback.In("shop").PutJudgements(s.Context(), []feedback.Judgement{j}); err != nil {
		s.Fatal(err)
	}
	if final == "" {
		return
	}
	e := feedback.Event{
		WorkspaceID: "shop", ID: "e-" + id, Seq: s.seq, SuggestionID: id, OperatorID: j.OperatorID, Kind: feedback.Edited, Text: final, At: at, ReceivedAt: at,
	}
	if err := s.db.Create(&e).Error; err != nil {
		s.Fatal(err)
	}
}

func TestPairsBecomeChoresAndGoWithTheirCause(t *testing.T) {
	eachShelf(t, func(s *shelf) {
		s.article("returns", "Returns", "You can return any item within 14 days of delivery. Refunds go to the card that was used to pay.")
		s.article("help", "Help for beginners", "Shop in peace. You can return any item within 30 days of delivery. Call us if in doubt.")
		long := "To change the address of a parcel open your orders, choose the parcel, press the pencil beside the address, write the new one and save it before the parcel has left our store."
		s.article("address", "Changing an address", long)
		s.article("address-2", "Changing an address", long+" Good luck.")
		if note := s.tidy(0); note != "1 with new chores" {
			s.Errorf("note %q", note)
		}
		if got := s.open(upkeep.Contradiction); got != "contradiction:help+returns" && got != "contradiction:returns+help" {
			s.Errorf("contradictions %q", got)
		}
		if got := s.open(upkeep.Duplicate); got != "duplicate:address+address-2" {
			s.Errorf("duplicates %q", got)
		}
		cs, err := s.store.Chores(s.Context(), upkeep.Filter{Kind: upkeep.Contradiction})
		if err != nil || len(cs) != 1 || len(cs[0].Data.Passages) != 2 || cs[0].Data.Passages[0].UpdatedAt.IsZero() || cs[0].Data.Passages[1].UpdatedAt.IsZero() ||
			len(cs[0].Data.Words[0]) == 0 || cs[0].Data.What == "" || cs[0].Data.Why == "" {
			s.Fatalf("a contradiction is %+v, %v", cs, err)
		}
		dismissed, why := upkeep.Dismissed, "two shops"
		if _, err := s.store.Set(s.Context(), cs[0].ID, upkeep.Change{Status: &dismissed, Note: &why, Author: "ann"}); err != nil {
			s.Fatal(err)
		}
		s.article("hours", "Hours", "We answer from 9 to 18.")
		if note := s.tidy(0); note != "1 as before" {
			s.Errorf("note %q", note)
		}
		if got := s.open(upkeep.Contradiction); got != "" {
			s.Errorf("%q are open that were dismissed", got)
		}
		if err := s.learner.KB.In("shop").Delete(s.Context(), "address-2", "ann"); err != nil {
			s.Fatal(err)
		}
		if note := s.tidy(0); note != "1 with chores done" {
			s.Errorf("note %q", note)
		}
		if got := s.open(""); got != "" {
			s.Errorf("open are %q", got)
		}
		s.article("help", "Help for beginners", "Shop in peace. You can return any item within 60 days of delivery. Call us if in doubt.")
		s.tidy(0)
		if got := s.open(upkeep.Contradiction); got == "" {
			s.Error("what was dismissed is not found again though a text has changed")
		}
	})
}

func TestWhatNobodyVerifiesGoesStale(t *testing.T) {
	s := oneShelf(t)
	s.article("a", "Delivery", "Parcels arrive in three days.")
	s.article("b", "Payment", "Cards and cash are taken.")
	if _, err := s.store.SetOwner(t.Context(), "b", "ann", 200); err != nil {
		t.Fatal(err)
	}
	s.tidy(80)
	if got := s.open(upkeep.Stale); got != "" {
		t.Errorf("after 80 days %q are stale", got)
	}
	s.tidy(91)
	if got := s.open(upkeep.Stale); got != "stale:a" {
		t.Errorf("after 91 days %q are stale", got)
	}
	if _, err := s.store.Verify(t.Context(), "a", upkeep.Verification{By: "ann", At: time.Now().Add(92 * 24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	s.tidy(92)
	if got := s.open(upkeep.Stale); got != "" {
		t.Errorf("after it was verified %q are stale", got)
	}
	s.tidy(201)
	cs, err := s.store.Chores(t.Context(), upkeep.Filter{Status: upkeep.Open, DocumentID: "b"})
	if err != nil || len(cs) != 1 || cs[0].Owner != "ann" {
		t.Errorf("the owner's chore is %+v, %v", cs, err)
	}
}

func TestAnArticleThatIsSentAsItIsCountsAsVerified(t *testing.T) {
	eachShelf(t, func(s *shelf) {
		sentAsItIs, kept := feedback.Judgement{Used: feedback.Unchanged}, feedback.Credit{Verdict: feedback.Kept, Share: 1, Amount: 0.8}
		for _, id := range []string{"good", "few", "fixed", "outdated", "irrelevant"} {
			s.article(id, "About "+id, "Everything there is to know about "+id+".")
			for n := range keptLeast {
				if id == "few" && n == 0 {
					continue
				}
				s.said(n, id, n+1, sentAsItIs, kept, "")
			}
		}
		s.said(9, "fixed", 9, feedback.Judgement{Used: feedback.Changed, Distance: 0.3}, feedback.Credit{Verdict: feedback.Contradicted, Amount: -0.8}, "")
		vote := func(id, value string, amount float64) {
			s.Helper()
			s.said(9, id, 9, feedback.Judgement{Used: feedback.Unknown, OperatorID: "bob"},
				feedback.Credit{Amount: amount, Votes: []feedback.Vote{{OperatorID: "bob", Amount: amount}}}, "")
			at := time.Now().UTC()
			e := feedback.Event{WorkspaceID: "shop", ID: "v-" + id, Seq: s.seq, SuggestionID: "s-" + id + "-9", OperatorID: "bob", Kind: feedback.Voted,
				SourceID: id, Value: value, At: at, ReceivedAt: at}
			if err := s.db.Create(&e).Error; err != nil {
				s.Fatal(err)
			}
		}
		vote("outdated", feedback.Outdated, -0.8)
		vote("irrelevant", feedback.Irrelevant, -0.6)
		s.tidy(89)
		cares, err := s.store.Cares(s.Context(), []string{"good", "few", "fixed", "outdated", "irrelevant"})
		if err != nil {
			s.Fatal(err)
		}
		for id, want := range map[string]string{"good": byItself, "few": "", "fixed": "", "outdated": "", "irrelevant": byItself} {
			if got := cares[id].VerifiedBy; got != want {
				s.Errorf("%s was verified by %q, want %q", id, got, want)
			}
		}
		s.tidy(91)
		if got := s.open(upkeep.Stale); strings.Contains(got, "good") || !strings.Contains(got, "few") {
			s.Errorf("stale are %q", got)
		}
	})
}

func TestAFactThatOperatorsKeepChangingIsAChore(t *testing.T) {
	eachShelf(t, func(s *shelf) {
		s.article("delivery", "Delivery", "Parcels are packed the same day. Delivery to your door takes 3 days from the day of payment. Couriers call before they come.")
		for n := range fixesLeast {
			if n == fixesLeast-1 {
				s.tidy(1)
				if got := s.open(upkeep.EditedFact); got != "" {
					s.Errorf("after %d tickets %q", n, got)
				}
			}
			s.said(n, "delivery", n+1, feedback.Judgement{Used: feedback.Changed, Distance: 0.2}, feedback.Credit{Verdict: feedback.Contradicted, Amount: -0.8},
				"Delivery to your door takes 7 days from the day of payment.")
		}
		s.tidy(1)
		cs, err := s.store.Chores(s.Context(), upkeep.Filter{Status: upkeep.Open, Kind: upkeep.EditedFact})
		if err != nil || len(cs) != 1 {
			s.Fatalf("%d chores, %v", len(cs), err)
		}
		c := &cs[0]
		if c.DocumentID != "delivery" || len(c.Data.Passages) != 1 || !strings.HasPrefix(c.Data.Passages[0].Quote, "Delivery to your door takes 3 days") ||
			!strings.Contains(strings.Join(c.Data.Words[1], " "), "7") || c.Data.Counts["tickets"] != fixesLeast || !strings.Contains(c.Data.Why, "7 days") {
			s.Errorf("the chore is %+v", c)
		}
		s.article("delivery", "Delivery", "Parcels are packed the same day. Delivery to your door takes 7 days from the day of payment. Couriers call before they come.")
		s.tidy(1)
		if got := s.open(upkeep.EditedFact); got != "" {
			s.Errorf("after it was corrected %q", got)
		}
	})
}

func TestWhatIsAlwaysEditedAndWhatIsNeverUsed(t *testing.T) {
	s := oneShelf(t)
	for _, id := range []string{"edited", "praised", "idle"} {
		s.article(id, "About "+id, "Everything there is to know about "+id+".")
	}
	for n := range trafficLeast {
		j, c := feedback.Judgement{Used: feedback.Changed, Distance: 0.5}, feedback.Credit{Verdict: feedback.Kept, Share: 0.4}
		id := "edited"
		if n%2 == 0 {
			id, j, c = "praised", feedback.Judgement{Used: feedback.Unchanged}, feedback.Credit{Verdict: feedback.Kept, Share: 1}
		}
		s.said(n, id, n*22, j, c, "")
	}
	s.tidy(89)
	if got := s.open(upkeep.AlwaysEdited); got != "always_edited:edited" {
		t.Errorf("always edited are %q", got)
	}
	if got := s.open(upkeep.Unused); got != "" {
		t.Errorf("after 89 days %q are never used", got)
	}
	s.tidy(93)
	if got := s.open(upkeep.Unused); got != "unused:idle" {
		t.Errorf("never used are %q", got)
	}
	s.said(1, "idle", 93*24, feedback.Judgement{Used: feedback.Unchanged}, feedback.Credit{Verdict: feedback.Kept, Share: 1}, "")
	s.tidy(94)
	if got := s.open(upkeep.Unused); got != "" {
		t.Errorf("after it was used %q are never used", got)
	}
}
