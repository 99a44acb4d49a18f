package retrieval

import (
	"slices"
	"strconv"
)

// A Report says, sentence by sentence, how far an answer rests on its sources.
type Report struct {
	Verdicts []Verdict // in order of Span
}

// A Verdict is what became of one sentence, list item or row of an answer.
type Verdict struct {
	Span    Span  // runes of the answer, without the markers
	Markers []int // what the sentence cites, from 1; empty: nothing, so any source may support it
	Source  int   // place in the evidence of the source that supports it best; -1: none
	Support Span  // runes of that source's Text; where Source is -1, the zero Span

	// Courtesy says that the sentence claims nothing: a greeting, thanks, an
	// offer to help, a question back. It needs no source.
	Courtesy  bool
	Supported bool
	Problems  []Problem // why it is not supported; empty if it is
}

// A Problem is something a sentence says and its source does not.
type Problem struct {
	Kind ProblemKind
	Text string // what the answer says, as written
}

// A ProblemKind says what is wrong.
type ProblemKind string

// The kinds of problems.
const (
	NumberProblem   ProblemKind = "number" // also a duration, a time, a telephone number, an order id, a product code
	DateProblem     ProblemKind = "date"
	PriceProblem    ProblemKind = "price"
	NegationProblem ProblemKind = "negation"    // the answer denies what the source affirms, or the reverse
	URLProblem      ProblemKind = "url"         // or an e-mail address
	Unsupported     ProblemKind = "unsupported" // no source says anything like it
)

// Supported reports whether every sentence is.
func (r *Report) Supported() bool {
	return !slices.ContainsFunc(r.Verdicts, func(v Verdict) bool { return !v.Supported })
}

// Unproven returns the sentences that no source supports.
func (r *Report) Unproven() []Span {
	var spans []Span
	for i := range r.Verdicts {
		if !r.Verdicts[i].Supported {
			spans = append(spans, r.Verdicts[i].Span)
		}
	}
	return spans
}

// Citations ties the supported sentences to their sources.
func (r *Report) Citations(evidence []Evidence) []Citation {
	var out []Citation
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		if !v.Supported || v.Courtesy || v.Source < 0 {
			continue
		}
		out = append(out, Citation{
			Marker: v.Source + 1, SourceID: evidence[v.Source].Source.ID,
			Start: v.Span.Start, End: v.Span.End, From: v.Support.Start, To: v.Support.End,
		})
	}
	return out
}

// Ground holds an answer against its evidence. Every sentence has to be said
// by the sources it cites, by any source if it cites none; and its numbers,
// dates, prices, addresses and negations have to stand there, bound to the
// same words. A marker [n] cites evidence[n-1]; one that cites nothing is a
// problem of its sentence.
//
// The check works on words and knows no synonyms, so it errs on the side of
// marking. Words it cannot check are those that turn a meaning without a
// number or a negation: a swapped name that the source says too, for one.
func Ground(answer string, evidence []Evidence) Report {
	g := grounding{evidence: evidence, pages: make([]*page, len(evidence)), flats: make([]*flat, len(evidence))}
	var r Report
	for _, s := range statements(answer) {
		r.Verdicts = append(r.Verdicts, g.verdict(answer, s))
	}
	return r
}

// A grounding is one run of Ground. What it works out about a source is kept
// for the next sentence.
type grounding struct {
	evidence []Evidence
	pages    []*page
	flats    []*flat
}

// verdict judges one sentence.
func (g *grounding) verdict(answer string, s statement) Verdict {
	v := Verdict{Span: s.span, Markers: s.markers, Source: -1}
	var among []int // which sources may support it
	for _, m := range s.markers {
		if m < 1 || m > len(g.evidence) {
			v.Problems = append(v.Problems, Problem{Unsupported, "[" + strconv.Itoa(m) + "]"})
			continue
		}
		among = append(among, m-1)
	}
	if len(s.markers) == 0 {
		for i := range g.evidence {
			among = append(among, i)
		}
	}
	text := answer[s.from:s.to]
	for _, i := range among {
		if span, ok := g.flat(i).find(text); ok {
			v.Source, v.Support = i, span
			v.Supported = len(v.Problems) == 0
			return v
		}
	}
	p := newPage(text)
	if courteous(p) {
		v.Courtesy = true
		v.Supported = len(v.Problems) == 0
		return v
	}
	// Without markers each source has to support the sentence alone; with
	// several, they may do it together.
	groups := [][]int{among}
	if len(s.markers) == 0 {
		groups = groups[:0]
		for _, i := range among {
			groups = append(groups, []int{i})
		}
	}
	best := finding{cover: -1, problems: []Problem{{Unsupported, text}}, source: -1}
	for _, group := range groups {
		if f := g.hold(p, group); f.better(&best) {
			best = f
		}
	}
	v.Source, v.Support = best.source, best.span
	v.Problems = append(v.Problems, best.problems...)
	v.Supported = len(v.Problems) == 0
	return v
}

func (g *grounding) page(i int) *page {
	if g.pages[i] == nil {
		g.pages[i] = newPage(g.evidence[i].Text)
	}
	return g.pages[i]
}

func (g *grounding) flat(i int) *flat {
	if g.flats[i] == nil {
		g.flats[i] = newFlat(g.evidence[i].Text)
	}
	return g.flats[i]
}

// A finding is how a sentence fares against one group of sources.
type finding struct {
	source   int
	span     Span
	cover    float64 // share of the sentence's words that its support has
	problems []Problem
}

func (f *finding) better(g *finding) bool {
	if (len(f.problems) == 0) != (len(g.problems) == 0) {
		return len(f.problems) == 0
	}
	return f.cover > g.cover
}

// enough is the share of a sentence's words that its support must have. With
// less, what the sentence adds outweighs what it takes.
const enough = 0.5

// hold checks the sentence p against a group of sources.
func (g *grounding) hold(p *page, group []int) finding {
	best := finding{source: -1, cover: -1}
	windows := make([]window, 0, len(group))
	for _, i := range group {
		w := bestWindow(p, g.page(i), i)
		windows = append(windows, w)
		if w.cover > best.cover {
			best.cover, best.source, best.span = w.cover, i, w.span()
		}
	}
	if best.cover < enough && !leadIn(p, best.cover) {
		best.problems = append(best.problems, Problem{Unsupported, p.text})
		best.source, best.span = -1, Span{}
	}
	var copied *alignment
	if a, ok := copyOf(p, windows); ok {
		copied = &a
	}
	best.problems = append(best.problems, checkFacts(p, windows, copied)...)
	best.problems = append(best.problems, checkNegation(p, windows, copied)...)
	return best
}
