package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Parameters of argon2id: the first choice of the OWASP Password Storage Cheat
// Sheet that fits a small server, 19 MiB and two passes on one lane. A hash
// names its own, so that they can be raised without losing anybody.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32 // bytes
	argonSalt   = 16 // bytes; RFC 9106, section 3.1
)

// hashers is how many passwords are hashed at once: a flood of tries must not
// take the memory that answers need.
const hashers = 4

// Lengths of a password. The least is that of NIST SP 800-63B for passwords
// that tries are limited for, and two more; the most keeps hashing cheap.
const (
	passwordLeast = 10  // runes
	passwordMost  = 256 // bytes
)

// decoy is compared with where there is no account or no password, so that the
// answer takes as long. It is the hash of random bytes that nobody knows.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$q2rX6mVxk0m3l4oYyI1bCw$9y2m3mZJ8Yz0cV1sXh4pQe7tB5uN6aKdLfGwRiOjE0M"

// acceptable says why a password cannot be one, as ErrInvalid.
func acceptable(password string, p *Person) error {
	switch {
	case utf8.RuneCountInString(password) < passwordLeast:
		return fmt.Errorf("%w: password: at least %d characters", ErrInvalid, passwordLeast)
	case len(password) > passwordMost:
		return fmt.Errorf("%w: password: at most %d bytes", ErrInvalid, passwordMost)
	case strings.EqualFold(password, p.Email):
		return fmt.Errorf("%w: password: not the e-mail", ErrInvalid)
	case strings.Count(password, password[:1]) == len(password):
		return fmt.Errorf("%w: password: not one character over and over", ErrInvalid)
	}
	return nil
}

// hashed returns the password's hash in the PHC string format.
func (p *People) hashed(ctx context.Context, password string) (string, error) {
	var salt [argonSalt]byte
	_, _ = rand.Read(salt[:]) // never fails
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	key := argon2.IDKey([]byte(password), salt[:], argonTime, argonMemory, argonLanes, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt[:]), base64.RawStdEncoding.EncodeToString(key)), nil
}

// matches reports whether the password has the hash. An empty hash matches
// nothing and takes as long.
func (p *People) matches(ctx context.Context, hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = decoy
	}
	var version, memory, time uint32
	var lanes uint8
	var rest string
	if _, err := fmt.Sscanf(hash, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &memory, &time, &lanes, &rest); err != nil {
		return false, fmt.Errorf("auth: a password's hash: %w", err)
	}
	salted, keyed, _ := strings.Cut(rest, "$")
	salt, err := base64.RawStdEncoding.DecodeString(salted)
	if err != nil {
		return false, fmt.Errorf("auth: a password's salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(keyed)
	if err != nil || len(want) == 0 {
		return false, fmt.Errorf("auth: a password's hash: %w", err)
	}
	if len(password) > passwordMost {
		password = password[:passwordMost] // no such password was ever set
		known = false
	}
	done, err := p.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	got := argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// turn waits until a password may be hashed; done lets the next one.
func (p *People) turn(ctx context.Context) (done func(), err error) {
	select {
	case p.hashing <- struct{}{}:
		return func() { <-p.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
