package web

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	htmlcharset "golang.org/x/net/html/charset"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// A sitemap is no larger than 50 MB unpacked and names no more than 50,000
// pages (sitemaps.org); an index of an honest site names far fewer than 1000.
const (
	maxSitemap  = 52_428_800
	maxSitemaps = 1000
)

// errNoSitemap is returned for what was answered and is none.
var errNoSitemap = errors.New("it is no sitemap")

// A listed is one entry of a sitemap.
type listed struct {
	address, lastmod string
}

// sitemap reads one sitemap: the pages that it names, or the sitemaps. What was
// read before an error is good.
func (s *site) sitemap(address string) (pages, maps []listed, err error) {
	resp, err := s.o.Client.Get(s.ctx, address, fetch.Conditions{MaxBody: maxSitemap})
	if err != nil {
		return nil, nil, err
	}
	body := resp.Body
	if bytes.HasPrefix(body, []byte("\x1f\x8b")) {
		if body, err = unpack(body); err != nil {
			return nil, nil, err
		}
	}
	return parseSitemap(body)
}

// unpack reads a file of gzip, up to maxSitemap bytes.
func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("it is no file of gzip: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(z, maxSitemap+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("it is a broken file of gzip: %w", err)
	case len(body) > maxSitemap:
		return nil, fmt.Errorf("%w: it unpacks to more than %d bytes", fetch.ErrTooLarge, maxSitemap)
	}
	return body, nil
}

// parseSitemap reads a sitemap of XML, or of text with an address in each line.
func parseSitemap(body []byte) (pages, maps []listed, err error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(body, []byte("http://")) || bytes.HasPrefix(body, []byte("https://")) {
		for line := range strings.FieldsSeq(string(body)) {
			pages = append(pages, listed{address: line})
		}
		return pages, nil, nil
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict, d.CharsetReader = false, htmlcharset.NewReaderLabel
	root := false
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && root:
			return pages, maps, nil
		case err != nil && !root:
			return nil, nil, errNoSitemap
		case err != nil:
			return pages, maps, fmt.Errorf("it is broken: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "urlset", "sitemapindex":
			root = true
		case "url", "sitemap":
			var entry struct {
				Loc     string `xml:"loc"`
				Lastmod string `xml:"lastmod"`
			}
			if !root {
				return nil, nil, errNoSitemap
			}
			if err := d.DecodeElement(&entry, &start); err != nil {
				return pages, maps, fmt.Errorf("it is broken: %w", err)
			}
			found := listed{strings.TrimSpace(entry.Loc), strings.TrimSpace(entry.Lastmod)}
			if start.Name.Local == "sitemap" {
				maps = append(maps, found)
			} else {
				pages = append(pages, found)
			}
		default:
			if !root {
				return nil, nil, errNoSitemap
			}
		}
	}
}

// sitemaps reads the site by its sitemaps, of which robots.txt names some, and
// reports whether there are any.
func (s *site) sitemaps(named []string) (found bool, err error) {
	queue := named
	if s.o.Sitemap != "" {
		queue = []string{s.o.Sitemap}
	}
	seen := make(map[string]bool)
	if len(queue) == 0 {
		origin := s.start.Scheme + "://" + s.start.Host
		for _, guess := range []string{origin + s.folder + "sitemap.xml", origin + "/sitemap.xml", origin + "/sitemap_index.xml"} {
			var maps []listed
			if !seen[guess] {
				found, maps, err = s.readMap(guess, true)
			}
			if seen[guess] = true; err != nil {
				return found, err
			}
			if found {
				queue = addresses(maps)
				break
			}
		}
	}
	for len(queue) > 0 && !s.full {
		address := queue[0]
		queue = queue[1:]
		u, ok := s.normal(address, false)
		if ok {
			address = u.String()
		}
		if seen[address] {
			continue // a map that names itself is no reason to go round
		}
		if seen[address] = true; len(seen) > maxSitemaps {
			return found, s.miss(address, fmt.Sprintf("the site has more than %d sitemaps: the rest was not read", maxSitemaps))
		}
		there, maps, err := s.readMap(address, false)
		found = found || there
		if err != nil {
			return found, err
		}
		queue = append(queue, addresses(maps)...)
	}
	return found, nil
}

func addresses(maps []listed) []string {
	out := make([]string, len(maps))
	for i, m := range maps {
		out[i] = m.address
	}
	return out
}

// readMap reads the pages that a sitemap names, and returns the sitemaps that
// it names. Found says that there is one. Guessed says that nobody named it, so
// that it need not be there.
func (s *site) readMap(address string, guessed bool) (found bool, maps []listed, err error) {
	pages, maps, err := s.sitemap(address)
	switch {
	case s.ctx.Err() != nil:
		return false, nil, s.ctx.Err()
	case err != nil && guessed && (absent(err, true) || errors.Is(err, errNoSitemap) || errors.Is(err, fetch.ErrRefused)):
		return false, nil, nil
	case err != nil && absent(err, false):
		return false, nil, s.skip(address, "there is no sitemap")
	case err != nil:
		if err := s.miss(address, "the sitemap cannot be read: "+s.reason(err)); err != nil {
			return true, nil, err
		}
	}
	return true, maps, s.listed(address, pages)
}

// absent reports whether an error says that there is nothing at an address, or
// nothing that is shown.
func absent(err error, orHidden bool) bool {
	var status *fetch.StatusError
	if !errors.As(err, &status) {
		return false
	}
	switch status.Status {
	case http.StatusNotFound, http.StatusGone:
		return true
	case http.StatusUnauthorized, http.StatusForbidden:
		return orHidden // some answer so for what is not there
	}
	return false
}

// listed reads the pages that the sitemap at address names.
func (s *site) listed(address string, pages []listed) error {
	outside := 0
	for _, p := range pages {
		u, ok := s.normal(p.address, false)
		if !ok {
			if err := s.skip(p.address, "the sitemap names what is no address of a page"); err != nil {
				return err
			}
			continue
		}
		if !s.within(u) {
			// A site's map has all of it; what is read may be a part.
			if outside++; outside == len(pages) {
				return s.skip(address, "none of its pages is among those that are read, such as %s", s.o.Client.Redact(u.String()))
			}
			continue
		}
		if isFile(u) {
			continue
		}
		if err := s.visit(visit{url: u, lastmod: p.lastmod}); err != nil {
			return err
		}
		if s.full {
			return nil
		}
	}
	return nil
}

// miss reports a part of the site that cannot be read, so that pages that were
// not met may be there.
func (s *site) miss(address, why string) error {
	s.whole = false
	return s.lost(address, "%s", why)
}
