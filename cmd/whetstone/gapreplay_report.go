package main

import (
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

// A gapReport is what replay --withhold prints as JSON.
type gapReport struct {
	Tickets  int          `json:"tickets"`
	Withheld int          `json:"withheld_topics"`
	Draws    []gapFigures `json:"draws"`
	Mean     gapMeans     `json:"mean"`
}

// gapFigures are what one draw came to.
type gapFigures struct {
	Gaps          int               `json:"gaps"` // that editors see
	Causes        map[gap.Cause]int `json:"causes"`
	Listed        int               `json:"listed"` // of the first ten that nothing is written about
	Right         int               `json:"right"`  // of those: a withheld topic that none before is about
	Twice         int               `json:"twice"`  // gaps about a topic that another is about already
	Topics        int               `json:"topics"` // withheld, with enough tickets
	Found         int               `json:"found"`  // of those
	Delays        []int             `json:"delays"` // by topic: its tickets up to its gap; 0: never
	NotFound      int               `json:"not_found"`
	NotFoundRight int               `json:"not_found_right"` // whose first article is the one that answers
	Proofs        int               `json:"proofs"`          // of gaps with the article that was withheld
	Proven        int               `json:"proven"`
	WrongProofs   int               `json:"wrong_proofs"`
	WrongProven   int               `json:"wrong_proven"`
	NearProofs    int               `json:"near_proofs"` // with the article that is found first for most of a gap's questions
	NearProven    int               `json:"near_proven"`
	Questions     int               `json:"questions"` // asked again with the right article
	Answered      int               `json:"answered"`
	WrongAsked    int               `json:"wrong_questions"`
	WrongAnswered int               `json:"wrong_answered"`
}

// gapMeans are the figures over all draws.
type gapMeans struct {
	Precision float64 `json:"precision_at_10"`
	Recall    float64 `json:"recall"`
	Delay     float64 `json:"median_delay"` // over topics; one that is never found takes longer than any
	Twice     float64 `json:"twice"`        // in a draw
	NotFound  float64 `json:"not_found_right"`
	Right     float64 `json:"right_closes"`
	Wrong     float64 `json:"wrong_closes"`
	Near      float64 `json:"near_closes"`
	Answered  float64 `json:"answered"` // share of the questions with the right article
}

// proof counts a proof.
func (f *gapFigures) proof(right bool, p *gap.Proof) {
	closes := 0
	if p.Asked > 0 && p.Share >= p.Needed {
		closes = 1
	}
	if right {
		f.Proofs, f.Proven, f.Questions, f.Answered = f.Proofs+1, f.Proven+closes, f.Questions+p.Asked, f.Answered+p.Answered
		return
	}
	f.WrongProofs, f.WrongProven = f.WrongProofs+1, f.WrongProven+closes
	f.WrongAsked, f.WrongAnswered = f.WrongAsked+p.Asked, f.WrongAnswered+p.Answered
}

func gapReported(h *history, w *gapReplaying, draws []gapFigures) *gapReport {
	rep := &gapReport{Tickets: len(h.tickets), Withheld: w.topics, Draws: draws}
	var sum gapFigures
	var delays []int
	const never = 1 << 30
	for i := range draws {
		d := &draws[i]
		for _, x := range [][2]*int{
			{&sum.Listed, &d.Listed}, {&sum.Right, &d.Right}, {&sum.Twice, &d.Twice}, {&sum.Topics, &d.Topics}, {&sum.Found, &d.Found},
			{&sum.NotFound, &d.NotFound}, {&sum.NotFoundRight, &d.NotFoundRight}, {&sum.Proofs, &d.Proofs}, {&sum.Proven, &d.Proven},
			{&sum.NearProofs, &d.NearProofs}, {&sum.NearProven, &d.NearProven}, {&sum.WrongProofs, &d.WrongProofs}, {&sum.WrongProven, &d.WrongProven}, {&sum.Questions, &d.Questions}, {&sum.Answered, &d.Answered},
		} {
			*x[0] += *x[1]
		}
		for _, n := range d.Delays {
			if n == 0 {
				n = never
			}
			delays = append(delays, n)
		}
	}
	part := func(n, of int) float64 { return float64(n) / float64(max(1, of)) }
	rep.Mean = gapMeans{
		Precision: part(sum.Right, sum.Listed), Recall: part(sum.Found, sum.Topics), Twice: part(sum.Twice, len(draws)),
		NotFound: part(sum.NotFoundRight, sum.NotFound), Right: part(sum.Proven, sum.Proofs), Wrong: part(sum.WrongProven, sum.WrongProofs), Near: part(sum.NearProven, sum.NearProofs),
		Answered: part(sum.Answered, sum.Questions),
	}
	slices.Sort(delays)
	if n := len(delays); n > 0 {
		rep.Mean.Delay = float64(delays[n/2])
	}
	return rep
}

func (c *cli) printGaps(rep *gapReport) error {
	if c.json {
		return c.printJSON(rep)
	}
	c.printf("%d tickets, %d draws of %d articles that are withheld\n", rep.Tickets, len(rep.Draws), rep.Withheld)
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	m := &rep.Mean
	for _, row := range []struct {
		what  string
		value float64
	}{
		{"precision of the ten costliest gaps", m.Precision}, {"withheld articles whose gap was found", m.Recall},
		{"tickets of a topic up to its gap (median)", m.Delay}, {"gaps about the same as another, in a draw", m.Twice},
		{"articles that were not found, named rightly", m.NotFound}, {"gaps that the right article closes", m.Right},
		{"gaps that a wrong article closes", m.Wrong},
		{"gaps that the nearest article closes", m.Near}, {"questions answered from the right article", m.Answered},
	} {
		_, _ = fmt.Fprintf(t, "%s\t%.3f\n", row.what, row.value)
	}
	return t.Flush()
}
