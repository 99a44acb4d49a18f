package curve

import (
	"cmp"
	"math"
	"slices"
)

// A Duration is how long something took, or how long it has been going on
// without an end.
type Duration struct {
	Length float64 // from 0; one below counts as 0
	Ended  bool    // false: it goes on, and takes at least Length (censored)
}

// A Step is the share of durations that are longer than At.
type Step struct {
	At       float64
	Survival float64 // from 0 to 1
	Error    float64 // standard error by Greenwood's formula
}

// Survival is what durations, ended or not, say of how long it takes.
type Survival struct {
	Count int // of durations
	Ended int // of those that have ended

	// Median is by when half have ended, +Inf if that has not come yet; its
	// interval is of those times at which half is not out of the question, and
	// High is +Inf if there is no end to them. All are NaN without durations.
	Median Estimate

	Steps []Step // in order of At, one for each length at which one ended
}

// KaplanMeier estimates how long it takes from durations of which some go on
// still (Kaplan and Meier 1958). The level is that of the median's interval,
// between 0 and 1, which is Brookmeyer and Crowley's (1982) on the scale of
// log(−log) with Greenwood's variance.
func KaplanMeier(durations []Duration, level float64) Survival {
	sorted := slices.Clone(durations)
	for i := range sorted {
		sorted[i].Length = max(sorted[i].Length, 0)
	}
	slices.SortFunc(sorted, func(a, b Duration) int { return cmp.Compare(a.Length, b.Length) })
	out := Survival{Count: len(sorted)}
	share, greenwood := 1.0, 0.0
	for i := 0; i < len(sorted); {
		// One that is given up on at a time at which another ends was there to
		// end too.
		at, atRisk, ended := sorted[i].Length, float64(len(sorted)-i), 0.0
		for ; i < len(sorted) && sorted[i].Length == at; i++ {
			if sorted[i].Ended {
				ended++
			}
		}
		if ended == 0 {
			continue
		}
		out.Ended += int(ended)
		share *= 1 - ended/atRisk
		greenwood += ended / (atRisk * (atRisk - ended)) // +Inf at the last, where share is 0
		out.Steps = append(out.Steps, Step{At: at, Survival: share, Error: share * math.Sqrt(greenwood)})
		if share == 0 {
			out.Steps[len(out.Steps)-1].Error = 0
		}
	}
	out.Median = out.median(math.Sqrt2 * math.Erfinv(level))
	return out
}

func (s *Survival) median(z float64) Estimate {
	if s.Count == 0 {
		return Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	}
	never := math.Inf(1)
	e := Estimate{Value: never, Low: never, High: never}
	for _, step := range s.Steps {
		// Shares of exactly a half come out of the product a little off.
		if step.Survival <= 0.5+1e-9 {
			e.Value = min(e.Value, step.At)
		}
		low, high := step.interval(z)
		if low <= 0.5 {
			e.Low = min(e.Low, step.At)
		}
		if high < 0.5 {
			e.High = min(e.High, step.At)
		}
	}
	e.Low = min(e.Low, e.Value)
	return e
}

// interval is of the share, on the scale on which it cannot leave 0 to 1.
func (s *Step) interval(z float64) (low, high float64) {
	if s.Survival <= 0 || s.Survival >= 1 {
		return s.Survival, s.Survival
	}
	log := math.Log(s.Survival)
	half := z * s.Error / (s.Survival * math.Abs(log))
	return math.Exp(log * math.Exp(half)), math.Exp(log * math.Exp(-half))
}
