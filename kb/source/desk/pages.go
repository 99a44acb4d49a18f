package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// longest is the longest wait for a system's limit. Who has to wait longer
// breaks off, to go on from the cursor.
const longest = 10 * time.Minute

// A position is how far one list was read.
type position struct {
	Since string `json:"since,omitempty"` // what did not change after it is left out: a time, or the system's own cursor
	Page  string `json:"page,omitempty"`  // where the pass goes on; empty: at the beginning
	Seen  string `json:"seen,omitempty"`  // the Since of the next pass, once this one is complete
	Began string `json:"began,omitempty"` // when the pass began, by the system's clock
}

// done ends a complete pass.
func (p *position) done() {
	// What changed while the list was read may have been passed by already, so
	// nothing after the beginning of the pass counts as seen.
	if seen, began := moment(p.Seen), moment(p.Began); !seen.IsZero() && !began.IsZero() && seen.After(began.Time) {
		p.Seen = began.String()
	}
	*p = position{Since: cmp.Or(p.Seen, p.Since)}
}

// saw notes that the pass has seen a record of that time.
func (p *position) saw(at stamp) {
	if last := moment(p.Seen); at.After(last.Time) {
		p.Seen = at.String()
	}
}

// A response is one answer of a system.
type response struct {
	body   []byte
	header http.Header
	at     string // what was asked for
}

// decode reads the answer's JSON into v.
func (a response) decode(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("the answer of %s is not what it is documented to be: %w", path(a.at), err)
	}
	return nil
}

// A page is a part of a list.
type page struct {
	records []json.RawMessage
	next    string // what to ask for next, see reader.get; empty at the end
	since   string // the Since of the next pass, where the system has one of its own
}

// A list is how a system hands out records of one kind.
type list struct {
	first string // what to ask for first
	body  func(at string) []byte
	page  func(a response) (page, error)
	each  func(raw json.RawMessage) error

	// Whether a page may not be there, for the account's plan or the token's
	// rights; nil: none may.
	missing func(at string) bool
}

// walk reads a list from where the position says to its end. The position moves
// when a page was delivered as a whole: a run that goes on reads the page again
// in which it broke off.
func (r *reader) walk(ctx context.Context, l list) error {
	at := r.at.Page
	again := at != ""
	if !again {
		at, r.at.Seen, r.at.Began = l.first, "", ""
	}
	asked := make(map[string]bool)
	for at != "" {
		if asked[at] {
			return fmt.Errorf("the pages go round: %s comes again", path(at))
		}
		asked[at] = true
		p, err := r.page(ctx, l, at)
		switch {
		case err != nil && denied(err) && l.missing != nil && l.missing(at):
			return nil
		case again && (gone(err) || status(err) == http.StatusBadRequest || status(err) == http.StatusUnprocessableEntity):
			// What the last run left off at is no more: cursors get old.
			*r.at = position{Since: r.at.Since}
			return r.walk(ctx, l)
		case err != nil:
			return err
		}
		again = false
		for _, raw := range p.records {
			if err := l.each(raw); err != nil {
				return err
			}
		}
		at, r.at.Page = p.next, p.next
		r.at.Seen = cmp.Or(p.since, r.at.Seen)
	}
	return nil
}

func (r *reader) page(ctx context.Context, l list, at string) (page, error) {
	var body []byte
	if l.body != nil {
		body = l.body(at)
	}
	a, err := r.ask(ctx, at, body)
	if err != nil {
		return page{}, err
	}
	if r.at.Began == "" {
		if t, err := http.ParseTime(a.header.Get("Date")); err == nil {
			r.at.Began = stamp{t}.String()
		}
	}
	return l.page(a)
}

// all reads a list that belongs to one record, such as a ticket's messages, or
// that is needed as a whole, such as the names of sections.
func (r *reader) all(ctx context.Context, first string, read func(a response) (page, error)) ([]json.RawMessage, error) {
	var out []json.RawMessage
	asked := make(map[string]bool)
	for at := first; at != ""; {
		if asked[at] {
			return nil, fmt.Errorf("the pages go round: %s comes again", path(at))
		}
		asked[at] = true
		a, err := r.ask(ctx, at, nil)
		if err != nil {
			return nil, err
		}
		p, err := read(a)
		if err != nil {
			return nil, err
		}
		out, at = append(out, p.records...), p.next
	}
	return out, nil
}

// get asks for at, a path with its query below the account's address or an
// address of the same host, and reads the JSON of the answer into v.
func (r *reader) get(ctx context.Context, at string, v any) error {
	a, err := r.ask(ctx, at, nil)
	if err != nil {
		return err
	}
	return a.decode(v)
}

