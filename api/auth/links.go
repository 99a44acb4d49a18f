package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// A LinkKind says what a link is for.
type LinkKind string

// The kinds of links.
const (
	Invitation LinkKind = "invitation" // choose a password and come in
	Reset      LinkKind = "reset"      // choose another
	Entrance   LinkKind = "entrance"   // come in without one: the demo's
)

// life is how long a link of the kind works.
func (k LinkKind) life() time.Duration {
	if k == Invitation {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// A Link signs a person in, once.
type Link struct {
	Token     string // cannot be had again
	Kind      LinkKind
	ExpiresAt time.Time
}

// Path is where the console takes the link.
func (l *Link) Path() string { return "/#/enter/" + l.Token }

type link struct {
	Hash      string `gorm:"primaryKey"` // of the token
	PersonID  string
	Kind      LinkKind
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // nil: not used
}

// link makes a link of a person in the place of those made before.
func (p *People) link(tx *gorm.DB, who *Person, kind LinkKind) (Link, error) {
	if err := unlink(tx, who.ID); err != nil {
		return Link{}, err
	}
	now := p.now()
	l := Link{Token: secret(), Kind: kind, ExpiresAt: now.Add(kind.life())}
	err := tx.Create(&link{Hash: hash(l.Token), PersonID: who.ID, Kind: kind, CreatedAt: now, ExpiresAt: l.ExpiresAt}).Error
	if err != nil {
		return Link{}, fmt.Errorf("auth: make link: %w", err)
	}
	return l, nil
}

func unlink(tx *gorm.DB, person string) error {
	if err := tx.Where("person_id = ?", person).Delete(&link{}).Error; err != nil {
		return fmt.Errorf("auth: end links: %w", err)
	}
	return nil
}

// Reset takes a person's password and their account at the OpenID provider
// away, signs them out everywhere and returns a link by which they choose
// another password; one who never chose any is invited again. By the provider
// they may come with whatever account has their e-mail then. It returns ErrConflict for a person who is not active.
func (p *People) Reset(ctx context.Context, workspace, id string) (Person, Link, error) {
	var who Person
	var made Link
	err := p.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if who, err = one(tx.Where("workspace_id = ? AND id = ?", workspace, id)); err != nil {
			return err
		}
		if !who.Active {
			return fmt.Errorf("%w: %s is not active", ErrConflict, who.Email)
		}
		kind := Reset
		if who.Hash == "" && who.EnteredAt == nil {
			kind = Invitation
		}
		who.Hash, who.Identity = "", ""
		if err := tx.Model(&who).Select("hash", "identity").Updates(&who).Error; err != nil {
			return fmt.Errorf("auth: reset password: %w", err)
		}
		if err := p.end(tx, id, ""); err != nil {
			return err
		}
		made, err = p.link(tx, &who, kind)
		return err
	})
	if err != nil {
		return Person{}, Link{}, err
	}
	p.forget(id)
	return who, made, nil
}

// Entrance returns a link by which the person of the workspace with the e-mail
// comes in without a password. If there is none, one of the role is made.
func (p *People) Entrance(ctx context.Context, who Person) (Link, error) {
	got, err := p.ByEmail(ctx, who.WorkspaceID, who.Email)
	if errors.Is(err, ErrNotFound) {
		got, _, err = p.Invite(ctx, who)
	}
	if err != nil {
		return Link{}, err
	}
	return p.link(p.db.WithContext(ctx), &got, Entrance)
}

// Look returns whose link it is, without using it: ErrNotFound if it was used,
// has expired or never was.
func (p *People) Look(ctx context.Context, token string) (Person, Link, error) {
	gone := fmt.Errorf("%w: this link was used, has expired or never was", ErrNotFound)
	var l link
	err := p.db.WithContext(ctx).Where("hash = ? AND used_at IS NULL AND expires_at > ?", hash(token), p.now()).Take(&l).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Person{}, Link{}, gone
	}
	if err != nil {
		return Person{}, Link{}, fmt.Errorf("auth: link: %w", err)
	}
	who, err := one(p.db.WithContext(ctx).Where("id = ? AND active = ?", l.PersonID, true))
	if errors.Is(err, ErrNotFound) {
		return Person{}, Link{}, gone
	}
	return who, Link{Token: token, Kind: l.Kind, ExpiresAt: l.ExpiresAt}, err
}

// Enter uses a link and begins a session. By an invitation or a reset the
// password is set, and the name if it is not empty; what does not fit is
// ErrInvalid, and the link can still be used. Of many who use one link at once
// one comes in, and the others get ErrNotFound.
func (p *People) Enter(ctx context.Context, token, name, password string) (Person, string, error) {
	who, l, err := p.Look(ctx, token)
	if err != nil {
		return Person{}, "", err
	}
	if l.Kind != Entrance {
		if err := acceptable(password, &who); err != nil {
			return Person{}, "", err
		}
		if name != "" {
			if err := (&Change{Name: &name}).apply(&who); err != nil {
				return Person{}, "", err
			}
		}
		if who.Hash, err = p.hashed(ctx, password); err != nil {
			return Person{}, "", err
		}
	}
	var begun string
	err = p.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		now := p.now()
		used := tx.Model(&link{}).Where("hash = ? AND used_at IS NULL AND expires_at > ?", hash(token), now).Update("used_at", now)
		if used.Error != nil {
			return fmt.Errorf("auth: use link: %w", used.Error)
		}
		if used.RowsAffected == 0 {
			return fmt.Errorf("%w: this link was used, has expired or never was", ErrNotFound)
		}
		if l.Kind != Entrance {
			if err := p.settle(tx, &who); err != nil {
				return err
			}
		}
		who, begun, err = p.enter(tx, who)
		return err
	})
	if err != nil {
		return Person{}, "", err
	}
	p.forget(who.ID)
	return who, begun, nil
}

// settle keeps what somebody chose by a link. Who holds one need not wait
// because a stranger has guessed at the account.
func (p *People) settle(tx *gorm.DB, who *Person) error {
	if err := tx.Model(who).Select("name", "hash").Updates(who).Error; err != nil {
		return fmt.Errorf("auth: set password: %w", err)
	}
	if err := tx.Where("subject = ?", account(who.Email)).Delete(&attempts{}).Error; err != nil {
		return fmt.Errorf("auth: unlock: %w", err)
	}
	return p.end(tx, who.ID, "")
}
