package training

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// draftsFor is how long a draft that nobody has judged may be open.
	draftsFor = 7 * 24 * time.Hour

	// draftsRead bounds how many of them are read, the latest.
	draftsRead = 5000

	// draftsShown bounds how many are listed with a quarantine, the latest.
	draftsShown = 50
)

// OpenDrafts returns, for each of the quarantines, the ids of drafts, the
// latest first, that rest on what has changed or on the document in quarantine,
// and that nobody has judged yet: at most 50, of the last seven days.
func (l *Learner) OpenDrafts(ctx context.Context, workspace string, qs []upkeep.Quarantine) ([][]string, error) {
	out := make([][]string, len(qs))
	if len(qs) == 0 || l.DB == nil {
		return out, nil
	}
	drafts, err := l.openDrafts(ctx, workspace)
	if err != nil {
		return nil, err
	}
	for i := range qs {
		q := &qs[i]
		out[i] = citing(drafts, func(c *retrieval.Cited) bool {
			return c.ID == q.DocumentID || c.ID == q.CauseID && c.Revision < q.Revision && quotes(c.Quote, q.Data.Was)
		})
	}
	return out, nil
}

// draftsOn returns those of the open drafts that rest on what has changed.
func (c *change) draftsOn(drafts []retrieval.Suggestion) []string {
	var was []upkeep.Passage
	for i := range c.removed {
		was = append(was, c.removed[i].passage(c.doc.ID, c.oldAt))
	}
	return citing(drafts, func(s *retrieval.Cited) bool {
		if s.ID == c.doc.ID && s.Revision < c.doc.Revision && quotes(s.Quote, was) {
			return true
		}
		return slices.ContainsFunc(c.resting, func(q upkeep.Quarantine) bool { return q.DocumentID == s.ID })
	})
}

// openDrafts returns recent drafts that nobody has judged, the latest first.
func (l *Learner) openDrafts(ctx context.Context, workspace string) ([]retrieval.Suggestion, error) {
	var ss []retrieval.Suggestion
	err := l.DB.WithContext(ctx).Select("id", "answer", "sources").
		Where("workspace_id = ? AND created_at > ? AND decision = ?", workspace, l.now().Add(-draftsFor).UTC(), retrieval.Drafted).
		Where("NOT EXISTS (SELECT 1 FROM judgements j WHERE j.workspace_id = suggestions.workspace_id AND j.suggestion_id = suggestions.id)").
		Order("created_at DESC, id DESC").Limit(draftsRead).Find(&ss).Error
	if err != nil {
		return nil, fmt.Errorf("open drafts: %w", err)
	}
	return ss, nil
}

// citing returns the ids of drafts that cite a source that is.
func citing(drafts []retrieval.Suggestion, is func(*retrieval.Cited) bool) []string {
	var ids []string
	for i := range drafts {
		d := &drafts[i]
		cites := func(c retrieval.Cited) bool {
			return slices.ContainsFunc(d.Answer.Citations, func(x retrieval.Citation) bool { return x.SourceID == c.ID }) && is(&c)
		}
		if slices.ContainsFunc(d.Sources, cites) {
			if ids = append(ids, d.ID); len(ids) == draftsShown {
				break
			}
		}
	}
	return ids
}

// quotes reports whether a quotation has most of one of the passages.
func quotes(quote string, passages []upkeep.Passage) bool {
	have := setOf(wordsOf(quote))
	return slices.ContainsFunc(passages, func(p upkeep.Passage) bool { return shared(wordsOf(p.Quote), have) >= restsOther })
}
