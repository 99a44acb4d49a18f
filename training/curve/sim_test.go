package curve

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A world is where simulated topics come from.
type world struct {
	topics, events int
	kLow, kHigh    float64
	quality        func(mean float64, rng *rand.Rand) float64
	seed           uint64 // of the first of the repeats
}

type truth struct{ a, y0, k float64 }

func (t truth) at(n float64) float64 { return t.a - (t.a-t.y0)*math.Exp(-(n-1)/t.k) }

func useful(mean float64, rng *rand.Rand) float64 { return draw(mean, 1, rng) }

// edited is one minus an edit distance: a reply that is edited more or less.
func edited(mean float64, rng *rand.Rand) float64 { return draw(mean, 0.15, rng) }

// mixed is the same with a share of replies sent as they are.
func mixed(mean float64, rng *rand.Rand) float64 {
	if rng.Float64() < mean*mean {
		return 1
	}
	return draw(mean/(1+mean), 0.15, rng)
}

func (w world) draw(rng *rand.Rand) (map[string][]Encounter, map[string]truth) {
	topics, truths := map[string][]Encounter{}, map[string]truth{}
	for i := range w.topics {
		name := fmt.Sprintf("topic %04d", i)
		u := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
		tr := truth{u(.7, .95), u(.1, .4), u(w.kLow, w.kHigh)}
		truths[name] = tr
		for n := 1; n <= w.events; n++ {
			topics[name] = append(topics[name], Encounter{N: n, Day: float64(n - 1), Quality: w.quality(tr.at(float64(n)), rng)})
		}
	}
	return topics, truths
}

// A score is how well topics were recovered.
type score struct {
	rate, level           float64 // median relative error
	rateCover, levelCover float64
	constant              float64 // the median relative error of always saying the middle of the range
}

func (w world) score(t testing.TB, repeats int, o Options) score {
	var rates, levels, constant []float64
	var rateIn, levelIn float64
	for r := range repeats {
		rng := rand.New(rand.NewPCG(w.seed+uint64(r), 8))
		topics, truths := w.draw(rng)
		o.Seed = uint64(r)
		f, err := FitAll(topics, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Sorted(maps.Keys(truths)) {
			tr := truths[name]
			c := f.Topics[name]
			rates = append(rates, math.Abs(c.K.Value-tr.k)/tr.k)
			levels = append(levels, math.Abs(c.A.Value-tr.a)/tr.a)
			constant = append(constant, math.Abs((w.kLow+w.kHigh)/2-tr.k)/tr.k)
			if c.K.Low <= tr.k && tr.k <= c.K.High {
				rateIn++
			}
			if c.A.Low <= tr.a && tr.a <= c.A.High {
				levelIn++
			}
		}
	}
	n := float64(len(rates))
	return score{median(rates), median(levels), rateIn / n, levelIn / n, median(constant)}
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
