package curve

import "time"

// Stages are when a topic came to each part of its way. A zero time means not
// yet, and so does one after the present.
type Stages struct {
	FirstSeen        time.Time
	GapFlagged       time.Time
	ArticlePublished time.Time
	FirstAccepted    time.Time
	Proficient       time.Time
}

// A Part is how long topics take from one stage to another.
type Part struct {
	From, To string // "first seen", "gap flagged", "article published", "first accepted", "proficient"
	Days     Survival
}

// Ways takes the ways of topics apart: the four parts from each stage to the
// next, and last the whole way. A topic that is still in a part counts as
// censored at now. So does one that has passed a part by, at the time of its
// next stage: one that was covered from the beginning never has its gap
// flagged, but until its first answer was accepted it might have. It is not in
// the part that would begin at the stage it passed by. A topic not seen yet is
// in none. The level is that of the medians' intervals, between 0 and 1.
func Ways(topics []Stages, now time.Time, level float64) []Part {
	names := []string{"first seen", "gap flagged", "article published", "first accepted", "proficient"}
	durations := make([][]Duration, len(names))
	last := len(names) - 1
	for _, t := range topics {
		at := t.until(now)
		if at[0].IsZero() {
			continue
		}
		for from := range last {
			if !at[from].IsZero() {
				durations[from] = append(durations[from], part(at[from], at[from+1:], now))
			}
		}
		durations[last] = append(durations[last], part(at[0], at[last:], now))
	}
	parts := make([]Part, 0, len(names))
	for i, name := range names[:last] {
		parts = append(parts, Part{From: name, To: names[i+1], Days: KaplanMeier(durations[i], level)})
	}
	return append(parts, Part{From: names[0], To: names[last], Days: KaplanMeier(durations[last], level)})
}

// until is the stages in order, those after now being zero.
func (s *Stages) until(now time.Time) []time.Time {
	at := []time.Time{s.FirstSeen, s.GapFlagged, s.ArticlePublished, s.FirstAccepted, s.Proficient}
	for i := range at {
		if at[i].After(now) {
			at[i] = time.Time{}
		}
	}
	return at
}

// part is the time from a stage to the first of the following that came.
func part(from time.Time, following []time.Time, now time.Time) Duration {
	const day = 24 * time.Hour
	for i, to := range following {
		if !to.IsZero() {
			return Duration{Length: float64(to.Sub(from)) / float64(day), Ended: i == 0}
		}
	}
	return Duration{Length: float64(now.Sub(from)) / float64(day)}
}
