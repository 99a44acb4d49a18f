package gap

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Record stores failures: new ones, and what has become known of old ones. The
// gap that a failure belongs to stays. One whose suggestion is gone is passed
// over: it was erased since it was read.
func (s *Store) Record(ctx context.Context, fs []Failure) error {
	if len(fs) == 0 {
		return nil
	}
	for i := range fs {
		fs[i].WorkspaceID = s.workspace
		fs[i].At = fs[i].At.UTC().Truncate(time.Microsecond)
	}
	for part := range slices.Chunk(fs, recordedAtOnce) {
		err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return s.record(tx, part) })
		if err != nil {
			return fmt.Errorf("gap: record %d failures: %w", len(fs), err)
		}
	}
	return nil
}

// record stores a few failures within a transaction. It holds their suggestions
// until it is done: who erases one waits, and then removes its failure too.
func (s *Store) record(tx *gorm.DB, fs []Failure) error {
	ids := make([]string, len(fs))
	for i := range fs {
		ids[i] = fs[i].SuggestionID
	}
	var there []string
	err := tx.Table("suggestions").Clauses(clause.Locking{Strength: clause.LockingStrengthShare}).
		Where("workspace_id = ? AND id IN ?", s.workspace, ids).Pluck("id", &there).Error
	if err != nil {
		return err
	}
	fs = slices.DeleteFunc(slices.Clone(fs), func(f Failure) bool { return !slices.Contains(there, f.SuggestionID) })
	if len(fs) == 0 {
		return nil
	}
	columns := []string{
		"ticket_id", "customer_id", "operator_id", "language", "question", "reply", "missing", "signs", "sources", "confidence", "outcome", "counted", "at",
	}
	return tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "suggestion_id"}},
		DoUpdates: clause.AssignmentColumns(columns),
	}).Create(&fs).Error
}

// Count stores of failures that there are whether they count, and nothing else.
func (s *Store) Count(ctx context.Context, fs []Failure) error {
	of := make(map[bool][]string)
	for i := range fs {
		of[fs[i].Counted] = append(of[fs[i].Counted], fs[i].SuggestionID)
	}
	for counts, ids := range of {
		for part := range slices.Chunk(ids, recordedAtOnce) {
			err := s.rows(ctx).Model(&Failure{}).Where("suggestion_id IN ?", part).Update("counted", counts).Error
			if err != nil {
				return fmt.Errorf("gap: count %d failures: %w", len(fs), err)
			}
		}
	}
	return nil
}

// recordedAtOnce keeps a statement's parameters under what both databases take.
const recordedAtOnce = 500

// Withdraw takes back failures that turned out to be none: what was told of the
// suggestion was corrected.
func (s *Store) Withdraw(ctx context.Context, suggestions []string) error {
	if len(suggestions) == 0 {
		return nil
	}
	if err := s.rows(ctx).Where("suggestion_id IN ?", suggestions).Delete(&Failure{}).Error; err != nil {
		return fmt.Errorf("gap: withdraw %d failures: %w", len(suggestions), err)
	}
	return nil
}
