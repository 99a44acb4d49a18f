package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	htmlcharset "golang.org/x/net/html/charset"
)

// errNoFeed is returned for what is no feed. The most common mistake is the
// address of the page that shows the feed.
var errNoFeed = errors.New("it is neither RSS, Atom nor JSON Feed: use the address of the feed itself")

// parseFeed reads a feed. What was read before an error is good.
func parseFeed(body []byte) (feed, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(body, []byte("{")) {
		return parseJSONFeed(body)
	}
	return parseXMLFeed(body)
}

// parseJSONFeed reads JSON Feed 1.1 (jsonfeed.org).
func parseJSONFeed(body []byte) (feed, error) {
	var in struct {
		Version  string            `json:"version"`
		NextURL  string            `json:"next_url"`
		Language string            `json:"language"`
		Items    []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(body, &in); err != nil || !strings.Contains(in.Version, "jsonfeed.org") {
		return feed{}, errNoFeed
	}
	f := feed{next: in.NextURL, locale: in.Language}
	var broken error
	for i, raw := range in.Items {
		var item struct {
			ID        any      `json:"id"` // a text, and a number in some
			URL       string   `json:"url"`
			Title     string   `json:"title"`
			HTML      string   `json:"content_html"`
			Text      string   `json:"content_text"`
			Summary   string   `json:"summary"`
			Published string   `json:"date_published"`
			Modified  string   `json:"date_modified"`
			Language  string   `json:"language"`
			Tags      []string `json:"tags"`
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&item); err != nil {
			broken = errors.Join(broken, fmt.Errorf("entry %d cannot be read: %w", i+1, err))
			continue
		}
		e := entry{
			link: item.URL, title: item.Title, plainTitle: true, published: item.Published, updated: item.Modified,
			tags: tags(item.Tags...), locale: item.Language, body: item.HTML,
		}
		if item.ID != nil {
			e.id = fmt.Sprint(item.ID)
		}
		if e.body == "" {
			e.plain = true
			if e.body = item.Text; e.body == "" {
				e.body = item.Summary
			}
		}
		f.entries = append(f.entries, e)
	}
	return f, broken
}

// A content is an element with text: of Atom, of one of three types (RFC 4287,
// 3.1), or of RSS.
type content struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
	XML  string `xml:",innerxml"`
}

// html returns the content as HTML, and whether it is plain text instead.
func (c content) html() (text string, plain bool) {
	switch {
	case strings.Contains(c.Type, "xhtml"):
		return c.XML, false
	case c.Type == "text", c.Type == "text/plain":
		return strings.TrimSpace(c.Text), true
	}
	return strings.TrimSpace(c.Text), false
}

// An xmlEntry is an item of RSS or an entry of Atom: their elements have
// different names.
type xmlEntry struct {
	GUID  string  `xml:"guid"`
	ID    string  `xml:"id"`
	Title content `xml:"title"`
	Links []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
		Text string `xml:",chardata"`
	} `xml:"link"`
	Description content `xml:"description"`
	Encoded     string  `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
	Content     content `xml:"http://www.w3.org/2005/Atom content"`
	Summary     content `xml:"summary"`
	PubDate     string  `xml:"pubDate"`
	Date        string  `xml:"http://purl.org/dc/elements/1.1/ date"`
	Published   string  `xml:"published"`
	Updated     string  `xml:"updated"`
	Lang        string  `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Categories  []struct {
		Term string `xml:"term,attr"`
		Text string `xml:",chardata"`
	} `xml:"category"`
}

// entry returns an xmlEntry as an entry.
func (x *xmlEntry) entry() entry {
	e := entry{id: first(x.GUID, x.ID), published: first(x.PubDate, x.Published, x.Date), updated: x.Updated, locale: x.Lang}
	e.title, e.plainTitle = x.Title.html()
	for _, l := range x.Links {
		to := first(l.Href, l.Text)
		if to != "" && (l.Rel == "" || l.Rel == "alternate") && e.link == "" {
			e.link = to
		}
	}
	if e.link == "" && (strings.HasPrefix(e.id, "http://") || strings.HasPrefix(e.id, "https://")) {
		e.link = e.id
	}
	var names []string
	for _, c := range x.Categories {
		names = append(names, first(c.Term, c.Text))
	}
	e.tags = tags(names...)
	if e.body = x.Encoded; strings.TrimSpace(e.body) != "" {
		return e
	}
	for _, c := range []content{x.Content, x.Description, x.Summary} {
		text, plain := c.html()
		if strings.TrimSpace(text) != "" {
			// Atom's own default is text, RSS means HTML.
			e.body, e.plain = text, plain || c.Type == "" && !strings.ContainsAny(text, "<&")
			return e
		}
	}
	return e
}

// parseXMLFeed reads RSS 2.0, 1.0 and Atom.
func parseXMLFeed(body []byte) (feed, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict, d.Entity, d.CharsetReader = false, xml.HTMLEntity, htmlcharset.NewReaderLabel
	var f feed
	root := false
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && root:
			return f, nil
		case err != nil && !root:
			return f, errNoFeed
		case err != nil:
			return f, fmt.Errorf("the feed is broken: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "rss", "RDF", "feed":
			root = true
			f.locale = attribute(start, "lang")
		case "item", "entry":
			var x xmlEntry
			if !root {
				return f, errNoFeed
			}
			if err := d.DecodeElement(&x, &start); err != nil {
				return f, fmt.Errorf("the feed is broken: %w", err)
			}
			f.entries = append(f.entries, x.entry())
		case "link":
			if attribute(start, "rel") == "next" {
				f.next = attribute(start, "href")
			}
		case "language":
			var code string
			if err := d.DecodeElement(&code, &start); err == nil {
				f.locale = code
			}
		default:
			if !root {
				return f, errNoFeed
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// first returns the first text that is not blank.
func first(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// tags returns names that are fit for tags.
func tags(names ...string) []string {
	var out []string
	for _, name := range names {
		if name = strings.Join(strings.Fields(name), " "); name != "" && len(name) <= 100 && len(out) < 20 {
			out = append(out, name)
		}
	}
	return out
}
