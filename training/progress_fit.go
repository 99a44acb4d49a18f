package training

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/analytics"
	"github.com/whetstone-desk/whetstone/training/curve"
)

// Bounds of a report: where a helpdesk gives each ticket a topic of its own,
// fitting takes seconds and not hours, and what is kept stays readable.
const (
	fittedTopics = 5000
	listedTopics = 500
	listedGroups = 50
)

// count counts what was read.
func (r *Report) count(all []met) {
	r.Judgements = len(all)
	for i := range all {
		if !all[i].told {
			continue
		}
		r.Encounters++
		if all[i].topic == (topicKey{}) {
			r.Unsorted++
		}
	}
}

// anyTopic is the name under which a topic without encounters is fitted: its
// curve is that of the whole, as is the interval in which a topic lies that
// was never met.
const anyTopic = ""

func (c *course) name() string { return c.key.kind + "/" + c.key.id }

// fit draws the curves of topics, of which there is one at least.
func (r *Report) fit(topics []*course, now time.Time) error {
	slices.SortStableFunc(topics, func(a, b *course) int { return cmp.Compare(len(b.met), len(a.met)) })
	if len(topics) > fittedTopics {
		r.LeftOut = len(topics) - fittedTopics
		topics = topics[:fittedTopics]
	}
	encounters := map[string][]curve.Encounter{anyTopic: nil}
	for _, c := range topics {
		encounters[c.name()] = curveOf(c.met)
	}
	fitted, err := curve.FitAll(encounters, curve.Options{Level: progressLevel})
	if err != nil {
		return err
	}
	f := &fit{Fitted: fitted, topics: topics, now: now}
	f.proficiency, f.mature = fitted.Proficiency()
	var all []met
	for _, c := range topics {
		all = append(all, c.met...)
	}
	r.Whole = f.speed(all, topics)
	r.Whole.Curve = curveFrom(fitted.Y0, fitted.A, fitted.K)
	r.Whole.Curve.compare(fitted.Exponential, fitted.Power)
	lasts := make([]float64, len(topics))
	for i, c := range topics {
		lasts[i] = float64(len(c.met))
	}
	slices.Sort(lasts)
	anyone := fitted.Topics[anyTopic]
	r.Whole.Line = line(&anyone, max(lineLeast, int(lasts[9*(len(lasts)-1)/10])))
	r.Topics = f.list()
	if r.Teams, err = f.groups(all, func(m *met) string { return m.team }); err != nil {
		return err
	}
	r.Languages, err = f.groups(all, func(m *met) string { return m.language })
	return err
}

// curveOf is encounters as they are fitted.
func curveOf(ms []met) []curve.Encounter {
	out := make([]curve.Encounter, 0, len(ms))
	for i := range ms {
		if m := &ms[i]; !math.IsNaN(m.quality) {
			out = append(out, curve.Encounter{N: m.n, Day: m.day, Quality: m.quality})
		}
	}
	return out
}

// A fit is topics with their curves.
type fit struct {
	curve.Fitted
	proficiency curve.Proficiency
	mature      bool // there is a level to reach
	topics      []*course
	now         time.Time
}

// reach is when a topic becomes proficient; not reached where there is no
// level to reach.
func (f *fit) reach(c *course) curve.Reach {
	if f.mature {
		return f.proficiency.Topics[c.name()]
	}
	never := math.Inf(1)
	e := curve.Estimate{Value: never, Low: never, High: never}
	last := &c.met[len(c.met)-1]
	return curve.Reach{Encounters: e, Days: e, SeenUntil: last.n, SeenUntilDay: last.day}
}

// stages is the way of a topic.
func (f *fit) stages(c *course) curve.Stages {
	s := curve.Stages{FirstSeen: c.firstSeen, GapFlagged: c.flagged, ArticlePublished: c.published}
	for i := range c.met {
		if c.met[i].accepted() {
			s.FirstAccepted = c.met[i].at
			break
		}
	}
	if r := f.reach(c); r.Reached && !math.IsInf(r.Days.Value, 0) {
		s.Proficient = c.firstSeen.Add(time.Duration(r.Days.Value * float64(24*time.Hour)))
	}
	return s
}

