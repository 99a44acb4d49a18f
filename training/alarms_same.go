package training

import (
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/training/alarm"
)

// about says which tickets the alarm that was added last is about. If another
// one is about the same, found now or told of before, the last one is not told
// of, and the other one lasts: an outage is one alarm, whether its topic
// bursts, its words do, or its topic is new, and however it is called later.
func (w *patrol) about(tickets []string) {
	last := len(w.found) - 1
	f := &w.found[last]
	f.tickets = tickets
	for i := range w.found[:last] {
		f.silent = f.silent || same(w.found[i].tickets, tickets)
	}
	var lasting []sighting
	for _, r := range w.before.Raised {
		if r.Key == f.key || !same(w.before.Tickets[r.Key], tickets) {
			continue
		}
		f.silent = true
		lasting = append(lasting, sighting{key: r.Key, silent: true, tickets: tickets})
	}
	for _, l := range lasting {
		if !slices.ContainsFunc(w.found, func(f sighting) bool { return f.key == l.key }) {
			w.found = append(w.found, l)
		}
	}
}

// same reports whether at least half of the smaller list is in the other.
func same(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	shared := 0
	for _, ticket := range a {
		if slices.Contains(b, ticket) {
			shared++
		}
	}
	return shared > 0 && 2*shared >= len(a)
}

// tickets returns those of the alarms that are remembered.
func (w *patrol) tickets(remember []alarm.Raised) map[string][]string {
	out := make(map[string][]string)
	for _, r := range remember {
		out[r.Key] = w.before.Tickets[r.Key]
		for i := range w.found {
			if f := &w.found[i]; f.key == r.Key && len(f.tickets) > 0 {
				out[r.Key] = f.tickets
			}
		}
		if len(out[r.Key]) == 0 {
			delete(out, r.Key)
		}
	}
	return out
}

// words returns terms as people write them.
func (w *patrol) words(terms []string) string {
	var out []string
	for stem := range strings.FieldsSeq(strings.Join(terms, " ")) {
		if word := w.surface[stem]; word != "" && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return strings.Join(out[:min(len(out), topicWords)], " ")
}
