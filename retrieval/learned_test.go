package retrieval_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Two articles share the question's words; the second has fewer of them.
func shelf() []*kb.Document {
	return append(library(),
		page("parcel-lost", "Lost parcels", "If the courier does not come and the parcel is lost, write to us and we send a new one.", kb.Public),
		page("parcel-late", "Late deliveries", "When the courier is late with a parcel, wait for two days; then the courier service starts a search.", kb.Public),
	)
}

func resolved(id, problem, article string) *kb.Document {
	return &kb.Document{ID: id, Kind: kb.Case, Content: kb.Content{
		Problem: problem, Resolution: "Please wait for two days; then the courier service starts a search.", ResolvedWith: article, Evidence: 1, Locale: "en",
	}}
}

// lateQuestion is nearer to the wrong article by its words.
const lateQuestion = "The courier does not come with the parcel, can the parcel be lost, is the parcel late?"

func ids(s *retrieval.Suggestion) []string {
	out := make([]string, len(s.Sources))
	for i := range s.Sources {
		out[i] = s.Sources[i].ID
	}
	return out
}

func question(text string) retrieval.Ask {
	return retrieval.Ask{Messages: says(retrieval.Customer, text)}
}

// teach makes a version serve.
func (d *desk) teach(l retrieval.Learned) int64 {
	d.t.Helper()
	r := retrieval.Ranker{WorkspaceID: "shop", Status: retrieval.Serving, Learned: l, CreatedAt: time.Now()}
	if err := d.store.AddRanker(d.t.Context(), &r); err != nil {
		d.t.Fatal(err)
	}
	return r.Version
}

func (d *desk) believe(b retrieval.Beliefs) {
	d.t.Helper()
	if err := d.store.SetBeliefs(d.t.Context(), "shop", b); err != nil {
		d.t.Fatal(err)
	}
}

func TestCasesSpeakForTheArticleTheyWereResolvedWith(t *testing.T) {
	d := newDesk(t, shelf()...)
	if s := d.ask(question(lateQuestion)); s.Sources[0].ID != "parcel-lost" {
		t.Fatalf("without cases the first is %s", s.Sources[0].ID)
	}
	d.put(otherCases()...)
	for i, problem := range []string{
		"The courier does not come with my parcel, is it late?", "Does the courier come late with the parcel or is the parcel lost?",
		"Is the parcel late or is it lost? The courier does not come", "the courier does not come with the parcel, is it lost",
	} {
		d.put(resolved(fmt.Sprintf("case-%d", i), problem, "parcel-late"))
	}
	proven := 1.5
	d.believe(retrieval.Beliefs{CaseWeight: &proven})
	s := d.ask(question(lateQuestion))
	first := s.Sources[0]
	if first.ID != "parcel-late" && first.Resolved != "parcel-late" {
		t.Errorf("with four cases the first is %s: %v", first.ID, ids(&s))
	}
	if !slices.Contains(ids(&s), "parcel-late") {
		t.Errorf("the article that the cases speak for is not shown: %v", ids(&s))
	}
	if c := s.Candidates[0]; c.ID != "parcel-late" || c.Cases <= 0 {
		t.Errorf("what cases say is not remembered: %+v", c)
	}
	unlearned := question(lateQuestion)
	unlearned.Unlearned = true
	if s := d.ask(unlearned); s.Candidates[0].ID != "parcel-lost" {
		t.Errorf("as if there were no feedback, the first is %s", s.Candidates[0].ID)
	}
	none := 0.0
	d.believe(retrieval.Beliefs{CaseWeight: &none})
	if s := d.ask(question(lateQuestion)); s.Candidates[0].ID != "parcel-lost" {
		t.Errorf("where cases have misled, the first is %s", s.Candidates[0].ID)
	}
	doubted := map[string]float64{"case-0": 0, "case-1": 0, "case-2": 0, "case-3": 0}
	d.believe(retrieval.Beliefs{Cases: doubted})
	if s := d.ask(question(lateQuestion)); s.Candidates[0].ID != "parcel-lost" {
		t.Errorf("where nobody believes the cases, the first is %s", s.Candidates[0].ID)
	}
}

