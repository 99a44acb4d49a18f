package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
)

// How long a session lasts without a call, and at most.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 7 * 24 * time.Hour
)

// seenEvery is how often it is written that a session is in use: a browser
// that shows a queue would otherwise write with every look at it.
const seenEvery = time.Minute

// session is what is kept of a browser that is signed in.
type session struct {
	Hash      string `gorm:"primaryKey"` // of the token
	PersonID  string
	CreatedAt time.Time
	SeenAt    time.Time  // to the minute
	RevokedAt *time.Time // nil: not ended by anybody
}

// A believed session spares a database read on each call.
type believed struct {
	who   Person
	until time.Time
}

// believedMost bounds what is remembered of sessions.
const believedMost = 10_000

// Credentials are what somebody signs in with.
type Credentials struct {
	Email    string
	Password string
	Address  string // of the network, to bound its tries; may be empty
	Keepsake string // of the browser, as Person.Keepsake made it; may be empty
}

// SignIn begins a session and returns its token, which cannot be had again. It
// returns ErrUnauthorized, in the same words and after the same time, for an
// e-mail that is nobody's, a wrong password, one that was never chosen and a
// person who is not active, and a Locked, alike, where too many tries failed.
func (p *People) SignIn(ctx context.Context, in Credentials) (Person, string, error) {
	who, err := one(p.db.WithContext(ctx).Where("email = ?", strings.ToLower(strings.TrimSpace(in.Email))))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Person{}, "", err
	}
	tries := []string{account(in.Email), place(in.Address)}
	if who.gave(in.Keepsake) {
		tries = []string{browserOf(in.Keepsake)}
	}
	if err := p.try(ctx, tries); err != nil {
		return Person{}, "", err
	}
	ok, err := p.matches(ctx, who.Hash, in.Password)
	if err != nil {
		return Person{}, "", err
	}
	if !ok || !who.Active {
		return Person{}, "", fmt.Errorf("%w: the e-mail or the password is wrong", ErrUnauthorized)
	}
	if err := p.passed(ctx, tries); err != nil {
		return Person{}, "", err
	}
	return p.enter(p.db.WithContext(ctx), who)
}

// enter begins a session of somebody who has shown who they are.
func (p *People) enter(tx *gorm.DB, who Person) (Person, string, error) {
	token, now := secret(), p.now()
	who.EnteredAt = &now
	err := tx.Create(&session{Hash: hash(token), PersonID: who.ID, CreatedAt: now, SeenAt: now}).Error
	if err == nil {
		err = tx.Model(&who).Update("entered_at", now).Error
	}
	if err != nil {
		return Person{}, "", fmt.Errorf("auth: begin session: %w", err)
	}
	return who, token, nil
}

// secret returns 256 random bits as text.
func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Verify returns the person whose session has the token, as they were at most
// five seconds ago, or ErrUnauthorized if it is unknown, ended or too old.
func (p *People) Verify(ctx context.Context, token string) (Person, error) {
	id, now := hash(token), p.now()
	p.mu.Lock()
	b, ok := p.known[id]
	ended := p.ended
	p.mu.Unlock()
	if ok && now.Before(b.until) {
		return b.who, nil
	}
	who, err := p.read(ctx, id)
	if err != nil {
		return Person{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= believedMost {
		clear(p.known)
	}
	if p.ended == ended { // else this one may have ended since it was read
		p.known[id] = believed{who, now.Add(remembered)}
	}
	return who, nil
}

func (p *People) read(ctx context.Context, id string) (Person, error) {
	gone := fmt.Errorf("%w: the session has ended", ErrUnauthorized)
	db, now := p.db.WithContext(ctx), p.now()
	var s session
	err := db.Where("hash = ? AND revoked_at IS NULL", id).Take(&s).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Person{}, gone
	}
	if err != nil {
		return Person{}, fmt.Errorf("auth: session: %w", err)
	}
	if !now.Before(s.SeenAt.Add(SessionIdle)) || !now.Before(s.CreatedAt.Add(SessionLife)) {
		return Person{}, gone
	}
	who, err := one(db.Where("id = ? AND active = ?", s.PersonID, true))
	if errors.Is(err, ErrNotFound) {
		return Person{}, gone
	}
	if err == nil && now.Sub(s.SeenAt) >= seenEvery {
		if err = db.Model(&s).Update("seen_at", now).Error; err != nil {
			err = fmt.Errorf("auth: session: %w", err)
		}
	}
	return who, err
}

// SignOut ends the session of the token. One that has ended stays so.
func (p *People) SignOut(ctx context.Context, token string) error {
	id := hash(token)
	err := p.db.WithContext(ctx).Model(&session{}).Where("hash = ? AND revoked_at IS NULL", id).Update("revoked_at", p.now()).Error
	if err != nil {
		return fmt.Errorf("auth: end session: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, id)
	p.ended++
	return nil
}

// SignOutEverywhere ends all sessions of the person whose session has the
// token, this one too.
func (p *People) SignOutEverywhere(ctx context.Context, token string) error {
	who, err := p.Verify(ctx, token)
	if err != nil {
		return err
	}
	if err := p.end(p.db.WithContext(ctx), who.ID, ""); err != nil {
		return err
	}
	p.forget(who.ID)
	return nil
}

// end ends the sessions of a person, all but the one whose hash is given.
// After tx, forget has this process know it too.
func (p *People) end(tx *gorm.DB, person, but string) error {
	err := tx.Model(&session{}).Where("person_id = ? AND hash <> ? AND revoked_at IS NULL", person, but).Update("revoked_at", p.now()).Error
	if err != nil {
		return fmt.Errorf("auth: end sessions: %w", err)
	}
	return nil
}

// forget has the next call of each of a person's sessions look again.
func (p *People) forget(person string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, b := range p.known {
		if b.who.ID == person {
			delete(p.known, id)
		}
	}
	p.ended++
}

// CSRF is what a session's calls that change anything carry besides the
// cookie: a page elsewhere can send the cookie along but cannot know this.
func CSRF(token string) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("whetstone csrf"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// SameCSRF reports whether got is the CSRF of the token, in constant time.
func SameCSRF(token, got string) bool {
	return subtle.ConstantTimeCompare([]byte(CSRF(token)), []byte(got)) == 1
}

// Forget removes what can no longer be of use: sessions and links that are
// over, and tries that no longer count. It returns how many sessions and links
// that were.
func (p *People) Forget(ctx context.Context) (int64, error) {
	db, now := p.db.WithContext(ctx), p.now()
	sessions := db.Where("revoked_at IS NOT NULL OR created_at < ? OR seen_at < ?", now.Add(-SessionLife), now.Add(-SessionIdle)).Delete(&session{})
	links := db.Where("used_at IS NOT NULL OR expires_at < ?", now).Delete(&link{})
	tries := db.Where("last_at < ?", now.Add(-24*time.Hour)).Delete(&attempts{})
	if err := errors.Join(sessions.Error, links.Error, tries.Error); err != nil {
		return 0, fmt.Errorf("auth: forget sessions: %w", err)
	}
	return sessions.RowsAffected + links.RowsAffected, nil
}
