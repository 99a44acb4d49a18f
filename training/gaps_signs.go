package training

import (
	"slices"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// doubtful is the confidence below which a draft that nobody has said
	// anything of was probably not right.
	doubtful = 0.5

	// rejectedBelow is the mean rating, from 0 to 1, up to which a draft that
	// was only rated counts as rejected, and praisedFrom that from which it
	// counts as right.
	rejectedBelow = 0.25
	praisedFrom   = 0.75

	// rewrittenFrom is the distance from the draft beyond which most of what was
	// sent is the operator's own, whatever it has in common with the source.
	rewrittenFrom = 0.6

	// restsFrom is the share of a reply, of which nobody has said so, of which
	// more must rest on an article for the article to know the answer: half of a
	// reply resembles something that is written about a neighbouring subject.
	restsFrom = 0.5
)

// A reading is what a suggestion and what was told of it say about knowledge.
type reading struct {
	*feedback.Told
	judgement feedback.Judgement // the zero one: nothing was told
	drafted   bool
	articles  []string // that the draft rests on
	final     string   // what an operator sent to the customer; empty: not known
}

// failureOf returns the failure that a suggestion is, without GapID; ok is
// false if it shows no sign that knowledge failed. least is the confidence that
// its profile asks of drafts.
//
// A search that could not see says nothing of what there is to find. A draft
// that rests on an article and was sent, or that was edited and still rests on
// it, was right, however unsure it was.
func failureOf(t *feedback.Told, least float64) (f gap.Failure, ok bool) {
	s := &t.Suggestion
	if s.Blind != "" {
		return f, false
	}
	r := readingOf(t)
	if r.judgement.Used == feedback.Refused && r.judgement.Reason == feedback.NotNeeded {
		return f, false // the ticket needed no answer
	}
	signs, sources := r.signs(least), r.sources()
	if len(signs) == 0 {
		return f, false
	}
	f = gap.Failure{
		WorkspaceID: s.WorkspaceID, SuggestionID: s.ID, TicketID: s.TicketID, CustomerID: s.CustomerID, OperatorID: s.OperatorID,
		Language: s.Language, Question: s.Question, Reply: r.final, Signs: signs, Sources: sources, Confidence: s.Confidence,
		Outcome: r.outcome(), At: s.CreatedAt,
	}
	if r.judgement.Missing {
		f.Missing = r.Missing
	}
	if r.judgement.OperatorID != "" {
		f.OperatorID = r.judgement.OperatorID
	}
	return f, true
}

func readingOf(t *feedback.Told) *reading {
	s := &t.Suggestion
	r := &reading{Told: t, drafted: s.Decision != retrieval.Abstained}
	if t.Judgement != nil {
		r.judgement = *t.Judgement
		if !r.named() && r.judgement.Used != feedback.Unchanged && r.share() <= restsFrom {
			r.judgement.ResolvedWith = ""
		}
		if o := &r.judgement.Outcome; !o.Bot && !o.Private && r.judgement.Used != feedback.Unknown && r.judgement.Used != feedback.Refused {
			r.final = t.Final
		}
	} else {
		r.judgement.Rating = -1
	}
	if !r.drafted {
		return r
	}
	for _, c := range s.Answer.Citations {
		for i := range s.Sources {
			src := &s.Sources[i]
			article := src.Resolved
			if src.Kind == kb.Article {
				article = src.ID
			}
			if src.ID == c.SourceID && article != "" && !slices.Contains(r.articles, article) {
				r.articles = append(r.articles, article)
			}
		}
	}
	return r
}

// signs are those that knowledge failed, in the order in which they are
// declared.
func (r *reading) signs(least float64) []gap.Sign {
	j := &r.judgement
	var out []gap.Sign
	add := func(sign gap.Sign, is bool) {
		if is {
			out = append(out, sign)
		}
	}
	outdated, incorrect := r.voted(feedback.Outdated), r.voted(feedback.Incorrect)
	add(gap.Abstained, !r.drafted && r.silent(least))
	add(gap.LowConfidence, r.drafted && j.Used == feedback.Unknown && j.Rating < 0 && r.Suggestion.Confidence < doubtful)
	add(gap.Rejected, j.Used == feedback.Refused && j.Reason != feedback.WrongTone ||
		j.Used == feedback.Unknown && j.Rating >= 0 && j.Rating <= rejectedBelow)
	add(gap.Rewritten, r.rewritten())
	add(gap.SourceOutdated, len(outdated) > 0)
	add(gap.SourceIncorrect, len(incorrect) > 0 || len(r.contradicted()) > 0)
	add(gap.Missing, j.Missing)
	add(gap.NoSource, r.sourceless())
	add(gap.ReopenedTicket, j.Outcome.Status == feedback.ReopenedStatus)
	if r.fine() {
		out = slices.DeleteFunc(out, func(s gap.Sign) bool { return s == gap.Abstained || s == gap.LowConfidence })
	}
	return out
}