func TestUnlikeCasesChangeNothing(t *testing.T) {
	d := newDesk(t, shelf()...)
	before := d.ask(question(lateQuestion))
	d.put(resolved("case-1", "Where do I enter the number of my gift card?", "gift"), resolved("case-2", "How long is the warranty on a tent?", "warranty"))
	after := d.ask(question(lateQuestion))
	if before.Sources[0].ID != after.Sources[0].ID || before.Candidates[0].ID != after.Candidates[0].ID {
		t.Errorf("%v became %v", ids(&before), ids(&after))
	}
}

// Such a case is found all the same: texts share letters.
func TestACaseWithoutAWordOfTheQuestionSaysNothingForItsArticle(t *testing.T) {
	d := newDesk(t, shelf()...)
	d.put(otherCases()...)
	d.put(resolved("case-1", "Where do I enter the number of my gift card?", "parcel-late"))
	for _, c := range d.ask(question(lateQuestion)).Candidates {
		if c.Cases != 0 {
			t.Errorf("it adds %v to %s", c.Cases, c.ID)
		}
	}
}

func TestACaseOfAnArticleThatTheWordsDoNotFindBringsIt(t *testing.T) {
	d := newDesk(t, append(shelf(), page("zebra", "Zebra programme", "Members collect stripes.", kb.Public))...)
	d.put(otherCases()...)
	for i := range 3 {
		d.put(resolved(fmt.Sprintf("case-%d", i), "How do I get the animal discount at the checkout?", "zebra"))
	}
	s := d.ask(question("how to get the animal discount at checkout"))
	if s.Candidates[0].ID != "zebra" {
		t.Errorf("got %v of %v", s.Candidates[0], ids(&s))
	}
}

func TestWhatIsLearnedOfASourceMovesItInItsTopic(t *testing.T) {
	d := newDesk(t, shelf()...)
	late := d.ask(question(lateQuestion))
	gap := late.Candidates[0].Score - place(&late, "parcel-late").Score
	if gap <= 0 || gap > 0.15 {
		t.Fatalf("the test's articles lie %v apart", gap)
	}
	learned := func(bonus float64) retrieval.Learned {
		return retrieval.Learned{Sources: map[string]retrieval.Usefulness{
			"parcel-late": {Kept: 1, Revision: 1, ByTopic: map[string]retrieval.Posterior{"late": {Bonus: bonus}}},
			"parcel-lost": {Kept: 1, Revision: 1, ByTopic: map[string]retrieval.Posterior{"late": {Bonus: -bonus}}},
		}}
	}
	version := d.teach(learned(0.1))
	asked := question(lateQuestion)
	asked.Topic = "late"
	s := d.ask(asked)
	if s.Sources[0].ID != "parcel-late" || s.Ranker != version || s.Topic != "late" {
		t.Errorf("in the topic: %v by version %d", ids(&s), s.Ranker)
	}
	if s := d.ask(question(lateQuestion)); s.Sources[0].ID != "parcel-lost" {
		t.Errorf("in no topic: %v", ids(&s))
	}
	other := d.ask(question("How do I return something I bought?"))
	if other.Sources[0].ID != "returns" {
		t.Errorf("an unrelated question: %v", ids(&other))
	}
	d.put(page("parcel-late", "Late deliveries", "When the courier is late with a parcel, wait for two days; then the courier service starts a search. Write to us then.", kb.Public))
	if got, want := place(ptr(d.ask(asked)), "parcel-late").Bonus, 0.05; got != want {
		t.Errorf("a changed article has a bonus of %v, want half of what was learned", got)
	}
	d.teach(learned(5)) // whoever writes more than is allowed
	if got := place(ptr(d.ask(asked)), "parcel-lost").Bonus; got != -retrieval.MaxBonus {
		t.Errorf("a bonus of %v is out of bounds", got)
	}
}

