package training

import (
	"context"
	"math"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// knownMost bounds how many earlier questions are remembered, the latest of
// them: every question is compared with each.
const knownMost = 2000

// knownWeights is how many weights of what earlier questions say are weighed up.
const knownWeights = 6

// knownGrid returns those weights, and how likely each is held before any
// judgement. Without any the weight is 0.6.
func knownGrid() (weights, before [knownWeights]float64) {
	weights = [knownWeights]float64{0, 0.25, 0.5, 0.75, 1, 1.5}
	before = [knownWeights]float64{2, 2, 2, 2, 2, 1}
	total := 0.
	for _, b := range before {
		total += b
	}
	for i := range before {
		before[i] /= total
	}
	return weights, before
}

// answerable writes into b which earlier questions had an answer, and how much
// that counts for questions near them. b has its calibration already.
func (s *lesson) answerable(ctx context.Context, b *retrieval.Beliefs, w *weighing) error {
	js := make([]*judged, 0, min(len(s.judged), knownMost))
	for i := len(s.judged) - 1; i >= 0 && len(js) < knownMost; i-- {
		if _, known := wasAnswered(&s.judged[i]); known {
			js = append(js, &s.judged[i])
		}
	}
	texts := make([]string, len(js)) // oldest first, as s.judged is
	for i := range js {
		texts[len(js)-1-i] = retrieval.QuestionText(js[i].question)
	}
	vectors, err := embeddings.Local{}.Embed(ctx, texts)
	if err != nil {
		return err
	}
	b.Known = make([]retrieval.Known, len(js))
	odds := make([]float64, len(js))
	for i, v := range vectors {
		j := js[len(js)-1-i]
		odds[i] = retrieval.KnownOdds(b.Known[:i], j.language, v, found(j)) // by what was known then
		answered, _ := wasAnswered(j)
		b.Known[i] = retrieval.NewKnown(j.question, j.language, v, speaksOf(j, answered))
		b.Known[i].Covered, b.Known[i].Weight = answered, w.of(j)
		if i%100 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	var figures map[string]any
	b.KnownWeight, figures = knownTrust(b, js, odds)
	b.Figures["known"] = figures
	return nil
}

// found lists the sources that were found, best first.
func found(j *judged) []string {
	ids := make([]string, len(j.candidates))
	for i := range j.candidates {
		ids[i] = j.candidates[i].ID
	}
	return ids
}

// speaksOf lists the sources that a judgement speaks of: the one that answered,
// or those that did not.
func speaksOf(j *judged, answered bool) []string {
	switch {
	case !answered:
		return found(j)
	case j.right != "":
		return []string{j.right}
	case len(j.candidates) > 0:
		return []string{j.candidates[0].ID}
	}
	return nil
}

// wasAnswered reports whether a question was answered from what the knowledge
// base has, whatever had been found. A draft that was rejected, or replaced by
// what rests on nothing of ours, says that it was not.
func wasAnswered(j *judged) (answered, known bool) {
	switch {
	case j.right != "", j.used == feedback.Unchanged:
		return true, true
	case j.used == feedback.Refused, j.used == feedback.Replaced:
		return false, true
	}
	return false, false
}

// knownTrust finds how much what earlier questions say counts: the mean of the
// weights in knownGrid, each as likely as it makes what became of every
// question, judged by those before it alone. It is a mixture as that of
// caseTrust, and 0 is one of its weights: where like questions tell nothing of
// each other they end up not being listened to. js is latest first, odds and
// b.Known oldest first.
func knownTrust(b *retrieval.Beliefs, js []*judged, odds []float64) (weight float64, figures map[string]any) {
	weights, before := knownGrid()
	var sum [knownWeights]float64
	for i, x := range before {
		sum[i] = math.Log(x)
	}
	n := 0
	trial := *b
	for at := range odds {
		j := js[len(js)-1-at]
		right, counts := foundRight(j)
		if !counts || odds[at] == 0 {
			continue
		}
		n++
		for i, x := range weights {
			trial.KnownWeight = x
			chance := trial.Covered(j.language, j.raw, odds[at])
			if !right {
				chance = 1 - chance
			}
			sum[i] += learningRate * b.Known[at].Weight * math.Log((1-slip)*chance+slip/2)
		}
	}
	top := sum[0]
	for _, x := range sum {
		top = max(top, x)
	}
	all, likely := 0., make([]float64, knownWeights)
	for i, x := range sum {
		likely[i] = math.Exp(x - top)
		all += likely[i]
	}
	for i := range likely {
		likely[i] /= all
		weight += likely[i] * weights[i]
		likely[i] = math.Round(likely[i]*1e4) / 1e4
	}
	return weight, map[string]any{"judgements": n, "weights": weights[:], "posterior": likely}
}
