// Package eval measures how well sources are found: the usual figures of
// information retrieval, each with the interval that its number of questions
// allows, and a paired comparison of two rankings of the same questions.
package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A Ranked is what was found for one question.
type Ranked struct {
	Query    string          // its id
	Language string          // ISO 639-1
	Found    []string        // document ids, best first, each once
	Relevant map[string]bool // the ids that are right; not empty
}

// Names lists the figures in the order in which they are printed.
func Names() []string {
	return []string{"hit@1", "hit@3", "hit@5", "mrr@10", "ndcg@10", "map", "recall@100"}
}

// Score returns the question's figures, in the order of Names, each from 0 to
// 1. hit@k: one of the first k is right. mrr@10: 1 over the place of the first
// right one, 0 beyond 10. ndcg@10: with gain 1 and discount 1/log2(place+1)
// (Järvelin and Kekäläinen 2002). map: the mean, over all that are right, of
// the precision at their places. recall@100: the share of the right ones among
// the first 100.
func (r *Ranked) Score() []float64 {
	var hit [3]float64
	var mrr, dcg, ap, right float64
	found100 := 0.0
	for i, id := range r.Found {
		if !r.Relevant[id] {
			continue
		}
		right++
		for j, k := range []int{1, 3, 5} {
			if i < k {
				hit[j] = 1
			}
		}
		if i < 10 {
			if mrr == 0 {
				mrr = 1 / float64(i+1)
			}
			dcg += 1 / math.Log2(float64(i+2))
		}
		if i < 100 {
			found100++
		}
		ap += right / float64(i+1)
	}
	var ideal float64
	for i := range min(len(r.Relevant), 10) {
		ideal += 1 / math.Log2(float64(i+2))
	}
	n := float64(len(r.Relevant))
	return []float64{hit[0], hit[1], hit[2], mrr, dcg / ideal, ap / n, found100 / n}
}

// A Value is a figure with its 95 % bootstrap interval over questions.
type Value struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Metrics maps the names of figures to their values.
type Metrics map[string]Value

// resamples is how often the bootstrap draws: enough for two digits of an
// interval's ends.
const resamples = 1000

// Measure returns the mean figures of the questions. The same questions in the
// same order give the same intervals.
func Measure(rs []Ranked) Metrics {
	return summarize(scores(rs))
}

// ByLanguage returns the figures of each language's questions.
func ByLanguage(rs []Ranked) map[string]Metrics {
	groups := make(map[string][]Ranked)
	for _, r := range rs {
		groups[r.Language] = append(groups[r.Language], r)
	}
	out := make(map[string]Metrics)
	for lang, g := range groups {
		out[lang] = Measure(g)
	}
	return out
}

// A Difference is how much better one ranking is than another.
type Difference struct {
	Value
	P float64 `json:"p"` // two-sided, from the paired bootstrap: how often chance alone would do as much
}

// Compare returns, for each figure, b's mean minus a's over the same
// questions in the same order, with a paired bootstrap. It panics if their
// numbers differ.
func Compare(a, b []Ranked) map[string]Difference {
	if len(a) != len(b) {
		panic("eval: rankings of different questions")
	}
	x, y := scores(a), scores(b)
	for i := range x {
		for j := range x[i] {
			y[i][j] -= x[i][j]
		}
	}
	means := bootstrap(y)
	out := make(map[string]Difference)
	for j, v := range summarize(y) {
		at := slices.Index(Names(), j)
		below := 0
		for _, m := range means[at] {
			if m <= 0 {
				below++
			}
		}
		share := float64(below) / float64(max(len(means[at]), 1))
		out[j] = Difference{Value: v, P: min(1, 2*min(share, 1-share)+1/float64(resamples))}
	}
	return out
}

func scores(rs []Ranked) [][]float64 {
	out := make([][]float64, len(rs))
	for i := range rs {
		out[i] = rs[i].Score()
	}
	return out
}

func summarize(rows [][]float64) Metrics {
	out := make(Metrics)
	means := bootstrap(rows)
	for j, name := range Names() {
		v := Value{}
		for _, row := range rows {
			v.Value += row[j] / float64(len(rows))
		}
		if m := means[j]; len(m) > 0 {
			v.Low, v.High = m[len(m)*25/1000], m[len(m)*975/1000]
		}
		out[name] = v
	}
	return out
}

// bootstrap returns, for each figure, the sorted means of resampled rows.
func bootstrap(rows [][]float64) [][]float64 {
	means := make([][]float64, len(Names()))
	if len(rows) == 0 {
		return means
	}
	rng := rand.New(rand.NewPCG(1, uint64(len(rows))))
	sums := make([]float64, len(means))
	for range resamples {
		clear(sums)
		for range rows {
			for j, v := range rows[rng.IntN(len(rows))] {
				sums[j] += v
			}
		}
		for j, s := range sums {
			means[j] = append(means[j], s/float64(len(rows)))
		}
	}
	for _, m := range means {
		slices.Sort(m)
	}
	return means
}
