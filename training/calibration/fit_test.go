package calibration

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// distance is how far a curve is from the truth on average over what is
// suggested.
func distance(c Curve, w world, r *rand.Rand) float64 {
	const n = 4000
	sum := 0.
	for range n {
		s := w.score(r)
		sum += math.Abs(c.Apply(s)-w.right(s)) / n
	}
	return sum
}

// fitted returns the mean distance from the truth of curves fitted on n
// labels: over 30 draws, or fewer where each is sure.
func fitted(t *testing.T, w world, n int, fit func([]Example) (Curve, error)) float64 {
	t.Helper()
	r := rand.New(rand.NewPCG(3, uint64(n)))
	draws := max(5, min(30, 10_000/n))
	sum, done := 0., 0.
	for range draws {
		c, err := fit(w.sample(r, n))
		if errors.Is(err, ErrTooFew) {
			continue // 100 labels of an easy world can lack wrong ones
		}
		if err != nil {
			t.Fatal(err)
		}
		sum += distance(c, w, r)
		done++
	}
	if done < float64(draws)/3 {
		t.Fatalf("%v of %d draws of %d labels were enough", done, draws, n)
	}
	return sum / done
}

func TestFitComesNearTheTruth(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	raw := func([]Example) (Curve, error) { return Curve{}, nil }
	for _, w := range worlds() {
		t.Run(w.name, func(t *testing.T) {
			before := fitted(t, w, 100, raw)
			var after []float64
			for _, n := range []int{100, 199, 200, 400, 2000, 20_000} {
				after = append(after, fitted(t, w, n, Fit))
			}
			t.Logf("raw %.3f; fitted on 100, 199, 200, 400, 2,000, 20,000 labels %.3f", before, after)
			// A fit costs what its noise is: 4 points with 100 labels.
			if after[0] > before+.045 || after[3] > .05 || after[4] > .03 || after[5] > .015 {
				t.Errorf("raw %.3f, fitted %.3f", before, after)
			}
			if !(after[2] > after[3] && after[3] > after[4] && after[4] > after[5]) {
				t.Errorf("more labels did not help: %.3f", after)
			}
		})
	}
}

func TestFitChoosesItsMethodByTheNumberOfLabels(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	labels := worlds()[3].sample(r, IsotonicLabels)
	for _, tt := range []struct {
		name     string
		examples []Example
		want     string
	}{
		{"below the limit", labels[:IsotonicLabels-1], Platt},
		{"at the limit", labels, Isotonic},
		{"labels without weight do not count", append(slices.Clone(labels[1:]), Example{Score: .5}), Platt},
		{"nor does scale", scaled(labels, 1e-6), Isotonic},
		{"nor a huge scale", scaled(labels, 1e300), Isotonic},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Fit(tt.examples)
			if err != nil || c.Kind != tt.want {
				t.Errorf("got %q, %v, want %q", c.Kind, err, tt.want)
			}
		})
	}
}

func scaled(labels []Example, by float64) []Example {
	out := slices.Clone(labels)
	for i := range out {
		out[i].Weight *= by
	}
	return out
}

