package source

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	htmlcharset "golang.org/x/net/html/charset"
)

// A WebPage is what a page of a website says.
type WebPage struct {
	Title   string
	Body    string    // Markdown, without what surrounds the article; its links are absolute
	Locale  string    // ISO 639-1 code; empty where the page names none
	Updated time.Time // UTC; zero where the page does not say

	Canonical string   // the address that the page says is its own; empty: it names none
	Links     []string // absolute addresses of http and https that it links to, in its order, each once

	// What it asks of those who crawl it.
	NoIndex, NoFollow bool

	OnlyLinks bool // there is no text in the article but headings and links

	Note string // how its letters were read, where that is unusual
}

// HTMLPage finds the article in the bytes of a page that address answered with
// contentType, which may be empty: its main part, without navigation, header,
// footer, banners about cookies and the like. An error means that it is no
// page of HTML.
func HTMLPage(b []byte, contentType, address string) (WebPage, error) {
	src, note, err := decodeHTML(b, contentType)
	if err != nil {
		return WebPage{}, err
	}
	doc, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return WebPage{}, fmt.Errorf("its HTML cannot be read: %w", err)
	}
	base, err := url.Parse(address)
	if err != nil {
		return WebPage{}, fmt.Errorf("%.200q is no address", address)
	}
	s := surroundings{page: WebPage{Note: note}, base: base}
	s.read(doc)
	p := s.page
	p.NoFollow = p.NoFollow || strings.Contains(s.robots, "nofollow") || strings.Contains(s.robots, "none")
	p.NoIndex = strings.Contains(s.robots, "noindex") || strings.Contains(s.robots, "none")
	p.Locale = or(language(s.lang), language(s.metaLang))

	body := mainPart(doc)
	heading, holder := headingOf(doc, body, s.title)
	strip(doc, body, holder)
	p.Title = or(heading, s.ogTitle, s.headTitle())
	p.OnlyLinks = onlyLinks(body)
	p.Body, err = markdownOf(body)
	if err != nil {
		return WebPage{}, fmt.Errorf("its HTML cannot be read: %w", err)
	}
	return p, nil
}

// decodeHTML returns a page as UTF-8. Bytes that are UTF-8 are taken for it
// whatever is said about them, since no other text looks so by chance.
func decodeHTML(b []byte, contentType string) (src, note string, err error) {
	src, note, err = text(b)
	if err == nil && note == "" {
		if strings.IndexByte(src, 0) >= 0 {
			return "", "", errBinary
		}
		return src, "", nil
	}
	if enc, said, certain := htmlcharset.DetermineEncoding(b, contentType); certain && said != "utf-8" {
		if decoded, failed := enc.NewDecoder().Bytes(b); failed == nil {
			return string(decoded), "read as " + said, nil
		}
	}
	return src, note, err
}

// surroundings are what a page says about itself outside its text.
type surroundings struct {
	page WebPage
	base *url.URL

	lang, metaLang, title, ogTitle, site, robots string
}

// read goes through the whole page once, and makes its links absolute.
func (s *surroundings) read(doc *html.Node) {
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "base" && attr(n, "href") != "" {
			if to, err := s.base.Parse(attr(n, "href")); err == nil && to.Host != "" {
				s.base = to
			}
			break
		}
	}
	var linked []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html":
			s.lang = attr(n, "lang")
		case "title":
			if n.Parent != nil && n.Parent.Data == "head" {
				s.title = strings.Join(strings.Fields(content(n)), " ")
			}
		case "meta":
			s.meta(n)
		case "time":
			if attr(n, "itemprop") == "dateModified" {
				s.updated(attr(n, "datetime"))
			}
		case "link":
			if slices.Contains(strings.Fields(strings.ToLower(attr(n, "rel"))), "canonical") {
				s.page.Canonical = s.absolute(attr(n, "href"))
			}
		case "script":
			if strings.EqualFold(attr(n, "type"), "application/ld+json") {
				if m := modified.FindStringSubmatch(content(n)); m != nil {
					s.updated(m[1])
				}
			}
		case "a", "area":
			to := s.resolve(n, "href")
			if to != "" && !slices.Contains(strings.Fields(strings.ToLower(attr(n, "rel"))), "nofollow") {
				linked = append(linked, to)
			}
		case "img":
			s.resolve(n, "src")
		}
	}
	seen := make(map[string]bool, len(linked))
	for _, to := range linked {
		if !seen[to] {
			seen[to] = true
			s.page.Links = append(s.page.Links, to)
		}
	}
}

