package training

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

const (
	week  = 7 * 24 * time.Hour
	month = 4 * week

	// perMonth turns four weeks into a month.
	perMonth = 365.25 / 12 / 28

	// guessedMinutes is an operator's time on a ticket where no helpdesk has told
	// any: the order of magnitude of published figures for written support.
	guessedMinutes = 10.0

	trendWeeks = 12

	// satisfactionPrior is how many ratings as good as any a gap begins with:
	// one angry customer does not double what it costs.
	satisfactionPrior = 3.0

	// growthPrior is how many tickets each of the two fortnights begins with: two
	// tickets after one are no growth.
	growthPrior = 2.0

	leastGrowth, mostGrowth = 0.5, 2.0
)

// A usual is what is usual for the workspace's failures.
type usual struct {
	handling     float64 // minutes; 0: none was told
	satisfaction float64 // from 1 to 5; 0: none was told
}

func usualOf(fs []gap.Failure) usual {
	var u usual
	handled, rated := 0.0, 0.0
	for i := range fs {
		if h := fs[i].Outcome.Handling; h > 0 {
			u.handling += h
			handled++
		}
		if s := fs[i].Outcome.Satisfaction; s > 0 {
			u.satisfaction += s
			rated++
		}
	}
	u.handling /= max(handled, 1)
	u.satisfaction /= max(rated, 1)
	return u
}

// topicOf is what the failures of a gap, oldest first, come to.
func (r *finding) topicOf(fs []gap.Failure, t *topical) gap.Topic {
	out := gap.Topic{
		Phrases: t.group.Phrases, Failures: len(fs), Languages: make(map[string]int), Signs: make(map[gap.Sign]int), Trend: make([]int, trendWeeks),
	}
	tickets, customers := make(map[string]bool), make(map[string]bool)
	today := r.now.Truncate(24 * time.Hour).Add(24 * time.Hour) // so that figures move once a day
	for i := range fs {
		f := &fs[i]
		tickets[f.Of()], customers[f.Who()] = true, true
		out.Languages[f.Language]++
		for _, s := range f.Signs {
			out.Signs[s]++
		}
		if ago := int(today.Sub(f.At) / week); ago >= 0 && ago < trendWeeks {
			out.Trend[trendWeeks-1-ago]++
		}
		if f.SuggestionID == t.group.Typical {
			out.Question = f.Question
		}
	}
	out.Tickets, out.Customers = len(tickets), len(customers)
	was := r.gaps[t.id].Topic
	if out.Phrases == nil {
		out.Phrases = was.Phrases
	}
	if out.Question == "" {
		out.Question = fs[len(fs)-1].Question
		if slices.ContainsFunc(fs, func(f gap.Failure) bool { return f.Question == was.Question }) {
			out.Question = was.Question
		}
	}
	out.Factors = r.factors(fs, today)
	return out
}

// factors are what the gap's cost is made of.
func (r *finding) factors(fs []gap.Failure, today time.Time) gap.Factors {
	out := gap.Factors{
		Volume: float64(ticketsBetween(fs, today.Add(-month), today)) * perMonth, Handling: guessedMinutes, Growth: 1, Dissatisfaction: 1,
	}
	minutes, handled, sum, rated, came := 0.0, 0.0, 0.0, 0.0, 0.0
	for i := range fs {
		o := &fs[i].Outcome
		if o.Handling > 0 {
			minutes += o.Handling
			handled++
		}
		if o.Satisfaction > 0 {
			sum += o.Satisfaction
			rated++
		}
		if slices.Contains(fs[i].Signs, gap.ReopenedTicket) {
			came++
		}
	}
	switch {
	case handled > 0:
		out.Handling, out.Measured = minutes/handled, true
	case r.usual.handling > 0:
		out.Handling = r.usual.handling
	}
	again := came / float64(len(fs))
	out.Dissatisfaction = 1 + min(1, max(again, r.usual.worse(sum, rated)))
	// What there is of before four weeks ago does not show that there was
	// nothing then.
	if today.Sub(r.began) > month {
		late := float64(ticketsBetween(fs, today.Add(-month/2), today)) + growthPrior
		early := float64(ticketsBetween(fs, today.Add(-month), today.Add(-month/2))) + growthPrior
		out.Growth = min(mostGrowth, max(leastGrowth, late/early))
	}
	for _, x := range []*float64{&out.Volume, &out.Handling, &out.Dissatisfaction, &out.Growth} {
		*x = math.Round(*x*100) / 100
	}
	return out
}

// worse is by what share of the way down from the usual to the worst customers
// are less satisfied than usual, from 0 to 1.
func (u *usual) worse(sum, rated float64) float64 {
	if rated == 0 || u.satisfaction <= 1 {
		return 0
	}
	mean := (sum + satisfactionPrior*u.satisfaction) / (rated + satisfactionPrior)
	return max(0, (u.satisfaction-mean)/(u.satisfaction-1))
}

// ticketsBetween counts the different tickets of failures from one time to
// before another.
func ticketsBetween(fs []gap.Failure, from, until time.Time) int {
	of := make(map[string]bool)
	for i := range fs {
		if f := &fs[i]; !f.At.Before(from) && f.At.Before(until) {
			of[f.Of()] = true
		}
	}
	return len(of)
}

// sameStanding reports whether a gap stands where it stood, for the same cause
// and under the same name.
func sameStanding(g, was *gap.Gap) bool {
	return g.Status == was.Status && g.Label == was.Label && g.Cause == was.Cause && g.MergedInto == was.MergedInto &&
		g.Owner == was.Owner && reflect.DeepEqual(g.Draft, was.Draft) && len(g.History) == len(was.History)
}

// sameFigures reports whether nothing that is counted has changed.
func sameFigures(g, was *gap.Gap) bool {
	return g.FirstAt.Equal(was.FirstAt) && g.LastAt.Equal(was.LastAt) && g.Cost == was.Cost && written(&g.Topic) == written(&was.Topic)
}

// written is a topic as it is stored: nil and empty are the same there.
func written(t *gap.Topic) string {
	b, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	return string(b)
}

// cloned is a copy of a gap whose history does not grow with the other's.
func cloned(g *gap.Gap) gap.Gap {
	c := *g
	c.History = slices.Clone(g.History)
	c.Topic.From = slices.Clone(g.Topic.From)
	return c
}
