package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// maxQueue bounds the links that wait to be followed.
const maxQueue = 100_000

// A site is a run over a website.
type site struct {
	*Run
	start  *url.URL
	folder string             // the path that pages are below, with a slash at both ends
	robots map[string]*robots // by origin; nil: they cannot be read
	seen   map[string]bool    // by key: pages that were asked for, or wait to be
	texts  map[string]string  // by hash, where links are followed: the address of what says so
	queue  []visit
	follow bool // links are followed
	asked  int  // pages
	failed int  // pages in a row that could not be read
	full   bool // a bound ended the run
	whole  bool // nothing that could hold pages was left out
}

// A visit is a page to be read.
type visit struct {
	url     *url.URL
	place   string // where the address was found, if it is another page's own; empty: the address
	depth   int    // links from the start
	lastmod string // as the sitemap says
}

// at is where the reader is told that the page stands.
func (v visit) at() string {
	if v.place != "" {
		return v.place
	}
	return v.url.String()
}

// readSite reads a website from its start to its end.
func readSite(r *Run) error {
	s, err := newSite(r)
	if err != nil {
		return err
	}
	rules, err := s.robotsOf(s.start)
	if err != nil {
		return err
	}
	found, err := s.sitemaps(rules.sitemaps)
	if err != nil {
		return err
	}
	if s.asked == 0 && len(s.ids) == 0 && !(found && !s.whole) {
		if s.o.Depth < 0 {
			return fmt.Errorf("%s has no sitemap that names pages below %s: name its address, or let links be followed", s.start.Host, s.folder)
		}
		s.follow = true
		s.queue = append(s.queue, visit{url: s.start})
		s.seen[key(s.start)] = true
	}
	// The queue holds what pages say their own address is, and links.
	for len(s.queue) > 0 && !s.full {
		v := s.queue[0]
		s.queue = s.queue[1:]
		if err := s.page(v); err != nil {
			return err
		}
	}
	// A site of which nothing is left is more likely ill than gone.
	r.complete = s.whole && !s.full && len(r.ids) > 0
	return nil
}

func newSite(r *Run) (*site, error) {
	if r.o.Client == nil {
		return nil, errors.New("no client was given")
	}
	if r.o.MaxPages <= 0 {
		r.o.MaxPages = 10_000
	}
	if r.o.Depth == 0 {
		r.o.Depth = 8
	}
	if r.o.MaxDelay <= 0 {
		r.o.MaxDelay = 10 * time.Second
	}
	s := &site{
		Run: r, whole: true,
		robots: make(map[string]*robots), seen: make(map[string]bool), texts: make(map[string]string),
	}
	start, ok := s.normal(r.o.URL, false)
	if !ok {
		return nil, fmt.Errorf("%.200q is no address of a site: use one that begins with https:// or http://", r.o.Client.Redact(r.o.URL))
	}
	if err := r.o.Client.Allowed(start.String()); err != nil {
		return nil, err
	}
	s.start, s.folder = start, folderOf(start.Path)
	if strings.HasSuffix(strings.ToLower(start.Path), ".xml") || strings.HasSuffix(strings.ToLower(start.Path), ".xml.gz") {
		// The site is named by its sitemap.
		if r.o.Sitemap == "" {
			r.o.Sitemap = start.String()
		}
		s.folder = folderOf(path.Dir(start.Path))
	}
	if r.o.Within != "" {
		s.folder = folderOf(r.o.Within)
	}
	return s, nil
}

// folderOf returns the folder that a path names: the one that holds it, where
// it is by its ending a page.
func folderOf(p string) string {
	p = path.Clean("/" + p)
	if path.Ext(p) != "" {
		p = path.Dir(p)
	}
	return strings.TrimSuffix(p, "/") + "/"
}

// visit reads a page that was not read yet.
func (s *site) visit(v visit) error {
	k := key(v.url)
	if s.seen[k] {
		return nil
	}
	s.seen[k] = true
	return s.page(v)
}

