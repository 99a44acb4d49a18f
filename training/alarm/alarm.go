// Package alarm looks for what has suddenly changed in the questions that come
// in: a topic that bursts, a flood of questions that no topic is of yet, a topic
// that is new, answers that are less certain than they were.
//
// Its functions are pure: they are given what was seen and the time, and keep
// nothing. Traffic is watched day and night, so each function is built to be
// wrong less than once a month although it is asked every few minutes, and
// each asks for an effect that matters beside one that is no chance. [Fresh]
// tells the alarms that nobody has heard of yet from those that go on.
package alarm

import (
	"slices"
	"time"
)

// A Seen is one question as it came in. A question that was answered twice is
// one.
type Seen struct {
	Topic      string    // empty: none that is known
	Customer   string    // who asked; empty: not said
	Ticket     string    // empty: none
	At         time.Time // when it came
	Confidence float64   // of the answer, from 0 to 1
	Abstained  bool      // there was no answer
	Terms      []string  // the words it says, as stems; none: it is like no other
}

// How long functions look back.
const (
	// Before is how much of the past is normal.
	Before = 28 * 24 * time.Hour

	// Day is how long "now" is at most.
	Day = 24 * time.Hour

	// Past is what functions read in all: what is older makes no difference.
	Past = Before + Day
)

// maxTickets bounds the tickets that an alarm names.
const maxTickets = 20

// leastCustomers is how many customers it takes for a topic to be more than one
// person's affair.
const leastCustomers = 3

// A traffic is what was seen, prepared: oldest first, one entry for each ticket
// and for what a customer says of a topic within a day.
type traffic struct {
	seen   []Seen
	topic  []int    // of each entry, a place in names
	names  []string // of topics; the first is that of none
	known  map[string]int
	latest map[who]time.Time
	ticket map[string]bool
}

// A who is a customer who speaks of a topic.
type who struct{ customer, topic string }

// heard prepares what was seen until now: one customer who writes thirty times
// is heard once a day on each topic.
func heard(seen []Seen, now time.Time) *traffic {
	t := &traffic{names: []string{""}, known: map[string]int{"": 0}, latest: make(map[who]time.Time), ticket: make(map[string]bool)}
	sorted := slices.Clone(seen)
	slices.SortStableFunc(sorted, func(a, b Seen) int { return a.At.Compare(b.At) })
	for i := range sorted {
		if s := &sorted[i]; s.At.After(now.Add(-Past)) && !s.At.After(now) {
			t.hear(s)
		}
	}
	return t
}

func (t *traffic) hear(s *Seen) {
	if s.Ticket != "" {
		if t.ticket[s.Ticket] {
			return
		}
		t.ticket[s.Ticket] = true
	}
	if s.Customer != "" {
		w := who{s.Customer, s.Topic}
		if last, ok := t.latest[w]; ok && s.At.Sub(last) < Day {
			return
		}
		t.latest[w] = s.At
	}
	at, ok := t.known[s.Topic]
	if !ok {
		at = len(t.names)
		t.names, t.known[s.Topic] = append(t.names, s.Topic), at
	}
	t.seen, t.topic = append(t.seen, *s), append(t.topic, at)
}

// since returns the first of the entries up to an end that came after a time.
func (t *traffic) since(end int, after time.Time) int {
	at, _ := slices.BinarySearchFunc(t.seen[:end], after, func(s Seen, after time.Time) int {
		if s.At.After(after) {
			return 1
		}
		return -1
	})
	return at
}

// evidence returns how many customers stand behind entries of a topic, and
// the tickets, newest first. Whoever has no name counts for one.
func (t *traffic) evidence(topic, from, end int) (customers int, tickets []string) {
	names := make(map[string]bool)
	for i := end - 1; i >= from; i-- {
		if t.topic[i] != topic {
			continue
		}
		s := &t.seen[i]
		if s.Customer == "" || !names[s.Customer] {
			customers++
			names[s.Customer] = true
		}
		if s.Ticket != "" && len(tickets) < maxTickets {
			tickets = append(tickets, s.Ticket)
		}
	}
	return customers, tickets
}
