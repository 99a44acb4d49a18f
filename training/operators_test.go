package training

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A desk makes up judged suggestions: candidates with signals drawn at random,
// of which the right one is drawn by what the factors make of them.
type desk struct {
	rng     *rand.Rand
	factors retrieval.Factors
	cases   float64 // weight of what cases say that is true
	sharp   float64 // how often the best is right
}

func newDesk(seed uint64) *desk {
	return &desk{rng: rand.New(rand.NewPCG(seed, 3)), cases: 1, sharp: 40}
}

// ask returns a suggestion with ten candidates, best first as is usual, judged
// by an operator who knows what is right.
func (d *desk) ask(operator string) judged {
	cs := make([]retrieval.Candidate, 10)
	for i := range cs {
		c := &cs[i]
		*c = retrieval.Candidate{
			ID: fmt.Sprintf("article %d", i), Title: 0.2 * d.rng.Float64(), Body: 0.2 * d.rng.Float64(), Grams: 0.2 * d.rng.Float64(),
			Place: 0.2 * d.rng.Float64(), Dense: 0.2 * d.rng.Float64(),
		}
		if d.rng.IntN(3) == 0 {
			c.Cases = 0.3 * d.rng.Float64()
		}
		c.Score = c.Rescore(retrieval.Factors{}, 1, 0)
	}
	right := d.draw(cs)
	sortByScore(cs)
	j := judged{operator: operator, used: feedback.Changed, right: right, candidates: cs}
	for i := range 5 {
		j.shown = append(j.shown, cs[i].ID)
	}
	return j
}

func sortByScore(cs []retrieval.Candidate) {
	for i := range cs {
		for k := i; k > 0 && cs[k].Score > cs[k-1].Score; k-- {
			cs[k], cs[k-1] = cs[k-1], cs[k]
		}
	}
}

// draw returns the right one.
func (d *desk) draw(cs []retrieval.Candidate) string {
	var chances []float64
	all := 0.
	for i := range cs {
		p := math.Exp(d.sharp * cs[i].Rescore(d.factors, d.cases, 0))
		chances = append(chances, p)
		all += p
	}
	x := d.rng.Float64() * all
	for i, p := range chances {
		if x -= p; x < 0 {
			return cs[i].ID
		}
	}
	return cs[len(cs)-1].ID
}

// day returns n judgements of each of some operators.
func (d *desk) day(operators, n int) []judged {
	var js []judged
	for range n {
		for o := range operators {
			js = append(js, d.ask(fmt.Sprintf("operator %d", o)))
		}
	}
	return js
}

// easy makes the first candidate the right one by far, and hard all alike.
func (d *desk) easy(operator string) judged {
	j := d.ask(operator)
	j.candidates[0].Score += 0.3
	j.right = j.candidates[0].ID
	return j
}

func (d *desk) hard(operator string) judged {
	j := d.ask(operator)
	for i := range j.candidates {
		j.candidates[i].Score = 0.1
	}
	j.right = j.candidates[d.rng.IntN(len(j.candidates))].ID
	return j
}

// wrong makes the judgement name an article that is not among the best.
func wrong(j judged) judged {
	j.right = "article nobody asked for"
	return j
}

func evenly(*judged) float64 { return 1 }

func TestAnOperatorWhoNamesWrongArticlesIsListedAndCountsForLittle(t *testing.T) {
	d := newDesk(1)
	var js []judged
	for range 40 {
		for o := range 9 {
			js = append(js, d.easy(fmt.Sprintf("operator %d", o)))
		}
		js = append(js, wrong(d.easy("hostile")))
	}
	trust := operatorTrust(js)
	if h := trust["hostile"]; !h.Listed || h.Weight > 0.1 || h.Apart != 40 {
		t.Errorf("hostile operator: %+v", h)
	}
	for o := range 9 {
		if x := trust[fmt.Sprintf("operator %d", o)]; x.Listed || x.Weight < 0.95 {
			t.Errorf("operator %d: %+v", o, x)
		}
	}
}

