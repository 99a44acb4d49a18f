package training

import (
	"math"
	"reflect"
	"testing"

	"github.com/whetstone-desk/whetstone/retrieval"
)

func factorList(f retrieval.Factors) [signals]float64 {
	return [signals]float64{f.Title, f.Body, f.Grams, f.Place, f.Dense}
}

// factorsApart is the largest difference between factors.
func factorsApart(f, g retrieval.Factors) float64 {
	a, b, most := factorList(f), factorList(g), 0.
	for i := range a {
		most = max(most, math.Abs(a[i]-b[i]))
	}
	return most
}

func TestWithTooFewJudgementsFactorsChangeNothing(t *testing.T) {
	f, byTopic := fitFactors(newDesk(1).day(3, 13), evenly)
	if f != (retrieval.Factors{}) || byTopic != nil {
		t.Errorf("got %+v, %v", f, byTopic)
	}
}

func TestFittedFactorsRecoverThoseThatOperatorsChoseBy(t *testing.T) {
	d := newDesk(2)
	d.sharp = sharpness
	d.factors = retrieval.Factors{Title: 1.6, Body: 0.7, Grams: 1, Place: 1.3, Dense: 0.8}
	js := d.day(50, 80)
	for i := range js {
		js[i].shown = nil // nothing was hidden by where it stood
	}
	f, _ := fitFactors(js, evenly)
	if factorsApart(f, d.factors) > 0.2 || f.Cases != 0 {
		t.Errorf("got %+v, want about %+v", f, d.factors)
	}
}

func TestFactorsStayWithinTheirBounds(t *testing.T) {
	d := newDesk(3)
	d.sharp = 60
	d.factors = retrieval.Factors{Title: 8, Body: -6, Grams: 6, Place: -4, Dense: 1}
	f, _ := fitFactors(d.day(60, 60), evenly)
	if f.Title != retrieval.MaxFactor || f.Body != retrieval.MinFactor {
		t.Errorf("factors do not reach the bounds: %+v", f)
	}
	for _, x := range factorList(f) {
		if x < retrieval.MinFactor || x > retrieval.MaxFactor {
			t.Errorf("out of bounds: %+v", f)
		}
	}
}

func TestAThousandJudgementsOfOneOperatorMoveFactorsByLittle(t *testing.T) {
	d := newDesk(4)
	js := d.day(20, 50)
	before, _ := fitFactors(js, evenly)
	hostile := newDesk(5)
	hostile.factors = retrieval.Factors{Title: -3, Body: 3, Grams: -3, Place: 3, Dense: -3}
	some, many := js[:len(js):len(js)], js[:len(js):len(js)]
	for i := range 1000 {
		j := hostile.ask("hostile")
		if many = append(many, j); i < 200 {
			some = append(some, j)
		}
	}
	two, _ := fitFactors(some, evenly)
	ten, _ := fitFactors(many, evenly)
	if x := factorsApart(ten, before); x == 0 || x > 0.4 {
		t.Errorf("moved by %v: from %+v to %+v", x, before, ten)
	}
	if x := factorsApart(ten, two); x > 0.2 {
		t.Errorf("800 more moved by %v: from %+v to %+v", x, two, ten)
	}
}

func TestATopicThatDiffersGetsFactorsBetweenTheWholesAndItsOwn(t *testing.T) {
	d, other := newDesk(6), newDesk(7)
	other.factors = retrieval.Factors{Title: 2, Body: 0.5}
	js := d.day(20, 50)
	for i := range js {
		js[i].topic = "usual"
	}
	for _, part := range []struct {
		topic string
		n     int
	}{{"little", 4}, {"some", 20}, {"much", 100}} {
		for _, j := range other.day(5, part.n) {
			j.topic = part.topic
			js = append(js, j)
		}
	}
	whole, byTopic := fitFactors(js, evenly)
	if _, ok := byTopic["little"]; ok {
		t.Error("20 judgements made factors of a topic")
	}
	lead := func(f retrieval.Factors) float64 { return f.Title - f.Body }
	if a, b, c := lead(whole), lead(byTopic["some"]), lead(byTopic["much"]); !(a < b && b < c && c <= 1.5) {
		t.Errorf("title over body: whole %v, 100 judgements %v, 500 judgements %v", a, b, c)
	}
}

func TestATopicOfOneOperatorGetsNoFactorsOfItsOwn(t *testing.T) {
	js := newDesk(8).day(1, 100)
	for i := range js {
		js[i].topic = "one"
	}
	if _, byTopic := fitFactors(js, evenly); len(byTopic) != 0 {
		t.Errorf("got %v", byTopic)
	}
}

// looked leaves the judgements whose right source the operator has looked at,
// from the first place down less and less often.
func looked(d *desk, js []judged, chance func(place int) float64) []judged {
	var out []judged
	for _, j := range js {
		if at := shownAt(&j); at == 0 || d.rng.Float64() < chance(at) {
			out = append(out, j)
		}
	}
	return out
}

func TestPlacesThatAreLookedAtLessAreFoundOut(t *testing.T) {
	d := newDesk(9)
	d.sharp = sharpness
	all := d.day(20, 200)
	even, steep := examination(all), examination(looked(d, all, func(place int) float64 { return 1 / float64(place*place) }))
	for place := 2; place <= 5; place++ {
		if a, b := even(place), steep(place); a-b < 0.1 || b < placeLeast*usuallyExamined(place)-1e-12 || a > 1 {
			t.Errorf("place %d: %v where all are looked at, %v where few are", place, a, b)
		}
	}
	if none := examination(nil); math.Abs(none(4)-0.5) > 1e-9 || none(1) != 1 || none(50) != none(10) || none(0) != 1 {
		t.Errorf("without judgements: %v, %v, %v", none(1), none(4), none(50))
	}
}

func TestFactorsAreDebiasedFromWhereSourcesStood(t *testing.T) {
	d := newDesk(10)
	d.sharp = sharpness
	d.factors = retrieval.Factors{Title: 1.8, Body: 0.6}
	seen := looked(d, d.day(50, 120), func(place int) float64 { return 1 / float64(place) })
	blind := make([]judged, len(seen))
	for i, j := range seen {
		j.shown = nil
		blind[i] = j
	}
	with, _ := fitFactors(seen, evenly)
	without, _ := fitFactors(blind, evenly)
	if a, b := with.Title/with.Body, without.Title/without.Body; a < b+0.05 {
		t.Errorf("title beside body is %v with places and %v without, of 3", a, b)
	}
}

func TestTheSameJudgementsGiveTheSameFactorsToTheLastBit(t *testing.T) {
	js := newDesk(11).day(12, 40)
	for i := range js {
		js[i].topic = []string{"a", "b", "c"}[i%3]
	}
	f, byTopic := fitFactors(js, evenly)
	for range 3 {
		again, topics := fitFactors(js, evenly)
		if again != f || !reflect.DeepEqual(topics, byTopic) {
			t.Errorf("%+v and then %+v", f, again)
		}
	}
}
