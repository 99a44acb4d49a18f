package training

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// What it takes for an article to answer a question that failed.
//
// The question is asked as it was, among articles alone, so that no case answers
// for the article. The article answers it if the draft cites it, at the
// confidence that the workspace asks of drafts. It also does if two of these
// three hold, which are independent of each other:
//
//   - it is found: it is among the sources that an operator is shown, if need
//     be by way of cases that rest on it; see join. The case of the question's
//     own ticket is left out, as the next customer's question has none;
//   - it suffices: asked of it alone, the question is answered from it at that
//     confidence;
//   - it says what the operator wrote to the customer of that very ticket.
//
// One of the three alone is no proof. What is found may be about something
// near; a draft can be made of nearly any article that shares the question's
// words, if it is the only one; and replies about one product share whole
// sentences. That the draft must cite it would be stricter than the workspace
// is: where articles resemble each other the draft often rests on another, and
// the operator has the right one beside it.

// What was shown when the question failed, and has not changed since, is no
// proof of anything: the operator had it there and wrote something else. That
// holds unless the operator said that it was right.

// inVain reports whether an article was among the sources that were shown when
// a question failed, as it is now.
func inVain(shown []retrieval.Cited, f *gap.Failure, article *kb.Document) bool {
	right := slices.ContainsFunc(f.Sources, func(b gap.Blamed) bool { return b.ID == article.ID && b.Role == gap.WasRight })
	return !right && slices.ContainsFunc(shown, func(c retrieval.Cited) bool { return c.ID == article.ID && c.Revision == article.Revision })
}

// saysSame is the share of a reply that must rest on an article for the article
// to say the same.
const saysSame = 0.3

// An again is a question that is asked again.
type again struct {
	gap     *gap.Gap
	failure *gap.Failure
	article *kb.Document
	own     string // the case that its ticket is a part of; empty: none
}

// askAgain asks the question of a failure and notes in q whether the article
// answers it.
func (l *Learner) askAgain(ctx context.Context, x *again, q *gap.Question) error {
	id := x.article.ID
	s, err := l.Answerer.Try(ctx, x.ask(kb.Article))
	if errors.Is(err, retrieval.ErrInvalid) {
		q.Why = "there is nothing to look for in it"
		return nil
	}
	if err != nil {
		return err
	}
	q.Confidence = s.Confidence
	if drafted(&s) && citesIt(&s, id) {
		q.Answered = true
		return nil
	}
	one := x.ask(kb.Article)
	one.Filter.IDs = []string{id}
	alone, err := l.Answerer.Try(ctx, one)
	if err != nil {
		return err
	}
	shown := &s
	if placeIn(shown, id) == 0 {
		others, err := l.Answerer.Try(ctx, x.ask())
		if err != nil {
			return err
		}
		shown = &others
	}
	place := placeIn(shown, id)
	suffices, says := drafted(&alone) && citesIt(&alone, id), saysIt(x.failure.Reply, x.article)
	held := 0
	for _, is := range []bool{place > 0, suffices, says >= saysSame} {
		if is {
			held++
		}
	}
	if held >= 2 {
		q.Answered, q.Confidence = true, max(s.Confidence, alone.Confidence)
		return nil
	}
	q.Why = whyNot(shown, place, suffices, x.failure.Reply != "" && says < saysSame)
	return nil
}

// ask is the question, to be answered from sources of some kinds, but not from
// the case that was made of its ticket.
func (x *again) ask(kinds ...kb.Kind) retrieval.Ask {
	ask := retrieval.Ask{
		Workspace: x.gap.WorkspaceID, Locale: x.failure.Language, Filter: retrieval.Filter{Kinds: kinds},
		Messages: []retrieval.Message{{Role: retrieval.Customer, Text: x.failure.Question}},
	}
	if x.own != "" {
		ask.Without = []string{x.own}
	}
	if x.gap.Cause == gap.Restricted { // what the customer may not read answers nothing
		ask.Filter.Audiences = []kb.Audience{kb.Public}
	}
	return ask
}

// placeIn is the place of a source among those that are shown, from 1; 0: it is
// none of them.
func placeIn(s *retrieval.Suggestion, id string) int {
	return 1 + slices.IndexFunc(s.Sources, func(c retrieval.Cited) bool { return c.ID == id })
}

func drafted(s *retrieval.Suggestion) bool { return s.Decision != retrieval.Abstained }

func citesIt(s *retrieval.Suggestion, id string) bool {
	return slices.ContainsFunc(s.Answer.Citations, func(c retrieval.Citation) bool { return c.SourceID == id })
}

// saysIt is the share of a reply that rests on an article, from 0 to 1.
func saysIt(reply string, article *kb.Document) float64 {
	if reply == "" {
		return 0
	}
	share := 0.0
	for _, c := range feedback.CreditsOf(&feedback.Reply{Final: reply, Offered: []feedback.Offered{{
		ID: article.ID, Kind: kb.Article, Article: article.ID, Title: article.Title, Text: article.Body,
	}}}) {
		if c.Verdict == feedback.BroughtIn || c.Verdict == feedback.Kept {
			share = max(share, c.Share)
		}
	}
	return share
}

// whyNot says in words why a question still fails.
func whyNot(s *retrieval.Suggestion, place int, suffices, differs bool) string {
	why := "the article is not found"
	switch {
	case place == 1:
		why = "the article is found first"
	case place > 1:
		why = fmt.Sprintf("the article is found in place %d, after %q", place, s.Sources[0].Title)
	}
	if !suffices {
		why += "; by itself it does not answer with enough confidence"
	}
	if differs {
		why += "; it does not say what the operator replied"
	}
	return why
}