// ask is get by POST if there is a body, with the answer as it is.
func (r *reader) ask(ctx context.Context, at string, body []byte) (response, error) {
	address, err := r.address(at)
	if err != nil {
		return response{}, err
	}
	with := fetch.Conditions{Header: http.Header{"Accept": {"application/json"}}}
	for k, v := range r.sys.header {
		with.Header.Set(k, v)
	}
	if r.bearer != "" {
		with.Header.Set("Authorization", "Bearer "+r.bearer)
	}
	var resp *fetch.Response
	if body == nil {
		resp, err = r.client.Get(ctx, address, with)
	} else {
		with.Header.Set("Content-Type", "application/json")
		resp, err = r.client.Post(ctx, address, body, with)
	}
	if err != nil {
		return response{}, err
	}
	if r.sys.limit != nil {
		if err := r.wait(ctx, r.sys.limit(resp.Header)); err != nil {
			return response{}, err
		}
	}
	return response{resp.Body, resp.Header, at}, nil
}

// address makes an address of what the system or its file here named. The token
// goes to the account's own host only.
func (r *reader) address(at string) (string, error) {
	u, err := url.Parse(at)
	if err != nil {
		return "", errors.New("the next page has no address that can be read")
	}
	if u.Host != "" {
		if u.Host != r.base.Host {
			return "", fmt.Errorf("the next page is on another host, %s", u.Host)
		}
		u.Scheme = r.base.Scheme // some name http behind a proxy
		return u.String(), nil
	}
	return strings.TrimRight(r.base.String(), "/") + at, nil
}

// wait waits for a limit that the system announced.
func (r *reader) wait(ctx context.Context, d time.Duration) error {
	switch {
	case d <= 0:
		return nil
	case d > longest:
		return fmt.Errorf("the system allows no more requests for %v: go on from the cursor then", d.Round(time.Second))
	case r.Fetch.Wait != nil:
		return r.Fetch.Wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// gone reports whether err says that what was asked for does not exist.
func gone(err error) bool {
	return status(err) == http.StatusNotFound || status(err) == http.StatusGone
}

// denied reports whether err says that the token may not read this, or that the
// account's plan does not have it.
func denied(err error) bool {
	s := status(err)
	return s == http.StatusForbidden || s == http.StatusPaymentRequired || s == http.StatusNotFound
}

func status(err error) int {
	var s *fetch.StatusError
	if errors.As(err, &s) {
		return s.Status
	}
	return 0
}

// path leaves the query out of an address, for errors.
func path(at string) string {
	p, _, _ := strings.Cut(at, "?")
	return p
}

// numbered returns at with its parameter page raised by one: the next page
// where pages are numbered.
func numbered(at string) string { return with(at, "page", strconv.Itoa(number(at, "page")+1)) }

// number returns a parameter of an address; 0 where there is none, but 1 for
// the page, which counts from 1.
func number(at, key string) int {
	n, err := strconv.Atoi(parameter(at, key))
	if err != nil && key == "page" {
		return 1
	}
	return n
}

// with returns at with a parameter set.
func with(at, key, value string) string {
	p, query, _ := strings.Cut(at, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		q = url.Values{}
	}
	q.Set(key, value)
	return p + "?" + q.Encode()
}

// parameter returns a parameter of an address.
func parameter(at, key string) string {
	_, query, _ := strings.Cut(at, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return q.Get(key)
}

// fragment returns what follows the sign # in an address.
func fragment(at string) string {
	_, f, _ := strings.Cut(at, "#")
	return f
}

// linked returns the address of the next page from the field Link.
func linked(h http.Header) string {
	for part := range strings.SplitSeq(h.Get("Link"), ",") {
		address, rel, _ := strings.Cut(part, ";")
		if strings.Contains(rel, `rel="next"`) || strings.Contains(rel, "rel=next") {
			return strings.Trim(strings.TrimSpace(address), "<>")
		}
	}
	return ""
}

// remaining is the limit of systems that count down in the field left, and say
// in the field reset after how many seconds they start anew; usual is how long
// that takes where they do not.
func remaining(h http.Header, left, reset string, usual time.Duration) time.Duration {
	if n, err := strconv.Atoi(h.Get(left)); err != nil || n > 0 {
		return 0
	}
	seconds, err := strconv.ParseFloat(h.Get(reset), 64)
	if err != nil || seconds < 0 {
		return usual
	}
	if seconds > 1e9 { // the second itself, by the system's clock
		now, err := http.ParseTime(h.Get("Date"))
		if err != nil {
			return usual
		}
		seconds -= float64(now.Unix())
	}
	return time.Duration(max(seconds, 0) * float64(time.Second))
}