// page reads one page and hands on what it is.
func (s *site) page(v visit) error {
	address := v.url.String()
	if err := s.ctx.Err(); err != nil {
		return err
	}
	rules, err := s.robotsOf(v.url)
	if err != nil {
		return s.unread(v, err)
	}
	if !rules.allows(v.url) {
		return s.skip(v.at(), "robots.txt asks not to read it")
	}
	id := s.id(v.url)
	m := s.known(id)
	if s.o.TrustLastmod && v.lastmod != "" && m.Lastmod == v.lastmod && m.Hash != "" {
		return s.unchanged(id, v.at(), m)
	}
	if s.asked >= s.o.MaxPages {
		s.full = true
		return s.lost(s.start.String(), "the site has more than %d pages: raise the bound, or read a part of it", s.o.MaxPages)
	}
	s.asked++
	with := fetch.Conditions{Header: http.Header{"Accept": {"text/html, application/xhtml+xml"}}}
	if m.URL == address && !(s.follow && v.depth < s.o.Depth) {
		// Where links are followed the page is needed for them.
		with.ETag, with.LastModified = m.ETag, m.Modified
	}
	resp, err := s.o.Client.Get(s.ctx, address, with)
	if err != nil {
		return s.unread(v, err)
	}
	s.failed = 0
	if resp.NotModified {
		if v.lastmod != "" {
			m.Lastmod = v.lastmod
		}
		return s.unchanged(id, v.at(), m)
	}
	return s.answered(v, resp)
}

// maxFailed is how many pages in a row may fail before the site is given up for
// this time: every one of them costs several tries, and the site more load.
const maxFailed = 10

// unread reports a page that could not be read.
func (s *site) unread(v visit, err error) error {
	var status *fetch.StatusError
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case errors.Is(err, fetch.ErrSpent):
		s.full = true
		return s.lost(s.start.String(), "%s", s.reason(err))
	case s.follow && v.url == s.start:
		return fmt.Errorf("the site cannot be read: %w", err)
	case absent(err, false):
		s.failed = 0
		return s.skip(v.at(), "%s", s.reason(err))
	case errors.As(err, &status) && status.Status == http.StatusTooManyRequests:
		return fmt.Errorf("the site wants to be asked less: %w", err)
	}
	if s.failed++; s.failed >= maxFailed {
		return fmt.Errorf("%d pages in a row cannot be read: %w", s.failed, err)
	}
	// What it links to was perhaps not met.
	s.whole = s.whole && !s.follow
	return s.lost(v.at(), "%s", s.reason(err))
}

// reason is an error in words that follow an address.
func (s *site) reason(err error) string {
	var status *fetch.StatusError
	if errors.As(err, &status) {
		text := fmt.Sprintf("the server answers %d %s", status.Status, strings.ToLower(http.StatusText(status.Status)))
		if status.RetryAfter > 0 {
			text += fmt.Sprintf(" and asks to wait %v", status.RetryAfter)
		}
		return strings.TrimSpace(text)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "the server does not answer in time"
	}
	return strings.TrimPrefix(err.Error(), "fetch: ")
}