// speed is what encounters and the topics they belong to come to, but for the
// curve.
func (f *fit) speed(ms []met, topics []*course) Speed {
	s := Speed{Topics: len(topics), Encounters: len(ms), Line: []ExpectedQuality{}}
	s.Unchanged, s.Edited, s.AnyUse = uses(ms)
	s.ByEncounter = bands(ms, encounterBands(), func(m *met) int { return m.n })
	s.ByDay = bands(ms, dayBands(), func(m *met) int { return int(m.day) })
	var encounters, days []curve.Duration
	var stages []curve.Stages
	for _, c := range topics {
		r := f.reach(c)
		e, d := curve.Duration{Length: float64(r.SeenUntil)}, curve.Duration{Length: r.SeenUntilDay}
		if r.Reached {
			e = curve.Duration{Length: r.Encounters.Value, Ended: true}
			d = curve.Duration{Length: r.Days.Value, Ended: true}
		}
		encounters, days, stages = append(encounters, e), append(days, d), append(stages, f.stages(c))
		cv := f.Topics[c.name()]
		if f.mature && settled(&cv) {
			s.Mature++
		}
	}
	if f.mature {
		s.MatureLevel, s.Target = finite(f.proficiency.Level), finite(f.proficiency.Target)
	}
	s.ToEncounters = howLong(curve.KaplanMeier(encounters, progressLevel))
	s.ToDays = howLong(curve.KaplanMeier(days, progressLevel))
	for _, p := range curve.Ways(stages, f.now, progressLevel) {
		s.Ways = append(s.Ways, PartOfTheWay{p.From, p.To, howLong(p.Days)})
	}
	return s
}

// settled reports whether a topic counts as mature, by the rule of
// curve.Proficiency, which says only how many do.
func settled(c *curve.Curve) bool {
	return c.Last > 0 && math.Exp(-float64(c.Last-1)/c.K.Value) <= 0.2
}

// list is the topics, the slowest first.
func (f *fit) list() []TopicSpeed {
	out := make([]TopicSpeed, len(f.topics))
	for i, c := range f.topics {
		out[i] = f.topic(c)
	}
	slices.SortStableFunc(out, func(a, b TopicSpeed) int {
		switch {
		case a.Reached != b.Reached:
			if b.Reached {
				return -1
			}
			return 1
		case a.Reached:
			return cmp.Or(cmp.Compare(*b.ToEncounters.Value, *a.ToEncounters.Value), strings.Compare(a.Kind+a.ID, b.Kind+b.ID))
		}
		return cmp.Or(cmp.Compare(b.Encounters, a.Encounters), strings.Compare(a.Kind+a.ID, b.Kind+b.ID))
	})
	return out[:min(len(out), listedTopics)]
}

func (f *fit) topic(c *course) TopicSpeed {
	r, s, cv := f.reach(c), f.stages(c), f.Topics[c.name()]
	t := TopicSpeed{
		Kind: c.key.kind, ID: c.key.id, Label: c.label, Encounters: len(c.met),
		Curve: curveFrom(cv.Y0, cv.A, cv.K), Line: line(&cv, len(c.met)),
		ByEncounter: bands(c.met, encounterBands(), func(m *met) int { return m.n }),
		ByDay:       bands(c.met, dayBands(), func(m *met) int { return int(m.day) }),
		Reached:     r.Reached, ToEncounters: estimateOf(r.Encounters), ToDays: estimateOf(r.Days),
		FirstSeen: c.firstSeen, LastSeen: c.lastSeen, GapFlagged: past(s.GapFlagged), ArticlePublished: past(s.ArticlePublished),
		FirstAccepted: past(s.FirstAccepted), Proficient: past(s.Proficient),
	}
	t.Unchanged, t.Edited, t.AnyUse = uses(c.met)
	t.Curve.compare(cv.Exponential, cv.Power)
	return t
}

