// Package auth knows who is calling: the keys that programs use, the people
// who sign in, the workspace each is bound to, what its role may do, and who
// changed what.
//
// A key is shown once, when it is made; only its hash is kept. The hash is
// plain SHA-256, since a key is 256 random bits and not a word that could be
// guessed. So are the tokens of sessions and of links. Passwords are words, and
// are kept by argon2id.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
)

var (
	// ErrUnauthorized is returned for a missing, unknown or revoked key, for a
	// session that has ended and for a wrong password.
	ErrUnauthorized = errors.New("unauthorized")

	// ErrForbidden is returned where a role may not do what was asked.
	ErrForbidden = errors.New("forbidden")

	// ErrUnproven is returned for somebody whose e-mail the OpenID provider does
	// not say is theirs. It is an ErrForbidden.
	ErrUnproven = fmt.Errorf("%w: the provider does not vouch for an e-mail", ErrForbidden)

	// ErrNotFound is returned for a key, a person or a link that does not exist.
	ErrNotFound = errors.New("not found")

	// ErrInvalid is returned for a key or a person that cannot be made as asked.
	ErrInvalid = errors.New("invalid")

	// ErrConflict is returned for what others' accounts stand in the way of.
	ErrConflict = errors.New("conflict")

	// ErrTooMany is returned where too many tries to sign in have failed.
	ErrTooMany = errors.New("too many tries")
)

// A Role says what a key or a person may do.
type Role string

// The roles. Admin may do everything in its workspace.
const (
	Admin    Role = "admin"
	Editor   Role = "editor"   // reads and writes articles and cases, searches, decides over what was learned of sources
	Lead     Role = "lead"     // reads reports, runs pilots, decides over what was learned, of sources and of operators
	Operator Role = "operator" // asks for suggestions and tells what became of them, reads sources and personal data of cases
	Helpdesk Role = "helpdesk" // a helpdesk system: asks for suggestions, tells what became of them, writes cases, never sees personal data
)

// Roles lists the roles from the most powerful down.
func Roles() []Role { return []Role{Admin, Editor, Lead, Operator, Helpdesk} }

// A Right is one thing that a role may do.
type Right uint8

// The rights.
const (
	Ask           Right = iota // search and suggestions
	Read                       // articles and cases
	WriteArticles              // articles
	WriteCases                 // cases
	Tell                       // feedback on suggestions
	Teach                      // gaps, upkeep, quarantines; see connections
	Weigh                      // decide over what was learned of sources
	Reveal                     // personal data behind a case's placeholders
	Oversee                    // reports, pilots, rankers, beliefs, operators, jobs
	Manage                     // people, keys, profiles, settings, connections, webhooks, audit
)

// May reports whether the role has the right.
func (r Role) May(right Right) bool {
	switch r {
	case Admin:
		return true
	case Editor:
		return right != Reveal && right != Oversee && right != Manage
	case Lead:
		return right == Ask || right == Read || right == Weigh || right == Oversee
	case Operator:
		return right == Ask || right == Read || right == Tell || right == Reveal
	case Helpdesk:
		return right == Ask || right == Read || right == Tell || right == WriteCases
	}
	return false
}

// A Key is what is kept of an API key.
type Key struct {
	ID          string `gorm:"primaryKey"` // the part before the dot; no secret
	WorkspaceID string
	Name        string // what it is for
	Role        Role
	Hash        string // of the secret part
	CreatedAt   time.Time
	RevokedAt   *time.Time // nil: in use
}

// prefix marks a Whetstone key, so that secret scanners can find one.
const prefix = "wsk_"

// Keys keeps API keys. Its methods may be called from many goroutines.
type Keys struct {
	db *gorm.DB

	mu    sync.Mutex
	known map[string]cached
}

// A cached key spares a database read on each call.
type cached struct {
	key   Key
	until time.Time
}

// remembered is how long a key is believed without looking again: a key that
// is revoked in another process works for no longer than this.
const remembered = 5 * time.Second

// NewKeys returns the keys kept in db, whose schema must be current.
func NewKeys(db *gorm.DB) *Keys { return &Keys{db: db, known: make(map[string]cached)} }

