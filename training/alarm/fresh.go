package alarm

import (
	"slices"
	"time"
)

// A Raised is an alarm that somebody was told of.
type Raised struct {
	Key  string    `json:"key"`  // what it is about
	At   time.Time `json:"at"`   // when it was raised
	Last time.Time `json:"last"` // when it was last found
}

// quiet is how long nothing must be found before the same is news again: an
// alarm that comes and goes with the hours of a day is one.
const quiet = 48 * time.Hour

// Fresh returns those of the keys found at now that are news, in their order,
// and the alarms to remember. An alarm lasts while it is found, and until it
// was not found for 48 hours.
func Fresh(found []string, earlier []Raised, now time.Time) (fresh []string, remember []Raised) {
	for _, r := range earlier {
		if now.Sub(r.Last) >= quiet {
			continue
		}
		if slices.Contains(found, r.Key) {
			r.Last = now
		}
		remember = append(remember, r)
	}
	for _, key := range found {
		if slices.ContainsFunc(remember, func(r Raised) bool { return r.Key == key }) {
			continue
		}
		fresh = append(fresh, key)
		remember = append(remember, Raised{key, now, now})
	}
	return fresh, remember
}