func TestAnOperatorWithFewJudgementsIsNotListed(t *testing.T) {
	d := newDesk(2)
	var js []judged
	for range 40 {
		js = append(js, d.easy("one"), d.easy("other"))
	}
	for range 10 {
		js = append(js, wrong(d.easy("new")))
	}
	if x := operatorTrust(js)["new"]; x.Listed || x.Weight < 0.2 {
		t.Errorf("new operator: %+v", x)
	}
}

func TestAnOperatorWhoWorksOnHardQuestionsCountsFully(t *testing.T) {
	d := newDesk(3)
	var js []judged
	for range 60 {
		for o := range 8 {
			js = append(js, d.easy(fmt.Sprintf("operator %d", o)))
		}
		js = append(js, d.hard("specialist"))
	}
	for range 20 { // what others meet of them now and then goes no better
		for o := range 8 {
			js = append(js, d.hard(fmt.Sprintf("operator %d", o)))
		}
	}
	trust := operatorTrust(js)
	x := trust["specialist"]
	if x.Apart < 30 {
		t.Fatalf("the questions are not hard: %+v", x)
	}
	if x.Listed || x.Weight < 0.7 {
		t.Errorf("specialist: %+v", x)
	}
}

func TestNothingIsHeldAgainstAnOperatorNobodyCanBeComparedWith(t *testing.T) {
	d := newDesk(4)
	var js []judged
	for range 100 {
		js = append(js, wrong(d.hard("only one")))
	}
	if x := operatorTrust(js)["only one"]; x.Listed || x.Weight != 1 {
		t.Errorf("%+v", x)
	}
	for i := range js[:40] {
		js[i].right = js[i].candidates[0].ID
	}
	lucky := d.hard("other")
	lucky.right = lucky.candidates[0].ID
	if x := operatorTrust(append(js, lucky))["only one"]; x.Listed || x.Weight < 0.7 {
		t.Errorf("beside one judgement of another: %+v", x)
	}
}

func TestWhoJudgesMostIsNotTheMeasureOfTheOthers(t *testing.T) {
	d := newDesk(5)
	var js []judged
	for range 1000 {
		js = append(js, wrong(d.easy("hostile")))
	}
	for range 50 {
		for o := range 5 {
			js = append(js, d.easy(fmt.Sprintf("operator %d", o)))
		}
	}
	for i := range 50 {
		j := d.easy("careless")
		if i%2 == 0 {
			j = wrong(j)
		}
		js = append(js, j)
	}
	trust := operatorTrust(js)
	if x := trust["careless"]; x.Weight > 0.6 {
		t.Errorf("careless operator beside a hostile one: %+v", x)
	}
	if h := trust["hostile"]; !h.Listed || h.Weight > 0.05 {
		t.Errorf("hostile operator: %+v", h)
	}
	if x := trust["operator 0"]; x.Listed || x.Weight < 0.95 {
		t.Errorf("one of the others: %+v", x)
	}
}

func TestRefusingWhatOthersSendCountsAgainstAnOperator(t *testing.T) {
	d := newDesk(6)
	var js []judged
	for range 40 {
		for o := range 5 {
			j := d.easy(fmt.Sprintf("operator %d", o))
			j.right, j.used = "", feedback.Unchanged
			js = append(js, j)
		}
		j := d.easy("refuses")
		j.right, j.used, j.decision = "", feedback.Refused, retrieval.Drafted
		js = append(js, j)
	}
	if x := operatorTrust(js)["refuses"]; !x.Listed || x.Weight > 0.1 {
		t.Errorf("%+v", x)
	}
}

func TestACaseIsBelievedAsFarAsThoseBehindIt(t *testing.T) {
	trust := map[string]retrieval.Trust{"doubted": {Weight: 0.2}, "trusted": {Weight: 1}}
	got := caseBelief(map[string][]string{
		"by one doubted": {"doubted"}, "by both": {"doubted", "trusted"}, "by one trusted": {"trusted"}, "by one unknown": {"somebody"},
	}, trust)
	if len(got) != 2 || got["by one doubted"] != 0.2 || math.Abs(got["by both"]-0.6) > 1e-12 {
		t.Errorf("got %v", got)
	}
}
