package training

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// askedMost is how many of a gap's questions are asked again, the latest.
	askedMost = 50

	// evidenceRead is how many failures are looked through for them: customers
	// ask the same in the same words.
	evidenceRead = 500

	// provenEvery is how often a closed gap is proven again.
	provenEvery = 24 * time.Hour
)

// Verify asks the questions of a gap again that failed and closes it if enough
// of them are answered from the article that was published for it. tell is told
// of each question as Prove tells of it; where the gap was changed meanwhile and
// they are asked once more, from the first on again. Its errors are
// gap.ErrNotFound, gap.ErrConflict where the gap has nothing to verify, and
// retrieval.ErrUnavailable.
func (l *Learner) Verify(ctx context.Context, workspace, gapID, author string, tell func(gap.Asked)) (gap.Gap, error) {
	store := l.Gaps.In(workspace)
	g, err := store.Change(ctx, gapID, 0, func(g *gap.Gap) error { return g.Verify(author, l.now()) })
	if err != nil {
		return gap.Gap{}, err
	}
	article := g.ArticleID
	d, _, err := l.standsFor(ctx, workspace, article)
	if err != nil {
		return gap.Gap{}, err
	}
	if err := l.join(ctx, workspace, gapID, d.ID); err != nil {
		return gap.Gap{}, err
	}
	for try := 1; ; try++ {
		g, err := l.proven(ctx, workspace, gapID, article, tell)
		if !errors.Is(err, gap.ErrConflict) || try == putTries {
			return g, err
		}
	}
}

// proven proves a gap and stores the proof, provided that the gap is as it was
// before: what was erased in between must not come back with the proof.
func (l *Learner) proven(ctx context.Context, workspace, gapID, article string, tell func(gap.Asked)) (gap.Gap, error) {
	store := l.Gaps.In(workspace)
	g, err := store.Gap(ctx, gapID)
	if err != nil {
		return g, err
	}
	if g.ArticleID != article {
		return g, fmt.Errorf("%w: another article was published for gap %s meanwhile: verify it again", gap.ErrConflict, gapID)
	}
	p, err := l.Prove(ctx, workspace, gapID, article, tell)
	if err != nil {
		return g, err
	}
	return store.Change(ctx, gapID, g.Version, func(g *gap.Gap) error { return g.Prove(&p, l.now()) })
}

// Prove asks the questions of a gap again that failed, and says which of them an
// article answers now, or the one that it was merged into. It changes nothing.
// tell, unless it is nil, is told of each question as soon as it is known.
//
// See gaps_ask.go for what counts as an answer, and gaps_says.go for what
// operators' replies say against it.
func (l *Learner) Prove(ctx context.Context, workspace, gapID, article string, tell func(gap.Asked)) (gap.Proof, error) {
	p := gap.Proof{At: l.now().UTC(), ArticleID: article, Needed: gap.Needed, Questions: []gap.Question{}}
	store := l.Gaps.In(workspace)
	g, err := store.Gap(ctx, gapID)
	if err != nil {
		return p, err
	}
	d, published, err := l.standsFor(ctx, workspace, article)
	if err != nil {
		return p, err
	}
	p.ArticleID, p.Revision = d.ID, d.Revision
	fs, err := store.Evidence(ctx, gapID, evidenceRead)
	if err != nil {
		return p, err
	}
	feed := l.Feedback.In(workspace)
	cases, err := feed.CasesOf(ctx, suggestionIDs(fs))
	if err != nil {
		return p, err
	}
	against, err := objection(ctx, fs, &d)
	if err != nil {
		return p, err
	}
	fs = distinct(fs)
	told, err := feed.Told(ctx, suggestionIDs(fs))
	if err != nil {
		return p, err
	}
	for i, f := range fs {
		q := gap.Question{SuggestionID: f.SuggestionID, TicketID: f.TicketID, Text: f.Question}
		switch {
		case !published:
			q.Why = "the article is not published"
		case inVain(told[f.SuggestionID].Suggestion.Sources, &f, &d):
			q.Why = "the article was shown when the question failed, and is as it was"
		case l.Answerer == nil:
			return p, fmt.Errorf("%w: nothing answers here", retrieval.ErrUnavailable)
		default:
			if err := l.askAgain(ctx, &again{&g, &f, &d, cases[f.SuggestionID]}, &q); err != nil {
				return p, err
			}
			if q.Answered && against != "" {
				q.Answered, q.Why = false, against
			}
		}
		if p.Add(q); tell != nil {
			tell(gap.Asked{At: i + 1, Of: len(fs), Question: q})
		}
	}
	return p, nil
}

// standsFor returns an article, or the one that it was merged into, and whether
// that is published. One that was never written has only its id.
func (l *Learner) standsFor(ctx context.Context, workspace, article string) (d kb.Document, published bool, err error) {
	doubts, err := l.Suggestions.Doubts(ctx, workspace)
	if err != nil {
		return d, false, err
	}
	id := doubts.Now(article)
	docs, err := l.KB.In(workspace).Documents(ctx, []string{id})
	if err != nil {
		return d, false, err
	}
	d, ok := docs[id]
	d.ID = id
	return d, ok && !d.Deleted && d.Status == kb.Published, nil
}

// distinct are the failures with different questions, at most askedMost, in
// their order.
func distinct(fs []gap.Failure) []gap.Failure {
	seen := make(map[string]bool)
	var out []gap.Failure
	for i := range fs {
		key := strings.ToLower(strings.Join(strings.Fields(fs[i].Question), " "))
		if key != "" && !seen[key] && len(out) < askedMost {
			seen[key] = true
			out = append(out, fs[i])
		}
	}
	return out
}

// verifyDue verifies what was published and not verified yet, what failed and
// was changed since, and once a day what is closed.
func (l *Learner) verifyDue(ctx context.Context, workspace string) (verified int, err error) {
	if l.Answerer == nil || !l.Answerer.Serving() {
		return 0, nil
	}
	gaps, err := l.Gaps.In(workspace).Gaps(ctx, gap.Filter{Statuses: []gap.Status{gap.Published, gap.Verifying, gap.Closed}})
	if err != nil {
		return 0, err
	}
	for i := range gaps {
		g := &gaps[i]
		due, err := l.due(ctx, workspace, g)
		if err != nil {
			return verified, err
		}
		if !due {
			continue
		}
		_, err = l.Verify(ctx, workspace, g.ID, gap.Self, nil)
		if errors.Is(err, gap.ErrConflict) || errors.Is(err, gap.ErrNotFound) {
			continue // somebody was faster
		}
		if err != nil {
			return verified, err
		}
		verified++
	}
	return verified, nil
}

func (l *Learner) due(ctx context.Context, workspace string, g *gap.Gap) (bool, error) {
	switch {
	case g.Proof == nil, g.Status == gap.Verifying:
		return true, nil
	case g.Status == gap.Closed:
		return l.now().Sub(g.Proof.At) >= provenEvery, nil
	}
	d, _, err := l.standsFor(ctx, workspace, g.ArticleID)
	return d.Revision != g.Proof.Revision, err
}