// silent reports whether that there was no reply says that knowledge is
// lacking. What the workspace is sure enough of that it is covered is not: it
// was there for an operator and not to be sent unattended, or was found and
// could not be quoted.
func (r *reading) silent(least float64) bool {
	s := &r.Suggestion
	switch s.AbstainReason { //nolint:exhaustive // other reasons say so by themselves
	case retrieval.NotCalibrated:
		return false
	case retrieval.LowConfidence:
		return s.Confidence < least
	}
	return true
}

// fine reports whether somebody has said that what was offered was right.
func (r *reading) fine() bool {
	j := &r.judgement
	return j.Used == feedback.Unknown && j.Rating >= praisedFrom
}

// elsewhere reports whether what was sent rests on another article than the
// draft did.
func (r *reading) elsewhere() bool {
	right := r.judgement.ResolvedWith
	return right != "" && !slices.Contains(r.articles, right)
}

// rewritten reports whether an operator wrote something else than the draft.
// One who names the article that the draft rests on has only said it in other
// words.
func (r *reading) rewritten() bool {
	j := &r.judgement
	switch {
	case !r.drafted:
		return false
	case j.Used == feedback.Replaced:
		return r.elsewhere() || !r.named()
	case j.Used == feedback.Changed:
		return r.elsewhere() || j.Distance > rewrittenFrom && !r.named()
	}
	return false
}

// named reports whether somebody has voted for the article that the reply rests
// on.
func (r *reading) named() bool {
	j := &r.judgement
	return j.ResolvedWith != "" && slices.ContainsFunc(j.Credits, func(c feedback.Credit) bool {
		return c.Article == j.ResolvedWith && slices.ContainsFunc(c.Votes, func(v feedback.Vote) bool { return !v.Rated && v.Amount > 0 })
	})
}

// share is how much of what was sent rests on the article that it rests on
// most, from 0 to 1.
func (r *reading) share() float64 {
	share := 0.0
	for i := range r.judgement.Credits {
		if c := &r.judgement.Credits[i]; c.Article == r.judgement.ResolvedWith {
			share = max(share, c.Share)
		}
	}
	return share
}

// sourceless reports whether the ticket was answered by a reply that rests on
// no article: nobody has written it down, though a case may know it.
func (r *reading) sourceless() bool {
	j := &r.judgement
	if r.final == "" || j.ResolvedWith != "" || len(r.contradicted()) > 0 || !feedback.Tells(r.final) {
		return false
	}
	return j.Used != feedback.Unchanged || len(r.articles) == 0
}

// voted returns the sources on which somebody has cast the vote, in order.
func (r *reading) voted(vote string) []string {
	var ids []string
	if r.Judgement == nil {
		return nil // nobody who counts has said anything
	}
	for id, by := range r.Votes {
		for _, v := range by {
			if v == vote && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// contradicted returns the articles that the draft rests on and that an
// operator has corrected in what was sent instead.
func (r *reading) contradicted() []string {
	j := &r.judgement
	if j.Used != feedback.Changed || j.ResolvedWith != "" && r.elsewhere() {
		return nil
	}
	var ids []string
	for i := range j.Credits {
		c := &j.Credits[i]
		if c.Verdict == feedback.Contradicted && slices.Contains(r.articles, c.SourceID) {
			ids = append(ids, c.SourceID)
		}
	}
	return ids
}

// sources are those that the failure points to.
func (r *reading) sources() []gap.Blamed {
	j := &r.judgement
	var out []gap.Blamed
	for _, id := range r.voted(feedback.Outdated) {
		out = append(out, gap.Blamed{ID: id, Role: gap.WasOutdated, Named: true})
	}
	for _, id := range r.voted(feedback.Incorrect) {
		out = append(out, gap.Blamed{ID: id, Role: gap.WasIncorrect, Named: true})
	}
	for _, id := range r.contradicted() {
		b := gap.Blamed{ID: id, Role: gap.WasIncorrect}
		if !slices.ContainsFunc(out, func(o gap.Blamed) bool { return o.ID == id }) {
			out = append(out, b)
		}
	}
	if j.ResolvedWith != "" && (r.elsewhere() || r.rewritten()) {
		out = append(out, gap.Blamed{ID: j.ResolvedWith, Role: gap.WasRight, Named: r.named()})
	}
	if r.Suggestion.AbstainReason == retrieval.Restricted {
		out = append(out, gap.Blamed{Role: gap.WasHidden}) // which one is looked for when the gap is
	}
	return out
}

// outcome is what is known of the ticket.
func (r *reading) outcome() gap.Outcome {
	o := gap.Outcome{
		Satisfaction: float64(r.judgement.Outcome.Satisfaction),
		Action:       r.final != "" && feedback.Acts(r.final),
	}
	if h := r.judgement.Outcome.Handling; h != nil {
		o.Handling = *h / 60
	}
	return o
}
