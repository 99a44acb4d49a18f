package retrieval

import (
	"bytes"
	"math"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
)

func TestApart(t *testing.T) {
	scores := func(xs ...float64) []Candidate {
		cs := make([]Candidate, len(xs))
		for i, x := range xs {
			cs[i].Score = x
		}
		return cs
	}
	alone := apart(scores(0.5), []float64{1})
	ahead := apart(scores(0.5, 0.45), []float64{1, 0})
	level := apart(scores(0.5, 0.5), []float64{1, 0})
	twins := apart(scores(0.5, 0.5), []float64{1, 0.9})
	among := apart(scores(0.5, 0.5, 0.5, 0.5), []float64{1, 0, 0, 0})
	if alone != apartMost || ahead >= alone || level != 0 || twins <= level || among >= level {
		t.Errorf("alone %.2f, ahead %.2f, level %.2f, level with its like %.2f, level with three %.2f", alone, ahead, level, twins, among)
	}
}

func TestAgreement(t *testing.T) {
	apart := []float64{1, 0}
	one := agreement([]Candidate{{Title: 0.4, Body: 0.3, Grams: 0.2}, {Title: 0.1, Body: 0.1, Grams: 0.1}}, apart)
	torn := agreement([]Candidate{{Title: 0.4, Body: 0.1, Grams: 0.2}, {Title: 0.1, Body: 0.4, Grams: 0.2}}, apart)
	small := agreement([]Candidate{{Title: 0.04, Body: 0.03, Grams: 0.02}, {Title: 0.01, Body: 0.01, Grams: 0.01}}, apart)
	if one <= torn || one > 1 || torn < 0 || math.Abs(one-small) > 1e-9 {
		t.Errorf("of one mind %.3f, and %.3f with lower scores; torn %.3f", one, small, torn)
	}
	if none := agreement([]Candidate{{}, {}}, apart); none != 0 {
		t.Errorf("where nothing was found by any way they agree %.3f", none)
	}
}

// known plants questions and returns the odds of another.
func known(t *testing.T, ks []Known, language, question string, ids ...string) float64 {
	t.Helper()
	v, err := embeddings.Local{}.Embed(t.Context(), []string{question})
	if err != nil {
		t.Fatal(err)
	}
	return KnownOdds(ks, language, v[0], ids)
}

func plantKnown(t *testing.T, question string, covered bool, sources ...string) Known {
	t.Helper()
	v, err := embeddings.Local{}.Embed(t.Context(), []string{question})
	if err != nil {
		t.Fatal(err)
	}
	k := NewKnown(question, "en", v[0], sources)
	k.Covered, k.Weight = covered, 1
	return k
}

func TestKnownOdds(t *testing.T) {
	const boiler, lamp, parcel = "how do I descale the boiler", "which bulb fits the desk lamp", "where is my parcel"
	ks := []Known{
		plantKnown(t, boiler, true, "descaling"), plantKnown(t, boiler, true, "descaling"), plantKnown(t, parcel, true, "tracking"),
		plantKnown(t, lamp, false, "lamp", "warranty"), plantKnown(t, lamp, false, "lamp", "warranty"),
	}
	for _, tt := range []struct {
		name     string
		odds     float64
		from, to float64
	}{
		{"like questions were answered", known(t, ks, "en", "descale a boiler, how?", "descaling", "lamp"), 0.1, knownMost},
		{"like questions were not", known(t, ks, "en", "what bulb for a desk lamp?", "lamp", "descaling"), -knownMost, -0.1},
		{"an article was published since", known(t, ks, "en", "what bulb for a desk lamp?", "bulbs", "lamp"), 0, 0},
		{"the article that answered is gone", known(t, ks, "en", "descale a boiler, how?", "lamp", "tracking"), -0.05, 0.05},
		{"nothing like it was asked", known(t, ks, "en", "zebra crossing fine", "lamp"), -0.05, 0.05},
		{"another language", known(t, ks, "de", boiler, "descaling"), 0, 0},
		{"nothing was found", known(t, ks, "en", "zebra crossing fine"), -0.05, 0.05},
	} {
		if tt.odds < tt.from || tt.odds > tt.to {
			t.Errorf("%s: the odds are %.3f, want %.2f to %.2f", tt.name, tt.odds, tt.from, tt.to)
		}
	}
}

func TestKnownOddsAreBounded(t *testing.T) {
	var ks []Known
	for range 500 {
		ks = append(ks, plantKnown(t, "which bulb fits the desk lamp", false, "lamp"))
	}
	for range 5000 {
		ks = append(ks, plantKnown(t, "where is my parcel", true, "tracking"))
	}
	if odds := known(t, ks, "en", "which bulb fits the desk lamp", "lamp"); odds != -knownMost {
		t.Errorf("500 judgements come to %.2f, want %d", odds, -knownMost)
	}
}

func TestCoveredListensAsMuchAsWasLearned(t *testing.T) {
	none, some := Beliefs{}, Beliefs{KnownWeight: 1}
	if p := none.Covered("en", 0.7, -2); p != 0.7 {
		t.Errorf("without a weight the confidence is %.2f", p)
	}
	if low, high := some.Covered("en", 0.7, -2), some.Covered("en", 0.7, 2); low >= 0.7 || high <= 0.7 || low <= 0 || high >= 1 {
		t.Errorf("from 0.7 the confidence goes to %.2f and %.2f", low, high)
	}
	if p := some.Covered("en", 0, 2); p != 0 {
		t.Errorf("what has no evidence gets %.2f", p)
	}
}

func TestAKnownQuestionHoldsNoText(t *testing.T) {
	k := plantKnown(t, "my name is Zebedee", true, "a")
	if bytes.Contains(k.Vector, []byte("Zebedee")) || k.Key == "my name is Zebedee" || k.Key != KnownKey("my name is Zebedee") {
		t.Errorf("it is kept as %q", k.Key)
	}
}
