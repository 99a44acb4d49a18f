package alarm

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// seeds is how many helpdesks are simulated. The figures that are told of this
// package are those of 21.
func seeds(t *testing.T, few uint64) uint64 {
	if os.Getenv("WHETSTONE_TEST_MEASURE") != "" {
		return 20 + 1 // an odd number has a median
	}
	if testing.Short() {
		t.Skip("SKIPPED: a simulation, left out by -short")
	}
	return few
}

func TestAMonthWithoutABurstRaisesNoMoreThanOneAlarm(t *testing.T) {
	n := seeds(t, 4)
	total := 0
	for seed := range n {
		f := falseBursts(seed, 10*time.Minute)
		total += len(f)
	}
	t.Logf("%d false alarms in %d months", total, n)
	if total > int(n) {
		t.Errorf("%d false alarms in %d months of 500 questions a day, want at most one a month", total, n)
	}
}

func TestABurstOfANewTopicIsFoundSoon(t *testing.T) {
	n := seeds(t, 11)
	for _, tt := range []struct {
		share  float64
		within int
	}{{0.05, 60}, {0.1, 30}, {0.2, 15}} {
		var ds []int
		for seed := range n {
			ds = append(ds, delay(seed, tt.share, "burst"))
		}
		t.Logf("share %.2f: after %d questions, %v", tt.share, median(ds), ds)
		if median(ds) > tt.within {
			t.Errorf("a topic of %.0f %% of traffic is found after %d questions, want %d", 100*tt.share, median(ds), tt.within)
		}
	}
}

func TestABurstOfAKnownTopicIsFound(t *testing.T) {
	n := seeds(t, 5)
	for _, topic := range []string{"79", "40"} {
		for _, share := range []float64{0.05, 0.1, 0.2} {
			var ds []int
			for seed := range n {
				ds = append(ds, delay(seed, share, topic))
			}
			t.Logf("topic %s, share %.2f: after %d questions, %v", topic, share, median(ds), ds)
			if want := int(10 / share); median(ds) > want {
				t.Errorf("topic %s at %.2f is found after %d questions, want %d", topic, share, median(ds), want)
			}
		}
	}
}

func TestBanking77(t *testing.T) {
	labels := banking(t)
	n := 3 * seeds(t, 21)
	within := map[float64]int{0.05: 60, 0.1: 30, 0.2: 15}
	for _, share := range []float64{0.05, 0.1, 0.2} {
		var ds []int
		for seed := range n {
			r := rand.New(rand.NewPCG(seed, 77))
			left := labels[r.IntN(len(labels))]
			at, number := start, 0
			next := func(share float64) *Seen {
				topic := left
				for topic == left {
					topic = labels[r.IntN(len(labels))]
				}
				if r.Float64() < share {
					topic = left
				}
				at, number = at.Add(time.Duration(float64(Day)/perDay*r.ExpFloat64())), number+1
				return &Seen{Topic: topic, Ticket: strconv.Itoa(number), Customer: strconv.Itoa(r.IntN(5000)), At: at}
			}
			all := heard(nil, start)
			for at.Before(start.Add(Past)) {
				all.hear(next(0))
			}
			found := 0
			for found <= 500 {
				all.hear(next(share))
				found++
				if slices.ContainsFunc(all.bursts(len(all.seen), at), func(b Burst) bool { return b.Topic == left && b.New }) {
					break
				}
			}
			ds = append(ds, found)
		}
		t.Logf("a withheld intent at %.2f: after %d questions, %v", share, median(ds), ds)
		if median(ds) > within[share] {
			t.Errorf("a withheld intent at %.2f is found after %d questions, want %d", share, median(ds), within[share])
		}
	}
}

// banking returns the intents of banking77's questions.
func banking(t *testing.T) []string {
	var labels []string
	for _, q := range questions77(t) {
		labels = append(labels, q.Label)
	}
	return labels
}

// A question77 is a question of banking77 with its intent.
type question77 struct{ Text, Label string }

func questions77(t *testing.T) []question77 {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "banking77-en", "train.jsonl")
	f, err := os.Open(path)
	if err != nil {
		t.Skip("SKIPPED: no banking77 beside the project: " + err.Error())
	}
	defer func() { _ = f.Close() }()
	var qs []question77
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q question77
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		qs = append(qs, q)
	}
	return qs
}

// steady is 28 quiet days and one more: one question a customer, of 20 topics.
func steady(perDay int) []Seen {
	r := rand.New(rand.NewPCG(1, 1))
	var out []Seen
	for i := range 29 * perDay {
		out = append(out, Seen{
			Topic: fmt.Sprint("t", i%20), Customer: fmt.Sprint("c", i), Ticket: fmt.Sprint("T-", i),
			At:         start.Add(time.Duration(float64(i) * float64(Day) / float64(perDay))),
			Confidence: r.Float64(), Abstained: r.Float64() < 0.2,
		})
	}
	return out
}

