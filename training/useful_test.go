package training

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// today is when the judgements of these tests are weighed.
var today = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// credits is an operator's judgement of one source in a topic, so many days
// ago.
func credits(operator, topic, source string, amount, daysAgo float64) judged {
	verdict := feedback.Kept
	if amount < 0 {
		verdict = feedback.Dropped
	}
	return judged{
		operator: operator, topic: topic, at: today.Add(-time.Duration(daysAgo * float64(24*time.Hour))),
		credits: []feedback.Credit{{SourceID: source, Article: source, Place: 1, Verdict: verdict, Amount: amount}},
	}
}

// many is n judgements of as many operators.
func many(n int, topic, source string, amount float64) []judged {
	js := make([]judged, n)
	for i := range js {
		js[i] = credits(fmt.Sprint(source, "-operator-", i), topic, source, amount, 0)
	}
	return js
}

func together(parts ...[]judged) []judged {
	var js []judged
	for _, p := range parts {
		js = append(js, p...)
	}
	return js
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6 {
		t.Errorf("%s is %.7f, want %.7f", what, got, want)
	}
}

func TestUsefulnessIsThePosteriorWorkedOutByHand(t *testing.T) {
	js := []judged{credits("ann", "returns", "a", 0.5, 0), credits("bob", "returns", "a", 0.8, 0), credits("cy", "returns", "a", -1, 0)}
	u := usefulness(js, &weighing{now: today})["a"]
	// What an operator says of x comes to 3·(1-exp(-x/3)): .5 to .4605548,
	// .8 to .7022157, 1 to .8504061. Two of three operators' judgements, which
	// come to 30·(1-exp(-1/30)) = .9835160 each, are for a source, beside the
	// five of ten that are believed before any.
	useful, useless := 0.4605548+0.7022157, 0.8504061
	usual := (2*.9835160 + 5) / (3*.9835160 + 10)
	near(t, "useful", u.Whole.Useful, useful)
	near(t, "useless", u.Whole.Useless, useless)
	mean := (useful + 4*usual) / (useful + useless + 4)
	near(t, "lower", u.Whole.Lower, mean-1.2816*math.Sqrt(mean*(1-mean)/(useful+useless+5)))
	// In the topic the belief before is that of the source anywhere.
	before := mean
	mean = (useful + 4*before) / (useful + useless + 4)
	lower := mean - 1.2816*math.Sqrt(mean*(1-mean)/(useful+useless+5))
	unknown := usual - 1.2816*math.Sqrt(usual*(1-usual)/5)
	near(t, "lower in the topic", u.ByTopic["returns"].Lower, lower)
	near(t, "bonus in the topic", u.ByTopic["returns"].Bonus, .1*(lower-unknown)/.8)
	if p := u.Whole; p.Kept != 2 || p.Dropped != 1 || p.Brought != 0 || p.Against != 0 || !p.Last.Equal(today) {
		t.Errorf("the plain counts are %+v", p)
	}
}

func TestWhatEverybodyDropsRanksLowerAndWhatEverybodyKeepsHigher(t *testing.T) {
	js := together(many(40, "returns", "good", 0.8), many(20, "returns", "bad", -0.8))
	all := usefulness(js, &weighing{now: today})
	good, bad := all["good"].ByTopic["returns"].Bonus, all["bad"].ByTopic["returns"].Bonus
	if good < 0.3*retrieval.MaxBonus || bad > -0.4*retrieval.MaxBonus {
		t.Errorf("kept by all: %+.3f; dropped by all: %+.3f", good, bad)
	}
}

func TestWhatNobodyJudgedIsNotThere(t *testing.T) {
	js := append(many(20, "returns", "a", 0.8), credits("ann", "returns", "shown", 0, 0))
	if u, ok := usefulness(js, &weighing{now: today})["shown"]; ok {
		t.Errorf("a source that was only shown has %+v", u)
	}
	before := usefulness(js, &weighing{now: today})["a"].ByTopic["returns"].Bonus
	after := usefulness(append(js, credits("ann", "returns", "b", -1, 0)), &weighing{now: today})
	if after["b"].ByTopic["returns"].Bonus >= 0 {
		t.Errorf("the voted down source has %+.4f", after["b"].ByTopic["returns"].Bonus)
	}
	// All that one vote does elsewhere is to make votes against less of a rarity.
	if moved := math.Abs(after["a"].ByTopic["returns"].Bonus - before); moved > 0.01 {
		t.Errorf("a vote on one source moved another by %.4f", moved)
	}
}

