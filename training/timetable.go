package training

import (
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// A timetable says at which times, the slots, a job is due. Slots come from the
// timetable alone and not from when a process started, so that processes whose
// clocks differ a little name the same ones.
type timetable struct {
	cron  cron.Schedule
	every time.Duration // if not 0, the slots are its multiples since the year 1
}

// farthest bounds how far back latest looks: no two slots of five cron fields
// lie farther apart than the years that cron looks ahead.
const farthest = 5 * 366 * 24 * time.Hour

// parse reads a Job's Spec. One that is never due is an error.
func parse(spec string) (timetable, error) {
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return timetable{}, fmt.Errorf("timetable %q: %w", spec, err)
	}
	if e, ok := s.(cron.ConstantDelaySchedule); ok {
		return timetable{every: e.Delay}, nil
	}
	if s.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return timetable{}, fmt.Errorf("timetable %q: %w", spec, errors.New("there is no such day"))
	}
	return timetable{cron: s}, nil
}

// Latest returns the last time of a timetable, in the form of Job.Spec, that is
// not after now, in UTC. What is no timetable is an error.
func Latest(spec string, now time.Time) (time.Time, error) {
	t, err := parse(spec)
	if err != nil {
		return time.Time{}, err
	}
	return t.latest(now), nil
}

// after returns the first slot after now.
func (t timetable) after(now time.Time) time.Time {
	now = now.UTC()
	if t.every > 0 {
		return now.Truncate(t.every).Add(t.every)
	}
	return t.cron.Next(now)
}

// latest returns the last slot that is not after now.
func (t timetable) latest(now time.Time) time.Time {
	now = now.UTC()
	if t.every > 0 {
		return now.Truncate(t.every)
	}
	// Cron looks ahead only. The last slot is the first one after some time
	// before it: that time is found by going back in growing steps, and then
	// narrowed down until no slot fits between it and now but the last.
	passed := func(from time.Time) bool {
		next := t.cron.Next(from)
		return !next.IsZero() && !next.After(now)
	}
	back := time.Minute
	for back < farthest && !passed(now.Add(-back)) {
		back *= 2
	}
	low, high := now.Add(-back), now
	for high.Sub(low) > time.Second {
		if mid := low.Add(high.Sub(low) / 2); passed(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return t.cron.Next(low)
}
