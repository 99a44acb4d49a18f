package training

import (
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// How operators are compared. The constants were chosen on streams of public
// questions with careless and hostile operators among those who judged.
const (
	// agreeing is among how many of the best candidates the article must have
	// been that a reply rests on for the operator to agree with the ranking.
	agreeing = 3

	// trustEvidence is how many judgements the belief is worth that an operator
	// agrees as often as others do.
	trustEvidence = 10

	// voiceMost bounds how many judgements of like questions one operator is
	// compared with others by, so that who judges most is not the measure.
	voiceMost = 50

	// listedFrom is how many judgements an operator and the others must have made
	// of like questions for it to be listed.
	listedFrom = 20

	// listedBelow is the share of the others' agreement that a listed operator
	// does not reach, and listedSure how many standard deviations below it.
	listedBelow = 0.5
	listedSure  = 1.645

	// sharpness turns differences of scores into chances: a candidate that leads
	// by 0.1 is seven times as likely.
	sharpness = 20

	// levels is how many kinds of questions there are, from hard to easy.
	levels = 4
)

// An agreement counts, on each level of difficulty, how often an operator
// agreed with the ranking and how often they judged at all.
type agreement struct{ agreed, all [levels]float64 }

// operatorTrust compares each operator with the others. Whoever agrees as often
// as others do with what was ranked best counts fully, and less often the
// square of how much less. Agreement is expected from what others found of
// questions that were as hard to rank (indirect standardization), so hard
// questions are nobody's fault, and where nobody else judged such questions
// nothing is held against anyone. How long ago a judgement was does not matter.
func operatorTrust(js []judged) map[string]retrieval.Trust {
	by := make(map[string]*agreement)
	for i := range js {
		j := &js[i]
		agreed, known := agrees(j)
		if !known {
			continue
		}
		a := by[j.operator]
		if a == nil {
			a = new(agreement)
			by[j.operator] = a
		}
		level := difficulty(j.candidates)
		a.all[level]++
		if agreed {
			a.agreed[level]++
		}
	}
	var whole agreement
	for _, operator := range inOrder(by) {
		a := by[operator]
		for level := range levels {
			share := voice(a.all[level])
			whole.agreed[level] += share * a.agreed[level]
			whole.all[level] += share * a.all[level]
		}
	}
	out := make(map[string]retrieval.Trust, len(by))
	for operator, a := range by {
		t := a.against(&whole)
		t.Listed = t.Listed && operator != "" // who is not named cannot be one person
		out[operator] = t
	}
	return out
}

// agrees reports whether the operator found right what the ranking had among
// its best. It is not known where nobody can say what the reply rests on.
func agrees(j *judged) (agreed, known bool) {
	if len(j.candidates) == 0 {
		return false, false
	}
	if j.right != "" {
		return placeOf(j.candidates[:min(agreeing, len(j.candidates))], j.right) >= 0, true
	}
	switch j.used {
	case feedback.Unchanged:
		return true, true
	case feedback.Refused, feedback.Replaced:
		return false, j.decision != retrieval.Abstained
	}
	return false, false
}

// difficulty is the level of a question: how likely its first candidate was by
// how far it led.
func difficulty(cs []retrieval.Candidate) int {
	all := 0.
	for i := range cs {
		all += math.Exp(sharpness * (cs[i].Score - cs[0].Score))
	}
	return min(levels-1, int(levels/all))
}

// voice is the share of n judgements that others are measured by.
func voice(n float64) float64 {
	if n <= voiceMost {
		return 1
	}
	return voiceMost / n
}

// against compares a with the others in whole.
func (a *agreement) against(whole *agreement) retrieval.Trust {
	var agreed, expected, all, others float64
	for level := range levels {
		n := a.all[level]
		if n == 0 {
			continue
		}
		own, share := a.agreed[level]/n, voice(n)
		rest := max(0, whole.all[level]-share*n)
		rate := (max(0, whole.agreed[level]-share*a.agreed[level]) + trustEvidence*own) / (rest + trustEvidence)
		agreed += a.agreed[level]
		expected += n * rate
		all += n
		others += min(n, rest)
	}
	t := retrieval.Trust{Weight: 1, Agreed: agreed, Apart: all - agreed}
	if expected == 0 {
		return t
	}
	mean := expected / all
	ratio := min(1, (agreed+trustEvidence*mean)/(expected+trustEvidence*mean))
	t.Weight = ratio * ratio
	rate := (agreed + 1) / (all + 2)
	upper := rate + listedSure*math.Sqrt(rate*(1-rate)/all)
	t.Listed = all >= listedFrom && others >= listedFrom && upper < listedBelow*mean
	return t
}

// caseBelief says how far cases are believed by who stands behind them: the
// mean trust in the operators of their tickets, one entry of behind for each
// ticket. Cases that are believed fully are not listed.
func caseBelief(behind map[string][]string, trust map[string]retrieval.Trust) map[string]float64 {
	out := make(map[string]float64)
	for id, operators := range behind {
		sum := 0.
		for _, operator := range operators {
			if t, ok := trust[operator]; ok {
				sum += t.Weight
			} else {
				sum++
			}
		}
		if n := float64(len(operators)); sum < n {
			out[id] = sum / n
		}
	}
	return out
}

// placeOf is the place of an article among candidates, from 0; -1 if it is not
// one of them.
func placeOf(cs []retrieval.Candidate, id string) int {
	return slices.IndexFunc(cs, func(c retrieval.Candidate) bool { return c.ID == id })
}

// inOrder lists the keys of a map in their order: sums of one order are equal
// to the last bit.
func inOrder[T any](by map[string]T) []string {
	keys := make([]string, 0, len(by))
	for k := range by {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
