// Package desk reads articles, tickets with their replies, and ratings from
// other helpdesks: Zendesk, Intercom, Freshdesk, Help Scout, Chatwoot, Zammad,
// UseDesk and Omnidesk. [Read] asks a system's API, [File] reads a file or a
// folder that was exported from it.
//
// Each system is one file: its addresses, how it pages, and what its records
// mean. What they have in common is in pages.go (requests and pages), case.go
// (what of a ticket becomes a case), article.go and file.go.
//
// A ticket becomes a case when it is solved and a person answered in public:
// private notes, bots, automatic replies and mass mailings are left out. Its
// problem is what the customer wrote before that, its resolution the last reply
// that says more than a courtesy. Other tickets are skipped with the reason.
//
// The package stores nothing, and takes no personal data out: kb.Store.Put does.
package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// Options say what to read, and from where.
type Options struct {
	System string // one of Systems

	// URL is the base address of the account, such as
	// https://example.zendesk.com. Empty: the system's own where all accounts
	// share one (Intercom, Help Scout, UseDesk).
	URL string

	// Login is what the system wants beside the token: the e-mail address of an
	// operator (Zendesk, Omnidesk), the id of the account (Chatwoot) or of the
	// knowledge base (Zammad, UseDesk; empty for Zammad means 1).
	Login string
	Token fetch.Secret // never in an error or in the cursor

	Origin string                   // of every document, see kb.Document
	Detect func(text string) string // the language (ISO 639-1) of texts that name none; may be nil
	Locale string                   // of documents that name none
	// Product of every document; the systems have no field that means the same.
	Product string

	Tickets, Articles bool // what to read; neither is an error

	// Since is the Cursor of an earlier run: tickets that did not change after
	// it are not read. Articles are listed always, so that those which are gone
	// can be told; unchanged ones are Items that say so.
	Since string

	// Known returns the Mark under which a document is stored, empty if it is
	// not; nil: nothing is known. What has the same Mark is not read again.
	Known func(id string) (mark string)

	// Fetch has what else the requests are to keep to: bounds, a proxy, whether
	// the account may be in the own network. Its hosts and credentials are set
	// by Read; bounds that are 0 are wider than those of a website.
	Fetch fetch.Options
}

// A system is what sets one helpdesk apart from the others.
type system struct {
	base   func(o Options) string // address where all accounts share one; nil: there is none
	pace   time.Duration          // between two requests, where the system names that
	accept func(o Options) string // what is wrong with o, or empty
	header map[string]string      // of every request

	// How the token is shown to host.
	credential func(o Options, host string) fetch.Credential

	// How long to wait after an answer with these fields; nil: the system says
	// so in an answer of 429 only, which package fetch keeps to.
	limit func(h http.Header) time.Duration

	articles, tickets func(ctx context.Context, r *reader) error
	record            func(r *reader, raw json.RawMessage) error // one record of an export
}

// Systems returns the names of the systems that are known here, sorted.
func Systems() []string {
	return []string{"chatwoot", "freshdesk", "helpscout", "intercom", "omnidesk", "usedesk", "zammad", "zendesk"}
}

func systemOf(name string) (system, bool) {
	switch name {
	case "chatwoot":
		return chatwoot(), true
	case "freshdesk":
		return freshdesk(), true
	case "helpscout":
		return helpscout(), true
	case "intercom":
		return intercom(), true
	case "omnidesk":
		return omnidesk(), true
	case "usedesk":
		return usedesk(), true
	case "zammad":
		return zammad(), true
	case "zendesk":
		return zendesk(), true
	}
	return system{}, false
}

// A Run is one pass over an account. It is used by one goroutine, once.
type Run struct {
	ctx      context.Context // of the requests
	o        Options
	sys      system
	base     *url.URL
	client   *fetch.Client
	began    cursor
	at       cursor
	complete bool
}

// A cursor is where the next run goes on. It holds no secret.
type cursor struct {
	System   string   `json:"system"`
	Stage    string   `json:"stage,omitempty"` // "tickets": articles were read before the break
	Articles position `json:"articles,omitzero"`
	Tickets  position `json:"tickets,omitzero"`
}

