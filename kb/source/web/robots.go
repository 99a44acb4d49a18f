package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// agent is the name under which robots.txt speaks to this reader.
const agent = "whetstone"

// maxRobots bounds how much of robots.txt is read, in bytes; RFC 9309, 2.5,
// asks for this much at least.
const maxRobots = 512 << 10

// robots are the rules of one host for this reader (RFC 9309).
type robots struct {
	rules    []rule
	delay    time.Duration
	sitemaps []string
}

// A rule admits or refuses the addresses whose path and query match.
type rule struct {
	pattern string // normal; * is anything, $ at the end is the end
	allow   bool
}

// robotsOf returns the rules of an address's host. An error means that they
// cannot be told, so that nothing of the host may be read (RFC 9309, 2.3.1.4).
func (s *site) robotsOf(u *url.URL) (*robots, error) {
	origin := u.Scheme + "://" + u.Host
	if known, ok := s.robots[origin]; ok {
		if known == nil {
			return nil, errors.New("robots.txt cannot be read")
		}
		return known, nil
	}
	resp, err := s.o.Client.Get(s.ctx, origin+"/robots.txt", fetch.Conditions{})
	var status *fetch.StatusError
	rules := new(robots)
	switch {
	case err == nil:
		rules = parseRobots(string(resp.Body))
	case errors.As(err, &status) && status.Status >= 400 && status.Status < 500 && status.Status != http.StatusTooManyRequests:
	case errors.Is(err, fetch.ErrTooLarge) && !errors.Is(err, fetch.ErrSpent), errors.Is(err, fetch.ErrRefused):
		// It leads where nobody may look. So do its pages, or they need no leave.
	default:
		s.robots[origin] = nil
		return nil, fmt.Errorf("robots.txt cannot be read, so that nothing may be: %w", err)
	}
	s.robots[origin] = rules
	s.o.Client.Space(min(rules.delay, s.o.MaxDelay))
	return rules, nil
}

// parseRobots reads the rules of the groups for this reader, or of those for
// all where there is none.
func parseRobots(text string) *robots {
	var own, all, r robots
	named, open := false, false // a group names this reader; agents may be added to it
	var mine, every bool        // the group is for this reader; for all
	text = strings.TrimPrefix(text[:min(len(text), maxRobots)], "\ufeff")
	for line := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == '\n' || c == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		key = strings.ToLower(strings.TrimSpace(key))
		switch key {
		case "user-agent":
			if !open {
				mine, every, open = false, false, true
			}
			mine = mine || product(value) == agent
			every = every || value == "*"
			named = named || mine
			continue
		case "sitemap":
			r.sitemaps = append(r.sitemaps, value)
			continue
		case "allow", "disallow", "crawl-delay":
			open = false
		default:
			continue
		}
		if mine {
			own.add(key, value)
		}
		if every {
			all.add(key, value)
		}
	}
	if !named {
		own = all
	}
	r.rules, r.delay = own.rules, own.delay
	return &r
}

// product returns the product token that a user-agent line begins with.
func product(value string) string {
	end := strings.IndexFunc(value, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '-'
	})
	if end >= 0 {
		value = value[:end]
	}
	return strings.ToLower(value)
}

// add takes one line of a group.
func (r *robots) add(key, value string) {
	if key == "crawl-delay" {
		if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
			r.delay = max(r.delay, time.Duration(min(s, 86400)*float64(time.Second)))
		}
		return
	}
	if value == "" { // matches nothing
		return
	}
	if value[0] != '/' && value[0] != '*' {
		value = "/" + value
	}
	r.rules = append(r.rules, rule{normalPath(value), key == "allow"})
}

// allows reports whether an address may be read: the longest rule that matches
// says so, of equal ones the one that allows.
func (r *robots) allows(u *url.URL) bool {
	path := normalPath(u.EscapedPath())
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + normalPath(u.RawQuery)
	}
	best, allowed := -1, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > best || n == best && rule.allow) && matches(rule.pattern, path) {
			best, allowed = n, rule.allow
		}
	}
	return allowed
}

// matches reports whether path begins with what pattern describes. It goes back
// to the last * only, so that no pattern is slow.
func matches(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !anchored || path == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	last := parts[len(parts)-1]
	if anchored {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// normalPath brings the spellings of a path to one: what needs no escape has
// none, and escapes are in capitals.
func normalPath(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			if v, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				i += 2
				if c = byte(v); !unreserved(c) {
					_, _ = fmt.Fprintf(&b, "%%%02X", c) // a Builder takes everything
					continue
				}
			}
		}
		if c >= 0x80 || c <= ' ' {
			_, _ = fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
