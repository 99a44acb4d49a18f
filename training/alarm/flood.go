package alarm

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// likenesses are the cosines from which two questions are alike: few words
// shared, many, most.
func likenesses() []float64 { return []float64{0.15, 0.25, 0.4} }

// maxTerms bounds the terms that name a flood.
const maxTerms = 3

// Floods returns bursts of questions that are like each other, whatever their
// topics, the least probable first, each with the terms that most of them
// share. It finds what no topic is of yet: for each of the last questions it
// counts those like it (the cosine of their Terms, rare ones weighing more)
// among the last ones and in the 28 days before, and compares as Bursts does,
// with Bonferroni's correction over questions, windows and likenesses. The
// question itself is left out, or each would be an excess of its own. What
// one customer writes within a day counts once.
func Floods(seen []Seen, now time.Time) []Burst {
	untold := slices.Clone(seen)
	for i := range untold {
		untold[i].Topic = ""
	}
	t := heard(untold, now)
	return t.floods(len(t.seen), now)
}

func (t *traffic) floods(end int, now time.Time) []Burst {
	from := max(end-slices.Max(windows()), t.since(end, now.Add(-Day)))
	first := t.since(from, now.Add(-Past))
	if from-first < leastPast {
		return nil
	}
	x := compared(t.seen[first:end], from-first)
	found := make([]center, 0, end-from)
	for c := range x.recent {
		found = append(found, x.center(c))
	}
	slices.SortFunc(found, func(a, b center) int { return cmp.Or(cmp.Compare(a.burst.P, b.burst.P), cmp.Compare(b.at, a.at)) })
	tests := float64(len(found) * len(windows()) * len(likenesses()))
	taken := make([]bool, len(x.recent))
	var out []Burst
	for _, c := range found {
		if c.burst.P *= tests; c.burst.P > burstAlpha {
			break
		}
		if taken[c.at] {
			continue // it is of a flood that was found
		}
		for _, i := range c.like {
			taken[i] = true
		}
		if b := t.flood(x, c, from); b.Customers >= leastCustomers {
			out = append(out, b)
		}
	}
	return out
}

// flood tells of the questions that are like one.
func (t *traffic) flood(x *likeness, c center, from int) Burst {
	b := c.burst
	b.Since = t.seen[from+len(x.recent)-b.Window].At
	customers := make(map[string]bool)
	shared := make(map[string]float64)
	for _, i := range slices.Backward(c.like) {
		s := &t.seen[from+i]
		if s.Customer == "" || !customers[s.Customer] {
			b.Customers++
			customers[s.Customer] = true
		}
		if s.Ticket != "" && len(b.Tickets) < maxTickets {
			b.Tickets = append(b.Tickets, s.Ticket)
		}
		for k, term := range x.recent[i].terms {
			shared[term] += x.recent[i].weights[k]
		}
	}
	for term := range shared {
		b.Terms = append(b.Terms, term)
	}
	slices.SortFunc(b.Terms, func(a, b string) int { return cmp.Or(cmp.Compare(shared[b], shared[a]), strings.Compare(a, b)) })
	b.Terms = b.Terms[:min(maxTerms, len(b.Terms))]
	return b
}

// A likeness compares recent questions with each other and with the past.
type likeness struct {
	past   int
	recent []worded
	in     map[string][]posting // of the past, by term
	sums   []float64            // of one comparison with the past
}

// A worded is a question as its terms, whose weights have length 1.
type worded struct {
	terms   []string
	weights []float64
}

// A posting is a term's weight in a question of the past.
type posting struct {
	at     int
	weight float64
}

// compared prepares questions, of which the first so many are the past.
func compared(seen []Seen, past int) *likeness {
	in := make(map[string]float64)
	for i := range seen {
		for _, term := range distinct(seen[i].Terms) {
			in[term]++
		}
	}
	x := &likeness{past: past, in: make(map[string][]posting), sums: make([]float64, past)}
	for i := range seen {
		w := worded{terms: distinct(seen[i].Terms)}
		square := 0.0
		for _, term := range w.terms {
			idf := math.Log(float64(len(seen)+1) / in[term])
			w.weights = append(w.weights, idf)
			square += idf * idf
		}
		for k, term := range w.terms {
			w.weights[k] /= math.Sqrt(square)
			if i < past {
				x.in[term] = append(x.in[term], posting{i, w.weights[k]})
			}
		}
		if i >= past {
			x.recent = append(x.recent, w)
		}
	}
	return x
}

func distinct(terms []string) []string {
	out := slices.Clone(terms)
	slices.Sort(out)
	return slices.Compact(out)
}

// A center is a recent question and those that are like it.
type center struct {
	at    int
	like  []int // places among the recent ones, ascending, with its own
	burst Burst // the least probable of its windows; P is 1 if there is none
}

// center counts what is like a recent question.
func (x *likeness) center(c int) center {
	q := x.recent[c]
	clear(x.sums)
	own := make(map[string]float64, len(q.terms))
	for k, term := range q.terms {
		own[term] = q.weights[k]
		for _, p := range x.in[term] {
			x.sums[p.at] += q.weights[k] * p.weight
		}
	}
	near := make([]float64, len(x.recent))
	for i, r := range x.recent {
		for k, term := range r.terms {
			near[i] += own[term] * r.weights[k]
		}
	}
	best := center{at: c, burst: Burst{P: 1}}
	for _, least := range likenesses() {
		before := 0
		for _, s := range x.sums {
			if s >= least {
				before++
			}
		}
		for _, n := range windows() {
			n = min(n, len(x.recent))
			start := len(x.recent) - n
			if c < start {
				continue // a window says nothing of what is not in it
			}
			x.try(&best, near[start:], start, trial{before, least})
		}
	}
	return best
}

// A trial is what a window is compared with.
type trial struct {
	before int     // questions of the past that are like the center
	least  float64 // cosine from which they are
}

// try makes a window the center's best if it is less probable.
func (x *likeness) try(best *center, near []float64, start int, tr trial) {
	var like []int
	for i, s := range near {
		if s >= tr.least || start+i == best.at {
			like = append(like, start+i)
		}
	}
	others, n := len(like)-1, len(near)-1
	shape, rate := priorCount+float64(tr.before), priorSeen+float64(x.past)
	if shape > sureCount {
		shape, rate = sureCount, rate*sureCount/shape
	}
	expected := shape / rate * float64(n)
	if len(like) < leastCustomers || float64(others) < leastLift*expected {
		return
	}
	if p := tail(others, shape, float64(n)/(rate+float64(n))); p < best.burst.P {
		best.like = like
		best.burst = Burst{New: tr.before == 0, Window: n + 1, Count: others + 1, Expected: expected, P: p}
	}
}
