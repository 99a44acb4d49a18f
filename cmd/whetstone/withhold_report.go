package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"text/tabwriter"

	"github.com/whetstone-desk/whetstone/training/calibration"
)

// A withheldReport is what eval --withhold prints as JSON.
type withheldReport struct {
	Tickets  int   `json:"tickets"`
	Withheld []int `json:"withheld_topics"` // in each draw
	Feedback int   `json:"feedback"`        // tickets told before the others were measured

	// Plain is without anything learned, on the tickets after the feedback: a
	// question is covered where an article that answers it is left.
	Plain coverage `json:"plain"`

	// Answerable is the same tickets without and with what was learned. A case
	// made of an earlier ticket about the same covers a question too, as a draft
	// can be made of it: what must not be abstained from.
	Answerable *comparedCoverage `json:"answerable,omitempty"`

	// Strict leaves out the questions that nothing but such a case covers.
	Strict *comparedCoverage `json:"strict,omitempty"`

	// Articles counts those questions as not covered: what an editor may want
	// to write an article on.
	Articles *comparedCoverage `json:"articles,omitempty"`

	// Resting is Articles where a suggestion whose first source is a case that
	// rests on no article is held to say that no article answers, however sure
	// it is.
	Resting *comparedCoverage `json:"articles_resting,omitempty"`
}

type comparedCoverage struct {
	Plain  coverage `json:"plain"`
	Taught coverage `json:"taught"`
	Gain   float64  `json:"gain"` // of the mean AUROC
}

// A coverage says how well the confidence tells covered questions from others.
type coverage struct {
	Draws      []telling          `json:"draws"`
	Mean       telling            `json:"mean"`
	ByLanguage map[string]telling `json:"by_language"` // means over the draws
}

// A telling is the figures of one draw, or the mean over draws.
type telling struct {
	Questions float64 `json:"questions"`
	Covered   float64 `json:"covered"`
	AUROC     float64 `json:"auroc"`
	FPR       float64 `json:"fpr_at_95_tpr"`     // share of questions not covered that pass where 95 % of the others do
	Error     float64 `json:"calibration_error"` // of the confidence as the chance that the first source answers, in coverageBins bins
	Right     float64 `json:"auroc_right"`       // how well it tells questions whose first source answers
	Hit       float64 `json:"hit"`               // share of the covered ones whose first source answers
}

// coverageBins is how many bins of equal mass a calibration error is taken over.
const coverageBins = 10

// A coverLabel says whether a question counts as covered; counts is false where
// it is left out.
type coverLabel func(*judgedTicket) (covered, counts bool)

func coveredLabel(j *judgedTicket) (covered, counts bool) { return j.article, true }

func answerableLabel(j *judgedTicket) (covered, counts bool) { return j.article || j.memory, true }

// addTaught adds what feedback brought. Which cases there are is known of the
// runs that were taught alone, so both runs are labelled by those.
func (r *withheldReport) addTaught(plain, taught [][]judgedTicket) {
	same := make([][]judgedTicket, len(plain))
	for d := range plain {
		same[d] = slices.Clone(plain[d])
		for i := range same[d] {
			same[d][i].memory = taught[d][i].memory
		}
	}
	compare := func(taught [][]judgedTicket, label coverLabel) *comparedCoverage {
		c := &comparedCoverage{Plain: figuresOf(same, label), Taught: figuresOf(taught, label)}
		c.Gain = c.Taught.Mean.AUROC - c.Plain.Mean.AUROC
		return c
	}
	r.Answerable, r.Articles = compare(taught, answerableLabel), compare(taught, coveredLabel)
	r.Resting = compare(resting(taught), coveredLabel)
	r.Strict = compare(taught, func(j *judgedTicket) (covered, counts bool) { return j.article, j.article || !j.memory })
}

// resting is the draws with nothing said for an article where the first source
// is a case that rests on none.
func resting(draws [][]judgedTicket) [][]judgedTicket {
	out := make([][]judgedTicket, len(draws))
	for d := range draws {
		out[d] = slices.Clone(draws[d])
		for i := range out[d] {
			if out[d][i].alone {
				out[d][i].confidence = 0
			}
		}
	}
	return out
}

