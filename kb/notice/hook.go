package notice

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Hook says who is told of what happens in a workspace: a web address or an
// e-mail address. It is also the row it is stored as.
type Hook struct {
	WorkspaceID string    `gorm:"primaryKey"`
	ID          string    `gorm:"primaryKey"` // a ULID
	URL         string    // of a webhook, http or https; may hold a secret, so it is not logged
	Email       string    // one address, without a name; either URL or Email is set
	Secret      string    // that a webhook's deliveries are signed with; never logged nor listed
	Kinds       []string  `gorm:"serializer:json"` // kinds, or groups of kinds such as "gap.*"; empty: all but ticket.replied
	Active      bool      // false: nothing is sent
	Author      string    // who made it
	CreatedAt   time.Time `gorm:"autoCreateTime:false"` // UTC
}

// What a hook may hold.
const (
	maxURL      = 2000
	maxEmail    = 254 // RFC 5321
	minSecret   = 16  // a shorter one can be guessed from what it has signed
	maxSecret   = 200
	secretBytes = 32
)

// Wants reports whether the hook is to be told of a kind of notice.
func (h *Hook) Wants(k Kind) bool {
	if len(h.Kinds) == 0 {
		return !k.everyday()
	}
	return slices.ContainsFunc(h.Kinds, func(want string) bool {
		group, all := strings.CutSuffix(want, "*")
		return want == string(k) || all && strings.HasPrefix(string(k), group)
	})
}

// Validate reports, as an ErrInvalid, the first field that makes no sense.
func (h *Hook) Validate() error {
	invalid := func(what string) error { return fmt.Errorf("%w: hook: %s", ErrInvalid, what) }
	switch {
	case h.URL == "" && h.Email == "":
		return invalid("set url or email")
	case h.URL != "" && h.Email != "":
		return invalid("set url or email, not both: make two hooks")
	case h.URL != "" && !webhook(h.URL):
		return invalid("url: use an address that begins with https:// or http:// and has no user in it")
	case h.Email != "" && !address(h.Email):
		return invalid("email: use one plain address such as name@example.org")
	case h.URL != "" && (len(h.Secret) < minSecret || len(h.Secret) > maxSecret):
		return invalid(fmt.Sprintf("secret: use %d to %d letters, or leave it out to have one made", minSecret, maxSecret))
	}
	for i, want := range h.Kinds {
		one := Hook{Kinds: []string{want}}
		known := slices.ContainsFunc(Kinds(), one.Wants)
		if !known || (strings.HasSuffix(want, "*") && !strings.HasSuffix(want, ".*")) {
			return invalid(fmt.Sprintf("kinds: %q is not known: use %s, or a group such as gap.*", want, list(Kinds())))
		}
		if slices.Contains(h.Kinds[:i], want) {
			return invalid(fmt.Sprintf("kinds: %q is named twice", want))
		}
	}
	return nil
}

func list(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// webhook reports whether a text is an address that can be posted to.
func webhook(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= maxURL && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// address reports whether a text is one bare e-mail address: what it holds
// goes into the header of a message.
func address(text string) bool {
	if len(text) > maxEmail || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>,;:"()[]\`, r) }) {
		return false
	}
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && a.Name == ""
}

// newSecret returns a secret that nobody can guess.
func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: see package crypto/rand
	return "whsec_" + hex.EncodeToString(b)
}