func TestPeopleOverruleWhatIsLearned(t *testing.T) {
	d := newDesk(t, shelf()...)
	decide := func(id, action string) {
		t.Helper()
		err := d.store.Override(t.Context(), retrieval.Override{WorkspaceID: "shop", Kind: retrieval.OverSource, ID: id, Action: action, At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
	}
	decide("parcel-lost", retrieval.Exclude)
	if s := d.ask(question(lateQuestion)); slices.Contains(ids(&s), "parcel-lost") {
		t.Errorf("an excluded source is shown: %v", ids(&s))
	}
	decide("parcel-late", retrieval.Pin)
	if got := place(ptr(d.ask(question(lateQuestion))), "parcel-late").Bonus; got != retrieval.MaxBonus {
		t.Errorf("a pinned source has a bonus of %v", got)
	}
	d.teach(retrieval.Learned{Sources: map[string]retrieval.Usefulness{"parcel-late": {Kept: 1, Revision: 1, Whole: retrieval.Posterior{Bonus: 0.1}}}})
	decide("parcel-late", retrieval.Reset)
	if got := place(ptr(d.ask(question(lateQuestion))), "parcel-late").Bonus; got != 0 {
		t.Errorf("a source that was reset has a bonus of %v", got)
	}
}

func TestNothingGoesOutUnattendedBeforeItIsCalibrated(t *testing.T) {
	d := newDesk(t, library()...)
	ask := question("How do I return an item and get my money back within 14 days?")
	ask.Mode = retrieval.ForCustomer
	s := d.ask(ask)
	if s.Decision != retrieval.Abstained || s.AbstainReason != retrieval.NotCalibrated {
		t.Fatalf("%s, %s, confidence %v", s.Decision, s.AbstainReason, s.Confidence)
	}
	promise := func(language string, threshold float64) {
		d.believe(retrieval.Beliefs{Unattended: map[string]retrieval.UnattendedRun{language: {Threshold: threshold}}})
	}
	promise("ru", 0.5)
	if s := d.ask(ask); s.AbstainReason != retrieval.NotCalibrated {
		t.Errorf("what was promised for Russian let English out: %s", s.Decision)
	}
	promise("en", min(1, s.RawConfidence+0.01))
	if s := d.ask(ask); s.AbstainReason != retrieval.LowConfidence {
		t.Errorf("below the threshold: %s, %s", s.Decision, s.AbstainReason)
	}
	promise("en", s.RawConfidence)
	if s := d.ask(ask); s.Decision != retrieval.Answered {
		t.Errorf("at the threshold: %s, %s", s.Decision, s.AbstainReason)
	}
}

func TestConfidenceIsWhatItTurnedOutToBe(t *testing.T) {
	d := newDesk(t, library()...)
	ask := question("How do I return something I bought?")
	raw := d.ask(ask).Confidence
	d.believe(retrieval.Beliefs{Calibration: map[string]retrieval.Curve{"en": {Points: [][2]float64{{0, 0.1}, {1, 0.1}}}}})
	s := d.ask(ask)
	if s.Confidence != 0.1 || s.RawConfidence != raw || s.AbstainReason != retrieval.LowConfidence {
		t.Errorf("confidence %v of raw %v: %s", s.Confidence, s.RawConfidence, s.AbstainReason)
	}
	if got := d.ask(question("Как вернуть товар?")); got.Confidence != got.RawConfidence {
		t.Error("what was learned in English changes what confidence means in Russian")
	}
}

// otherCases are about other things: among too few, no word is rare.
func otherCases() []*kb.Document {
	var out []*kb.Document
	for i, problem := range []string{
		"Can I pay with two gift cards?", "How long is the warranty on a stove?", "I forgot the password of my account", "May I pay in cash?",
		"How much is a return from abroad?", "Do you buy used tents?", "The zip of my jacket is broken", "Where is my receipt?",
		"Can I change the address of an order?", "Do you ship to an office?", "My voucher is not accepted", "How do I close my account?",
		"Is the stove safe for children?", "Which size of boots do I need?", "Can I collect an order in the shop?", "What does a repair cost?",
	} {
		c := resolved(fmt.Sprintf("other-%d", i), problem, "")
		c.Resolution = "Please look at the page about it."
		out = append(out, c)
	}
	return out
}

// place returns the candidate of an id.
func place(s *retrieval.Suggestion, id string) retrieval.Candidate {
	i := slices.IndexFunc(s.Candidates, func(c retrieval.Candidate) bool { return c.ID == id })
	if i < 0 {
		return retrieval.Candidate{}
	}
	return s.Candidates[i]
}

func ptr(s retrieval.Suggestion) *retrieval.Suggestion { return &s }
