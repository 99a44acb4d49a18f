package training

import (
	"context"
	"errors"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
)

// restsOn is the share of what a case says that must rest on an article for the
// case to be one that was resolved with it.
const restsOn = 0.5

// join makes the cases of a gap's tickets that say what the new article says
// cases of that article: operators had nothing to cite when they answered. Who
// asks like one of those customers is led to the article from then on. What
// cites another article that is still there stays, and so does what an editor
// has had a hand in.
func (l *Learner) join(ctx context.Context, workspace, gapID, article string) error {
	store := l.KB.In(workspace)
	d, err := store.Document(ctx, article)
	if errors.Is(err, kb.ErrNotFound) {
		return nil // the proof will say so
	}
	if err != nil {
		return err
	}
	seq := d.Seq
	fs, err := l.Gaps.In(workspace).Evidence(ctx, gapID, evidenceRead)
	if err != nil {
		return err
	}
	of, err := l.Feedback.In(workspace).CasesOf(ctx, suggestionIDs(fs))
	if err != nil {
		return err
	}
	ids := make(map[string]bool)
	for _, id := range of {
		ids[id] = true
	}
	docs, err := store.Documents(ctx, sortedKeys(ids))
	if err != nil {
		return err
	}
	for _, id := range sortedKeys(docs) {
		c := docs[id]
		free, err := l.uncited(ctx, workspace, &c, article)
		if err != nil {
			return err
		}
		if !free || saysIt(c.Resolution, &d) < restsOn {
			continue
		}
		c.ResolvedWith, c.Author = article, feedback.CaseOrigin
		if _, err := store.Put(ctx, &c); err != nil && !errors.Is(err, kb.ErrConflict) {
			return err
		}
		seq = max(seq, c.Seq)
	}
	if l.Caught != nil {
		l.Caught(ctx, workspace, seq)
	}
	return nil
}

// uncited reports whether a case is the memory's own and cites no article that
// there is, or that in its place.
func (l *Learner) uncited(ctx context.Context, workspace string, c *kb.Document, article string) (bool, error) {
	switch {
	case c.Kind != kb.Case || c.Deleted || c.Status != kb.Published || c.Author != feedback.CaseOrigin || c.ResolvedWith == article:
		return false, nil
	case c.ResolvedWith == "":
		return true, nil
	}
	cited, err := l.KB.In(workspace).Documents(ctx, []string{c.ResolvedWith})
	if err != nil {
		return false, err
	}
	d, ok := cited[c.ResolvedWith]
	return !ok || d.Deleted || d.Status != kb.Published, nil
}

func suggestionIDs(fs []gap.Failure) []string {
	ids := make([]string, len(fs))
	for i := range fs {
		ids[i] = fs[i].SuggestionID
	}
	return ids
}