var end = start.Add(Past)

// more adds questions about a topic, the last of them at the end, a minute
// apart.
func more(seen []Seen, n int, topic string, customer func(i int) string) []Seen {
	for i := range n {
		seen = append(seen, Seen{
			Topic: topic, Customer: customer(i), Ticket: fmt.Sprint("N-", i), At: end.Add(time.Duration(i-n+1) * time.Minute), Confidence: 0.5,
		})
	}
	return seen
}

func each(i int) string { return fmt.Sprint("new ", i) }

func TestABurstNamesItsTickets(t *testing.T) {
	got := Bursts(more(steady(100), 30, "outage", each), end)
	if len(got) != 1 {
		t.Fatalf("%d bursts, want 1: %+v", len(got), got)
	}
	b := got[0]
	if b.Topic != "outage" || !b.New || b.Count < 15 || b.Customers != b.Count || b.Expected > 1 || b.P > 1e-6 ||
		len(b.Tickets) == 0 || len(b.Tickets) > 20 || b.Tickets[0] != "N-29" {
		t.Errorf("burst reads %+v", b)
	}
}

func TestWhatIsNoBurst(t *testing.T) {
	for _, tt := range []struct {
		name string
		seen []Seen
	}{
		{"a quiet month", steady(100)},
		{"one customer who writes thirty times", more(steady(100), 30, "outage", func(int) string { return "anna" })},
		{"two customers who write fifteen times each", more(steady(100), 30, "outage", func(i int) string { return strconv.Itoa(i % 2) })},
		{"questions of no topic", more(steady(100), 30, "", each)},
		{"two questions", more(steady(100), 2, "outage", each)},
		{"a new installation", more(nil, 30, "outage", each)},
		{"a month's traffic in a day, of all topics", rush()},
	} {
		if got := Bursts(tt.seen, end); len(got) != 0 {
			t.Errorf("%s: got %+v", tt.name, got)
		}
	}
}

// rush is a day of twenty times the traffic.
func rush() []Seen {
	seen := steady(100)
	for i := range 2000 {
		seen = append(seen, Seen{
			Topic: fmt.Sprint("t", i%20), Customer: fmt.Sprint("r", i), Ticket: fmt.Sprint("R-", i),
			At: end.Add(-time.Duration(i) * 43 * time.Second),
		})
	}
	return seen
}

