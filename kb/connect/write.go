package connect

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/notice"
)

// share is how many of ten documents may go in one run: one that loses more
// asks, unless it loses a single one and others are left.
const share = 3

// flush writes what is pending, its versions, the cursor and a sign of life in
// one transaction.
func (p *pass) flush(ctx context.Context) error {
	was, at := p.report, p.source.Cursor()
	err := p.s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := p.hold(tx); err != nil {
			return err
		}
		if at != p.cursor {
			if err := p.reach(tx, at); err != nil {
				return err
			}
		}
		if len(p.pending) > 0 {
			if err := p.write(ctx, tx); err != nil {
				return err
			}
		}
		p.run.Report = p.report
		return tx.Save(&p.run).Error
	})
	if err != nil {
		p.report = was
		return fmt.Errorf("write %d documents: %w", len(p.pending), err)
	}
	p.cursor, p.pending, p.bytes, p.rested = at, p.pending[:0:0], 0, 0
	return nil
}

// reach keeps how far the source was read, unless the connection has another
// Config by now: all of the source is to be read with that, and Put has cleared
// the cursor.
func (p *pass) reach(tx *gorm.DB, at string) error {
	now, err := load(tx, p.c.WorkspaceID, p.c.ID)
	if err != nil || !reflect.DeepEqual(now.Config, p.c.Config) {
		return err
	}
	return one(tx.Model(&Connection{}), p.c.WorkspaceID, p.c.ID).Update("cursor", at).Error
}

// lock keeps other writers of the workspace's documents away until the end of
// the transaction, so that whose a document is does not change before it is
// written.
func (p *pass) lock(tx *gorm.DB) error {
	return tx.Exec("UPDATE workspaces SET changes = changes WHERE id = ?", p.c.WorkspaceID).Error
}

// write puts the pending documents that are the connection's.
func (p *pass) write(ctx context.Context, tx *gorm.DB) error {
	if err := p.lock(tx); err != nil {
		return err
	}
	ids := make([]string, len(p.pending))
	for i := range p.pending {
		ids[i] = p.pending[i].Document.ID
	}
	stood, err := p.standings(tx, ids)
	if err != nil {
		return err
	}
	var put, same []*incoming
	var withdrawn []string
	took := make(map[string][]string) // from imports, by origin
	for i := range p.pending {
		in := &p.pending[i]
		now, stored := stood[in.Document.ID]
		why := p.foreign(in.Document.ID, now, stored)
		if why == "" && stored && p.imported(now) {
			if why = p.another(in, now); why == "" {
				took[now.Origin] = append(took[now.Origin], in.Document.ID)
			}
		}
		switch {
		case in.same:
			same = append(same, in) // it was counted when it was read
		case why != "" && !now.Deleted && p.agrees(tx, in):
			p.report.Unchanged++
			same = append(same, in)
		case why != "":
			p.report.conflict(Conflict{ID: in.Document.ID, Reason: why, Changed: true})
		case in.withdraw:
			withdrawn = append(withdrawn, in.Document.ID)
		default:
			put = append(put, in)
		}
	}
	if err := p.remove(ctx, tx, withdrawn); err != nil {
		return err
	}
	if put, err = p.put(ctx, tx, put); err != nil {
		return err
	}
	for _, in := range same {
		in.Document.Hash = stood[in.Document.ID].Hash
	}
	p.tellTaken(took)
	return p.mark(tx, append(put, same...))
}

// imported reports whether a document was put by an import and never by the
// connection.
func (p *pass) imported(now standing) bool {
	_, marked := p.marks[now.ID]
	return !marked && !now.Deleted && strings.HasPrefix(now.Origin, "import:")
}

// another says why an imported document is not taken for an earlier version of
// the page with its id; empty if it is. Two folders have an index each, so that
// the id alone does not say so.
func (p *pass) another(in *incoming, now standing) string {
	if p.take[now.ID] || strings.EqualFold(strings.TrimSpace(in.Document.Title), strings.TrimSpace(now.Title)) {
		return ""
	}
	return "its id is that of a document of " + now.Origin + " with another title; take it, or give the connection a prefix"
}

