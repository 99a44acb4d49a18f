package calibration

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFiguresOfLabelsCountedByHand(t *testing.T) {
	// Two bins of equal mass: .2 .4 with half right, .6 .8 with all right.
	labels := []Example{{.8, true, 1}, {.2, false, 1}, {.6, true, 1}, {.4, true, 1}}
	twice := []Example{{.8, true, 2}, {.2, false, 2}, {.6, true, 2}, {.4, true, 2}}
	doubled := []Example{{.8, true, 1}, {.2, false, 2}, {.6, true, 1}, {.4, true, 1}}
	for _, tt := range []struct {
		name                string
		labels              []Example
		error, brier, auroc float64
	}{
		{"none", nil, 0, 0, .5},
		{"four", labels, (.2 + .3) / 2, (.04 + .04 + .16 + .36) / 4, 1},
		{"four of twice the weight", twice, (.2 + .3) / 2, (.04 + .04 + .16 + .36) / 4, 1},
		// Bins of 3 and 2: (.2 .2 .4) a third right, (.6 .8).
		{"one that counts twice", doubled, .6*math.Abs(.8/3-1./3) + .4*.3, (.04 + .08 + .16 + .36) / 5, 1},
		{"a tie counts half", []Example{{.5, true, 1}, {.5, false, 1}}, 0, .25, .5},
		{"the wrong way round", []Example{{.1, true, 1}, {.9, false, 1}}, .9, .81, 0},
		{"one outcome", []Example{{.9, true, 1}}, .1, .01, .5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, f := range []struct {
				name      string
				got, want float64
			}{
				{"error", Error(tt.labels, 2), tt.error}, {"Brier", Brier(tt.labels), tt.brier}, {"AUROC", AUROC(tt.labels), tt.auroc},
			} {
				if math.Abs(f.got-f.want) > 1e-9 {
					t.Errorf("%s = %v, want %v", f.name, f.got, f.want)
				}
			}
		})
	}
}

func TestEqualScoresShareABin(t *testing.T) {
	var labels []Example
	for i := range 90 {
		labels = append(labels, Example{Score: .5, Right: i < 45, Weight: 1})
	}
	if got := Error(labels, Bins); got > 1e-12 {
		t.Errorf("parting equal scores made an error of %v", got)
	}
	if bins := Reliability(labels, Bins); len(bins) != 1 || math.Abs(bins[0].Labels-90) > 1e-9 {
		t.Errorf("got %v", bins)
	}
}

func TestReliabilityBinsHaveEqualMass(t *testing.T) {
	for _, n := range []int{15, 100, 400, 1249} {
		bins := Reliability(worlds()[0].sample(rand.New(rand.NewPCG(2, 2)), n), Bins)
		if len(bins) != Bins {
			t.Fatalf("%d labels make %d bins", n, len(bins))
		}
		for _, b := range bins {
			if math.Abs(b.Labels-float64(n)/Bins) > 1 {
				t.Errorf("a bin of %d labels has %v", n, b.Labels)
			}
		}
	}
}

// Calibration error after 400 tickets, on the 800 that follow: the figure the
// issue asks for is at most .06.
func TestFitLowersTheErrorOnLaterLabels(t *testing.T) {
	for _, w := range worlds() {
		t.Run(w.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, 11))
			const draws = 40
			var raw, fit, perfect float64
			for range draws {
				c, err := Fit(w.sample(r, 400))
				if err != nil {
					t.Fatal(err)
				}
				later := w.sample(r, 800)
				raw += Error(later, Bins) / draws
				fit += Error(through(later, c.Apply), Bins) / draws
				perfect += Error(through(later, w.right), Bins) / draws
			}
			t.Logf("raw %.3f, fitted %.3f, the truth itself %.3f", raw, fit, perfect)
			if fit > .06 || fit > max(raw, perfect)+.015 {
				t.Errorf("raw %.3f, fitted %.3f", raw, fit)
			}
		})
	}
}

func through(labels []Example, f func(float64) float64) []Example {
	out := make([]Example, len(labels))
	for i, e := range labels {
		e.Score = f(e.Score)
		out[i] = e
	}
	return out
}