func TestSeveralAnswersToOneTicketAreOneQuestion(t *testing.T) {
	seen := more(steady(100), 30, "outage", func(int) string { return "" })
	for i := range seen {
		if seen[i].Topic == "outage" {
			seen[i].Ticket = "N-1"
		}
	}
	if got := Bursts(seen, end); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestANewTopicHasThreeCustomersAndIsYoung(t *testing.T) {
	old := Seen{Topic: "outage", Customer: "x", Ticket: "O", At: end.Add(-10 * Day)}
	for _, tt := range []struct {
		name string
		seen []Seen
		want int
	}{
		{"three customers", more(steady(100), 3, "outage", each), 1},
		{"two customers", more(steady(100), 2, "outage", each), 0},
		{"one customer", more(steady(100), 9, "outage", func(int) string { return "anna" }), 0},
		{"somebody asked ten days ago", append(more(steady(100), 3, "outage", each), old), 0},
		{"three customers within six days", slow(3), 0},
		{"six customers within six days", slow(6), 1},
		{"no topic", more(steady(100), 3, "", each), 0},
		{"a helpdesk that began a week ago", slices.DeleteFunc(more(steady(100), 3, "outage", each), func(s Seen) bool {
			return s.At.Before(end.Add(-8 * Day))
		}), 0},
		{"nothing at all", nil, 0},
	} {
		got := NewTopics(tt.seen, end)
		if len(got) != tt.want {
			t.Errorf("%s: %d new topics, want %d", tt.name, len(got), tt.want)
			continue
		}
		if tt.want == 1 && (got[0].Topic != "outage" || got[0].Count < 3 || got[0].Customers != got[0].Count ||
			len(got[0].Tickets) != got[0].Count || got[0].Tickets[len(got[0].Tickets)-1] != "N-0" || got[0].P > novelAlpha) {
			t.Errorf("%s: got %+v", tt.name, got[0])
		}
	}
}

// slow is a topic that customers ask about over six days.
func slow(n int) []Seen {
	seen := more(steady(100), n, "outage", each)
	for i := range n {
		s := &seen[len(seen)-n+i]
		s.At = end.Add(-6 * Day * time.Duration(n-1-i) / time.Duration(n))
	}
	return seen
}

func TestAnswersThatGrowUncertainAreADrift(t *testing.T) {
	change := func(do func(*Seen)) []Seen {
		seen := steady(100)
		for i := range seen {
			if seen[i].At.After(end.Add(-Day)) {
				do(&seen[i])
			}
		}
		return seen
	}
	for _, tt := range []struct {
		name string
		seen []Seen
		want []Measure
	}{
		{"nothing changes", steady(100), nil},
		{"confidence halves", change(func(s *Seen) { s.Confidence /= 2 }), []Measure{Confidence}},
		{"nothing is answered", change(func(s *Seen) { s.Abstained = true }), []Measure{Abstained}},
		{"everything is answered with confidence", change(func(s *Seen) { s.Abstained, s.Confidence = false, 0.9 }), []Measure{Confidence, Abstained}},
		{"a little of much", little(), nil},
		{"a day too small to tell", slices.DeleteFunc(change(func(s *Seen) { s.Abstained = true }), func(s Seen) bool {
			return s.At.After(end.Add(-Day * 6 / 10))
		}), nil},
	} {
		var got []Measure
		for _, d := range Drifts(tt.seen, end) {
			got = append(got, d.Measure)
			if len(d.Tickets) == 0 && d.After > 0 || len(d.Tickets) > 20 || d.Before == d.After {
				t.Errorf("%s: drift reads %+v", tt.name, d)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: drifts of %v, want %v", tt.name, got, tt.want)
		}
	}
}

// little is a difference that is certain, since it is of many questions, and
// matters to nobody.
func little() []Seen {
	seen := steady(5000)
	for i := range seen {
		if seen[i].At.After(end.Add(-Day)) {
			seen[i].Confidence *= 0.9
		}
	}
	return seen
}

func TestAMonthWithoutADriftRaisesNone(t *testing.T) {
	n := seeds(t, 2)
	drifts, news, found := 0, 0, 0
	for seed := range n {
		h := newHelpdesk(seed)
		from, to := start.Add(Before), start.Add(Before+30*Day)
		all := h.until(nil, to)
		h.sad = 1
		all = h.until(all, to.Add(Day))
		tr := stream(all)
		looks(tr, from, to, time.Hour, func(end int, now time.Time) {
			drifts += len(tr.drifts(end, now))
			news += len(tr.newTopics(end, now))
		})
		if len(tr.drifts(len(tr.seen), to.Add(Day))) > 0 {
			found++
		}
	}
	t.Logf("%d drifts, %d new topics in %d months; %d of %d real drifts found", drifts, news, n, found, n)
	if drifts > 0 || news > 0 || found < int(n) {
		t.Errorf("%d drifts and %d new topics where there are none; %d of %d real drifts found", drifts, news, found, n)
	}
}

func TestAnAlarmIsRaisedOnceWhileItLasts(t *testing.T) {
	var remember []Raised
	var fresh []string
	for _, tt := range []struct {
		hours int
		found []string
		want  []string
	}{
		{0, []string{"a"}, []string{"a"}},
		{1, []string{"a", "b"}, []string{"b"}},
		{20, []string{"a"}, nil},
		{60, []string{"a"}, nil},           // it was not found at night, and goes on
		{61, []string{"b"}, []string{"b"}}, // b was over for longer
		{107, nil, nil},
		{109, []string{"a"}, []string{"a"}},
	} {
		fresh, remember = Fresh(tt.found, remember, start.Add(time.Duration(tt.hours)*time.Hour))
		if !slices.Equal(fresh, tt.want) {
			t.Errorf("after %d hours %v is news, want %v", tt.hours, fresh, tt.want)
		}
	}
	if len(remember) != 1 || remember[0].Key != "a" {
		t.Errorf("%v is remembered, want a alone: b was over 48 hours ago", remember)
	}
}

func TestTheTailOfANegativeBinomial(t *testing.T) {
	for _, tt := range []struct {
		k              int
		shape, q, want float64
	}{
		{1, 1, 0.25, 0.25},             // geometric
		{3, 1, 0.25, 0.015625},         // 0.25³
		{1, 2, 0.5, 0.75},              // 1 - 0.5²
		{2, 2, 0.5, 0.5},               // and less 2·0.5²·0.5
		{30, 1, 0.01, 1e-60},           // far below what 1 - x can tell
		{3, 1e7, 0.4 / 1e7, 0.0079263}, // Poisson(0.4)
	} {
		if got := tail(tt.k, tt.shape, tt.q); math.Abs(got/tt.want-1) > 1e-4 {
			t.Errorf("tail(%d, %v, %v) is %v, want %v", tt.k, tt.shape, tt.q, got, tt.want)
		}
	}
}

func TestKolmogorovsDistribution(t *testing.T) {
	// Smirnov (1948): the 5 % and 1 % points.
	for x, want := range map[float64]float64{1.3581: 0.05, 1.6276: 0.01, 0.2: 1} {
		if got := kolmogorov(x); math.Abs(got-want) > 1e-4 {
			t.Errorf("beyond %v lies %v, want %v", x, got, want)
		}
	}
	if d := distance([]float64{1, 2, 2, 3}, []float64{2, 3, 4, 5}); d != 0.5 {
		t.Errorf("distance %v, want 0.5", d)
	}
}
