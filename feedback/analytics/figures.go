package analytics

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Share is how many of a number have something, with the 95 % interval by
// Wilson (1927, JASA 22:209). Of none there is no share.
type Share struct {
	Count int      `json:"count"`
	Of    int      `json:"of"`
	Value *float64 `json:"value" doc:"From 0 to 1; null: of none."`
	Low   *float64 `json:"low" doc:"The lower end of the 95 % interval."`
	High  *float64 `json:"high" doc:"The upper end of the 95 % interval."`
}

// z95 is how many standard deviations hold 95 % of a normal distribution.
const z95 = 1.959963984540054

// ShareOf returns the share of count in of. Count is from 0 to of.
func ShareOf(count, of int) Share {
	s := Share{Count: count, Of: of}
	if of == 0 {
		return s
	}
	n := float64(of)
	p := float64(count) / n
	middle := (p + z95*z95/(2*n)) / (1 + z95*z95/n)
	half := z95 / (1 + z95*z95/n) * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	// At the ends rounding may leave the interval beside the share.
	low, high := max(0, min(middle-half, p)), min(1, max(middle+half, p))
	s.Value, s.Low, s.High = &p, &low, &high
	return s
}

// A Spread is what values come to.
type Spread struct {
	Count  int      `json:"count"`
	Mean   *float64 `json:"mean" doc:"null: of none."`
	Median *float64 `json:"median"`
}

// SpreadOf returns what the values come to, which it puts in order.
func SpreadOf(values []float64) Spread {
	n := len(values)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(values)
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	mean, median := sum/float64(n), (values[(n-1)/2]+values[n/2])/2
	return Spread{Count: n, Mean: &mean, Median: &median}
}

// A counter counts judgements.
type counter struct {
	suggestions, abstained int
	uses                   map[feedback.Use]int // of drafts; Unknown is not there
	statuses               map[string]int
	distances              []float64
	ratings                []float64
	satisfactions          []float64
}

func (c *counter) add(j *feedback.Judgement) {
	if c.uses == nil {
		c.uses, c.statuses = make(map[feedback.Use]int), make(map[string]int)
	}
	c.suggestions++
	switch {
	case j.Decision == retrieval.Abstained:
		c.abstained++
	case j.Used != feedback.Unknown:
		c.uses[j.Used]++
		if j.Distance >= 0 {
			c.distances = append(c.distances, j.Distance)
		}
	}
	if j.Rating >= 0 {
		c.ratings = append(c.ratings, j.Rating)
	}
	if j.Outcome.Status != "" {
		c.statuses[j.Outcome.Status]++
	}
	if j.Outcome.Satisfaction > 0 {
		c.satisfactions = append(c.satisfactions, float64(j.Outcome.Satisfaction))
	}
}

func (c *counter) figures() Figures {
	drafts, ended := 0, 0
	for _, n := range c.uses {
		drafts += n
	}
	for _, n := range c.statuses {
		ended += n
	}
	used := func(uses ...feedback.Use) Share {
		n := 0
		for _, u := range uses {
			n += c.uses[u]
		}
		return ShareOf(n, drafts)
	}
	return Figures{
		Suggestions: c.suggestions, Abstained: ShareOf(c.abstained, c.suggestions),
		Drafts:    drafts,
		Unchanged: used(feedback.Unchanged), Edited: used(feedback.Changed), AnyUse: used(feedback.Unchanged, feedback.Changed),
		Replaced: used(feedback.Replaced), Rejected: used(feedback.Refused),
		Distance: SpreadOf(c.distances), Rating: SpreadOf(c.ratings),
		Resolved:  ShareOf(c.statuses[feedback.ResolvedStatus], ended),
		Reopened:  ShareOf(c.statuses[feedback.ReopenedStatus], ended),
		Escalated: ShareOf(c.statuses[feedback.EscalatedStatus], ended), Satisfaction: SpreadOf(c.satisfactions),
	}
}

// sort puts groups in the order in which they are read.
func (b By) sort(groups []Group) {
	slices.SortFunc(groups, func(x, y Group) int {
		switch b {
		case Week, Sure:
			return strings.Compare(x.Key, y.Key)
		case Ranker:
			return cmp.Compare(number(x.Key), number(y.Key))
		}
		return cmp.Or(cmp.Compare(y.Suggestions, x.Suggestions), strings.Compare(x.Key, y.Key))
	})
}

// number is a ranker's version. Of has written it.
func number(key string) int64 {
	n, _ := strconv.ParseInt(key, 10, 64)
	return n
}
