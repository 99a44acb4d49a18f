package training

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

const (
	// keptLeast is to how many tickets an article must be sent as it is to count
	// as verified: each was read by somebody who answers for it.
	keptLeast = 5

	// usesLeast is after how many tickets an article may be said to be edited
	// always, and editedLeast in what share of them it must be.
	usesLeast   = 5
	editedLeast = 0.9

	// editedFrom is the distance from the draft from which it was edited, and
	// not just greeted with; restsAll the share of what was sent from which it
	// is the article's words all the same.
	editedFrom = 0.15
	restsAll   = 0.8
)

// attend reads what operators made of the articles.
func (t *tidying) attend(ctx context.Context) error {
	ids := make([]string, 0, len(t.articles))
	for id := range t.articles {
		ids = append(ids, id)
	}
	cares, err := t.store.Cares(ctx, ids)
	if err != nil {
		return err
	}
	for id, c := range cares {
		if a := t.articles[id]; c.VerifiedAt != nil && c.VerifiedAt.After(a.holds) {
			a.holds = c.VerifiedAt.UTC()
		}
	}
	r := &t.lesson.reader
	for j, err := range r.feed.Judgements(ctx, feedback.Filter{From: t.now.Add(-attendedFor)}) {
		if err != nil {
			return err
		}
		if !r.hear(&j) {
			continue
		}
		for i := range j.Credits {
			c := &j.Credits[i]
			if a := t.articles[r.doubts.Now(c.SourceID)]; a != nil && c.Kind == kb.Article {
				a.judge(&j, c)
			}
		}
	}
	return nil
}

// judge notes what one judgement says of the article.
func (a *attention) judge(j *feedback.Judgement, c *feedback.Credit) {
	ticket := cmp.Or(j.TicketID, j.SuggestionID)
	a.used = a.used || c.Verdict == feedback.Kept || c.Verdict == feedback.BroughtIn
	rested := c.Verdict == feedback.Kept || c.Verdict == feedback.Dropped || c.Verdict == feedback.Contradicted
	sent := j.Used == feedback.Unchanged || j.Used == feedback.Changed || j.Used == feedback.Replaced
	since := j.At.After(a.doc.UpdatedAt)
	if rested && sent && since {
		edited := j.Used != feedback.Unchanged && (c.Verdict != feedback.Kept || c.Share < restsAll && (j.Distance < 0 || j.Distance >= editedFrom))
		before, known := a.uses[ticket]
		a.uses[ticket] = edited && (before || !known)
	}
	if c.Verdict == feedback.Contradicted && j.Used != feedback.Unchanged {
		a.fixes = append(a.fixes, j.SuggestionID)
	}
	if !j.At.After(a.holds) {
		return
	}
	switch {
	case c.Verdict == feedback.Contradicted:
		a.against = true
	case c.Verdict == feedback.Kept && j.Used == feedback.Unchanged:
		a.kept[ticket] = true
	}
	for _, v := range c.Votes {
		if v.Amount < 0 && !v.Rated {
			a.voted[j.SuggestionID] = append(a.voted[j.SuggestionID], v.OperatorID)
		}
	}
}

// verify counts as verified what operators keep sending as it is, while nobody
// says otherwise.
func (t *tidying) verify(ctx context.Context) error {
	ids := sortedKeys(t.articles)
	ids = slices.DeleteFunc(ids, func(id string) bool { return t.articles[id].against || len(t.articles[id].kept) < keptLeast })
	doubted, err := t.store.Quarantined(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		a := t.articles[id]
		if len(doubted[id]) > 0 {
			continue
		}
		wrong, err := t.calledWrong(ctx, a)
		if err != nil {
			return err
		}
		if wrong {
			continue
		}
		_, err = t.store.Verify(ctx, id, upkeep.Verification{By: byItself, At: t.now, Revision: a.doc.Revision})
		// Who has changed or deleted it just now knows better.
		if err != nil && !errors.Is(err, kb.ErrConflict) && !errors.Is(err, kb.ErrNotFound) {
			return err
		}
	}
	return nil
}

// calledWrong reports whether somebody has voted since it was verified that the
// article is outdated or incorrect.
func (t *tidying) calledWrong(ctx context.Context, a *attention) (bool, error) {
	for part := range slices.Chunk(sortedKeys(a.voted), readAtOnce) {
		told, err := t.lesson.reader.feed.Told(ctx, part)
		if err != nil {
			return false, err
		}
		for id, x := range told {
			for source, by := range x.Votes {
				if t.lesson.reader.doubts.Now(source) != a.doc.ID {
					continue
				}
				for _, operator := range a.voted[id] {
					if v := by[operator]; v == feedback.Outdated || v == feedback.Incorrect {
						return true, nil
					}
				}
			}
		}
	}
	return false, nil
}

// habits looks for articles that are used and nearly never sent as they are.
func (t *tidying) habits(context.Context) error {
	t.looksFor(upkeep.AlwaysEdited)
	for _, id := range sortedKeys(t.articles) {
		a := t.articles[id]
		uses, edited := len(a.uses), 0
		for _, e := range a.uses {
			if e {
				edited++
			}
		}
		if uses < usesLeast || float64(edited) < editedLeast*float64(uses) {
			continue
		}
		t.found = append(t.found, upkeep.Chore{
			ID: upkeep.ChoreID(upkeep.AlwaysEdited, upkeep.Part{DocumentID: id, Text: a.doc.Hash}), Kind: upkeep.AlwaysEdited, DocumentID: id,
			Score: 0.5 + 0.3*min(1, float64(uses)/50),
			Data: upkeep.Evidence{
				Why:    fmt.Sprintf("Operators changed what drafts took from it in %d of %d tickets.", edited, uses),
				Counts: map[string]int64{"used": int64(uses), "edited": int64(edited)},
			},
		})
	}
	return nil
}

// unusedAfter is how long an article may go without being used.
const unusedAfter = 90 * 24 * time.Hour

// inUseSince is since when the article is published without a break.
func (t *tidying) inUseSince(ctx context.Context, d *kb.Document) (time.Time, error) {
	if t.now.Sub(d.UpdatedAt) >= unusedAfter || t.now.Sub(d.CreatedAt) < unusedAfter {
		return d.UpdatedAt, nil // whatever it was before, it is long enough, or it is not
	}
	versions, err := t.docs.Revisions(ctx, d.ID)
	since := d.UpdatedAt
	for i := range versions {
		if v := &versions[i]; v.Deleted || v.Content.Status != kb.Published {
			break
		}
		since = versions[i].At
	}
	return since, err
}
