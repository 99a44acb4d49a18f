package fetch

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// authorization is the field of bearer tokens and passwords.
const authorization = "Authorization"

// masked stands where a secret would.
const masked = "****"

// A Secret is a token or a password that prints as ****, however it is printed.
// The zero Secret is empty, and prints as nothing.
type Secret struct {
	// A pointer, since fmt prints fields that are not exported without asking
	// their methods.
	value *string
}

// NewSecret returns value as a Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal returns the secret itself, to be sent and not to be shown.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String returns ****.
func (s Secret) String() string {
	if s.value == nil {
		return ""
	}
	return masked
}

// GoString returns ****.
func (s Secret) GoString() string { return s.String() }

// Format prints **** for every verb.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // fmt keeps its own errors
}

// MarshalJSON returns "****".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalText returns ****.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes text as the secret.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// LogValue returns ****.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// A Credential is what one host asks for. Over http, where everyone on the way
// reads it, it is sent only if the caller's own address is of http.
type Credential struct {
	host   host
	header string // a field of the header, or empty
	query  string // a parameter of the query, or empty
	value  Secret // as it is sent
	also   Secret // a part of value that is secret by itself
}

// Bearer is a token in the field Authorization. Host is one host, with its port
// unless that is the scheme's usual one.
func Bearer(host string, token Secret) Credential {
	return Credential{host: parseHost(host), header: authorization, value: NewSecret("Bearer " + token.Reveal()), also: token}
}

// Basic is a name and a password in the field Authorization.
func Basic(host, user string, password Secret) Credential {
	coded := base64.StdEncoding.EncodeToString([]byte(user + ":" + password.Reveal()))
	return Credential{host: parseHost(host), header: authorization, value: NewSecret("Basic " + coded), also: password}
}

// Header is a token in a field of its own, such as X-Api-Key.
func Header(host, name string, value Secret) Credential {
	return Credential{host: parseHost(host), header: http.CanonicalHeaderKey(name), value: value, also: value}
}

// Query is a token in a parameter of the query, such as api_token.
func Query(host, name string, value Secret) Credential {
	return Credential{host: parseHost(host), query: name, value: value, also: value}
}

// authorize adds to r the credentials of its host. Plain says that the caller
// asked by http.
func (c *Client) authorize(r *http.Request, plain bool) {
	if r.URL.Scheme != "https" && !plain {
		return
	}
	for _, cred := range c.o.Credentials {
		if !cred.host.matches(r.URL) {
			continue
		}
		if cred.header != "" {
			r.Header.Set(cred.header, cred.value.Reveal())
		}
		if cred.query != "" {
			q := r.URL.Query()
			q.Set(cred.query, cred.value.Reveal())
			r.URL.RawQuery = q.Encode()
		}
	}
}

// secretName tells parameters whose values are not to be shown.
var secretName = regexp.MustCompile(`(?i)token|secret|sign|^sig$|auth|pass|pwd|session|^sid$|credential|jwt|^code$|^key|key$`)

// Redact returns address without what is secret in it: the name and password
// before the host, parameters named for tokens, and the client's own secrets.
func (c *Client) Redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		// Nothing tells where in it a secret stands.
		return "an address that cannot be read"
	}
	if u.User != nil {
		u.User = url.User(masked)
	}
	if u.RawQuery != "" {
		pairs := strings.FieldsFunc(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' })
		for i, pair := range pairs {
			name, value, _ := strings.Cut(pair, "=")
			if plain, err := url.QueryUnescape(name); value != "" && (err != nil || secretName.MatchString(plain)) {
				pairs[i] = name + "=" + masked
			}
		}
		u.RawQuery = strings.Join(pairs, "&")
	}
	u.Fragment, u.RawFragment = "", ""
	return c.scrub(strings.ReplaceAll(u.String(), url.PathEscape(masked)+"@", masked+"@"))
}

// scrub masks the client's secrets in text, in the forms they are sent in.
func (c *Client) scrub(text string) string {
	for _, cred := range c.o.Credentials {
		value := cred.value.Reveal()
		_, coded, _ := strings.Cut(value, " ") // of "Basic dXNlcjpwYXNz"
		if cred.header != authorization {
			coded = ""
		}
		for _, secret := range [...]string{value, coded, cred.also.Reveal()} {
			for _, form := range [...]string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
				if form != "" {
					text = strings.ReplaceAll(text, form, masked)
				}
			}
		}
	}
	return text
}

// clean takes secrets out of err. The addresses that net/http puts into its
// errors go with their queries.
func (c *Client) clean(err error) error {
	var asked *url.Error
	for errors.As(err, &asked) {
		err = asked.Err
	}
	text := err.Error()
	if safe := c.scrub(text); safe != text {
		return &scrubbed{safe, err}
	}
	return err
}

// A scrubbed error has lost its secrets. It is still what it was for errors.Is,
// and does not give away what it wraps.
type scrubbed struct {
	text string
	err  error
}

func (e *scrubbed) Error() string        { return e.text }
func (e *scrubbed) Is(target error) bool { return errors.Is(e.err, target) }
