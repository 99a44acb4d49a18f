package openai

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	openai "github.com/sashabaranov/go-openai"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A failure is why a call did not succeed.
type failure struct {
	kind     error         // embeddings.ErrUnavailable or embeddings.ErrMisconfigured
	sentence string        // without keys and without texts that were sent
	detail   string        // what the server said, without the key
	status   int           // of the answer; 0: none
	again    bool          // trying again may help
	after    time.Duration // but not before; 0: the server does not say
}

func (f *failure) Error() string { return f.sentence }

// pause is how long the server asked to be left alone; nil asks for nothing.
func (f *failure) pause() time.Duration {
	if f == nil {
		return 0
	}
	return f.after
}

// refused reports whether the server did not accept what one request held, so
// that a smaller one might do.
func (f *failure) refused() bool {
	return f.status == http.StatusBadRequest || f.status == http.StatusRequestEntityTooLarge ||
		f.status == http.StatusUnprocessableEntity
}

// Detail returns what the server itself said about a failure, in one line and
// without the key; empty if it said nothing. It may quote what was sent: it is
// for the screen of whoever sets the program up and not for a log.
func Detail(err error) string {
	var f *failure
	if errors.As(err, &f) {
		return f.detail
	}
	return ""
}

// classify says what err, of a call whose response was seen, means.
func (s *Server) classify(err error, seen response) *failure {
	var permanent *backoff.PermanentError
	final := errors.As(err, &permanent)
	f := s.judge(err, seen)
	f.again = f.again && !final
	f.status = seen.status
	f.after = seen.after
	f.detail = s.clean(said(err))
	return f
}

func (s *Server) judge(err error, seen response) *failure {
	var known *failure
	var api *openai.APIError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, errRedirect):
		return s.misconfigured("%s redirects: set %s_URL to where it leads", s.address, s.endpoint.Settings)
	case errors.As(err, &certificate):
		return s.misconfigured("%s shows a certificate that is not trusted: correct it or %s_URL", s.address, s.endpoint.Settings)
	case seen.status == 0 && ended(err):
		return unavailable("%s did not answer within %s", s.address, s.endpoint.Timeout)
	case seen.status == 0:
		return unavailable("%s cannot be reached: %s", s.address, s.clean(cause(err)))
	case seen.status < http.StatusBadRequest && ended(err):
		return unavailable("%s did not finish its answer within %s", s.address, s.endpoint.Timeout)
	case seen.status < http.StatusBadRequest && errors.Is(err, io.ErrUnexpectedEOF):
		return unavailable("%s broke off its answer", s.address)
	case seen.status < http.StatusBadRequest && errors.As(err, &api):
		return unavailable("%s reports an error in its answer%s", s.address, code(err).note())
	case seen.status < http.StatusBadRequest:
		return unavailable("%s answers what cannot be read: see whether %s_URL is right", s.address, s.endpoint.Settings)
	}
	return s.judgeStatus(err, seen.status)
}

// judgeStatus says what an error status means.
func (s *Server) judgeStatus(err error, status int) *failure {
	set := s.endpoint.Settings
	code := code(err)
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		if s.endpoint.Key == "" {
			return s.misconfigured("%s wants a key (status %d): set %s_KEY", s.address, status, set)
		}
		return s.misconfigured("%s refuses the key (status %d): correct %s_KEY", s.address, status, set)
	case code == "model_not_found", status == http.StatusNotFound && strings.Contains(strings.ToLower(said(err)), "model"):
		return s.misconfigured("%s does not know the model: set %s_MODEL to one that it has", s.address, set)
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return s.misconfigured("%s has no such call at this address: correct %s_URL (it often ends in /v1)", s.address, set)
	case code == "insufficient_quota":
		f := unavailable("%s says that the quota of the key is used up (status %d): see %s_KEY", s.address, status, set)
		f.again = false
		return f
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= http.StatusInternalServerError:
		return unavailable("%s answers with status %d%s", s.address, status, code.note())
	}
	return s.misconfigured("%s refuses the request (status %d%s): see %s_MODEL", s.address, status, code.note(), set)
}

func (s *Server) misconfigured(format string, args ...any) *failure {
	return &failure{kind: embeddings.ErrMisconfigured, sentence: fmt.Sprintf(format, args...)}
}

func unavailable(format string, args ...any) *failure {
	return &failure{kind: embeddings.ErrUnavailable, sentence: fmt.Sprintf(format, args...), again: true}
}

// A reason is a server's short name of an error.
type reason string

func (r reason) note() string {
	if r == "" {
		return ""
	}
	return ", " + string(r)
}

// reasonPattern is what such a name looks like. Anything else might be a text.
var reasonPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z_]{2,39}$`)

func code(err error) reason {
	var api *openai.APIError
	if !errors.As(err, &api) {
		return ""
	}
	for _, name := range []any{api.Code, api.Type} {
		if name, ok := name.(string); ok && reasonPattern.MatchString(name) {
			return reason(name)
		}
	}
	return ""
}

// said is what the server said in an error answer.
func said(err error) string {
	var api *openai.APIError
	var request *openai.RequestError
	switch {
	case errors.As(err, &api):
		return api.Message
	case errors.As(err, &request):
		return string(request.Body)
	}
	return ""
}

// cause is the innermost reason why a server cannot be reached. The outer ones
// hold the whole address, and with it perhaps a password.
func cause(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// clean makes a foreign text fit to show: one line, not long, without the key.
func (s *Server) clean(text string) string {
	if s.endpoint.Key != "" {
		text = strings.ReplaceAll(text, s.endpoint.Key, "***")
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return text
}
