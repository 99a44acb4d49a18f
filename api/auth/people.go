package auth

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// A Person is somebody who signs in.
type Person struct {
	ID          string `gorm:"primaryKey"` // no secret
	WorkspaceID string
	Email       string // in lower case; of one person in the whole installation
	Name        string // may be empty
	Role        Role   // one of PersonRoles
	Hash        string // of the password by argon2id; empty: none was chosen yet
	Identity    string // at the OpenID provider; empty: never came by it
	Active      bool
	Locale      string // of the console: en, ru or, as the browser says, empty
	CreatedAt   time.Time
	EnteredAt   *time.Time // when they signed in last; nil: never

	LockedUntil *time.Time `gorm:"-"` // of failed tries; nil: not locked. Set by List.
}

// Key is what handlers see of a person who calls.
func (p *Person) Key() Key {
	name := p.Name
	if name == "" {
		name = p.Email
	}
	return Key{ID: "person:" + p.ID, WorkspaceID: p.WorkspaceID, Name: name, Role: p.Role, CreatedAt: p.CreatedAt}
}

// PersonRoles lists the roles that people have: all but that of helpdesks,
// which are programs.
func PersonRoles() []Role { return []Role{Admin, Editor, Lead, Operator} }

// People keeps who may sign in, and their sessions. Its methods may be called
// from many goroutines.
type People struct {
	db      *gorm.DB
	now     func() time.Time
	hashing chan struct{} // holds a token for each password being hashed

	counting sync.Mutex // over tries: SQLite has one writer, and a flood must not keep others from it

	mu    sync.Mutex
	known map[string]believed // by the hash of the session's token
	ended uint64              // counts endings of sessions in this process
}

// NewPeople returns the people kept in db, whose schema must be current. It is
// now by the clock given.
func NewPeople(db *gorm.DB, now func() time.Time) *People {
	return &People{
		db: db, hashing: make(chan struct{}, hashers), known: make(map[string]believed),
		now: func() time.Time { return now().UTC().Truncate(time.Microsecond) },
	}
}

// Invite makes a person of what p says of workspace, e-mail, name and role,
// and a link by which they choose a password. It returns ErrInvalid,
// ErrNotFound where the workspace is none, and ErrConflict where the e-mail is
// somebody's.
func (p *People) Invite(ctx context.Context, who Person) (Person, Link, error) {
	email, err := address(who.Email)
	if err != nil {
		return Person{}, Link{}, err
	}
	if err := errors.Join(fitting(who.Role), naming(who.Name)); err != nil {
		return Person{}, Link{}, err
	}
	made := Person{
		ID: ulid.Make().String(), WorkspaceID: who.WorkspaceID, Email: email, Name: strings.TrimSpace(who.Name), Role: who.Role,
		Active: true, CreatedAt: p.now(),
	}
	var link Link
	err = p.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := create(tx, &made); err != nil {
			return err
		}
		link, err = p.link(tx, &made, Invitation)
		return err
	})
	if err != nil {
		return Person{}, Link{}, err
	}
	return made, link, nil
}

func create(tx *gorm.DB, who *Person) error {
	err := tx.Create(who).Error
	switch {
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fmt.Errorf("%w: %s has an account already", ErrConflict, who.Email)
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return fmt.Errorf("%w: workspace %s", ErrNotFound, who.WorkspaceID)
	case err != nil:
		return fmt.Errorf("auth: make person: %w", err)
	}
	return nil
}

// address brings an e-mail into the form in which it is kept.
func address(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > 254 { // RFC 5321, 4.5.3.1.3
		return "", fmt.Errorf("%w: e-mail: write it as in anna@example.org", ErrInvalid)
	}
	return email, nil
}

func fitting(role Role) error {
	if !slices.Contains(PersonRoles(), role) {
		return fmt.Errorf("%w: role %q: use admin, editor, lead or operator", ErrInvalid, role)
	}
	return nil
}

func naming(name string) error {
	if utf8.RuneCountInString(name) > 200 {
		return fmt.Errorf("%w: name: at most 200 characters", ErrInvalid)
	}
	return nil
}

// List returns the workspace's people, oldest first.
func (p *People) List(ctx context.Context, workspace string) ([]Person, error) {
	var all []Person
	if err := p.db.WithContext(ctx).Where("workspace_id = ?", workspace).Order("created_at, id").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("auth: list people: %w", err)
	}
	var locked []attempts
	if err := p.db.WithContext(ctx).Where("locked_until > ?", p.now()).Find(&locked).Error; err != nil {
		return nil, fmt.Errorf("auth: list people: %w", err)
	}
	for i := range all {
		at := slices.IndexFunc(locked, func(a attempts) bool { return a.Subject == account(all[i].Email) })
		if at >= 0 {
			all[i].LockedUntil = locked[at].LockedUntil
		}
	}
	return all, nil
}

// Person returns a person of the workspace, or ErrNotFound.
func (p *People) Person(ctx context.Context, workspace, id string) (Person, error) {
	return one(p.db.WithContext(ctx).Where("workspace_id = ? AND id = ?", workspace, id))
}

// ByEmail returns the person of the workspace with the e-mail, or ErrNotFound.
func (p *People) ByEmail(ctx context.Context, workspace, email string) (Person, error) {
	return one(p.db.WithContext(ctx).Where("workspace_id = ? AND email = ?", workspace, strings.ToLower(strings.TrimSpace(email))))
}

