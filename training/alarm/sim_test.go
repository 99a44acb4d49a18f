package alarm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// A helpdesk makes traffic as helpdesks have it: 500 questions a day on average
// from 5,000 customers; few at night and on weekends, most on Mondays; 80
// topics whose sizes fall off like Zipf's, each with hours and weekdays of its
// own and a share that drifts by a third within a month.
type helpdesk struct {
	r      *rand.Rand
	log    []float64 // of the topics' shares
	hour   []float64 // when a topic is at its height
	day    []float64
	at     time.Time
	burst  float64 // share of traffic that is the topic "burst"
	flood  string  // the name of that topic
	sad    float64 // by how much confidence falls
	number int
	hourOf time.Time // that sums are of
	sums   []float64 // of the topics' weights up to each one
}

const (
	perDay    = 500
	topicsAll = 80
)

var start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC) // a Monday

func newHelpdesk(seed uint64) *helpdesk {
	h := &helpdesk{r: rand.New(rand.NewPCG(seed, 4)), at: start, flood: "burst"}
	for i := range topicsAll {
		h.log = append(h.log, -math.Log(float64(i+1)))
		h.hour, h.day = append(h.hour, h.r.Float64()), append(h.day, h.r.Float64())
	}
	return h
}

// busy is how much traffic there is at a time, 1 on average.
func busy(at time.Time) float64 {
	hour := float64(at.Hour()) + float64(at.Minute())/60
	x := 0.15 + 1.7*math.Exp(-(hour-14)*(hour-14)/20/2)/0.8
	switch at.Weekday() {
	case time.Saturday, time.Sunday:
		x *= 0.5
	case time.Monday:
		x *= 1.5
	default:
	}
	return x / 0.97
}

// next returns the next question.
func (h *helpdesk) next() Seen {
	for {
		step := time.Duration(h.r.ExpFloat64() / 3 * float64(24*time.Hour) / perDay)
		if h.at.Add(step).YearDay() != h.at.YearDay() {
			for i := range h.log {
				h.log[i] += 0.06 * h.r.NormFloat64()
			}
		}
		h.at = h.at.Add(step)
		if h.r.Float64()*3 < busy(h.at) {
			break
		}
	}
	h.number++
	topic := h.pick()
	s := Seen{
		Topic: strconv.Itoa(topic), Customer: fmt.Sprint("c", h.r.IntN(5000)), Ticket: fmt.Sprint("T-", h.number), At: h.at,
		Confidence: 1 / (1 + math.Exp(-0.6-0.7*math.Sin(float64(topic))-0.9*h.r.NormFloat64()+h.sad)),
	}
	if h.r.Float64() < h.burst {
		s.Topic = h.flood
	}
	s.Abstained = s.Confidence < 0.35
	return s
}

// pick draws a topic.
func (h *helpdesk) pick() int {
	if now := h.at.Truncate(time.Hour); !now.Equal(h.hourOf) {
		h.hourOf, h.sums = now, h.sums[:0]
		hour, day, sum := float64(h.at.Hour())/24, float64(h.at.Weekday())/7, 0.0
		for i := range h.log {
			sum += math.Exp(h.log[i] + 0.4*math.Sin(2*math.Pi*(hour-h.hour[i])) + 0.25*math.Sin(2*math.Pi*(day-h.day[i])))
			h.sums = append(h.sums, sum)
		}
	}
	x := h.r.Float64() * h.sums[len(h.sums)-1]
	at, _ := slices.BinarySearch(h.sums, x)
	return min(at, len(h.sums)-1)
}

// until adds what comes until a time.
func (h *helpdesk) until(seen []Seen, end time.Time) []Seen {
	for h.at.Before(end) {
		seen = append(seen, h.next())
	}
	return seen
}

// stream prepares all of what was seen, whatever its age.
func stream(seen []Seen) *traffic {
	t := heard(nil, start)
	for i := range seen {
		t.hear(&seen[i])
	}
	return t
}

// looks calls look at every time that the job looks at, and says how much was
// seen by then.
func looks(t *traffic, from, to time.Time, every time.Duration, look func(end int, now time.Time)) {
	for now := from; now.Before(to); now = now.Add(every) {
		look(t.since(len(t.seen), now), now)
	}
}

// falseBursts returns how many alarms a month without any burst raises.
func falseBursts(seed uint64, every time.Duration) []string {
	h := newHelpdesk(seed)
	from, to := start.Add(Before), start.Add(Before+30*Day)
	t := stream(h.until(nil, to))
	var raised []Raised
	var out []string
	looks(t, from, to, every, func(end int, now time.Time) {
		var found []string
		for _, b := range t.bursts(end, now) {
			found = append(found, b.Topic)
		}
		var fresh []string
		fresh, raised = Fresh(found, raised, now)
		out = append(out, fresh...)
	})
	return out
}

// delay returns after how many questions a burst of a share is found, looking
// at each one; the burst is of a topic that is new, or of one that there is.
// It gives up after 500.
func delay(seed uint64, share float64, topic string) int {
	h := newHelpdesk(seed)
	t := stream(h.until(nil, start.Add(Before+Day+time.Duration(seed%24)*time.Hour)))
	h.burst, h.flood = share, topic
	for n := 1; n <= 500; n++ {
		s := h.next()
		t.hear(&s)
		for _, b := range t.bursts(len(t.seen), h.at) {
			if b.Topic == topic {
				return n
			}
		}
	}
	return 501
}

func median(xs []int) int {
	slices.Sort(xs)
	return xs[len(xs)/2]
}