func TestOneVoteMovesASourceByABoundedAmount(t *testing.T) {
	js := together(many(10, "returns", "a", 0.6), many(10, "returns", "b", 0.6), many(5, "returns", "c", -0.6))
	before := usefulness(js, &weighing{now: today})
	after := usefulness(append(js, credits("ann", "returns", "a", -0.8, 0)), &weighing{now: today})
	moved := before["a"].ByTopic["returns"].Bonus - after["a"].ByTopic["returns"].Bonus
	if moved <= 0 || moved > 0.03 {
		t.Errorf("one vote against moves a source by %.4f", moved)
	}
	if after["a"].ByTopic["delivery"].Bonus != 0 || after["a"].Whole.Bonus != 0 {
		t.Error("it moves the source in topics that nobody judged it in")
	}
}

func TestAThousandVotesOfOneOperatorAreThreeAtMost(t *testing.T) {
	var js []judged
	for range 1000 {
		js = append(js, credits("zealot", "returns", "a", -1, 0))
	}
	js = together(js, many(12, "returns", "a", 0.8), many(12, "returns", "b", 0.8))
	u := usefulness(js, &weighing{now: today})["a"].ByTopic["returns"]
	if u.Useless > operatorMost+1e-9 {
		t.Errorf("they come to %.2f", u.Useless)
	}
	if u.Against+u.Dropped != 1000 {
		t.Errorf("%d are told of", u.Against+u.Dropped)
	}
	if u.Bonus < -retrieval.MaxBonus/2 {
		t.Errorf("one operator against twelve moves the source by %.3f", u.Bonus)
	}
}

func TestOneOperatorDoesNotSayWhatIsUsual(t *testing.T) {
	js := together(many(100, "returns", "a", 0.6), many(30, "returns", "b", -0.6))
	before := usefulness(js, &weighing{now: today})["a"].ByTopic["returns"].Bonus
	for i := range 5000 {
		js = append(js, credits("zealot", "delivery", fmt.Sprint("s", i), -1, 0))
	}
	after := usefulness(js, &weighing{now: today})["a"].ByTopic["returns"].Bonus
	if moved := math.Abs(after - before); moved > 0.03 {
		t.Errorf("5,000 votes on other sources moved one by %.4f", moved)
	}
}

func TestWhoMixesVotesIsBoundedAsWell(t *testing.T) {
	var js []judged
	for i := range 200 {
		js = append(js, credits("ann", "returns", "a", 1-2*float64(i%2), 0))
	}
	u := usefulness(js, &weighing{now: today})["a"].Whole
	near(t, "for and against", u.Useful+u.Useless, operatorMost)
	near(t, "for", u.Useful, u.Useless)
}

func TestAJudgementCountsHalfAfterAHalfLife(t *testing.T) {
	w := &weighing{now: today, halfLife: 90 * 24 * time.Hour, trust: map[string]retrieval.Trust{"doubtful": {Weight: 0.25}}}
	for _, c := range []struct {
		operator string
		days     float64
		want     float64
	}{{"ann", 0, 1}, {"ann", 90, .5}, {"ann", 180, .25}, {"ann", -30, 1}, {"doubtful", 90, .125}} {
		j := credits(c.operator, "returns", "a", 1, c.days)
		near(t, fmt.Sprintf("the weight of %s after %v days", c.operator, c.days), w.of(&j), c.want)
	}
	fresh := usefulness(many(10, "returns", "a", 0.3), w)["a"].Whole.Useful
	var old []judged
	for i := range 10 {
		old = append(old, credits(fmt.Sprint("a-operator-", i), "returns", "a", 0.3, 90))
	}
	// Bounding each operator's part makes it a little more than half.
	if faded := usefulness(old, w)["a"].Whole.Useful; faded < 0.5*fresh || faded > 0.53*fresh {
		t.Errorf("%.3f has faded to %.3f", fresh, faded)
	}
}

