package retrieval

import "time"

// A clock measures the stages of a suggestion.
type clock struct{ start, last time.Time }

func newClock() clock {
	now := time.Now()
	return clock{now, now}
}

// lap adds the time since the last lap to a stage, in milliseconds.
func (c *clock) lap(stage *float64) {
	now := time.Now()
	if !c.last.IsZero() {
		*stage += float64(now.Sub(c.last).Microseconds()) / 1000
	}
	c.last = now
}

// total is the time from the start to the last lap, in milliseconds.
func (c *clock) total() float64 { return float64(c.last.Sub(c.start).Microseconds()) / 1000 }