// tellTaken reports what the connection has taken over from imports.
func (p *pass) tellTaken(took map[string][]string) {
	for _, origin := range slices.Sorted(maps.Keys(took)) {
		p.report.skip(Skipped{Place: took[origin][0], Reason: fmt.Sprintf("%d documents of %s are this connection's now: %s",
			len(took[origin]), origin, strings.Join(took[origin], " "))})
	}
}

// agrees reports whether what others have written is what the source says now.
// A case may be told apart from itself, since its stored texts have no personal
// data.
func (p *pass) agrees(tx *gorm.DB, in *incoming) bool {
	var now kb.Document
	if err := one(tx, p.c.WorkspaceID, in.Document.ID).Take(&now).Error; err != nil {
		return false
	}
	digest, err := digestOf(&now)
	return err == nil && digest == in.digest
}

// put puts documents and returns those that were not refused.
func (p *pass) put(ctx context.Context, tx *gorm.DB, ins []*incoming) ([]*incoming, error) {
	docs := make([]*kb.Document, len(ins))
	for i, in := range ins {
		docs[i] = &in.Document
	}
	outs, err := kb.New(tx).In(p.c.WorkspaceID).PutAll(ctx, docs)
	if err != nil {
		return nil, err
	}
	kept := make([]*incoming, 0, len(ins))
	for i, out := range outs {
		in := ins[i]
		switch {
		case out.Err != nil:
			p.report.skip(Skipped{Place: placeOf(in.File, in.Line), Reason: p.clean(out.Err.Error()), Lost: true})
			continue
		case out.Created:
			p.report.Created++
		case out.Changed:
			p.report.Changed++
		default:
			p.report.Unchanged++
		}
		kept = append(kept, in)
	}
	return kept, nil
}

// mark remembers what was written.
func (p *pass) mark(tx *gorm.DB, ins []*incoming) error {
	versions := make([]Version, len(ins))
	for i, in := range ins {
		versions[i] = Version{
			WorkspaceID: p.c.WorkspaceID, ConnectionID: p.c.ID, DocumentID: in.Document.ID,
			Mark: Mark{Mark: in.Mark, Digest: in.digest, Hash: in.Document.Hash, Place: in.File, Recipe: p.recipe},
		}
	}
	if len(versions) == 0 {
		return nil
	}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(versions, atOnce).Error
}

// remove deletes documents and forgets their versions.
func (p *pass) remove(ctx context.Context, tx *gorm.DB, ids []string) error {
	for _, id := range ids {
		if err := kb.New(tx).In(p.c.WorkspaceID).Delete(ctx, id, p.origin); err != nil {
			return err
		}
		p.report.Deleted++
	}
	return p.forget(tx, ids)
}

func (p *pass) forget(tx *gorm.DB, ids []string) error {
	for part := range slices.Chunk(ids, atOnce) {
		if err := of(tx, &p.c).Where("document_id IN ?", part).Delete(&Version{}).Error; err != nil {
			return err
		}
	}
	return nil
}

// A missing is what a run has not met.
type missing struct {
	total int      // documents of the connection, of the kinds that were read in full or of which some are said to be gone
	gone  []string // ids, sorted
	stale []string // ids of versions of what was deleted here before it went at the source
}

