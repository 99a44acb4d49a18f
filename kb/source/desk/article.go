package desk

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

// An article is what the systems' articles have in common.
type article struct {
	id          string // the system's own; a translation's ends with its locale
	title, body string
	markdown    bool // body is Markdown and not HTML
	locale, url string
	tags        []string // labels, and the names of the sections that it is in

	draft, archived, internal bool

	updated stamp
}

// article delivers an article. Load, which may be nil, reads what the list did
// not hold; it is not called for one that is known in this version.
func (r *reader) article(a article, load func(a *article) error) error {
	id, mark := r.System+".article."+a.id, a.updated.String()
	if done, err := r.known(id, mark); done || err != nil {
		return err
	}
	if load != nil {
		switch err := load(&a); {
		case gone(err):
			return r.skip(id, "gone since it was listed")
		case broken(err):
			return r.lost(id, "%v", err)
		case err != nil:
			return err
		}
	}
	if mark == "" {
		// The system does not say when it changed, so its content does.
		sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %v %v %v", a.title, a.body, a.url, a.tags, a.draft, a.archived, a.internal))
		mark = "sha256:" + hex.EncodeToString(sum[:12])
		if done, err := r.known(id, mark); done || err != nil {
			return err
		}
	}
	body := strings.TrimSpace(a.body)
	if !a.markdown && body != "" {
		var err error
		if body, err = markdown(body, false); err != nil {
			return r.lost(id, "its HTML cannot be read: %v", err)
		}
	}
	if strings.TrimSpace(a.title) == "" && body == "" {
		return r.skip(id, "no text")
	}
	item := source.Item{Mark: mark}
	d := &item.Document
	d.Kind, d.ID = kb.Article, id
	d.Title, d.Body = line(a.title), body
	d.Locale, d.URL, d.Tags = a.locale, a.url, a.tags
	d.UpdatedAt = a.updated.Time
	switch {
	case a.archived:
		d.Status = kb.Archived
	case a.draft:
		d.Status = kb.Draft
	}
	if a.internal {
		d.Audience = kb.Internal
	}
	return r.deliver(item)
}

// known delivers an Item that says so, and reports true, where the document is
// known in the version of that mark or was delivered already.
func (r *reader) known(id, mark string) (bool, error) {
	if r.seen[id] {
		// Pages shift while they are read.
		return true, nil
	}
	if r.Known == nil || mark == "" || r.Known(id) != mark {
		return false, nil
	}
	r.seen[id] = true
	return true, r.give(source.Item{Document: kb.Document{ID: id}, File: r.place(id), Line: r.line, Mark: mark, Unchanged: true})
}

// deliver fills in what the document does not say, checks it and hands it on.
func (r *reader) deliver(item source.Item) error {
	d := &item.Document
	item.File, item.Line = r.place(d.ID), r.line
	d.Origin = r.Origin
	d.Audience = cmp.Or(d.Audience, kb.Public)
	d.Status = cmp.Or(d.Status, kb.Published)
	d.Product = cmp.Or(d.Product, r.Product)
	d.Locale = cmp.Or(language(d.Locale), language(r.Locale))
	if d.Locale == "" && r.Detect != nil {
		d.Locale = r.Detect(kb.Plain(sample(d.Title + "\n" + d.Problem + "\n" + d.Body)))
	}
	d.Tags = labels(d.Tags)
	if u, err := url.Parse(d.URL); err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		// A document is worth more than its address.
		d.URL = ""
		item.Notes = append(item.Notes, "its address is none of the web, and was left out")
	}
	if err := d.Validate(); err != nil {
		return r.lost(d.ID, "%s", strings.TrimPrefix(err.Error(), kb.ErrInvalid.Error()+": "))
	}
	r.seen[d.ID] = true
	return r.give(item)
}

func (r *reader) give(item source.Item) error {
	if !r.yield(item, nil) {
		return errStop
	}
	return nil
}

// labels sorts tags and leaves out repeats and what is empty.
func labels(tags []string) []string {
	out := make([]string, 0, len(tags))
	for _, t := range tags {
		if t = line(t); t != "" {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// language returns the ISO 639-1 code of a locale such as pt-BR or ru_RU; empty
// where it has none.
func language(locale string) string {
	code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(locale)), "_", "-"), "-")
	if len(code) != 2 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return code
}

// sample returns enough of a text to tell its language.
func sample(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), 4<<10)], "")
}

// line returns a text on one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }
