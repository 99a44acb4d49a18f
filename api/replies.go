package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

var (
	errReused   = errors.New("this Idempotency-Key was used for another request: make a new one")
	errInFlight = errors.New("a request with this Idempotency-Key is being answered: try again in a moment")
)

// Replies remembers which request was answered by which suggestion, so that a
// request sent twice under one Idempotency-Key is answered once. Its methods
// may be called from many goroutines.
type Replies struct{ db *gorm.DB }

// NewReplies returns the replies kept in db, whose schema must be current.
func NewReplies(db *gorm.DB) *Replies { return &Replies{db: db} }

// A reply is one row: a key, the request it came with and what answered it.
type reply struct {
	WorkspaceID string `gorm:"primaryKey"`
	Key         string `gorm:"primaryKey"`
	Request     string // hash of the body
	Result      string // id of the suggestion; empty while it is being made
	CreatedAt   time.Time
}

func (reply) TableName() string { return "idempotency" }

// abandoned is how old an unanswered request must be for another to take its
// place: longer than any request may take.
const abandoned = 2 * time.Minute

// Begin claims the key for a request. It returns the id of the suggestion that
// answered the same request before, or "" if the caller is to answer it now.
func (r *Replies) Begin(ctx context.Context, workspace, key string, request []byte) (string, error) {
	sum := sha256.Sum256(request)
	now := time.Now().UTC().Truncate(time.Microsecond)
	row := reply{WorkspaceID: workspace, Key: key, Request: hex.EncodeToString(sum[:]), CreatedAt: now}
	done := r.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if done.Error != nil {
		return "", fmt.Errorf("api: idempotency key: %w", done.Error)
	}
	if done.RowsAffected == 1 {
		return "", nil
	}
	var was reply
	err := r.row(ctx, workspace, key).Take(&was).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", errInFlight // it was given up a moment ago
	}
	if err != nil {
		return "", fmt.Errorf("api: idempotency key: %w", err)
	}
	switch {
	case was.Request != row.Request:
		return "", errReused
	case was.Result != "":
		return was.Result, nil
	}
	taken := r.row(ctx, workspace, key).Model(&reply{}).
		Where("result = '' AND created_at < ?", now.Add(-abandoned)).Update("created_at", now)
	if taken.Error != nil {
		return "", fmt.Errorf("api: idempotency key: %w", taken.Error)
	}
	if taken.RowsAffected == 0 {
		return "", errInFlight
	}
	return "", nil
}

// End records what answered the request; with an empty id it gives the key up,
// so that the request can be sent again.
func (r *Replies) End(ctx context.Context, workspace, key, suggestion string) error {
	q := r.row(ctx, workspace, key)
	err := error(nil)
	if suggestion == "" {
		err = q.Where("result = ''").Delete(&reply{}).Error
	} else {
		err = q.Model(&reply{}).Update("result", suggestion).Error
	}
	if err != nil {
		return fmt.Errorf("api: idempotency key: %w", err)
	}
	return nil
}

// Forget removes the keys of requests made before t and returns how many.
func (r *Replies) Forget(ctx context.Context, t time.Time) (int64, error) {
	done := r.db.WithContext(ctx).Where("created_at < ?", t.UTC()).Delete(&reply{})
	if done.Error != nil {
		return 0, fmt.Errorf("api: forget idempotency keys: %w", done.Error)
	}
	return done.RowsAffected, nil
}

func (r *Replies) row(ctx context.Context, workspace, key string) *gorm.DB {
	return r.db.WithContext(ctx).Where("workspace_id = ? AND key = ?", workspace, key)
}
