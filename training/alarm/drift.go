package alarm

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A Measure is what may drift.
type Measure string

// The measures.
const (
	Confidence Measure = "confidence" // the distribution of the confidence of answers
	Abstained  Measure = "abstained"  // the share of questions that got no answer
)

// A Drift is a measure that differs between the last day and the 28 days
// before.
type Drift struct {
	Measure Measure
	Before  float64  // median of confidence, or share of abstentions, from 0 to 1
	After   float64  // the same of the last day
	Effect  float64  // largest difference of the two distributions, or of the shares, from 0 to 1
	Count   int      // questions of the last day
	P       float64  // probability of such a difference by chance, in any measure
	Tickets []string // of the last day, at most 20: the least certain (or most, if they rose), or those without an answer
}

// Constants of drifts.
const (
	// driftAlpha is the chance of a false alarm at one look. A day lasts many
	// looks and a month 30 days, and is to raise none.
	driftAlpha = 2e-4

	// leastDay and leastBefore are the sizes from which distributions can be
	// compared.
	leastDay    = 50
	leastBefore = 300

	// leastDistance and leastShare are the differences that matter. With
	// thousands of questions a day any difference is no chance.
	leastDistance = 0.15
	leastShare    = 0.10

	// sureShare bounds how sure the past makes of the share of abstentions: it
	// moves with the topics of the day, by some 2 points.
	sureShare = 500.0

	measures = 2
)

// Drifts returns the measures that have drifted at now: confidence by the
// two-sample Kolmogorov-Smirnov test, abstentions by the predictive
// beta-binomial of their share, both with Bonferroni's correction. A
// difference that is small is none, however sure it is.
func Drifts(seen []Seen, now time.Time) []Drift {
	t := heard(seen, now)
	return t.drifts(len(t.seen), now)
}

func (t *traffic) drifts(end int, now time.Time) []Drift {
	from := t.since(end, now.Add(-Day))
	first := t.since(from, now.Add(-Past))
	if end-from < leastDay || from-first < leastBefore {
		return nil
	}
	before, day := t.seen[first:from], t.seen[from:end]
	var out []Drift
	for _, d := range []Drift{certainty(before, day), silence(before, day)} {
		least := leastDistance
		if d.Measure == Abstained {
			least = leastShare
		}
		if d.P = min(1, d.P*measures); d.P <= driftAlpha && d.Effect >= least {
			d.Tickets = behind(d, day)
			out = append(out, d)
		}
	}
	return out
}

// certainty compares the distributions of confidence.
func certainty(before, day []Seen) Drift {
	a, b := confidences(before), confidences(day)
	d := distance(a, b)
	n := math.Sqrt(float64(len(a)) * float64(len(b)) / float64(len(a)+len(b)))
	return Drift{
		Measure: Confidence, Before: a[len(a)/2], After: b[len(b)/2], Effect: d, Count: len(b),
		// Stephens (1970), as in Numerical Recipes, 14.3.
		P: kolmogorov((n + 0.12 + 0.11/n) * d),
	}
}

func confidences(seen []Seen) []float64 {
	xs := make([]float64, len(seen))
	for i := range seen {
		xs[i] = seen[i].Confidence
	}
	slices.Sort(xs)
	return xs
}

// distance is the largest difference of the distribution functions of two
// sorted samples.
func distance(a, b []float64) float64 {
	d, i, j := 0.0, 0, 0
	for i < len(a) && j < len(b) {
		x := min(a[i], b[j])
		for i < len(a) && a[i] == x {
			i++
		}
		for j < len(b) && b[j] == x {
			j++
		}
		d = max(d, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return d
}

// kolmogorov is the probability that Kolmogorov's statistic is beyond x.
func kolmogorov(x float64) float64 {
	if x < 0.3 {
		return 1 // to nine digits
	}
	sum, sign := 0.0, 1.0
	for k := 1.0; k <= 100; k++ {
		term := math.Exp(-2 * k * k * x * x)
		sum += sign * term
		sign = -sign
		if term < 1e-16 {
			break
		}
	}
	return min(1, max(0, 2*sum))
}

// silence compares the shares of questions without an answer.
func silence(before, day []Seen) Drift {
	k0, n0, k, n := abstained(before), float64(len(before)), abstained(day), len(day)
	yes, no := 0.5+k0, 0.5+n0-k0 // Jeffreys' prior
	if all := yes + no; all > sureShare {
		yes, no = yes*sureShare/all, no*sureShare/all
	}
	d := Drift{Measure: Abstained, Before: k0 / n0, After: k / float64(n), Count: n}
	d.Effect = math.Abs(d.After - d.Before)
	from, to := 0, int(k)
	if d.After > d.Before {
		from, to = int(k), n
	}
	for x := from; x <= to; x++ {
		d.P += betaBinomial(float64(x), float64(n), yes, no)
	}
	d.P = min(1, 2*d.P) // of either side
	return d
}

func abstained(seen []Seen) float64 {
	k := 0.0
	for i := range seen {
		if seen[i].Abstained {
			k++
		}
	}
	return k
}

// betaBinomial is the probability of k of n where the share is Beta(a, b).
func betaBinomial(k, n, a, b float64) float64 {
	beta := func(a, b float64) float64 { return lgamma(a) + lgamma(b) - lgamma(a+b) }
	return math.Exp(lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1) + beta(k+a, n-k+b) - beta(a, b))
}

func lgamma(x float64) float64 {
	y, _ := math.Lgamma(x)
	return y
}

// behind returns the tickets that show a drift best.
func behind(d Drift, day []Seen) []string {
	shown := slices.Clone(day)
	slices.Reverse(shown) // newest first
	if d.Measure == Abstained {
		shown = slices.DeleteFunc(shown, func(s Seen) bool { return s.Abstained != (d.After > d.Before) })
	} else {
		slices.SortStableFunc(shown, func(a, b Seen) int {
			if d.After > d.Before {
				a, b = b, a
			}
			return cmp.Compare(a.Confidence, b.Confidence)
		})
	}
	var tickets []string
	for i := range shown {
		if shown[i].Ticket != "" && len(tickets) < maxTickets {
			tickets = append(tickets, shown[i].Ticket)
		}
	}
	return tickets
}
