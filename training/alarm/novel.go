package alarm

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A NewTopic is a topic that several customers ask about and nobody asked about
// before.
type NewTopic struct {
	Topic     string
	First     time.Time // when the first of them asked
	Count     int
	Customers int
	P         float64  // probability of so many since First by chance, of any topic
	Tickets   []string // newest first, at most 20
}

// Constants of new topics.
const (
	// young is how old the first question of a new topic is at most.
	young = 7 * 24 * time.Hour

	// leastHistory is how long a helpdesk must have been watched: to one that
	// began yesterday everything is new.
	leastHistory = 14 * 24 * time.Hour

	// novelAlpha is the chance of a false alarm at one look. Among hundreds of
	// small topics some are always asked about in one week of four: three
	// questions are news within two days, five within a week.
	novelAlpha = 5e-3
)

// NewTopics returns the topics that at least three customers asked about within
// the last week and nobody in the three weeks before, the largest first. They
// must be more than a small topic has by chance since its first question, by
// the same predictive as in Bursts, with Bonferroni's correction over topics.
func NewTopics(seen []Seen, now time.Time) []NewTopic {
	t := heard(seen, now)
	return t.newTopics(len(t.seen), now)
}

func (t *traffic) newTopics(end int, now time.Time) []NewTopic {
	first, from := t.since(end, now.Add(-Past)), t.since(end, now.Add(-young))
	if from-first < leastPast || now.Sub(t.seen[first].At) < leastHistory {
		return nil
	}
	old := make([]bool, len(t.names))
	old[0] = true // no topic is none
	for _, topic := range t.topic[first:from] {
		old[topic] = true
	}
	found := make(map[int]*NewTopic)
	for i := from; i < end; i++ {
		topic := t.topic[i]
		if old[topic] {
			continue
		}
		if found[topic] == nil {
			found[topic] = &NewTopic{Topic: t.names[topic], First: t.seen[i].At}
		}
		found[topic].Count++
	}
	var out []NewTopic
	for topic, n := range found {
		since := float64(end - t.since(end, n.First) + 1)
		rate := priorSeen + float64(end-first) - since
		n.P = tail(n.Count, priorCount, since/(rate+since)) * float64(len(t.names)-1)
		if n.Customers, n.Tickets = t.evidence(topic, from, end); n.Customers >= leastCustomers && n.P <= novelAlpha {
			out = append(out, *n)
		}
	}
	slices.SortFunc(out, func(a, b NewTopic) int {
		return cmp.Or(b.Customers-a.Customers, a.First.Compare(b.First), strings.Compare(a.Topic, b.Topic))
	})
	return out
}