// past is a time, or nil if it has not come.
func past(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// groups draws a curve for each group of encounters.
func (f *fit) groups(all []met, of func(*met) string) ([]GroupSpeed, error) {
	by := make(map[string][]met)
	topics := make(map[string]map[topicKey]bool)
	for i := range all {
		key := of(&all[i])
		by[key] = append(by[key], all[i])
		if topics[key] == nil {
			topics[key] = make(map[topicKey]bool)
		}
		topics[key][all[i].topic] = true
	}
	keys := slices.Sorted(maps.Keys(by))
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(len(by[b]), len(by[a])) })
	keys = keys[:min(len(keys), listedGroups)]
	encounters := make(map[string][]curve.Encounter)
	for _, key := range keys {
		encounters[key] = curveOf(by[key])
	}
	fitted, err := curve.FitAll(encounters, curve.Options{Level: progressLevel})
	if err != nil {
		return nil, err
	}
	out := make([]GroupSpeed, len(keys))
	for i, key := range keys {
		its := make([]*course, 0, len(topics[key]))
		for _, c := range f.topics {
			if topics[key][c.key] {
				its = append(its, c)
			}
		}
		out[i] = GroupSpeed{Key: key, Speed: f.speed(by[key], its)}
		cv := fitted.Topics[key]
		out[i].Curve, out[i].Line = curveFrom(cv.Y0, cv.A, cv.K), line(&cv, max(lineLeast, min(cv.Last, groupLine)))
	}
	return out, nil
}

func curveFrom(first, end, rate curve.Estimate) LearningCurve {
	return LearningCurve{First: estimateOf(first), End: estimateOf(end), Rate: estimateOf(rate)}
}

// compare says which of two laws describes the encounters better. Both are not
// numbers where a topic cannot tell, and as sums over topics 0 where none can.
func (c *LearningCurve) compare(exponential, power float64) {
	if exponential == 0 && power == 0 {
		return
	}
	c.Exponential, c.Power = finite(exponential), finite(power)
	switch {
	case c.Exponential == nil || c.Power == nil:
	case exponential <= power:
		c.Better = "exponential"
	default:
		c.Better = "power"
	}
}

const (
	lineLeast = 10  // encounters that a curve over topics is drawn for at least
	groupLine = 100 // and at most, for a group
)

// line is a curve from the first encounter to the last, with more points where
// it may be steep.
func line(c *curve.Curve, last int) []ExpectedQuality {
	var out []ExpectedQuality
	for n := 1; ; {
		out = append(out, ExpectedQuality{float64(n), estimateOf(c.At(float64(n)))})
		if n == last {
			return out
		}
		n = min(last, n+1+n/3)
	}
}

// uses are the three figures, of all encounters.
func uses(ms []met) (unchanged, edited, anyUse analytics.Share) {
	var n, m int
	for i := range ms {
		switch ms[i].used {
		case feedback.Unchanged:
			n++
		case feedback.Changed:
			m++
		}
	}
	return analytics.ShareOf(n, len(ms)), analytics.ShareOf(m, len(ms)), analytics.ShareOf(n+m, len(ms))
}

// encounterBands and dayBands are where bands begin.
func encounterBands() []int { return []int{1, 2, 3, 4, 6, 11, 21, 51, 101} }
func dayBands() []int       { return []int{0, 1, 7, 14, 28, 56, 112, 224} }

// bands are those with encounters in them.
func bands(ms []met, starts []int, of func(*met) int) []Band {
	in := make([][]met, len(starts))
	for i := range ms {
		at, exact := slices.BinarySearch(starts, of(&ms[i]))
		if !exact {
			at--
		}
		in[at] = append(in[at], ms[i])
	}
	out := []Band{}
	for i, part := range in {
		if len(part) == 0 {
			continue
		}
		b := Band{From: starts[i]}
		if i+1 < len(starts) {
			b.To = starts[i+1] - 1
		}
		b.Unchanged, b.Edited, b.AnyUse = uses(part)
		var qualities []float64
		for k := range part {
			b.Mean += float64(of(&part[k])) / float64(len(part))
			if !math.IsNaN(part[k].quality) {
				qualities = append(qualities, part[k].quality)
			}
		}
		b.Quality = analytics.SpreadOf(qualities)
		out = append(out, b)
	}
	return out
}