func TestASourceCountsElsewhereOnlyWhereEnoughAgree(t *testing.T) {
	counter := many(20, "returns", "b", -0.8)
	bonus := func(operators, topics int) float64 {
		var js []judged
		for i := range 12 {
			js = append(js, credits(fmt.Sprint("o", i%operators), fmt.Sprint("t", i%topics), "a", 0.9, 0))
		}
		return usefulness(together(js, counter), &weighing{now: today})["a"].Whole.Bonus
	}
	for _, c := range []struct {
		operators, topics int
		counts            bool
	}{{4, 3, true}, {3, 2, true}, {2, 2, false}, {12, 1, false}} {
		if got := bonus(c.operators, c.topics); (got > 0) != c.counts || got > wholeShare*retrieval.MaxBonus {
			t.Errorf("%d operators in %d topics: %+.4f", c.operators, c.topics, got)
		}
	}
}

func TestUsesOfLowPlacesCountForMoreWhereItIsKnownWhatWasShown(t *testing.T) {
	w := &weighing{now: today, examined: func(place int) float64 { return 1 / float64(place) }}
	useful := func(place int) float64 {
		js := many(1, "returns", "a", 0.1)
		js[0].credits[0].Place = place
		return usefulness(js, w)["a"].Whole.Useful
	}
	first, third, brought, last := useful(1), useful(3), useful(0), useful(200)
	if third < 2.7*first || third > 3*first {
		t.Errorf("a use of the first counts %.4f and of the third %.4f", first, third)
	}
	near(t, "one that was not shown", brought, first)
	if last > clipped*first {
		t.Errorf("the two hundredth counts %.4f, beyond the bound of %d times %.4f", last, clipped, first)
	}
	against := many(1, "returns", "a", -0.1)
	against[0].credits[0].Place = 3
	near(t, "a vote against the third", usefulness(against, w)["a"].Whole.Useless, first)
}

func TestACaseLendsItsCreditToItsArticle(t *testing.T) {
	j := credits("ann", "returns", "case-1", 0.8, 0)
	j.credits[0].Article = "a"
	u := usefulness([]judged{j}, &weighing{now: today})
	if len(u) != 2 || u["a"].Whole.Useful != u["case-1"].Whole.Useful {
		t.Errorf("the credits are %+v", u)
	}
}

// voted is many's judgements, on each of which one more operator has voted.
func voted(js []judged, voter string, amount float64) []judged {
	for i := range js {
		c := &js[i].credits[0]
		c.Base, c.Votes = c.Amount, []feedback.Vote{{OperatorID: voter, Amount: amount}}
		c.Sum()
	}
	return js
}

func TestVotesOnWhatOthersJudgedAreTheVotersOwn(t *testing.T) {
	w := &weighing{now: today}
	alone := usefulness(many(1000, "returns", "a", 0.8), w)["a"].ByTopic["returns"]
	u := usefulness(voted(many(1000, "returns", "a", 0.8), "zealot", -0.8), w)["a"].ByTopic["returns"]
	if u.Useless <= 0 || u.Useless > operatorMost+1e-9 {
		t.Errorf("a thousand votes of one operator on others' suggestions come to %.2f", u.Useless)
	}
	near(t, "what the others found", u.Useful, alone.Useful)
	w.trust = map[string]retrieval.Trust{"zealot": {Weight: 0}}
	u = usefulness(voted(many(10, "returns", "a", 0.8), "zealot", -0.8), w)["a"].ByTopic["returns"]
	near(t, "the word of one who is not trusted", u.Useless, 0)
}

func TestAVoteOnWhatAnotherJudgedDoesNotSayWhatIsUsual(t *testing.T) {
	w := &weighing{now: today}
	elsewhere := many(5, "delivery", "b", 0.8)
	before := usefulness(together(many(5, "returns", "a", 0.8), elsewhere), w)["b"].ByTopic["delivery"]
	after := usefulness(together(voted(many(5, "returns", "a", 0.8), "olga", -0.8), elsewhere), w)["b"].ByTopic["delivery"]
	near(t, "what another source earns", after.Bonus, before.Bonus)
}

func TestAnOperatorsOwnVoteAddsToWhatTheyDid(t *testing.T) {
	js := many(1, "returns", "a", 0.8)
	plain := usefulness(many(1, "returns", "a", 1), &weighing{now: today})["a"].Whole
	near(t, "kept and voted relevant", usefulness(voted(js, js[0].operator, 0.6), &weighing{now: today})["a"].Whole.Useful, plain.Useful)
}