func TestFitSaysWhichLabelsAreMissing(t *testing.T) {
	some := func(right, wrong int) []Example {
		var out []Example
		for i := range right + wrong {
			out = append(out, Example{Score: .5, Right: i < right, Weight: 1})
		}
		return out
	}
	for _, tt := range []struct {
		name        string
		right, wron int
		want        string // empty: none missing
	}{
		{"none", 0, 0, "0 labels of at least 30, 0 right ones of at least 5, 0 wrong ones of at least 5"},
		{"one short", 15, 14, "29 labels of at least 30"},
		{"enough", 15, 15, ""},
		{"all right", 300, 0, "0 wrong ones of at least 5"},
		{"few right", 4, 300, "4 right ones of at least 5"},
		{"just enough right", 5, 300, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Fit(some(tt.right, tt.wron))
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, ErrTooFew) || !strings.HasSuffix(err.Error(), ": "+tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	heavy := some(100, 100)
	heavy[0].Weight = 1e6
	if _, err := Fit(heavy); !errors.Is(err, ErrTooFew) {
		t.Errorf("one label that outweighs 199 others was enough: %v", err)
	}
}

func TestACurveNeverTurnsTheOrderRound(t *testing.T) {
	for _, n := range []int{100, 1000} {
		var labels []Example
		for i := range n {
			labels = append(labels, Example{Score: float64(i) / float64(n), Right: i%10 < 8-7*i/n, Weight: 1})
		}
		c, err := Fit(labels)
		if err != nil {
			t.Fatal(err)
		}
		if low, high := c.Apply(0), c.Apply(1); low != high || low < .3 || low > .6 {
			t.Errorf("%s goes from %.3f to %.3f where the confident are wrong", c.Kind, low, high)
		}
	}
}

func TestFewLabelsOfOneOutcomeAreNoCertainty(t *testing.T) {
	var labels []Example
	for i := range 200 {
		// The 20 most confident are right, the 20 least confident wrong.
		labels = append(labels, Example{Score: float64(i) / 200, Right: i >= 180 || i >= 20 && i%2 > 0, Weight: 1})
	}
	c, err := Fit(labels)
	if err != nil {
		t.Fatal(err)
	}
	if low, high := c.Apply(0), c.Apply(1); low < .02 || low > .15 || high > .98 || high < .85 {
		t.Errorf("20 of 20 labels make the ends %.3f and %.3f", low, high)
	}
}

func TestTheSampledCurveIsTheLogisticOne(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, truth := range [][2]float64{{1, 0}, {.4, 1}, {3, -1}, {2, -2}} {
		var labels []Example
		for range 199 {
			s := r.Float64()
			labels = append(labels, Example{Score: s, Right: r.Float64() < logistic(truth[0]*logOdds(s)+truth[1]), Weight: 1})
		}
		slope, bias := newton(usable(labels))
		c, err := Fit(labels)
		if err != nil {
			t.Fatal(err)
		}
		for s := .001; s < .999; s += .0007 {
			if want := logistic(slope*logOdds(s) + bias); math.Abs(c.Apply(s)-want) > .005 {
				t.Fatalf("at %.4f the curve is %.4f, the fit %.4f", s, c.Apply(s), want)
			}
		}
	}
}

// The derivatives are those of the loss, and the fit is where they vanish.
func TestNewtonEndsAtTheMinimum(t *testing.T) {
	labels := usable(worlds()[1].sample(rand.New(rand.NewPCG(6, 6)), 150))
	slope, bias := newton(labels)
	right, wrong := outcomes(labels)
	var f plattFit
	for _, e := range labels {
		target := 1 / (wrong + 2)
		if e.Right {
			target = (right + 1) / (right + 2)
		}
		f.x, f.target, f.weight = append(f.x, logOdds(e.Score)), append(f.target, target), append(f.weight, e.Weight)
	}
	const h = 1e-4
	least := f.loss(slope, bias)
	for _, d := range [][2]float64{{h, 0}, {-h, 0}, {0, h}, {0, -h}} {
		if f.loss(slope+d[0], bias+d[1]) < least {
			t.Errorf("the loss at (%v, %v) is not the least", slope, bias)
		}
	}
	g, _ := f.derivatives(slope+.3, bias-.2)
	slopeStep := (f.loss(slope+.3+h, bias-.2) - f.loss(slope+.3-h, bias-.2)) / (2 * h)
	biasStep := (f.loss(slope+.3, bias-.2+h) - f.loss(slope+.3, bias-.2-h)) / (2 * h)
	if math.Abs(g[0]-slopeStep) > 1e-4 || math.Abs(g[1]-biasStep) > 1e-4 {
		t.Errorf("the gradient is %v, by differences (%v, %v)", g, slopeStep, biasStep)
	}
}

func TestACurveSurvivesBeingStored(t *testing.T) {
	c, err := Fit(worlds()[3].sample(rand.New(rand.NewPCG(5, 6)), 500))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back Curve
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	for s := 0.; s <= 1; s += .01 {
		if c.Apply(s) != back.Apply(s) {
			t.Fatalf("at %v: %v, then %v", s, c.Apply(s), back.Apply(s))
		}
	}
}

func TestApplyStaysBetweenItsKnots(t *testing.T) {
	c := Curve{Points: [][2]float64{{.2, .1}, {.4, .5}, {.8, .5}, {.9, .7}}}
	for _, tt := range []struct{ score, want float64 }{
		{-1, .1}, {0, .1}, {.2, .1}, {.3, .3}, {.4, .5}, {.6, .5}, {.85, .6}, {.9, .7}, {1, .7}, {7, .7},
		{math.NaN(), .1}, {math.Inf(1), .7}, {math.Inf(-1), .1},
	} {
		if got := c.Apply(tt.score); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("Apply(%v) = %v, want %v", tt.score, got, tt.want)
		}
	}
	if got := (Curve{}).Apply(.3); got != .3 {
		t.Errorf("the zero curve makes .3 %v", got)
	}
}

func TestTheOrderOfLabelsChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	labels := worlds()[0].sample(r, 600)
	for i := range labels {
		labels[i].Score = math.Round(20*labels[i].Score) / 20
		labels[i].Weight = float64(1 + i%3)
	}
	given := slices.Clone(labels)
	want, err := Fit(labels)
	if err != nil {
		t.Fatal(err)
	}
	promise := Threshold(labels, .2, .1)
	if !slices.Equal(labels, given) {
		t.Error("the labels were changed")
	}
	r.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	got, err := Fit(labels)
	if err != nil {
		t.Fatal(err)
	}
	for s := 0.; s <= 1; s += .01 {
		if math.Abs(got.Apply(s)-want.Apply(s)) > 1e-9 {
			t.Fatalf("at %v: %v, shuffled %v", s, want.Apply(s), got.Apply(s))
		}
	}
	if got := Threshold(labels, .2, .1); got != promise {
		t.Errorf("got %+v, shuffled %+v", promise, got)
	}
}

