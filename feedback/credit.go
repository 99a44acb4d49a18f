package feedback

import (
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Reply is what was drafted, what was sent, and the sources there were.
type Reply struct {
	Draft     string               // with markers such as [1]; empty: there was none
	Citations []retrieval.Citation // of the draft, in runes of it
	Final     string               // what was sent, as far as it is known
	Offered   []Offered
}

// An Offered source is one that an operator was shown, or could have taken from.
type Offered struct {
	ID      string
	Kind    kb.Kind
	Article string // what a case was resolved with; of an article itself, or empty
	Place   int    // among what was shown, from 1; 0: it was not shown
	Title   string
	Text    string // an article's body or a case's reply, as it is now
	Cited   bool   // by the draft
	Revised bool   // it has changed since it was shown
}

// Bounds, in bytes, of what is compared. Nobody writes more in a reply, and
// what of a longer source was sent stands in it where the draft found it.
const (
	mostFinal  = 32 << 10
	mostSource = 64 << 10
)

// Amounts of credit, by verdict. What an operator went and got is the clearest
// sign there is, and a contradiction the clearest against.
const (
	keptLeast    = 0.2 // for a source of which hardly anything was sent
	keptMost     = 0.8
	broughtLeast = 0.2
	broughtMost  = 1.0
	droppedLeast = 0.1 // nothing else was sent instead: the draft may have been right and ill-worded
	droppedMost  = 0.5
	wrongLeast   = 0.6
	wrongMost    = 1.0
	bystander    = 0.5 // share of the blame for a source that the draft did not cite
	outdatedHalf = 0.5 // share of the blame for a source that was corrected since
)

// CreditsOf says what each offered source deserves for a reply, in the order of
// Offered.
//
// What was sent is compared sentence by sentence with every source, and with
// what the draft took from it: see [retrieval.Compare]. A sentence rests on the
// source that has most of its words, those counting more that few of the
// sources have, unless a number, date or negation of it says otherwise. A
// sentence that has the words of a cited source and says so otherwise is a
// correction of it, and rests on another source only if that one was cited or
// has all those words too: one that has the new number speaks of another matter. Where
// several sources have it equally, it goes to those of them that the draft
// cited, else to all in equal parts. One that all sources of different origin
// have tells nothing and goes to nobody, unless they are two and the draft cited
// one. Courtesies, quoted history and placeholders do not count.
//
// Amounts, with the Share s of what was sent that rests on the source:
//
//	kept          0.2 + 0.6 s
//	brought_in    0.2 + 0.8 s
//	unused        0
//	dropped      -0.1 - 0.4 o, where o of what was sent rests on other sources
//	contradicted -0.6 - 0.4 c, where c of what was sent that concerns the source contradicts it
//
// A source below the cited ones is not blamed for being of no use, and half as
// much for being contradicted; one that has changed since it was shown is
// blamed half. The verdict is empty and the amount 0 where nothing can be
// compared: nothing was sent, or only a greeting, or it is in another language
// than the source.
func CreditsOf(r *Reply) []Credit {
	c := newCrediting(r)
	c.compare()
	c.assign()
	out := make([]Credit, len(r.Offered))
	for i := range r.Offered {
		out[i] = c.credit(i)
	}
	return out
}

// A crediting is one run of CreditsOf.
type crediting struct {
	r         *Reply
	final     string   // what of it is the operator's
	cited     []bool   // by source
	quotes    []string // by source: what the draft took from it
	group     []int    // by source: the first source that is of one origin with it
	sentences []retrieval.Comparison
	total     float64 // weight of the sentences that count
	counted   int     // how many those are
	rested    int     // how many of these rest on any source
	of        []part
	foreign   []bool // by source: it is in another language
}

// A part is what one source has of what was sent.
type part struct {
	weight    float64 // of sentences, shared ones in part
	sentences int     // that rest on it
	shared    int     // of these, with others
	common    int     // sentences that all sources have
	corrected float64 // weight of sentences that correct it and rest on no other source
	against   float64 // weight of sentences that contradict it
	clash     *retrieval.Clash
}

func newCrediting(r *Reply) *crediting {
	n := len(r.Offered)
	c := &crediting{r: r, final: clip(ownWords(r.Final), mostFinal), cited: make([]bool, n), quotes: make([]string, n),
		group: make([]int, n), of: make([]part, n), foreign: make([]bool, n)}
	if r.Draft != "" {
		draft := []rune(r.Draft)
		for i := range r.Offered {
			o := &r.Offered[i]
			c.cited[i] = o.Cited
			for _, x := range r.Citations {
				if x.SourceID != o.ID {
					continue
				}
				c.cited[i] = true
				from := min(max(x.Start, 0), len(draft))
				if to := min(max(x.End, from), len(draft)); len(c.quotes[i]) < mostSource {
					c.quotes[i] += string(draft[from:to]) + "\n\n"
				}
			}
		}
	}
	c.groups()
	return c
}

// twins is the share of words that two sources must have of each other to count
// as one.
const twins = 0.9

// groups finds the sources that are of one origin: a case and the article it
// was resolved with, and near copies.
func (c *crediting) groups() {
	words := make([]map[uint64]bool, len(c.group))
	for i := range c.r.Offered {
		words[i] = make(map[uint64]bool)
		for _, w := range hashWords(clip(c.r.Offered[i].Text, mostSource)) {
			words[i][w] = true
		}
	}
	for i := range c.group {
		c.group[i] = i
		for j := range i {
			if originOf(&c.r.Offered[i]) == originOf(&c.r.Offered[j]) || alike(words[i], words[j]) >= twins {
				c.group[i] = c.group[j]
				break
			}
		}
	}
}

// originOf is the article that a source is, or was resolved with.
func originOf(o *Offered) string {
	if o.Article != "" && o.Kind == kb.Case {
		return o.Article
	}
	return o.ID
}

// alike is the Jaccard index of two sets.
func alike(a, b map[uint64]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(max(1, len(a)+len(b)-both))
}

// compare holds what was sent against the sources.
func (c *crediting) compare() {
	if c.final == "" || len(c.r.Offered) == 0 {
		return
	}
	texts := make([][]string, len(c.r.Offered))
	for i := range c.r.Offered {
		o := &c.r.Offered[i]
		texts[i] = []string{o.Title + "\n\n" + clip(o.Text, mostSource)}
		if c.quotes[i] != "" {
			texts[i] = append(texts[i], clip(c.quotes[i], mostSource))
		}
	}
	for _, s := range retrieval.Compare(c.final, texts) {
		if s.Courtesy || s.Weight == 0 {
			continue
		}
		for i := range s.Supports {
			// That the source says otherwise now is no contradiction of what it said.
			if x := s.Supports[i].Clash; x != nil && x.Text == 0 && c.r.Offered[i].Revised {
				s.Supports[i].Clash = nil
			}
		}
		c.sentences = append(c.sentences, s)
	}
	language := embeddings.Language(c.final)
	for i := range c.r.Offered {
		near := slices.ContainsFunc(c.sentences, func(s retrieval.Comparison) bool { return s.Supports[i].Cover >= resting })
		spoken := embeddings.Language(c.r.Offered[i].Text)
		c.foreign[i] = !near && language != spoken && language != "und" && spoken != "und"
	}
	for n := range c.sentences {
		c.correction(&c.sentences[n])
	}
}
