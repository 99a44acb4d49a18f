package training

import (
	"context"
	"errors"
	"fmt"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/training/compose"
)

// draftedMost is how many of a gap's failures a draft is written from, the
// latest: more replies than are read, since some have none.
const draftedMost = 200

// Compose drafts what would close the gap: a change of the article named, or,
// where none is named, of the one that is outdated or lacks what operators
// answered; a new article otherwise. Nothing is stored. The error is
// gap.ErrInvalid for an article that does not exist.
func (l *Learner) Compose(ctx context.Context, workspace string, g *gap.Gap, article string) (*gap.Draft, error) {
	fs, err := l.Gaps.In(workspace).Evidence(ctx, g.ID, draftedMost)
	if err != nil {
		return nil, err
	}
	t := compose.Task{Label: g.Label, Question: g.Topic.Question}
	for i := range fs {
		f := &fs[i]
		t.Replies = append(t.Replies, compose.Reply{Ticket: f.Of(), Question: f.Question, Text: f.Reply, Language: f.Language, At: f.At})
	}
	id := article
	if id == "" {
		id = lacking(g)
	}
	if id != "" {
		d, err := l.KB.In(workspace).Document(ctx, id)
		switch {
		case errors.Is(err, kb.ErrNotFound) && article == "": // it was deleted meanwhile
		case errors.Is(err, kb.ErrNotFound), err == nil && d.Kind != kb.Article:
			return nil, fmt.Errorf("%w: there is no article %s", gap.ErrInvalid, id)
		case err != nil:
			return nil, err
		default:
			t.Article = &d
		}
	}
	d, err := compose.Write(ctx, &t, l.Prose)
	if err != nil {
		return nil, err
	}
	d.At = l.now().UTC()
	return &d, nil
}

// lacking is the id of the article that is to be changed for the gap; empty: a
// new one is wanted.
func lacking(g *gap.Gap) string {
	if (g.Cause == gap.Outdated || g.Cause == gap.NotFound) && len(g.Topic.Articles) > 0 {
		return g.Topic.Articles[0].ID
	}
	return ""
}
