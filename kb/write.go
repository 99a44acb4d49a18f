package kb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb/redact"
)

// An Outcome says what became of one document of a write.
type Outcome struct {
	Changed bool  // false: what was stored is the same already, and nothing was written
	Created bool  // there was none before, or it had been deleted
	Err     error // ErrInvalid or ErrConflict: this document was refused, the others were not
}

// rowsAtOnce keeps a batch's statements under what both databases take: 25
// columns a row, at most 32,766 parameters a statement.
const rowsAtOnce = 500

// Put adds d, or replaces the document with its id, and fills in the fields
// that the store sets: Revision, Seq, Hash, the times, and d's defaults.
// Personal data is taken out of a case's texts before they are stored. What it
// returns in Outcome.Err it also returns as its error.
func (s *Store) Put(ctx context.Context, d *Document) (Outcome, error) {
	out, err := s.PutAll(ctx, []*Document{d})
	if err != nil {
		return Outcome{}, err
	}
	return out[0], out[0].Err
}

// PutAll puts documents in one transaction, in order; of several with one id
// the last is kept. A document that is refused has its error in its Outcome and
// does not hinder the rest; the error returned means that nothing was written.
func (s *Store) PutAll(ctx context.Context, ds []*Document) ([]Outcome, error) {
	out := make([]Outcome, len(ds))
	last := make(map[string]int, len(ds))
	for i, d := range ds {
		out[i].Err = s.prepare(d)
		if out[i].Err == nil {
			last[d.ID] = i
		}
	}
	w := &write{store: s, at: stamp(s.now())}
	for i, d := range ds {
		if out[i].Err == nil && last[d.ID] == i {
			w.docs, w.outs = append(w.docs, d), append(w.outs, &out[i])
		}
	}
	if len(w.docs) == 0 {
		return out, nil
	}
	err := s.db.WithContext(ctx).Transaction(w.run)
	if errors.Is(err, gorm.ErrForeignKeyViolated) || errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("%w: workspace %s", ErrNotFound, s.workspace)
	}
	if err != nil {
		return nil, fmt.Errorf("kb: put %d documents: %w", len(w.docs), err)
	}
	return out, nil
}

// prepare brings d to the form in which it is compared and stored.
func (s *Store) prepare(d *Document) error {
	d.WorkspaceID = s.workspace
	d.normalize()
	if err := d.Validate(); err != nil {
		return err
	}
	if d.Kind == Case {
		r := new(redact.Redactor)
		d.Title, d.Problem, d.Resolution = r.Redact(d.Title), r.Redact(d.Problem), r.Redact(d.Resolution)
		d.Originals = r.Originals()
	}
	d.SortTitle = sortTitle(d)
	return nil
}

// A write is one transaction's worth of documents.
type write struct {
	store *Store
	at    time.Time
	docs  []*Document
	outs  []*Outcome
}

func (w *write) run(tx *gorm.DB) error {
	// Taking a number locks the counter's row until commit, so numbers become
	// visible in order and Changes cannot skip one; it also keeps two writers
	// from reading the same old version.
	next, err := w.take(tx, len(w.docs))
	if err != nil {
		return err
	}
	old, err := w.stored(tx)
	if err != nil {
		return err
	}
	var fresh []*Document
	var history []Revision
	for i, d := range w.docs {
		was, known := old[d.ID]
		if err := w.merge(d, was, known, w.outs[i]); err != nil {
			return err
		}
		if !w.outs[i].Changed {
			continue
		}
		if known {
			history = append(history, was.version())
		}
		d.Seq, next = next, next+1
		fresh = append(fresh, d)
	}
	if len(history) > 0 {
		if err := tx.CreateInBatches(history, rowsAtOnce).Error; err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(fresh, rowsAtOnce).Error
}

// take moves the workspace's counter on by n and returns the first number.
func (w *write) take(tx *gorm.DB, n int) (int64, error) {
	var value int64
	got := tx.Raw("UPDATE workspaces SET changes = changes + ? WHERE id = ? RETURNING changes", n, w.store.workspace).Scan(&value)
	if got.Error == nil && got.RowsAffected == 0 {
		return 0, ErrNotFound
	}
	return value - int64(n) + 1, got.Error
}

// stored returns what is kept under the ids of the write, tombstones included.
func (w *write) stored(tx *gorm.DB) (map[string]*Document, error) {
	out := make(map[string]*Document)
	for from := 0; from < len(w.docs); from += rowsAtOnce {
		var ids []string
		for _, d := range w.docs[from:min(from+rowsAtOnce, len(w.docs))] {
			ids = append(ids, d.ID)
		}
		var ds []Document
		if err := tx.Where("workspace_id = ? AND id IN ?", w.store.workspace, ids).Find(&ds).Error; err != nil {
			return nil, err
		}
		for i := range ds {
			out[ds[i].ID] = &ds[i]
		}
	}
	return out, nil
}

// merge makes d the successor of was and says in out whether that changes
// anything.
func (w *write) merge(d, was *Document, known bool, out *Outcome) error {
	d.Revision, d.CreatedAt, d.UpdatedAt, d.Deleted = 1, w.at, w.at, false
	if known {
		if d.Kind != was.Kind {
			out.Err = fmt.Errorf("%w: id %s belongs to the %s %q", ErrConflict, d.ID, was.Kind, was.Title)
			return nil
		}
		d.keepOriginals(d.restored)
		d.keepOriginals(was.Originals)
	}
	var err error
	if d.Hash, err = d.hash(); err != nil {
		return err
	}
	out.Created = !known || was.Deleted
	if known && !was.Deleted && d.Hash == was.Hash {
		*d = *was
		return nil
	}
	if out.Err = d.overtaken(was, known && !was.Deleted); out.Err != nil {
		return nil
	}
	if known {
		d.Revision, d.CreatedAt = was.Revision+1, was.CreatedAt
	}
	out.Changed = true
	return nil
}

// overtaken is the ErrConflict of a write after a revision that is not the
// latest any more.
func (d *Document) overtaken(was *Document, there bool) error {
	switch {
	case d.seen == nil, there && was.Revision == *d.seen, !there && *d.seen == 0:
		return nil
	case !there:
		return fmt.Errorf("%w: %s %s was deleted after revision %d: nothing was written", ErrConflict, d.Kind, d.ID, *d.seen)
	case *d.seen == 0:
		return fmt.Errorf("%w: %s %s exists already, at revision %d: nothing was written", ErrConflict, d.Kind, d.ID, was.Revision)
	}
	by := ""
	if was.Author != "" {
		by = " by " + was.Author
	}
	return fmt.Errorf("%w: %s %s was changed%s after revision %d and is at %d: nothing was written; read it, bring both together and write again",
		ErrConflict, d.Kind, d.ID, by, *d.seen, was.Revision)
}

// keepOriginals lets a case that comes back with its placeholders still in
// place keep what they stand for.
func (d *Document) keepOriginals(was Originals) {
	texts := d.Title + "\n" + d.Problem + "\n" + d.Resolution
	for token, original := range was {
		if _, taken := d.Originals[token]; taken || !strings.Contains(texts, token) {
			continue
		}
		if d.Originals == nil {
			d.Originals = make(Originals)
		}
		d.Originals[token] = original
	}
}