// FuzzFit holds every curve to its contract, whatever the labels.
func FuzzFit(f *testing.F) {
	f.Add([]byte("any labels at all will do, this many bytes make a few of them"))
	seed := make([]byte, 0, 20_000)
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		for _, v := range []float64{r.Float64(), math.Exp(600 * r.NormFloat64())} {
			seed = binary.LittleEndian.AppendUint64(seed, math.Float64bits(v))
		}
		seed = append(seed, byte(r.IntN(2)))
	}
	f.Add(seed)
	f.Add(slices.Repeat([]byte{1, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, 250))
	f.Fuzz(func(t *testing.T, data []byte) {
		var labels []Example
		// The fuzzer finds it hard to make 30 labels: each serves many times.
		for ; len(data) >= 17; data = data[17:] {
			e := Example{
				Score:  math.Float64frombits(binary.LittleEndian.Uint64(data)),
				Weight: math.Float64frombits(binary.LittleEndian.Uint64(data[8:])),
				Right:  data[16]&1 > 0,
			}
			for range 1 + data[16]>>3 {
				labels = append(labels, e)
			}
		}
		for _, v := range []float64{Error(labels, Bins), Brier(labels), AUROC(labels)} {
			if !(v >= 0 && v <= 1+1e-9) {
				t.Fatalf("a figure is %v", v)
			}
		}
		if p := Threshold(labels, .1, .1); math.IsNaN(p.Threshold) || p.OK != (p.Bound <= .1) {
			t.Fatalf("the promise is %+v", p)
		}
		c, err := Fit(labels)
		if err != nil {
			return
		}
		for i, p := range c.Points {
			if !(p[0] >= 0 && p[0] <= 1 && p[1] > 0 && p[1] < 1) {
				t.Fatalf("knot %d of the %s curve is %v", i, c.Kind, p)
			}
			if i > 0 && (p[0] <= c.Points[i-1][0] || p[1] < c.Points[i-1][1]) {
				t.Fatalf("knots %d and after of the %s curve are %v, %v", i-1, c.Kind, c.Points[i-1], p)
			}
		}
		last := 0.
		for i := range 1001 {
			p := c.Apply(float64(i) / 1000)
			if !(p >= last && p > 0 && p < 1) {
				t.Fatalf("at %v the %s curve is %v, after %v", float64(i)/1000, c.Kind, p, last)
			}
			last = p
		}
	})
}

func BenchmarkFit(b *testing.B) {
	labels := worlds()[0].sample(rand.New(rand.NewPCG(1, 1)), 100_000)
	for b.Loop() {
		if _, err := Fit(labels); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkThreshold(b *testing.B) {
	labels := worlds()[0].sample(rand.New(rand.NewPCG(1, 1)), 100_000)
	for b.Loop() {
		Threshold(labels, .2, .1)
	}
}