// figuresOf measures each draw and takes the mean.
func figuresOf(draws [][]judgedTicket, label coverLabel) coverage {
	out := coverage{ByLanguage: make(map[string]telling)}
	languages := make(map[string][]telling)
	for _, js := range draws {
		by := make(map[string][]judgedTicket)
		for _, j := range js {
			by[j.language] = append(by[j.language], j)
		}
		out.Draws = append(out.Draws, tells(js, label))
		for language, of := range by {
			if t := tells(of, label); t.Covered > 0 && t.Covered < t.Questions {
				languages[language] = append(languages[language], t)
			}
		}
	}
	out.Mean = meanTelling(out.Draws)
	for language, ts := range languages {
		out.ByLanguage[language] = meanTelling(ts)
	}
	return out
}

// tells measures the tickets of one draw.
func tells(js []judgedTicket, label coverLabel) telling {
	var of, right []calibration.Example
	var covered, not []float64
	var t telling
	for i := range js {
		is, counts := label(&js[i])
		if !counts {
			continue
		}
		of = append(of, calibration.Example{Score: js[i].confidence, Right: is, Weight: 1})
		right = append(right, calibration.Example{Score: js[i].confidence, Right: js[i].right, Weight: 1})
		if !is {
			not = append(not, js[i].confidence)
			continue
		}
		covered = append(covered, js[i].confidence)
		if js[i].right {
			t.Hit++
		}
	}
	t.Questions, t.Covered = float64(len(of)), float64(len(covered))
	if t.Covered > 0 {
		t.Hit /= t.Covered
	}
	t.AUROC, t.Right, t.Error = calibration.AUROC(of), calibration.AUROC(right), calibration.Error(right, coverageBins)
	t.FPR = passing(covered, not, 0.95)
	return t
}

// passing is the share of the second that are at least as high as a share of
// the first are; 1 where there are none.
func passing(of, among []float64, share float64) float64 {
	if len(of) == 0 || len(among) == 0 {
		return 1
	}
	slices.Sort(of)
	least := of[int((1-share)*float64(len(of)))]
	n := 0
	for _, x := range among {
		if x >= least {
			n++
		}
	}
	return float64(n) / float64(len(among))
}

// meanTelling is the mean over draws.
func meanTelling(ts []telling) telling {
	var m telling
	for _, t := range ts {
		for i, x := range t.figures() {
			*m.figures()[i] += *x / float64(len(ts))
		}
	}
	return m
}

func (t *telling) figures() []*float64 {
	return []*float64{&t.Questions, &t.Covered, &t.AUROC, &t.FPR, &t.Error, &t.Right, &t.Hit}
}

func (c *cli) printWithheld(rep *withheldReport) error {
	if c.json {
		return c.printJSON(rep)
	}
	c.printf("%d tickets, %d draws of topics that are withheld (%d each)\n", rep.Tickets, len(rep.Withheld), rep.Withheld[0])
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "\tAUROC\tFPR at 95 % TPR\tcalibration error\tquestions\tcovered")
	row := func(name string, x telling) {
		_, _ = fmt.Fprintf(t, "%s\t%.3f\t%.3f\t%.3f\t%.0f\t%.0f\n", name, x.AUROC, x.FPR, x.Error, math.Round(x.Questions), math.Round(x.Covered))
	}
	show := func(name string, of *coverage) {
		for i, d := range of.Draws {
			row(fmt.Sprintf("%s, draw %d", name, i+1), d)
		}
		row(name+", mean", of.Mean)
		for _, language := range slices.Sorted(maps.Keys(of.ByLanguage)) {
			row(name+", "+language, of.ByLanguage[language])
		}
	}
	show("without feedback", &rep.Plain)
	if rep.Answerable != nil {
		show(fmt.Sprintf("after %d tickets", rep.Feedback), &rep.Answerable.Taught)
		for _, x := range []struct {
			name string
			of   *comparedCoverage
		}{{"an article or a case answers", rep.Answerable}, {"the same, no case alone", rep.Strict}, {"an article answers", rep.Articles}, {"the same, no case speaks for one", rep.Resting}} {
			row(x.name+": without feedback", x.of.Plain.Mean)
			row(fmt.Sprintf("%s: after %d tickets", x.name, rep.Feedback), x.of.Taught.Mean)
		}
	}
	return t.Flush()
}
