package curve

import (
	"maps"
	"math"
	"slices"
)

// share is of the mature level, at which a topic is called proficient.
const share = 0.8

// A Reach is when one topic becomes proficient. Its figures are +Inf where the
// curve never gets there, and the days also where it gets there later than the
// topic has been met.
type Reach struct {
	Encounters Estimate // from 1, not whole
	Days       Estimate // since the topic was first seen

	Reached      bool    // false: not within the encounters there were
	SeenUntil    int     // the last encounter's N, 0 with none
	SeenUntilDay float64 // and its Day
}

// Proficiency is how long topics take to become good.
type Proficiency struct {
	Mature int     // topics whose curve has left at most a fifth of its way ahead
	Level  float64 // the mean of their levels in the end, from 0 to 1
	Target float64 // 0.8 of it: what it takes to be proficient

	Topics     map[string]Reach
	Encounters Survival // over the topics; those not there yet are censored
	Days       Survival
}

// Proficiency says when topics reach 0.8 of the level of the mature ones. With
// no mature topic there is no level to reach, and ok is false.
func (f *Fitted) Proficiency() (p Proficiency, ok bool) {
	names := slices.Sorted(maps.Keys(f.Topics))
	for _, name := range names {
		c := f.Topics[name]
		if c.Last > 0 && math.Exp(-float64(c.Last-1)/c.K.Value) <= 1-share {
			p.Mature++
			p.Level += c.A.Value
		}
	}
	if p.Mature == 0 {
		return Proficiency{}, false
	}
	p.Level /= float64(p.Mature)
	p.Target = share * p.Level
	p.Topics = make(map[string]Reach, len(names))
	var encounters, days []Duration
	for _, name := range names {
		c := f.Topics[name]
		r := c.reach(p.Target, f.encounters[name])
		p.Topics[name] = r
		e, d := Duration{Length: float64(r.SeenUntil)}, Duration{Length: r.SeenUntilDay}
		if r.Reached {
			e = Duration{Length: r.Encounters.Value, Ended: true}
			d = Duration{Length: r.Days.Value, Ended: true}
		}
		encounters, days = append(encounters, e), append(days, d)
	}
	p.Encounters = KaplanMeier(encounters, f.level)
	p.Days = KaplanMeier(days, f.level)
	return p, true
}

// reach is when the curve comes to the target, for encounters in order.
func (c *Curve) reach(target float64, encounters []Encounter) Reach {
	r := Reach{Encounters: c.estimate(func(th theta) float64 { return th.reach(target) })}
	if len(encounters) == 0 {
		never := math.Inf(1)
		r.Days = Estimate{Value: never, Low: never, High: never}
		return r
	}
	last := encounters[len(encounters)-1]
	r.SeenUntil, r.SeenUntilDay = last.N, last.Day
	r.Reached = r.Encounters.Value <= float64(last.N)
	r.Days = Estimate{
		Value: dayOf(r.Encounters.Value, encounters),
		Low:   dayOf(r.Encounters.Low, encounters),
		High:  dayOf(r.Encounters.High, encounters),
	}
	return r
}

// reach is the encounter at which the exponential comes to the target and
// stays above.
func (th theta) reach(target float64) float64 {
	end, first := logistic(th[inTheEnd]), logistic(th[atFirst])
	switch {
	case end <= target:
		return math.Inf(1)
	case first >= target:
		return 1
	}
	return 1 + math.Exp(th[rate])*math.Log((end-first)/(end-target))
}

// dayOf is the day of the n-th encounter, between two of them by a straight
// line, and +Inf after the last. Days that step back, as clocks do, stand still.
func dayOf(n float64, encounters []Encounter) float64 {
	first := encounters[0]
	before, day := float64(first.N), first.Day
	if n <= before {
		return day
	}
	for _, e := range encounters[1:] {
		at, then := float64(e.N), max(day, e.Day)
		if at >= n {
			if at == before {
				return then
			}
			return day + (then-day)*(n-before)/(at-before)
		}
		before, day = at, then
	}
	return math.Inf(1)
}
