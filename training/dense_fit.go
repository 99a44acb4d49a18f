package training

import (
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A fitting says how the candidates of one question got their part of the score
// by meaning: a straight line over the cosine of the passage that was found. It
// is one in every space. Where vectors only compare words, the part is the
// cosine times a number that depends on the question; where they compare
// meanings, the cosine's place between the lowest and the highest.
type fitting struct {
	question   embeddings.Vector
	candidates []retrieval.Candidate
	passages   []*placedPassage // of each candidate, the one that was found; nil: not known
	cosines    []float64        // with the vectors that were searched then
	slope      float64          // 0: nothing can be said
	semantic   bool
}

// fitRounds is how often passages are chosen and the line drawn anew. Few
// questions need more than two.
const fitRounds = 3

// fit finds the line for a question whose suggestion was made with moved
// vectors. Which of a document's passages was found is not kept: it is taken to
// be the one that lies nearest to the line.
func (d *denseScorer) fit(j *judged, logged placement) *fitting {
	f := &fitting{
		question: d.question(j), candidates: j.candidates, semantic: d.space.Semantic,
		passages: make([]*placedPassage, len(j.candidates)), cosines: make([]float64, len(j.candidates)),
	}
	if f.question == nil {
		return f
	}
	cosines := make([][]float64, len(j.candidates))
	for i, c := range j.candidates {
		ps := d.passages[c.ID]
		for k := range ps {
			v := logged.of(c.ID, &ps[k])
			if len(v) != len(f.question) {
				cosines[i] = append(cosines[i], 0)
				continue
			}
			cosines[i] = append(cosines[i], float64(v.Dot(f.question)))
		}
		if len(ps) > 0 {
			f.choose(i, ps, cosines[i], slices.Index(cosines[i], slices.Max(cosines[i])))
		}
	}
	for range fitRounds {
		slope, start := f.line()
		f.slope = slope
		if slope <= 0 {
			f.slope = 0
			return f
		}
		for i, c := range j.candidates {
			if k := nearestTo((c.Dense-start)/slope, cosines[i]); k >= 0 {
				f.choose(i, d.passages[c.ID], cosines[i], k)
			}
		}
	}
	return f
}

// nearestTo returns the place of the number nearest to x, -1 if there is none.
func nearestTo(x float64, among []float64) int {
	best := -1
	for k, y := range among {
		if best < 0 || math.Abs(y-x) < math.Abs(among[best]-x) {
			best = k
		}
	}
	return best
}

func (f *fitting) choose(i int, ps []placedPassage, cosines []float64, k int) {
	f.passages[i], f.cosines[i] = &ps[k], cosines[k]
}

// line is the least squares' line through the candidates' cosines and parts of
// the score; through the origin where vectors only compare words.
func (f *fitting) line() (slope, start float64) {
	var n, x, y, xx, xy float64
	for i, c := range f.candidates {
		if f.passages[i] == nil {
			continue
		}
		n++
		x += f.cosines[i]
		y += c.Dense
		xx += f.cosines[i] * f.cosines[i]
		xy += f.cosines[i] * c.Dense
	}
	if !f.semantic {
		if xx < 1e-9 {
			return 0, 0
		}
		return xy / xx, 0
	}
	spread := n*xx - x*x
	if n < 2 || spread < 1e-9 {
		return 0, 0
	}
	slope = (n*xy - x*y) / spread
	return slope, (y - slope*x) / n
}

// under returns the candidates as they would have been with moved vectors.
func (f *fitting) under(target placement) []retrieval.Candidate {
	if f.slope == 0 {
		return f.candidates
	}
	out := slices.Clone(f.candidates)
	most, highest := 0.0, 0.0
	for i := range out {
		c := &out[i]
		most = max(most, c.Dense)
		if p := f.passages[i]; p != nil {
			if v := target.of(c.ID, p); len(v) == len(f.question) {
				c.Dense += f.slope * (float64(v.Dot(f.question)) - f.cosines[i])
			}
		}
		highest = max(highest, c.Dense)
	}
	if f.semantic && highest > most && most > 0 {
		// The range is that of the cosines at hand: whoever is nearer than the
		// nearest was makes the others farther.
		for i := range out {
			out[i].Dense *= most / highest
		}
	}
	return out
}
