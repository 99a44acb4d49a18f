package upkeep

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Doubt says how a quarantine stands.
type Doubt string

// The stages of a quarantine.
const (
	Doubted   Doubt = "open"      // it is not used unattended, and marked in drafts
	Confirmed Doubt = "confirmed" // somebody read it: it holds although its source has changed
	Lifted    Doubt = "lifted"    // it was brought in line with what has changed, or what changed was taken back
)

// A Quarantine says that a document rests on something that has changed. It is
// also the row it is stored as.
type Quarantine struct {
	WorkspaceID string `gorm:"primaryKey"`
	DocumentID  string `gorm:"primaryKey"` // what rests on it
	CauseID     string `gorm:"primaryKey"` // what has changed
	Revision    int64  // the cause's, that brought it about
	Status      Doubt
	Data        Shift `gorm:"serializer:json"`
	Author      string
	At          time.Time  // UTC: when it began
	ClosedAt    *time.Time // UTC; nil: it is open
}

// A Shift is what has changed.
type Shift struct {
	Was []Passage `json:"was,omitempty"`
	Is  []Passage `json:"is,omitempty"`
	Why string    `json:"why"` // a sentence for people
}

// Quarantine puts documents in quarantine. A pair of document and cause that is
// known is changed only by a later revision of the cause: then it is open
// again, whatever was decided about the earlier one. It returns how many are
// open that were not, and kb.ErrInvalid, with nothing kept, for a row without
// its ids.
func (s *Store) Quarantine(ctx context.Context, qs []Quarantine) (int, error) {
	for _, q := range qs {
		if !kb.ValidID(q.DocumentID) || !kb.ValidID(q.CauseID) || q.DocumentID == q.CauseID {
			return 0, fmt.Errorf("%w: quarantine of %.128q because of %.128q", kb.ErrInvalid, q.DocumentID, q.CauseID)
		}
	}
	opened := 0
	err := s.write(ctx, func(tx *gorm.DB) error {
		opened = 0
		for _, q := range qs {
			was, err := s.quarantine(tx, q.DocumentID, q.CauseID)
			switch {
			case errors.Is(err, kb.ErrNotFound):
				opened++
			case err != nil:
				return err
			case was.Revision >= q.Revision:
				continue
			case was.Status != Doubted:
				opened++
			}
			q.WorkspaceID, q.Status, q.At, q.ClosedAt = s.workspace, Doubted, s.at(), nil
			if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&q).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return opened, known(err, "quarantine")
}

func (s *Store) quarantine(db *gorm.DB, document, cause string) (Quarantine, error) {
	var q Quarantine
	err := s.in(db).Where("document_id = ? AND cause_id = ?", document, cause).Take(&q).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return q, fmt.Errorf("%w: no quarantine of %s because of %s", kb.ErrNotFound, document, cause)
	}
	return q, known(err, "quarantine")
}

// Quarantined returns the open quarantines of those of the documents that have
// any, by document, the oldest first; of every document if ids is nil.
func (s *Store) Quarantined(ctx context.Context, ids []string) (map[string][]Quarantine, error) {
	out := make(map[string][]Quarantine)
	read := func(q *gorm.DB) error {
		var qs []Quarantine
		if err := q.Where("status = ?", Doubted).Order("at, cause_id").Find(&qs).Error; err != nil {
			return fmt.Errorf("upkeep: quarantines: %w", err)
		}
		for _, x := range qs {
			out[x.DocumentID] = append(out[x.DocumentID], x)
		}
		return nil
	}
	if ids == nil {
		return out, read(s.rows(ctx))
	}
	for part := range slices.Chunk(ids, rowsAtOnce) {
		if err := read(s.rows(ctx).Where("document_id IN ?", part)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// A QuarantineFilter asks for some of the quarantines.
type QuarantineFilter struct {
	Status     Doubt  // empty: every stage
	DocumentID string // empty: any
	CauseID    string // empty: any
	Offset     int
	Limit      int // 0: all
}

// Quarantines returns quarantines, the latest first.
func (s *Store) Quarantines(ctx context.Context, f QuarantineFilter) ([]Quarantine, error) {
	q := s.rows(ctx).Order("at DESC, document_id, cause_id").Offset(f.Offset)
	for column, want := range map[string]string{"status": string(f.Status), "document_id": f.DocumentID, "cause_id": f.CauseID} {
		if want != "" {
			q = q.Where(column+" = ?", want)
		}
	}
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	} else if f.Offset > 0 {
		q = q.Limit(-1) // SQLite knows no OFFSET without
	}
	var qs []Quarantine
	if err := q.Find(&qs).Error; err != nil {
		return nil, fmt.Errorf("upkeep: quarantines: %w", err)
	}
	return qs, nil
}

// Release ends a quarantine, as Confirmed or Lifted, in author's name. It
// returns kb.ErrNotFound if there is none, kb.ErrConflict if it has ended.
func (s *Store) Release(ctx context.Context, document, cause string, as Doubt, author string) (Quarantine, error) {
	if as != Confirmed && as != Lifted {
		return Quarantine{}, fmt.Errorf("%w: a quarantine ends as confirmed or lifted, not %q", kb.ErrInvalid, as)
	}
	var q Quarantine
	err := s.write(ctx, func(tx *gorm.DB) error {
		var err error
		if q, err = s.quarantine(tx, document, cause); err != nil {
			return err
		}
		if q.Status != Doubted {
			return fmt.Errorf("%w: the quarantine of %s because of %s is %s already", kb.ErrConflict, document, cause, q.Status)
		}
		at := s.at()
		q.Status, q.Author, q.ClosedAt = as, author, &at
		return tx.Save(&q).Error
	})
	if err != nil {
		return Quarantine{}, known(err, "release "+document)
	}
	return q, nil
}
