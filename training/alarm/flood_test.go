package alarm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// worded77 returns banking77's questions as Seen: their words, longer ones cut
// to stand for stems, and their intents as topics.
func worded77(t *testing.T) []Seen {
	t.Helper()
	var out []Seen
	for _, q := range questions77(t) {
		s := Seen{Topic: q.Label}
		before := ""
		for word := range strings.FieldsFuncSeq(strings.ToLower(q.Text), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if len(word) < 4 {
				continue
			}
			word = word[:min(5, len(word))]
			s.Terms = append(s.Terms, word, before+" "+word)
			before = word
		}
		out = append(out, s)
	}
	return out
}

// A desk77 asks questions of banking77, 500 a day.
type desk77 struct {
	r         *rand.Rand
	all, left []Seen // those of one intent are left out
	at        time.Time
	n         int
}

func (d *desk77) next(share float64) Seen {
	s := d.all[d.r.IntN(len(d.all))]
	if d.r.Float64() < share {
		s = d.left[d.n%len(d.left)]
	}
	d.n++
	d.at = d.at.Add(time.Duration(float64(Day) / perDay * d.r.ExpFloat64()))
	s.At, s.Ticket, s.Customer = d.at, strconv.Itoa(d.n), strconv.Itoa(d.r.IntN(5000))
	return s
}

func newDesk77(seed uint64, qs []Seen) *desk77 {
	d := &desk77{r: rand.New(rand.NewPCG(seed, 77)), at: start}
	left := qs[d.r.IntN(len(qs))].Topic
	for _, q := range qs {
		if q.Topic == left {
			d.left = append(d.left, q)
		} else {
			d.all = append(d.all, q)
		}
	}
	d.r.Shuffle(len(d.left), func(i, j int) { d.left[i], d.left[j] = d.left[j], d.left[i] })
	return d
}

func TestAnIntentThatNobodyKnewFloods(t *testing.T) {
	qs := worded77(t)
	n, shares := seeds(t, 3), []float64{0.2}
	if n > 3 {
		n, shares = 11, []float64{0.05, 0.1, 0.2} // it takes minutes
	}
	for _, share := range shares {
		var ds []int
		looks, wrong := 0, 0
		for seed := range n {
			d := newDesk77(seed, qs)
			var seen []Seen
			for d.at.Before(start.Add(Past)) {
				seen = append(seen, d.next(0))
			}
			found, intent := 0, d.left[0].Topic
			of := make(map[string]string)
			for found < 300 && !slices.ContainsFunc(Floods(seen, d.at), func(b Burst) bool {
				own := 0
				for _, ticket := range b.Tickets {
					if of[ticket] == intent {
						own++
					}
				}
				if 2*own < len(b.Tickets) {
					wrong++
				}
				return 2*own >= len(b.Tickets)
			}) {
				for range 10 {
					s := d.next(share)
					of[s.Ticket] = s.Topic
					seen = append(seen, s)
				}
				found += 10
				looks++
			}
			ds = append(ds, found)
		}
		t.Logf("share %.2f: after %d questions, %v; %d of %d looks wrong", share, median(ds), ds, wrong, looks)
		if share == 0.2 && median(ds) > 120 {
			t.Errorf("an intent at %.2f that nobody knew is found after %d questions", share, median(ds))
		}
	}
}

func TestAMonthWithoutAFloodRaisesNoMoreThanOne(t *testing.T) {
	qs := worded77(t)
	n := seeds(t, 1)
	every, raised := 8*time.Hour, 0
	if n > 1 {
		every, n = time.Hour, 5 // it takes minutes
	}
	for seed := range n {
		d := newDesk77(seed, qs)
		var seen []Seen
		for d.at.Before(start.Add(Before + 30*Day)) {
			s := d.next(0)
			s.Topic = ""
			seen = append(seen, s)
		}
		tr := stream(seen)
		var until time.Time
		looks(tr, start.Add(Before), d.at, every, func(end int, now time.Time) {
			if len(tr.floods(end, now)) > 0 {
				if now.After(until) {
					raised++
				}
				until = now.Add(quiet)
			}
		})
	}
	t.Logf("%d floods in %d months of a look every %v", raised, n, every)
	if raised > int(n) {
		t.Errorf("%d floods in %d months, want at most one a month", raised, n)
	}
}

func TestAFloodIsNamedByWhatItsQuestionsShare(t *testing.T) {
	seen := steady(100)
	for i := range seen {
		seen[i].Terms = []string{"where", "parcel", fmt.Sprint("street", i%50)}
	}
	for i, s := range more(nil, 8, "", each) {
		s.Terms = []string{"kettle", "leak", fmt.Sprint("since", i)}
		seen = append(seen, s)
	}
	got := Floods(seen, end)
	if len(got) != 1 {
		t.Fatalf("%d floods, want 1: %+v", len(got), got)
	}
	b := got[0]
	if !b.New || b.Count != 8 || b.Customers != 8 || b.P > 1e-3 || len(b.Tickets) != 8 || b.Tickets[0] != "N-7" ||
		!slices.Contains(b.Terms, "kettle") || !slices.Contains(b.Terms, "leak") {
		t.Errorf("flood reads %+v", b)
	}
	for i := range seen[29*100:] {
		seen[29*100+i].Customer = "anna"
	}
	if got := Floods(seen, end); len(got) != 0 {
		t.Errorf("one customer floods: %+v", got)
	}
	if got := Floods(steady(100), end); len(got) != 0 {
		t.Errorf("questions without words flood: %+v", got)
	}
}
