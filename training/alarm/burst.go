package alarm

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// A Burst is a topic that far more customers write about than the topic's own
// share of all traffic explains.
type Burst struct {
	Topic     string    // empty: a flood, see Floods
	Terms     []string  // of a flood, what its questions share, best first: at most three
	New       bool      // nobody wrote about it in the four weeks before
	Window    int       // the last so many questions, of all topics
	Since     time.Time // when the oldest of them came
	Count     int       // those of the topic among them
	Expected  float64   // how many there should be
	Customers int
	P         float64  // probability of so many by chance in any topic and window
	Tickets   []string // newest first, at most 20
}

// Constants of bursts.
const (
	// The prior of a topic's share of traffic is Gamma(priorCount, priorSeen),
	// that of a topic that has priorCount of priorSeen questions: shares of
	// helpdesk topics fall off like Zipf's, and most are small.
	priorCount = 0.5
	priorSeen  = 250.0

	// sureCount bounds how sure the past makes of a topic's share: shares move
	// with hours, weekdays and months, by some 30 % (1/√11), and what was
	// learned from thousands of questions would take each move for an alarm.
	sureCount = 11.0

	// burstAlpha is the chance of a false alarm at one look, over all topics
	// and windows. Looks overlap: see the package's tests for a month of them.
	burstAlpha = 1e-3

	// leastLift is how many times the expected number it takes.
	leastLift = 3.0

	// leastPast is how much of the past it takes to know what is normal.
	leastPast = 300
)

// windows returns the numbers of last questions that are looked at: a short one
// finds a flood at once, a long one what trickles.
func windows() []int { return []int{15, 30, 60, 120, 250} }

// Bursts returns the topics that burst at now, the least probable first. It
// compares the last 15 to 250 questions, of at most a day, with the 28 days
// before: a topic's number among them against the posterior predictive of its
// share (a Poisson rate with a Gamma prior, so a negative binomial tail), with
// Bonferroni's correction over windows and Holm's (1979) over topics. Since it
// counts shares, a busy Monday is no burst. Questions without a topic are
// traffic and burst never.
func Bursts(seen []Seen, now time.Time) []Burst {
	t := heard(seen, now)
	return t.bursts(len(t.seen), now)
}

// bursts is Bursts over the entries up to an end.
func (t *traffic) bursts(end int, now time.Time) []Burst {
	longest := slices.Max(windows())
	from := max(end-longest, t.since(end, now.Add(-Day)))
	first := t.since(from, now.Add(-Past))
	if from-first < leastPast {
		return nil
	}
	before := make([]int, len(t.names))
	topics := 0
	for _, topic := range t.topic[first:from] {
		if before[topic]++; before[topic] == 1 {
			topics++
		}
	}
	best := make(map[int]Burst)
	for _, n := range windows() {
		if n > end-from && n != windows()[0] {
			n = end - from // a day of little traffic is shorter
		}
		t.window(max(from, end-n), end, window{before, from - first, best})
		if n == end-from {
			break
		}
	}
	for topic := range best {
		if before[topic] == 0 {
			topics++
		}
	}
	return t.holm(best, topics, end)
}

// A window is what one is compared with, and where the least probable number of
// each topic is kept.
type window struct {
	before []int // of each topic
	past   int   // of all
	best   map[int]Burst
}

// window compares the entries of a window with the past.
func (t *traffic) window(from, end int, w window) {
	counts := make(map[int]int)
	for _, topic := range t.topic[from:end] {
		counts[topic]++
	}
	for topic, k := range counts {
		if topic == 0 || k < leastCustomers {
			continue
		}
		shape, rate := priorCount+float64(w.before[topic]), priorSeen+float64(w.past)
		if shape > sureCount {
			shape, rate = sureCount, rate*sureCount/shape
		}
		n := end - from
		expected := shape / rate * float64(n)
		if float64(k) < leastLift*expected {
			continue
		}
		p := tail(k, shape, float64(n)/(rate+float64(n)))
		if was, ok := w.best[topic]; ok && was.P <= p {
			continue
		}
		w.best[topic] = Burst{
			Topic: t.names[topic], New: w.before[topic] == 0, Window: n, Since: t.seen[from].At, Count: k, Expected: expected, P: p,
		}
	}
}

// holm returns those of the best that are too improbable for chance.
func (t *traffic) holm(best map[int]Burst, topics, end int) []Burst {
	found := make([]Burst, 0, len(best))
	for _, b := range best {
		found = append(found, b)
	}
	slices.SortFunc(found, func(a, b Burst) int { return cmp.Or(cmp.Compare(a.P, b.P), strings.Compare(a.Topic, b.Topic)) })
	worst := 0.0
	out := found[:0]
	for i, b := range found {
		worst = max(worst, b.P*float64(len(windows())*(topics-i)))
		if worst > burstAlpha {
			break
		}
		b.P = worst
		if b.Customers, b.Tickets = t.evidence(t.known[b.Topic], end-b.Window, end); b.Customers >= leastCustomers {
			out = append(out, b)
		}
	}
	return out
}

// tail returns the probability of k or more under a negative binomial of a
// shape and a probability q of going on, k ≥ 1. It adds up the tail itself:
// what is left of 1 would be lost in rounding.
func tail(k int, shape, q float64) float64 {
	x := float64(k)
	term := math.Exp(lgamma(x+shape) - lgamma(shape) - lgamma(x+1) + x*math.Log(q) + shape*math.Log1p(-q))
	sum := term
	for ; term > sum*1e-12 && x < 1e6; x++ {
		term *= q * (x + shape) / (x + 1)
		sum += term
	}
	return min(sum, 1)
}
