package retrieval

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Validate reports, as an ErrInvalid that names the field, what no job could
// have learned.
func (p *Portable) Validate() error {
	c := new(check)
	if p.Ranker != nil {
		c.learned(&p.Ranker.Learned)
	}
	c.beliefs(&p.Beliefs)
	for i, o := range p.Overrides {
		row := Override{Kind: o.Kind, ID: o.ID, Action: o.Action}
		if err := row.Validate(); err != nil {
			c.fail(fmt.Sprintf("overrides[%d]", i), strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": "))
		}
	}
	return c.err
}

// A check keeps the first thing that is wrong.
type check struct{ err error }

func (c *check) fail(field, what string) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: %s: %s", ErrInvalid, field, what)
	}
}

func (c *check) within(field string, x, low, high float64) {
	if math.IsNaN(x) || x < low || x > high {
		c.fail(field, fmt.Sprintf("%g lies outside of %g to %g", x, low, high))
	}
}

// most is more than any sum of weights can come to.
const most = 1e12

func (c *check) learned(l *Learned) {
	c.factors("ranker.learned.factors", &l.Factors)
	for _, topic := range keysOf(l.ByTopic) {
		f := l.ByTopic[topic]
		c.factors("ranker.learned.by_topic["+topic+"]", &f)
	}
	for _, id := range keysOf(l.Sources) {
		u, field := l.Sources[id], "ranker.learned.sources["+id+"]"
		c.within(field+".kept", u.Kept, 0, 1)
		c.within(field+".revision", float64(u.Revision), 0, most)
		c.posterior(field+".whole", &u.Whole)
		for _, topic := range keysOf(u.ByTopic) {
			b := u.ByTopic[topic]
			c.posterior(field+".by_topic["+topic+"]", &b)
		}
	}
	if l.Tuned {
		c.fail("ranker.learned.tuned", "moved vectors belong to one model and cannot be taken along")
	}
}

// factors may also be 0, which is as good as 1.
func (c *check) factors(field string, f *Factors) {
	for _, x := range []struct {
		name  string
		value float64
	}{{"title", f.Title}, {"body", f.Body}, {"grams", f.Grams}, {"place", f.Place}, {"dense", f.Dense}, {"cases", f.Cases}} {
		if x.value != 0 {
			c.within(field+"."+x.name, x.value, MinFactor, MaxFactor)
		}
	}
}

func (c *check) posterior(field string, p *Posterior) {
	c.within(field+".bonus", p.Bonus, -MaxBonus, MaxBonus)
	c.within(field+".useful", p.Useful, 0, most)
	c.within(field+".useless", p.Useless, 0, most)
	c.within(field+".lower", p.Lower, 0, 1)
	for _, n := range []int{p.Kept, p.Brought, p.Dropped, p.Against} {
		c.within(field, float64(n), 0, most)
	}
}

func (c *check) beliefs(b *Beliefs) {
	ids := make(map[string]bool)
	for i, t := range b.Topics {
		field := fmt.Sprintf("beliefs.topics[%d]", i)
		if t.ID == "" || ids[t.ID] {
			c.fail(field+".id", "each topic needs an id of its own")
		}
		ids[t.ID] = true
		length := 0.0
		for _, x := range t.Centroid {
			length += float64(x) * float64(x)
		}
		if math.Abs(length-1) > 0.01 {
			c.fail(field+".centroid", "is no vector of unit length")
		}
	}
	for _, id := range keysOf(b.Operators) {
		c.within("beliefs.operators["+id+"].weight", b.Operators[id].Weight, 0, 1)
	}
	for _, id := range keysOf(b.Cases) {
		c.within("beliefs.cases["+id+"]", b.Cases[id], 0, 1)
	}
	if b.CaseWeight != nil {
		c.within("beliefs.case_weight", *b.CaseWeight, 0, MaxFactor)
	}
	for _, language := range keysOf(b.Calibration) {
		c.curve("beliefs.calibration["+language+"].points", b.Calibration[language].Points)
	}
	for _, language := range keysOf(b.Unattended) {
		u, field := b.Unattended[language], "beliefs.unattended["+language+"]"
		c.within(field+".threshold", u.Threshold, 0, 1)
		c.within(field+".risk", u.Risk, 0, 1)
		c.within(field+".delta", u.Delta, 0, 1)
		c.within(field+".upper", u.Upper, 0, 1)
	}
}

// curve checks that neither number of the points ever falls.
func (c *check) curve(field string, points [][2]float64) {
	for i, p := range points {
		c.within(field, p[1], 0, 1)
		if i > 0 && (p[0] < points[i-1][0] || p[1] < points[i-1][1]) {
			c.fail(field, "confidence must not fall")
		}
	}
}

func keysOf[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