// Issue makes a key for the workspace and returns it with its secret form,
// which cannot be had again.
func (k *Keys) Issue(ctx context.Context, workspace, name string, role Role) (Key, string, error) {
	if !slices.Contains(Roles(), role) {
		return Key{}, "", fmt.Errorf("%w: role %q: use admin, editor, lead, operator or helpdesk", ErrInvalid, role)
	}
	var id [9]byte
	var secret [32]byte
	_, _ = rand.Read(id[:]) // never fails
	_, _ = rand.Read(secret[:])
	key := Key{
		ID: prefix + base64.RawURLEncoding.EncodeToString(id[:]), WorkspaceID: workspace, Name: name, Role: role,
		CreatedAt: time.Now().UTC().Truncate(time.Microsecond),
	}
	text := base64.RawURLEncoding.EncodeToString(secret[:])
	key.Hash = hash(text)
	err := k.db.WithContext(ctx).Create(&key).Error
	if errors.Is(err, gorm.ErrForeignKeyViolated) {
		return Key{}, "", fmt.Errorf("%w: workspace %s", ErrNotFound, workspace)
	}
	if err != nil {
		return Key{}, "", fmt.Errorf("auth: issue key: %w", err)
	}
	return key, key.ID + "." + text, nil
}

// Verify returns the key whose secret form is given, or ErrUnauthorized.
func (k *Keys) Verify(ctx context.Context, secret string) (Key, error) {
	id, text, ok := strings.Cut(secret, ".")
	if !ok || !strings.HasPrefix(id, prefix) {
		return Key{}, ErrUnauthorized
	}
	key, err := k.key(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Key{}, ErrUnauthorized
	}
	if err != nil {
		return Key{}, err
	}
	if key.RevokedAt != nil || subtle.ConstantTimeCompare([]byte(key.Hash), []byte(hash(text))) != 1 {
		return Key{}, ErrUnauthorized
	}
	return key, nil
}

func (k *Keys) key(ctx context.Context, id string) (Key, error) {
	now := time.Now()
	k.mu.Lock()
	c, ok := k.known[id]
	k.mu.Unlock()
	if ok && now.Before(c.until) {
		return c.key, nil
	}
	var key Key
	err := k.db.WithContext(ctx).Where("id = ?", id).Take(&key).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Key{}, fmt.Errorf("%w: key %s", ErrNotFound, id)
	}
	if err != nil {
		return Key{}, fmt.Errorf("auth: key %s: %w", id, err)
	}
	k.mu.Lock()
	k.known[id] = cached{key: key, until: now.Add(remembered)}
	k.mu.Unlock()
	return key, nil
}

// List returns the workspace's keys, revoked ones too, oldest first.
func (k *Keys) List(ctx context.Context, workspace string) ([]Key, error) {
	var keys []Key
	if err := k.db.WithContext(ctx).Where("workspace_id = ?", workspace).Order("created_at, id").Find(&keys).Error; err != nil {
		return nil, fmt.Errorf("auth: list keys: %w", err)
	}
	return keys, nil
}

// Key returns the workspace's key of an id, revoked or not, without its secret.
// It returns ErrNotFound if there is none.
func (k *Keys) Key(ctx context.Context, workspace, id string) (Key, error) {
	var key Key
	err := k.db.WithContext(ctx).Where("workspace_id = ? AND id = ?", workspace, id).Take(&key).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Key{}, fmt.Errorf("%w: key %s", ErrNotFound, id)
	}
	if err != nil {
		return Key{}, fmt.Errorf("auth: read key %s: %w", id, err)
	}
	return key, nil
}

// Revoke ends a key of the workspace. It returns ErrNotFound if there is none
// in use.
func (k *Keys) Revoke(ctx context.Context, workspace, id string) error {
	now := time.Now().UTC().Truncate(time.Microsecond)
	done := k.db.WithContext(ctx).Model(&Key{}).
		Where("workspace_id = ? AND id = ? AND revoked_at IS NULL", workspace, id).Update("revoked_at", now)
	if done.Error != nil {
		return fmt.Errorf("auth: revoke key %s: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return fmt.Errorf("%w: key %s", ErrNotFound, id)
	}
	k.mu.Lock()
	delete(k.known, id)
	k.mu.Unlock()
	return nil
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

type contextKey struct{}

// NewContext returns ctx with the caller's key.
func NewContext(ctx context.Context, key Key) context.Context {
	return context.WithValue(ctx, contextKey{}, key)
}

// FromContext returns the caller's key; ok is false where nobody was asked.
func FromContext(ctx context.Context) (key Key, ok bool) {
	key, ok = ctx.Value(contextKey{}).(Key)
	return key, ok
}
