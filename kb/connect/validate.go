package connect

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// shortest bounds how often a connection is synced: a site is not asked more
// often than that.
const shortest = time.Minute

// tokenName is what can stand behind WHETSTONE_TOKEN_ in the settings.
var tokenName = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}$`)

// Validate reports, as a kb.ErrInvalid, the first thing that cannot work and
// what to do about it. The timetable is the caller's to check.
func (c *Connection) Validate() error {
	invalid := func(format string, args ...any) error {
		return fmt.Errorf("%w: connection %.128q: %s", kb.ErrInvalid, c.ID, fmt.Sprintf(format, args...))
	}
	if !kb.ValidID(c.ID) || len(c.ID) > 100 {
		return invalid("id: use letters, digits and . _ : @ -, at most 100")
	}
	if err := c.Config.common(); err != nil {
		return invalid("%v", err)
	}
	var err error
	switch c.Kind {
	case Folder:
		err = c.Config.folder()
	case Git:
		err = c.Config.git()
	case Site, Feed:
		err = c.Config.web()
	case Desk:
		err = c.Config.desk()
	default:
		err = fmt.Errorf("kind %.40q: use folder, git, site, feed or desk", c.Kind)
	}
	if err == nil {
		err = c.often()
	}
	if err != nil {
		return invalid("%v", err)
	}
	return nil
}

// often refuses @every with less than a minute.
func (c *Connection) often() error {
	text, ok := strings.CutPrefix(c.Spec, "@every ")
	if !ok {
		return nil
	}
	if d, err := time.ParseDuration(strings.TrimSpace(text)); err != nil || d < shortest {
		return fmt.Errorf("spec %.40q: use @every with a minute or more, such as @every 1h", c.Spec)
	}
	return nil
}

// common checks what every kind has.
func (c *Config) common() error {
	switch {
	case c.Token != "" && !tokenName.MatchString(c.Token):
		return errors.New("token: give its name, in capital letters, digits and _, and put the token itself into the setting WHETSTONE_TOKEN_<NAME>")
	case c.Audience != "" && c.Audience != kb.Public && c.Audience != kb.Internal:
		return fmt.Errorf("audience %.40q: use public or internal", c.Audience)
	case c.Depth < -1 || c.Depth > 32:
		return fmt.Errorf("depth %d: use -1 for the sitemap alone, or up to 32 links", c.Depth)
	case c.MaxPages < 0:
		return fmt.Errorf("max_pages %d: use 0 or more", c.MaxPages)
	case len(c.Tags) > 50 || slices.ContainsFunc(c.Tags, func(t string) bool { return strings.TrimSpace(t) == "" || len(t) > 200 }):
		return errors.New("tags: use at most 50, none empty or longer than 200 bytes")
	case c.Prefix != "" && (!kb.ValidID(c.Prefix) || len(c.Prefix) > 40):
		return fmt.Errorf("prefix %.100q: use letters, digits and . _ : @ -, at most 40", c.Prefix)
	case c.Within != "" && !strings.HasPrefix(c.Within, "/"):
		return fmt.Errorf("within %.100q: give a path on the site, such as /help/", c.Within)
	}
	for field, text := range map[string]string{"base_url": c.BaseURL, "sitemap": c.Sitemap} {
		if text == "" {
			continue
		}
		if _, err := address(field, text); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) folder() error {
	if !filepath.IsAbs(c.Path) {
		return fmt.Errorf("path %.200q: give the absolute path of a folder or a file on the server", c.Path)
	}
	return nil
}

func (c *Config) git() error {
	switch {
	case c.Path != "" && c.Remote != "":
		return errors.New("give either the path of a work tree or the address of a remote, not both")
	case c.Remote == "" && c.Branch != "":
		return errors.New("branch: a work tree is read as it is; give a remote to choose a branch")
	case c.Remote == "":
		return c.folder()
	}
	if err := remote(c.Remote, c.Branch); err != nil {
		return err
	}
	if strings.HasPrefix(strings.ToLower(c.Remote), "ssh:") && c.Token == "" {
		return errors.New("token: ssh needs a key: put the path of its file into the setting WHETSTONE_TOKEN_<NAME> behind the host, and give the name")
	}
	return nil
}

func (c *Config) web() error {
	u, err := address("url", c.URL)
	if err != nil {
		return err
	}
	for _, host := range c.Hosts {
		if host == "" || strings.ContainsAny(host, "/:?#@ *") {
			return fmt.Errorf("host %.100q: give names such as help.example.com, without scheme, port and path", host)
		}
	}
	if len(c.Hosts) > 0 && !slices.ContainsFunc(c.Hosts, func(h string) bool { return strings.EqualFold(h, u.Hostname()) }) {
		return fmt.Errorf("hosts: %s is not among them, where the address begins; add it", u.Hostname())
	}
	return nil
}

func (c *Config) desk() error {
	switch {
	case c.System == "":
		return errors.New("system: name the helpdesk, such as zendesk")
	case c.Token == "":
		return errors.New("token: name the token, and put it into the setting WHETSTONE_TOKEN_<NAME>")
	case !c.Articles && !c.Tickets:
		return errors.New("choose articles, tickets or both")
	case c.URL != "":
		_, err := address("url", c.URL)
		return err
	}
	return nil
}

// address checks an address of the web. One that holds a password is refused,
// since settings are shown.
func address(field, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return nil, fmt.Errorf("%s: give an address that begins with https:// or http://", field)
	case u.User != nil:
		return nil, fmt.Errorf("%s: leave name and password out of the address", field)
	}
	return u, nil
}

// refName is what a branch may be called here: no options, no ranges, no
// expressions that git would resolve.
var refName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$`)

// hostName is what a host may be called here: nothing that a shell, or another
// program that reads addresses, would take for something else.
var hostName = regexp.MustCompile(`^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$`)

// remote checks the address of a repository before the git program sees it.
// Its helper transports (ext::, fd::) run programs, and what begins with - is
// an option.
func remote(text, branch string) error {
	if branch != "" && (!refName.MatchString(branch) || strings.Contains(branch, "..")) {
		return fmt.Errorf("branch %.100q: give a branch's plain name, such as main", branch)
	}
	u, err := url.Parse(text)
	if err != nil || strings.Contains(text, "::") || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return errors.New("remote: give an address that begins with https://, ssh:// or file://")
	}
	switch u.Scheme {
	case "https":
		if u.User != nil {
			return errors.New("remote: leave name and password out of the address; name a token")
		}
	case "ssh":
		if _, secret := u.User.Password(); secret {
			return errors.New("remote: leave the password out of the address; ssh needs a key")
		}
		if strings.HasPrefix(u.User.Username(), "-") {
			return errors.New("remote: a user's name does not begin with -")
		}
	case "file":
		if u.Host != "" || !filepath.IsAbs(u.Path) {
			return errors.New("remote: give an absolute path, as in file:///srv/docs.git")
		}
		return nil
	default:
		return errors.New("remote: give an address that begins with https://, ssh:// or file://")
	}
	if !hostName.MatchString(u.Hostname()) {
		return errors.New("remote: the address names no host; write it in letters, digits, dots and hyphens")
	}
	return nil
}