// answered makes a document of a page.
func (s *site) answered(v visit, resp *fetch.Response) error {
	final, ok := v.url, true
	if resp.URL != v.url.String() {
		final, ok = s.normal(resp.URL, s.follow)
	}
	if !ok || !s.within(final) {
		return s.skip(v.at(), "it leads out of what is read, to %s", s.o.Client.Redact(resp.URL))
	}
	if key(final) != key(v.url) {
		if s.seen[key(final)] {
			return s.skip(v.at(), "it leads to %s, which is read as such", s.o.Client.Redact(final.String()))
		}
		s.seen[key(final)] = true
		if rules, err := s.robotsOf(final); err != nil || !rules.allows(final) {
			return s.skip(v.at(), "it leads to %s, which robots.txt asks not to read", s.o.Client.Redact(final.String()))
		}
	}
	contentType := resp.Header.Get("Content-Type")
	if kind, _, _ := strings.Cut(contentType, ";"); kind != "" && !strings.Contains(kind, "html") {
		return s.skip(v.at(), "it is no page but %.60s", strings.TrimSpace(kind))
	}
	page, err := source.HTMLPage(resp.Body, contentType, resp.URL)
	if err != nil {
		return s.unread(v, err)
	}
	asks := strings.ToLower(strings.Join(resp.Header.Values("X-Robots-Tag"), ","))
	if first, again := s.repeats(v, &page); again {
		return s.skip(v.at(), "it says what %s says", s.o.Client.Redact(first))
	}
	if !page.NoFollow && !strings.Contains(asks, "nofollow") && !strings.Contains(asks, "none") {
		s.links(v, page.Links)
	}
	if own, ok := s.canonical(final, page.Canonical); ok {
		if !s.seen[key(own)] {
			s.seen[key(own)] = true
			s.queue = append(s.queue, visit{url: own, place: v.at(), depth: v.depth, lastmod: v.lastmod})
		}
		return s.skip(v.at(), "it is the same page as %s", s.o.Client.Redact(own.String()))
	}
	switch {
	case page.NoIndex, strings.Contains(asks, "noindex"), strings.Contains(asks, "none"):
		return s.skip(v.at(), "the page asks not to be read (noindex)")
	case strings.TrimSpace(page.Body) == "":
		return s.skip(v.at(), "no text")
	case page.OnlyLinks:
		return s.skip(v.at(), "it leads to other pages and says nothing itself")
	}
	return s.document(v, final, resp, page)
}

// document hands on a page as an article.
func (s *site) document(v visit, final *url.URL, resp *fetch.Response, page source.WebPage) error {
	item := source.Item{File: s.o.Client.Redact(v.at()), Line: 1}
	if page.Note != "" {
		item.Notes = []string{page.Note}
	}
	d := &item.Document
	d.ID, d.URL = s.id(final), s.o.Client.Redact(final.String())
	d.Title, d.Body, d.Locale, d.UpdatedAt = page.Title, page.Body, page.Locale, page.Updated
	if d.Title == "" {
		d.Title = strings.ReplaceAll(path.Base(strings.Trim("/"+final.Path, "/")), "-", " ")
	}
	m := mark{URL: v.url.String(), ETag: resp.Header.Get("ETag"), Modified: resp.Header.Get("Last-Modified"), Lastmod: v.lastmod}
	return s.deliver(item, m)
}

// repeats reports, where links are followed, whether another page had the same
// text: sites that make a page for every address make the same one without end.
func (s *site) repeats(v visit, page *source.WebPage) (first string, again bool) {
	if !s.follow || strings.TrimSpace(page.Body) == "" {
		return "", false
	}
	// Where its links lead may be all that tells one from the next.
	text := hash(&kb.Document{Content: kb.Content{Title: page.Title, Body: kb.Plain(page.Body)}})
	if first, again = s.texts[text]; !again {
		s.texts[text] = v.at()
	}
	return first, again
}

// canonical returns the address that a page says is its own, if that is another
// page of the site. A site's start is not believed to be: systems that are set
// up badly name it on every page.
func (s *site) canonical(final *url.URL, named string) (*url.URL, bool) {
	if named == "" {
		return nil, false
	}
	own, ok := s.normal(named, s.follow)
	if !ok || key(own) == key(final) || !s.within(own) || strings.Trim(own.Path, "/") == strings.Trim(s.folder, "/") && own.RawQuery == "" {
		return nil, false
	}
	return own, true
}

// links notes where a page leads.
func (s *site) links(v visit, links []string) {
	if !s.follow || v.depth >= s.o.Depth {
		return
	}
	for _, link := range links {
		u, ok := s.normal(link, true)
		if !ok || isFile(u) || s.seen[key(u)] || !s.within(u) {
			continue
		}
		if len(s.queue) >= maxQueue {
			s.whole = false
			return
		}
		s.seen[key(u)] = true
		s.queue = append(s.queue, visit{url: u, depth: v.depth + 1})
	}
}
