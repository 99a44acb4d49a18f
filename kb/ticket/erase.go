package ticket

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
)

// atOnce is how many tickets are named in one statement.
const atOnce = 500

// Of returns the ids of a customer's tickets. An empty customer has none.
func (s *Store) Of(ctx context.Context, customer string) ([]string, error) {
	if customer == "" {
		return nil, nil
	}
	var ids []string
	if err := s.rows(ctx).Model(&Ticket{}).Where("customer_id = ?", customer).Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("ticket: tickets of a customer: %w", err)
	}
	return ids, nil
}

// Erase removes tickets with their messages for good and returns how many there
// were. Erasing twice does no harm.
func (s *Store) Erase(ctx context.Context, ids []string) (int64, error) {
	return s.erase(s.rows(ctx), ids)
}

// EraseNameless is Erase for those of the tickets that name no customer.
func (s *Store) EraseNameless(ctx context.Context, ids []string) (int64, error) {
	return s.erase(s.rows(ctx).Where("customer_id = ''"), ids)
}

func (s *Store) erase(rows *gorm.DB, ids []string) (n int64, err error) {
	for part := range slices.Chunk(ids, atOnce) {
		done := rows.Session(&gorm.Session{}).Where("id IN ?", part).Delete(&Ticket{}) // messages go with it
		if done.Error != nil {
			return n, fmt.Errorf("ticket: erase %d tickets: %w", len(ids), done.Error)
		}
		n += done.RowsAffected
	}
	return n, nil
}

// Forget erases the texts of tickets that were solved and have not changed since
// t, in every workspace, and returns of how many. The tickets stay, without
// personal data other than the customer's id. A customer's message that comes
// later opens a ticket again, as any.
func (b *DB) Forget(ctx context.Context, t time.Time) (int64, error) {
	var n int64
	err := b.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		old := func() *gorm.DB {
			return tx.Model(&Ticket{}).Where("status = ? AND forgotten = ? AND updated_at < ?", Solved, false, t.UTC())
		}
		texts := tx.Where("EXISTS (SELECT 1 FROM tickets t WHERE t.workspace_id = messages.workspace_id AND t.id = messages.ticket_id"+
			" AND t.status = ? AND t.forgotten = ? AND t.updated_at < ?)", Solved, false, t.UTC())
		if err := texts.Delete(&Message{}).Error; err != nil {
			return err
		}
		done := old().Updates(map[string]any{
			"subject": "", "preview": "", "words": gorm.Expr("LOWER(id)"), "forgotten": true, "version": gorm.Expr("version + 1"),
		})
		n = done.RowsAffected
		return done.Error
	})
	if err != nil {
		return 0, fmt.Errorf("ticket: forget: %w", err)
	}
	return n, nil
}
