package source

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/markup"
)

// maxPage bounds a page's file, in bytes: a body of kb.MaxText with markup
// around it.
const maxPage = 4 * kb.MaxText

// page reads a file that is one article.
func (r *reader) page(name string, read func(*reader, string, []byte) error) error {
	b, err := r.load(name, maxPage)
	switch {
	case err != nil:
		return r.lost(name, 0, "%v", err)
	case len(b) == 0:
		return r.lost(name, 0, "empty")
	}
	return read(r, name, b)
}

// load returns a file's bytes, unless there are more than limit.
func (r *reader) load(name string, limit int64) ([]byte, error) {
	f, err := r.folder.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", cause(err))
	}
	defer f.Close() //nolint:errcheck // nothing was written
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", cause(err))
	case int64(len(b)) > limit:
		return nil, fmt.Errorf("longer than %d MiB", limit>>20)
	}
	return b, nil
}

// markdown reads a page of Markdown. Its body is brought to CommonMark, and the
// heading that is its title taken off.
func (r *reader) markdown(name string, b []byte) error {
	src, note, err := text(b)
	if err != nil {
		return r.lost(name, 0, "%v", err)
	}
	item := Item{File: name, Line: 1}
	if note != "" {
		item.Notes = append(item.Notes, note)
	}
	if strings.IndexByte(src, 0) >= 0 {
		return r.lost(name, 0, "%v", errBinary)
	}
	src = strings.ReplaceAll(src, "\r\n", "\n")
	front, n := markup.FrontMatter(src)
	rec, note := frontMatter(front)
	if first, rest, _ := strings.Cut(src, "\n"); n == 0 && strings.TrimSpace(first) == "---" {
		rec, note = brokenHead(rest)
	}
	if note != "" {
		item.Notes = append(item.Notes, note)
	}
	c := cleaner{reader: r, file: name, vars: r.variables(path.Dir(name))}
	body := c.page(src[n:])
	item.Notes = append(item.Notes, c.notes...)

	d := &item.Document
	d.Kind = kb.Article
	d.Title = line(rec.text("title"))
	d.Title, d.Body = titled(d.Title, body)
	if strings.TrimSpace(d.Body) == "" && d.Title == "" {
		if len(item.Notes) > 0 {
			// What was left out may have been its text.
			return r.lost(name, 0, "no text: %s", strings.Join(item.Notes, "; "))
		}
		return r.skip(name, 0, "no text")
	}
	d.Title = or(d.Title, titleOf(name))
	d.ID = or(rec.text("external_id"), r.own(rec.text("id")), idOf(name))
	r.common(rec, &item)
	d.Locale = or(language(d.Locale), pathLanguage(name))
	d.URL = or(d.URL, r.address(name))
	return r.deliver(item)
}

// own returns a page's own id if it can be the document's: Docusaurus has ids
// that are unique within a folder only, and a second page with one goes by its
// path.
func (r *reader) own(id string) string {
	if _, taken := r.seen[id]; taken || !kb.ValidID(id) {
		return ""
	}
	return id
}

// address returns where the page is published, as far as that is known.
func (r *reader) address(name string) string {
	if r.BaseURL == "" {
		return ""
	}
	p := strings.TrimSuffix(name, path.Ext(name))
	if base := path.Base(p); base == "index" || strings.EqualFold(base, "readme") {
		p = path.Dir(p)
	}
	return strings.TrimSuffix(strings.TrimSuffix(r.BaseURL, "/")+"/"+p, "/.")
}

// frontMatter reads the settings at the head of a page. Where they are no YAML,
// most often for a colon in a title without quotation marks, they are read line
// by line, and a note says so.
func frontMatter(src string) (rec record, note string) {
	rec = newRecord(8)
	var values map[string]any
	if err := yaml.Unmarshal([]byte(src), &values); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		note = "its front matter is no YAML and was read line by line: " + first
		values = make(map[string]any)
		for line := range strings.Lines(src) {
			if key, value := setting(line); key != "" {
				values[key] = value
			}
		}
	}
	for k, v := range values {
		if at, ok := v.(time.Time); ok {
			v = at.Format(time.RFC3339)
		}
		rec.values[strings.ToLower(k)] = v
	}
	return rec, note
}

// brokenHead reads the page's own id, and who may read it, off front matter
// that begins as such and is none, since it does not end or its first line is
// no setting. The page must not become another document for that, and what is
// internal or a draft must not become public.
func brokenHead(src string) (rec record, note string) {
	rec = newRecord(4)
	for text := range strings.Lines(src) {
		if text = strings.TrimSpace(text); text == "" || text == "---" {
			break
		}
		key, value := setting(text)
		switch key = strings.ToLower(key); key {
		case "id", "external_id", "audience", "status":
			rec.values[key] = value
			note = "its front matter is broken and was read as text, but for its id, audience and status"
		}
	}
	return rec, note
}

// setting reads a line of front matter that is no YAML; the key is empty where
// it has none.
func setting(line string) (key, value string) {
	key, value, ok := strings.Cut(line, ":")
	if !ok || strings.TrimLeft(key, " \t") != key {
		return "", ""
	}
	key = strings.Trim(strings.TrimRight(key, " \t"), `"'`)
	if strings.ContainsAny(key, "-#\"' ") {
		return "", ""
	}
	if name := strings.ToLower(key); name == "id" || name == "external_id" {
		value, _, _ = strings.Cut(value, " #") // no id has a space, so this is a comment
	}
	return key, strings.Trim(strings.TrimSpace(value), `"'`)
}

// titled takes the heading that begins the body off it, if it is the page's
// title or the page has no other.
func titled(title, body string) (string, string) {
	body = strings.TrimLeft(body, "\n")
	first, rest, _ := strings.Cut(body, "\n")
	level, heading := markup.Heading(first)
	if level == 0 {
		under, after, _ := strings.Cut(rest, "\n")
		if strings.TrimSpace(first) == "" || markup.Underline(under) != 1 {
			return title, body
		}
		level, heading, rest = 1, first, after
	}
	heading = line(heading)
	if level != 1 || title != "" && !strings.EqualFold(title, heading) {
		return title, body
	}
	return or(title, heading), strings.TrimLeft(rest, "\n")
}

// line returns one line of Markdown, such as a title, as text. A number it
// begins with is no item of a list.
func line(markdown string) string {
	return strings.Join(strings.Fields(kb.Plain("# "+markdown)), " ")
}
