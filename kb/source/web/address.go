package web

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/source"
)

// maxAddress bounds an address, in bytes, and maxSegments the parts of its
// path: longer ones are made by programs that have lost their way.
const (
	maxAddress  = 1000
	maxSegments = 20
)

// visitors are parameters that count visitors and tell no page from another.
// Those that end with _ stand for all that begin so.
const visitors = " utm_ gclid fbclid yclid ysclid msclkid dclid gbraid wbraid mc_cid mc_eid _ga _gl _openstat igshid ref_src hsctatracking " +
	"phpsessid jsessionid sessionid sid session_id aspsessionid cfid cftoken "

// normal returns the one address that stands for all that lead to a page: ok is
// false where it is none of a page. Links says that all parameters but those to
// keep are taken off.
func (s *site) normal(address string, links bool) (*url.URL, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || len(address) > maxAddress || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, false
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), ".")
	if port := u.Port(); port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	// "/a;jsessionid=1" is "/a".
	escaped, _, _ := strings.Cut(u.EscapedPath(), ";")
	clean := path.Clean("/" + normalPath(escaped))
	if strings.HasSuffix(escaped, "/") && clean != "/" {
		clean += "/"
	}
	if u.Path, err = url.PathUnescape(clean); err != nil {
		return nil, false
	}
	u.RawPath = clean
	u.RawQuery = s.query(u.RawQuery, links)
	u.ForceQuery = false
	return u, !endless(clean)
}

// query leaves the parameters that tell pages apart, sorted where links were
// followed.
func (s *site) query(raw string, links bool) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		key, _, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(key)
		low := strings.ToLower(name)
		prefix, _, under := strings.Cut(low, "_")
		switch {
		case pair == "" || err != nil || strings.Contains(visitors, " "+low+" "), under && strings.Contains(visitors, " "+prefix+"_ "):
		case links && !slices.Contains(s.o.KeepQuery, name):
		default:
			kept = append(kept, pair)
		}
	}
	if links {
		slices.Sort(kept)
	}
	return strings.Join(kept, "&")
}

// endless reports whether a path looks like that of a link that leads deeper into
// itself with every step.
func endless(clean string) bool {
	segments := strings.Split(strings.Trim(clean, "/"), "/")
	if len(segments) > maxSegments {
		return true
	}
	count := make(map[string]int, len(segments))
	for _, part := range segments {
		if count[part]++; count[part] > 3 {
			return true
		}
	}
	return false
}

// key is the same for addresses that are taken for one page: by http and https,
// with and without a slash behind.
func key(u *url.URL) string {
	k := u.Host + strings.TrimSuffix(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		k += "?" + u.RawQuery
	}
	return k
}

// id returns the id of a page: of its path, with its host before it if that is
// not the host where the site begins.
func (s *site) id(u *url.URL) string {
	return pathID(s.o.Prefix, u, u.Host != s.start.Host)
}

// pathID makes an id of an address. Endings that only name the program that
// makes the page, and the index of a folder, are left out.
func pathID(prefix string, u *url.URL, host bool) string {
	p := strings.Trim(u.Path, "/")
	switch ext := strings.ToLower(path.Ext(p)); ext {
	case ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp":
		p = p[:len(p)-len(ext)]
	}
	if base := path.Base(p); base == "index" && p != "index" {
		p = path.Dir(p)
	}
	if p == "" {
		p = "index"
	}
	if host {
		p = u.Host + ":" + p
	}
	if u.RawQuery != "" {
		if query, err := url.QueryUnescape(u.RawQuery); err == nil {
			p += "?" + query
		}
	}
	if u.Fragment != "" {
		p += "#" + u.Fragment
	}
	return source.PathID(prefix + p)
}

// files are endings of what is no page.
const files = " .png .jpg .jpeg .gif .webp .svg .ico .avif .bmp .css .js .mjs .map .json .xml .rss .atom .txt .csv .zip .gz .tgz .rar .7z .dmg .exe .msi .apk .deb .rpm .iso " +
	".pdf .doc .docx .xls .xlsx .ppt .pptx .odt .mp3 .mp4 .m4a .webm .avi .mov .wav .ogg .woff .woff2 .ttf .eot "

// isFile reports whether an address is by its name not that of a page.
func isFile(u *url.URL) bool {
	ext := strings.ToLower(path.Ext(u.Path))
	return ext != "" && strings.Contains(files, " "+ext+" ")
}

// within reports whether a page belongs to what is read of the site.
func (s *site) within(u *url.URL) bool {
	if s.o.Client.Allowed(u.String()) != nil {
		return false
	}
	return u.Host != s.start.Host || strings.HasPrefix(strings.TrimSuffix(u.Path, "/")+"/", s.folder)
}