func one(q *gorm.DB) (Person, error) {
	var who Person
	err := q.Take(&who).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Person{}, fmt.Errorf("%w: person", ErrNotFound)
	}
	if err != nil {
		return Person{}, fmt.Errorf("auth: person: %w", err)
	}
	return who, nil
}

// A Change is what an admin changes of a person; nil is left as it is.
type Change struct {
	Name   *string
	Role   *Role
	Active *bool
}

// Change changes a person of the workspace. Who gets another role or is no
// longer active is signed out everywhere. It returns ErrConflict rather than
// leave a workspace without an active admin.
func (p *People) Change(ctx context.Context, workspace, id string, c Change) (Person, error) {
	var who Person
	err := p.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		// Of two admins who demote each other, the second finds what the first
		// has done: all admins are locked, in one order.
		var admins []Person
		err = tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).
			Where("workspace_id = ? AND role = ? AND active = ?", workspace, Admin, true).Order("id").Find(&admins).Error
		if err != nil {
			return fmt.Errorf("auth: change person: %w", err)
		}
		if who, err = one(tx.Where("workspace_id = ? AND id = ?", workspace, id)); err != nil {
			return err
		}
		was := who
		if err := c.apply(&who); err != nil {
			return err
		}
		rules := func(p *Person) bool { return p.Role == Admin && p.Active }
		if rules(&was) && !rules(&who) && len(admins) == 1 {
			return fmt.Errorf("%w: %s is the last admin: make somebody else one first", ErrConflict, who.Email)
		}
		if err := tx.Model(&who).Select("name", "role", "active").Updates(&who).Error; err != nil {
			return fmt.Errorf("auth: change person: %w", err)
		}
		if was.Role == who.Role && who.Active {
			return nil
		}
		if !who.Active {
			if err := unlink(tx, id); err != nil {
				return err
			}
		}
		return p.end(tx, id, "")
	})
	if err != nil {
		return Person{}, err
	}
	p.forget(id)
	return who, nil
}

func (c *Change) apply(who *Person) error {
	if c.Name != nil {
		if err := naming(*c.Name); err != nil {
			return err
		}
		who.Name = strings.TrimSpace(*c.Name)
	}
	if c.Role != nil {
		if err := fitting(*c.Role); err != nil {
			return err
		}
		who.Role = *c.Role
	}
	if c.Active != nil {
		who.Active = *c.Active
	}
	return nil
}

// Remove removes a person of the workspace for good, with their sessions, even
// if they are the last admin.
func (p *People) Remove(ctx context.Context, workspace, id string) error {
	done := p.db.WithContext(ctx).Where("workspace_id = ? AND id = ?", workspace, id).Delete(&Person{})
	if done.Error != nil {
		return fmt.Errorf("auth: remove person %s: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return fmt.Errorf("%w: person %s", ErrNotFound, id)
	}
	p.forget(id)
	return nil
}

// Own is what people change of themselves; nil is left as it is. A new
// password takes the current one, if there is one.
type Own struct {
	Name, Locale *string
	Current, New *string // passwords
}

// ChangeOwn changes the person whose session has the token. A new password
// signs them out everywhere else. It returns ErrUnauthorized where the session
// has ended, ErrForbidden for a wrong current password, ErrTooMany where too
// many were wrong, and ErrInvalid.
func (p *People) ChangeOwn(ctx context.Context, token string, o Own) (Person, error) {
	who, err := p.Verify(ctx, token)
	if err != nil {
		return Person{}, err
	}
	if who, err = p.Person(ctx, who.WorkspaceID, who.ID); err != nil {
		return Person{}, err
	}
	if err := (&Change{Name: o.Name}).apply(&who); err != nil {
		return Person{}, err
	}
	if o.Locale != nil {
		if !slices.Contains([]string{"", "en", "ru"}, *o.Locale) {
			return Person{}, fmt.Errorf("%w: locale %q: use en, ru or nothing", ErrInvalid, *o.Locale)
		}
		who.Locale = *o.Locale
	}
	if o.New != nil {
		if err := p.renew(ctx, &who, o); err != nil {
			return Person{}, err
		}
	}
	err = p.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Model(&who).Select("name", "locale", "hash").Updates(&who).Error; err != nil {
			return fmt.Errorf("auth: change person: %w", err)
		}
		if o.New == nil {
			return nil
		}
		return p.end(tx, who.ID, hash(token))
	})
	if err != nil {
		return Person{}, err
	}
	p.forget(who.ID)
	return who, nil
}

// renew checks the current password and sets the hash of the new one.
func (p *People) renew(ctx context.Context, who *Person, o Own) error {
	if who.Hash != "" {
		var current string
		if o.Current != nil {
			current = *o.Current
		}
		tries := []string{account(who.Email)}
		if err := p.try(ctx, tries); err != nil {
			return err
		}
		ok, err := p.matches(ctx, who.Hash, current)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: the current password is another", ErrForbidden)
		}
		if err := p.passed(ctx, tries); err != nil {
			return err
		}
	}
	err := acceptable(*o.New, who)
	if err == nil {
		who.Hash, err = p.hashed(ctx, *o.New)
	}
	return err
}