// Read prepares a run, and asks the system for nothing yet. The error is a
// kb.ErrInvalid that says which of the options is wrong. The run breaks off when
// ctx ends.
func Read(ctx context.Context, o Options) (*Run, error) {
	invalid := func(format string, args ...any) (*Run, error) {
		return nil, fmt.Errorf("desk: %w: %s", kb.ErrInvalid, fmt.Sprintf(format, args...))
	}
	sys, ok := systemOf(o.System)
	switch {
	case !ok:
		return invalid("system %q: use one of %s", o.System, strings.Join(Systems(), ", "))
	case !o.Tickets && !o.Articles:
		return invalid("nothing to read: ask for tickets, articles or both")
	case o.Token.Reveal() == "":
		return invalid("%s: no token", o.System)
	}
	if sys.accept != nil {
		if wrong := sys.accept(o); wrong != "" {
			return invalid("%s: %s", o.System, wrong)
		}
	}
	base, err := o.Address()
	if err != nil {
		return nil, err
	}
	r := &Run{ctx: ctx, o: o, sys: sys, base: base, client: client(o, sys, base.Host), at: cursor{System: o.System}}
	if o.Since != "" {
		if err := json.Unmarshal([]byte(o.Since), &r.at); err != nil || r.at.System != o.System {
			return invalid("%s: the cursor is not one of this system", o.System)
		}
	}
	r.began = r.at
	return r, nil
}

// Address returns the base address that Read asks: URL, or the system's own. The
// token goes to its host and to no other. It is for those who must say first
// whether it may. The error is a kb.ErrInvalid.
func (o Options) Address() (*url.URL, error) {
	sys, ok := systemOf(o.System)
	if !ok {
		return nil, fmt.Errorf("desk: %w: system %q: use one of %s", kb.ErrInvalid, o.System, strings.Join(Systems(), ", "))
	}
	address := o.URL
	if address == "" && sys.base != nil {
		address = sys.base(o)
	}
	base, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil {
		// The address may hold a password, so it is not repeated.
		return nil, fmt.Errorf("desk: %w: %s: url: give the https address of the account", kb.ErrInvalid, o.System)
	}
	return base, nil
}

// client returns what asks host with the token of o.
func client(o Options, sys system, host string) *fetch.Client {
	f := o.Fetch
	f.Hosts, f.Credentials = []string{host}, []fetch.Credential{sys.credential(o, host)}
	f.MaxBody = cmp.Or(f.MaxBody, 64<<20)         // a page of a hundred long tickets
	f.MaxTotal = cmp.Or(f.MaxTotal, 16<<30)       // an account of ten years
	f.MaxWait = cmp.Or(f.MaxWait, 10*time.Minute) // limits are by the minute with most systems
	c := fetch.New(f)
	c.Space(sys.pace)
	return c
}

// Items reads the account. Each step has an Item, or a *source.Skip, or,
// as the last step, another error: the run broke off, and Cursor says where. An
// Item whose Document is Deleted has nothing else but its ID: the system says
// that the document is gone.
func (r *Run) Items() iter.Seq2[source.Item, error] {
	return func(yield func(source.Item, error) bool) {
		in := &reader{Options: r.o, sys: r.sys, base: r.base, client: r.client, yield: yield, seen: make(map[string]bool)}
		err := r.stages(r.ctx, in)
		r.complete = err == nil
		if err != nil && !errors.Is(err, errStop) {
			yield(source.Item{}, fmt.Errorf("desk: %s: %w", r.o.System, err))
		}
	}
}

func (r *Run) stages(ctx context.Context, in *reader) error {
	if r.o.Articles && r.at.Stage == "" && r.sys.articles != nil {
		in.at = &r.at.Articles
		if err := r.sys.articles(ctx, in); err != nil {
			return err
		}
		in.at.done()
	}
	if r.o.Tickets && r.sys.tickets != nil {
		r.at.Stage = "tickets"
		in.at = &r.at.Tickets
		if err := r.sys.tickets(ctx, in); err != nil {
			return err
		}
		in.at.done()
	}
	r.at.Stage = ""
	return nil
}

// Cursor returns where a later run goes on, for Options.Since: during Items, and
// after it broke off, at the page of the last item; after its end behind what it
// read. It is text for a database, of no use to people, and holds no secret.
func (r *Run) Cursor() string {
	b, err := json.Marshal(r.at)
	if err != nil {
		return "" // a struct of texts always has a JSON form
	}
	return string(b)
}

// Complete reports, after Items came to its end, whether it has delivered every
// document of the kind that the account has, so that what it did not deliver is
// gone: articles if they were listed from the beginning to the end, tickets if
// that was so without a cursor.
func (r *Run) Complete(kind kb.Kind) bool {
	if kind == kb.Article {
		return r.complete && r.o.Articles && r.began.Stage == "" && r.began.Articles.Page == ""
	}
	return r.complete && r.o.Tickets && r.began.Tickets == position{}
}

// errStop ends a run whose reader wants no more.
var errStop = errors.New("stop")

// A reader is one pass of Items, or one reading of a file.
type reader struct {
	Options
	sys    system
	base   *url.URL
	client *fetch.Client
	yield  func(source.Item, error) bool
	bearer string          // a token that the system gave for this run
	seen   map[string]bool // ids delivered
	at     *position       // nil: a file is read
	sift   bool            // the API lists what did not change too
	file   string          // that is read; empty: the API is
	line   int
}
