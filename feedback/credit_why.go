package feedback

import (
	"fmt"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// credit is what the ith source deserves.
func (c *crediting) credit(i int) Credit {
	o, p := &c.r.Offered[i], &c.of[i]
	out := Credit{SourceID: o.ID, Kind: o.Kind, Article: o.Article, Place: o.Place}
	if o.Kind == kb.Article {
		out.Article = o.ID
	}
	if why := c.incomparable(i); why != "" {
		out.Why = why
		return out
	}
	if c.total > 0 {
		out.Share = min(1, p.weight/c.total)
		out.corrected = min(1, p.corrected/c.total)
	}
	out.Verdict = c.verdict(i)
	switch out.Verdict {
	case Kept:
		out.Amount = keptLeast + (keptMost-keptLeast)*out.Share
	case BroughtIn:
		out.Amount = broughtLeast + (broughtMost-broughtLeast)*out.Share
	case Dropped:
		out.Amount = -droppedLeast - (droppedMost-droppedLeast)*c.elsewhere(i)
	case Contradicted:
		out.Amount = -wrongLeast - (wrongMost-wrongLeast)*p.against/(p.against+p.weight)
		if !c.cited[i] {
			out.Amount *= bystander
		}
	case Unused:
	}
	out.Why = c.why(i, out.Verdict)
	if o.Revised && out.Amount < 0 {
		out.Amount *= outdatedHalf
		out.Why = strings.TrimSuffix(out.Why, ".") + "; it has changed since, so it is blamed half."
	}
	return out
}

// incomparable says why nothing can be said of a source; empty: it can.
func (c *crediting) incomparable(i int) string {
	switch {
	case c.final == "":
		return "Nothing that an operator wrote was sent, so there is nothing to compare."
	case len(c.sentences) == 0:
		return "What was sent only greets or asks back, so there is nothing to compare."
	case c.foreign[i]:
		return "What was sent is in another language than the source, so the two cannot be compared."
	case c.counted == 0 && !c.cited[i]:
		return "All sources have what was sent equally, so it tells nothing."
	}
	return ""
}

// verdict is what became of the ith source.
func (c *crediting) verdict(i int) Verdict {
	p := &c.of[i]
	switch {
	case p.clash != nil && (c.cited[i] || p.sentences == 0):
		return Contradicted
	case c.cited[i] && p.sentences+p.common > 0:
		return Kept
	case c.cited[i]:
		return Dropped
	case p.sentences > 0:
		return BroughtIn
	case c.r.Offered[i].Place > 0:
		return Unused
	}
	return ""
}

// elsewhere is the share of what was sent that rests on other sources than the
// ith.
func (c *crediting) elsewhere(i int) float64 {
	sum := 0.
	for j := range c.of {
		if j != i {
			sum += c.of[j].weight
		}
	}
	if c.total == 0 {
		return 0
	}
	return min(1, sum/c.total)
}

// why explains a verdict in a sentence.
func (c *crediting) why(i int, v Verdict) string {
	p, o := &c.of[i], &c.r.Offered[i]
	draft := "the draft cited it"
	switch {
	case c.r.Draft == "":
		draft = "there was no draft"
	case !c.cited[i]:
		draft = "the draft did not cite it"
	}
	switch v {
	case Contradicted:
		return fmt.Sprintf("It %s; %s and %s.", clashWords(p.clash), c.resting(i), draft)
	case Kept, BroughtIn:
		return capital(fmt.Sprintf("%s; %s.", c.resting(i), draft))
	case Dropped:
		if c.rested == 0 {
			return fmt.Sprintf("The draft cited it, but %s, nor on any other source.", c.resting(i))
		}
		return fmt.Sprintf("The draft cited it, but %s, and %d of them on other sources.", c.resting(i), c.rested)
	case Unused:
		return fmt.Sprintf("It was shown in place %d, but %s; %s.", o.Place, c.resting(i), draft)
	}
	return capital(fmt.Sprintf("%s; it was not shown.", c.resting(i)))
}

// resting counts the sentences that rest on the ith source.
func (c *crediting) resting(i int) string {
	p := &c.of[i]
	verb := "rest"
	if p.sentences == 1 {
		verb = "rests"
	}
	var text string
	switch {
	case p.sentences == 0 && c.counted == 0:
		return "all sources have what was sent equally"
	case p.sentences == 0 && c.counted == 1:
		text = "the 1 sentence does not rest on it"
	case p.sentences == 0:
		text = fmt.Sprintf("none of %d sentences rests on it", c.counted)
	case c.counted == 1:
		text = "the 1 sentence rests on it"
	default:
		text = fmt.Sprintf("%d of %d sentences %s on it", p.sentences, c.counted, verb)
	}
	if p.shared > 0 {
		text += fmt.Sprintf(", %d as much on another source", p.shared)
	}
	if p.common > 0 {
		text += fmt.Sprintf(" beside %d that all sources have", p.common)
	}
	return text
}

// clashWords says what a source says and what was sent instead.
func clashWords(x *retrieval.Clash) string {
	if x.Kind == retrieval.NegationProblem {
		return fmt.Sprintf("says “%s”, was sent as the opposite: “%s”", brief(x.Said), brief(x.Sent))
	}
	return fmt.Sprintf("says %s, was sent as %s", brief(x.Said), brief(x.Sent))
}

// briefest is how many runes of a quotation a reader is shown.
const briefest = 80

// brief is a quotation in one line.
func brief(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > briefest {
		return string(r[:briefest-1]) + "…"
	}
	return s
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
