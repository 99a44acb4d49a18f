package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"
)

// A Stranger is somebody whom an OpenID provider vouches for.
type Stranger struct {
	Identity  string // issuer and subject: never another person's
	Email     string
	Proven    bool // whether the provider says that the e-mail is theirs
	Name      string
	Workspace string // of newcomers
	Role      Role   // of newcomers; empty: they are refused
}

// Recognize begins a session for somebody who came by an OpenID provider: the
// person who came by the same identity before, or else the one with the
// proven e-mail, or else a newcomer. It returns ErrUnproven or ErrForbidden for the
// others and ErrForbidden for who is not active.
func (p *People) Recognize(ctx context.Context, s Stranger) (Person, string, error) {
	if s.Identity == "" {
		return Person{}, "", fmt.Errorf("%w: an identity is needed", ErrInvalid)
	}
	var who Person
	var token string
	err := p.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if who, err = p.recognize(tx, s); err != nil {
			return err
		}
		if !who.Active {
			return fmt.Errorf("%w: this account is not active", ErrForbidden)
		}
		who, token, err = p.enter(tx, who)
		return err
	})
	return who, token, err
}

func (p *People) recognize(tx *gorm.DB, s Stranger) (Person, error) {
	who, err := one(tx.Where("identity = ?", s.Identity))
	if !errors.Is(err, ErrNotFound) {
		return who, err
	}
	email, err := address(s.Email)
	if err != nil || !s.Proven {
		return Person{}, ErrUnproven
	}
	who, err = one(tx.Where("email = ?", email))
	if err == nil && who.Identity != "" {
		return Person{}, fmt.Errorf("%w: %s is another account of the provider: reset the person to let this one in", ErrForbidden, email)
	}
	if err == nil {
		if who.Identity = s.Identity; who.Name == "" && naming(s.Name) == nil {
			who.Name = s.Name
		}
		if err := tx.Model(&who).Select("identity", "name").Updates(&who).Error; err != nil {
			return Person{}, fmt.Errorf("auth: keep identity: %w", err)
		}
		return who, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return Person{}, err
	}
	if s.Role == "" {
		return Person{}, fmt.Errorf("%w: %s has no account here: ask an admin for an invitation", ErrForbidden, email)
	}
	if err := errors.Join(fitting(s.Role), naming(s.Name)); err != nil {
		return Person{}, err
	}
	who = Person{
		ID: ulid.Make().String(), WorkspaceID: s.Workspace, Email: email, Name: s.Name, Role: s.Role, Identity: s.Identity,
		Active: true, CreatedAt: p.now(),
	}
	return who, create(tx, &who)
}