// modified finds a page's time of change in its linked data (schema.org).
var modified = regexp.MustCompile(`"dateModified"\s*:\s*"([^"]{4,40})"`)

// meta reads what one element of the head says.
func (s *surroundings) meta(n *html.Node) {
	value := strings.TrimSpace(attr(n, "content"))
	switch strings.ToLower(or(attr(n, "name"), attr(n, "property"), attr(n, "http-equiv"), attr(n, "itemprop"))) {
	case "robots", "whetstone":
		s.robots += " " + strings.ToLower(value)
	case "og:title":
		s.ogTitle = value
	case "og:site_name":
		s.site = value
	case "content-language", "og:locale":
		s.metaLang = or(s.metaLang, value)
	case "article:modified_time", "og:updated_time", "last-modified", "datemodified", "dcterms.modified":
		s.updated(value)
	case "refresh":
		if _, to, ok := strings.Cut(value, "="); ok {
			if to = s.absolute(strings.Trim(to, `'" `)); to != "" {
				s.page.Links = append(s.page.Links, to)
			}
		}
	}
}

// updated notes the latest time of change that the page names.
func (s *surroundings) updated(text string) {
	at, ok := moment(strings.TrimSpace(text))
	if !ok {
		var err error
		if at, err = time.Parse(time.RFC1123, strings.TrimSpace(text)); err != nil {
			return
		}
	}
	if at.After(s.page.Updated) {
		s.page.Updated = at.UTC()
	}
}

// absolute returns a reference as an address of http or https, without its
// fragment; empty where it is none.
func (s *surroundings) absolute(ref string) string {
	to, err := s.base.Parse(strings.TrimSpace(ref))
	if ref == "" || err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return ""
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String()
}

// resolve makes the reference of an element absolute. One that leads within the
// page, or runs a program, is taken off; so is a picture that stands in the
// page itself.
func (s *surroundings) resolve(n *html.Node, key string) string {
	for i, a := range n.Attr {
		if a.Key != key {
			continue
		}
		ref := strings.TrimSpace(a.Val)
		to := s.absolute(ref)
		_, fragment, _ := strings.Cut(ref, "#")
		scheme, _, _ := strings.Cut(strings.ToLower(ref), ":")
		switch {
		case strings.HasPrefix(ref, "#"), to == "" && scheme != "mailto" && scheme != "tel":
			n.Attr = slices.Delete(n.Attr, i, i+1)
			if n.Data == "a" { // a link to nothing would be left
				n.Data, n.DataAtom = "span", atom.Span
			}
			return ""
		case to == "":
			return ""
		case fragment != "":
			n.Attr[i].Val = to + "#" + fragment
		default:
			n.Attr[i].Val = to
		}
		return to
	}
	return ""
}

// separators stand between a page's title and the site's name.
const separators = " |-–—·:•»/"

// headTitle is the title in the head without the site's name behind it.
func (s *surroundings) headTitle() string {
	if s.site != "" {
		if bare, ok := strings.CutSuffix(s.title, s.site); ok {
			bare = strings.TrimRight(bare, separators)
			return or(bare, s.title)
		}
	}
	return s.title
}

// PathID returns the id of a page by its path on a website, as [Files] makes it
// of a file's: guides/how to is guides.how-to. It is one that kb.ValidID knows.
func PathID(path string) string { return idOf(path + ".html") }