// missing looks at what was there before the run and was not met.
func (p *pass) missing() missing {
	var m missing
	whole := map[kb.Kind]bool{kb.Article: p.source.Complete(kb.Article), kb.Case: p.source.Complete(kb.Case)}
	for _, now := range p.stood {
		p.kinds[now.Kind] = true
	}
	if p.how.Approve && p.c.Held != nil {
		for _, id := range p.c.Held.Gone {
			p.told[id] = true // a source that reads what is new does not say so again
		}
	}
	counts := make(map[kb.Kind]bool) // of whose documents some share may be gone
	for id, now := range p.stood {
		counts[now.Kind] = counts[now.Kind] || whole[now.Kind] || p.told[id]
	}
	p.report.Complete = true
	for kind := range p.kinds {
		p.report.Complete = p.report.Complete && whole[kind]
	}
	for id, now := range p.stood {
		_, marked := p.marks[id]
		switch {
		case !counts[now.Kind]:
			continue
		case now.Deleted:
			if marked && !p.seen[id] && (whole[now.Kind] || p.told[id]) {
				m.stale = append(m.stale, id)
			}
			continue
		}
		why := p.foreign(id, now, true)
		if why == "" {
			m.total++
		}
		switch {
		case p.seen[id], !whole[now.Kind] && !p.told[id]:
		case p.isLost(p.marks[id].Place):
			p.report.Kept++
		case why != "":
			p.report.conflict(Conflict{ID: id, Reason: why + "; it is gone from its source", Changed: true})
		default:
			m.gone = append(m.gone, id)
		}
	}
	slices.Sort(m.gone)
	return m
}

// isLost reports whether a place, or a folder that holds it, could not be read.
func (p *pass) isLost(place string) bool {
	return slices.ContainsFunc(p.lost, func(lost string) bool {
		return lost == "" || lost == "." || place == lost || strings.HasPrefix(place, strings.TrimSuffix(lost, "/")+"/")
	})
}

// settle deletes what is gone, or asks.
func (p *pass) settle(ctx context.Context) (*Hold, error) {
	m := p.missing()
	fresh := m.gone
	if p.how.Approve && p.c.Held != nil {
		fresh = slices.DeleteFunc(slices.Clone(m.gone), func(id string) bool { return slices.Contains(p.c.Held.Gone, id) })
	}
	if len(fresh) > 1 && len(fresh)*10 > m.total*share || len(fresh) > 0 && len(p.seen) == 0 && p.report.Complete {
		p.report.Held, p.report.Gone = len(m.gone), m.gone[:min(len(m.gone), maxListed)]
		return &Hold{At: p.s.now(), Run: p.run.ID, Documents: m.total, Gone: m.gone}, nil
	}
	for part := range slices.Chunk(m.gone, batch) {
		if err := p.drop(ctx, part); err != nil {
			return nil, err
		}
	}
	return nil, p.s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return p.forget(tx, m.stale) })
}

// drop deletes documents that are gone, but for those that others have edited
// in the meantime.
func (p *pass) drop(ctx context.Context, ids []string) error {
	was := p.report
	err := p.s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := p.hold(tx); err != nil {
			return err
		}
		if err := p.lock(tx); err != nil {
			return err
		}
		stood, err := p.standings(tx, ids)
		if err != nil {
			return err
		}
		var ours []string
		for _, id := range ids {
			now, stored := stood[id]
			why := p.foreign(id, now, stored)
			switch {
			case !stored || now.Deleted:
			case why != "":
				p.report.conflict(Conflict{ID: id, Reason: why + "; it is gone from its source", Changed: true})
			default:
				ours = append(ours, id)
			}
		}
		return p.remove(ctx, tx, ours)
	})
	if err != nil {
		p.report = was
		return fmt.Errorf("delete %d documents: %w", len(ids), err)
	}
	return nil
}

// tell lets others know that a run asks.
func (p *pass) tell(ctx context.Context, tx *gorm.DB, held *Hold) error {
	return notice.Add(ctx, tx, notice.Notice{
		WorkspaceID: p.c.WorkspaceID, Kind: notice.SourceHeld, Subject: p.c.ID, At: held.At,
		Data: notice.JSON(map[string]any{
			"connection_id": p.c.ID, "kind": p.c.Kind, "documents": held.Documents, "gone": len(held.Gone),
			"first_gone": held.Gone[:min(len(held.Gone), 20)],
		}),
	})
}
