package training

import (
	"math"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A judged is a suggestion with what became of it: what learning reads.
type judged struct {
	seq        int64
	at         time.Time // of the judgement
	asked      time.Time
	question   string // without personal data
	operator   string
	group      string
	language   string
	topic      string // as the suggestion was stamped, or as it is found by today's topics
	ranker     int64
	decision   retrieval.Decision
	raw        float64 // confidence before calibration
	used       feedback.Use
	distance   float64
	right      string // the article that the reply rests on; empty: not known
	candidates []retrieval.Candidate
	credits    []feedback.Credit
	shown      []string
}

// How judgements of a source add up.
const (
	// operatorMost bounds what one operator's judgements of a source in a
	// topic come to, however many they are. It keeps one person from deciding.
	operatorMost = 3

	// usualMost bounds what one operator's judgements come to in what is usual
	// of sources, and usualEvidence is how many judgements the belief is worth
	// that half of them are for a source.
	usualMost     = 30
	usualEvidence = 10

	// priorStrength is how many judgements the belief before any is worth.
	priorStrength = 4

	// lowerZ is how many standard deviations below its mean a usefulness is
	// believed: the tenth percentile of a normal distribution.
	lowerZ = 1.2816

	// bonusSpan is by how much the lower bound must differ from that of a
	// source nobody has judged to earn the whole of retrieval.MaxBonus.
	bonusSpan = 0.8

	// A source counts for more or less in topics that nobody judged it in only
	// if so many judgements of so many operators in so many topics agree, and
	// then by half.
	wholeJudgements = 8
	wholeOperators  = 3
	wholeTopics     = 2
	wholeShare      = 0.5
)

// A weighing says how much a judgement counts.
type weighing struct {
	now      time.Time
	halfLife time.Duration
	trust    map[string]retrieval.Trust // by operator; not listed: 1
	examined func(place int) float64    // chance that a source in that place is looked at
}

// of returns the weight of j by its age and by who judged.
func (w *weighing) of(j *judged) float64 { return w.word(j, j.operator) }

// word returns the weight of what an operator said in j.
func (w *weighing) word(j *judged, operator string) float64 {
	weight := 1.0
	if w.halfLife > 0 {
		weight = math.Exp2(-max(0, float64(w.now.Sub(j.at))) / float64(w.halfLife))
	}
	if t, ok := w.trust[operator]; ok {
		weight *= t.Weight
	}
	return weight
}

// clipped bounds what the correction for places may do to one judgement.
const clipped = 10

// debiased is the inverse of the chance that a source in that place was looked
// at (Joachims, Swaminathan and Schnabel 2017), clipped. A source that was not
// shown was brought in by the operator, which no place explains.
func (w *weighing) debiased(place int) float64 {
	if place <= 0 || w.examined == nil {
		return 1
	}
	return min(clipped, 1/max(w.examined(place), 1.0/clipped))
}

// An account is what is known of a source, over all or in one topic.
type account struct {
	retrieval.Posterior
	byOperator map[string]*[2]float64 // weights for and against
	topics     map[string]bool
}

// hear adds what the operators said of a source, each part weighed.
func (a *account) hear(parts []feedback.Vote) {
	for _, p := range parts {
		if p.Amount != 0 {
			a.sums(p.OperatorID)[side(p.Amount)] += math.Abs(p.Amount)
		}
	}
}

// side is where an amount goes: 0 for a source, 1 against it.
func side(amount float64) int {
	if amount < 0 {
		return 1
	}
	return 0
}

// count notes a credit among the plain figures.
func (a *account) count(j *judged, c *feedback.Credit) {
	if a.topics == nil {
		a.topics = make(map[string]bool)
	}
	a.topics[j.topic] = true
	switch {
	case c.Amount == 0: // as many said one thing as the other
	case c.Verdict == feedback.BroughtIn:
		a.Brought++
	case c.Amount > 0:
		a.Kept++
	case c.Verdict == feedback.Dropped:
		a.Dropped++
	default:
		a.Against++
	}
	if j.at.After(a.Last) {
		a.Last = j.at
	}
}

// sums are an operator's weights for and against.
func (a *account) sums(operator string) *[2]float64 {
	s := a.byOperator[operator]
	if s == nil {
		if a.byOperator == nil {
			a.byOperator = make(map[string]*[2]float64)
		}
		s = new([2]float64)
		a.byOperator[operator] = s
	}
	return s
}

// total adds the operators up. What one says goes towards most and not beyond.
func (a *account) total(most float64) (useful, useless float64) {
	for _, operator := range inOrder(a.byOperator) { // sums of one order are equal to the last bit
		sums := a.byOperator[operator]
		both := sums[0] + sums[1]
		if both == 0 {
			continue
		}
		share := most * (1 - math.Exp(-both/most)) / both
		useful += share * sums[0]
		useless += share * sums[1]
	}
	return useful, useless
}

// settle works out the posterior with a belief of before, and the bonus beside
// a source whose lower bound is unknown's.
func (a *account) settle(before, unknown float64) {
	a.Useful, a.Useless = a.total(operatorMost)
	alpha, beta := a.Useful+priorStrength*before, a.Useless+priorStrength*(1-before)
	a.Lower = lowerBound(alpha, beta)
	a.Bonus = retrieval.MaxBonus * max(-1, min(1, (a.Lower-unknown)/bonusSpan))
}

// mean is the posterior's mean.
func (a *account) mean(before float64) float64 {
	return (a.Useful + priorStrength*before) / (a.Useful + a.Useless + priorStrength)
}

// lowerBound is about the tenth percentile of a Beta distribution, by its mean
// and deviation.
func lowerBound(alpha, beta float64) float64 {
	n := alpha + beta
	mean := alpha / n
	return max(0, mean-lowerZ*math.Sqrt(mean*(1-mean)/(n+1)))
}

// accounts are what is known of each source: over all, and by topic.
type accounts struct {
	overall account // of all sources
	whole   map[string]*account
	byTopic map[string]map[string]*account
}

// add takes a credit into account: what whoever judged has shown as theirs, and
// each vote as its voter's, by their own weight.
func (as *accounts) add(j *judged, c *feedback.Credit, w *weighing) {
	said := false
	parts := c.Parts(j.operator)
	for i := range parts {
		p := &parts[i]
		weight := w.word(j, p.OperatorID)
		if p.Amount == 0 || weight == 0 {
			p.Amount = 0
			continue
		}
		said = true
		if p.OperatorID == j.operator { // what is usual is told by what people do, not by who has an opinion of it
			as.overall.sums(p.OperatorID)[side(p.Amount)] += weight
		}
		if p.Amount > 0 {
			weight *= w.debiased(c.Place)
		}
		p.Amount *= weight
	}
	if !said {
		return
	}
	for _, id := range credited(c) {
		if as.whole[id] == nil {
			as.whole[id], as.byTopic[id] = new(account), make(map[string]*account)
		}
		as.whole[id].hear(parts)
		as.whole[id].count(j, c)
		if j.topic == "" {
			continue // questions of no topic are about anything
		}
		if as.byTopic[id][j.topic] == nil {
			as.byTopic[id][j.topic] = new(account)
		}
		as.byTopic[id][j.topic].hear(parts)
		as.byTopic[id][j.topic].count(j, c)
	}
}

// usefulness works out, for each source that was judged, a Beta posterior over
// all topics and one for each topic, the latter drawn towards the former, and
// what they add to a score: by how far their lower bounds lie above or below
// that of a source that nobody has judged.
func usefulness(js []judged, w *weighing) map[string]retrieval.Usefulness {
	as := accounts{whole: make(map[string]*account), byTopic: make(map[string]map[string]*account)}
	for i := range js {
		for k := range js[i].credits {
			as.add(&js[i], &js[i].credits[k], w)
		}
	}
	// What is believed of a source that nobody has judged.
	useful, useless := as.overall.total(usualMost)
	before := (useful + usualEvidence/2) / (useful + useless + usualEvidence)
	unknown := lowerBound(priorStrength*before, priorStrength*(1-before))
	out := make(map[string]retrieval.Usefulness, len(as.whole))
	for id, a := range as.whole {
		a.settle(before, unknown)
		if a.Kept+a.Brought+a.Dropped+a.Against < wholeJudgements || len(a.byOperator) < wholeOperators || len(a.topics) < wholeTopics {
			a.Bonus = 0
		}
		a.Bonus *= wholeShare
		u := retrieval.Usefulness{Whole: a.Posterior, ByTopic: make(map[string]retrieval.Posterior), Kept: 1}
		for topic, b := range as.byTopic[id] {
			b.settle(a.mean(before), unknown)
			u.ByTopic[topic] = b.Posterior
		}
		out[id] = u
	}
	return out
}

// credited lists whom a credit is due to: the source and, for a case, the
// article it was resolved with.
func credited(c *feedback.Credit) []string {
	if c.Article == "" || c.Article == c.SourceID {
		return []string{c.SourceID}
	}
	return []string{c.SourceID, c.Article}
}
