package source

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

// leaks are what must not be left of a page's markup, by name. They are plain
// expressions and share nothing with package markup, which does the work.
var leaks = map[string]*regexp.Regexp{
	"a tag of a template":      regexp.MustCompile(`\{%|%\}`),
	"an anchor or a class":     regexp.MustCompile(`\{:? ?[#.][\p{L}\w-]+[^{}\n]*\}`),
	"attributes":               regexp.MustCompile(`[)\]}|]\{:? ?[a-z-]+=[^{}\n]*\}|\{:[^{}\n]*\}`),
	"a variable":               regexp.MustCompile(`\{\{|\}\}`),
	"an expression of MDX":     regexp.MustCompile(`\{/\*|\*/\}|\{["'` + "`" + `] ?["'` + "`" + `]\}|\{(props|frontMatter|page|site|toc)\.`),
	"a container":              regexp.MustCompile(`(?m)^[>\s]*:{3,}`),
	"an admonition":            regexp.MustCompile(`(?m)^[>\s]*(!!!|\?\?\?)\+? [a-z]`),
	"an alert":                 regexp.MustCompile(`(?i)\[!(note|tip|important|warning|caution)\]`),
	"a tag":                    regexp.MustCompile(`</?(` + elements + `|[A-Z][a-z][\w.]*)(\s[^<>]*)?/?>|<[a-z][\w-]*(\s+[\w:@-]+=[^<>]*|\s*/)>|</[a-z][\w-]*>`),
	"a comment":                regexp.MustCompile(`<!--|-->|(?m)^\[//\]: #`),
	"a module":                 regexp.MustCompile(`(?m)^(import\s+[\w{*"'][^\n]*(from\s+)?["'][^"'\n]+["'];?|export (const|default|function|let) .*)$`),
	"front matter":             regexp.MustCompile(`\A(---|\+\+\+)\s*\n|(?m)^(sidebar_position|sidebar_label|slug|layout|hide_title|pagination_next|weight|draft): `),
	"a table of YFM":           regexp.MustCompile(`(?m)^\s*(#\||\|#|\|\|)`),
	"a snippet":                regexp.MustCompile(`-{1,2}8<-{1,2}|(?m)^<<< ?@?|@\[\w+\]\(|(?im)^\[\[?toc\]\]?$`),
	"a color":                  regexp.MustCompile(`\{(gray|yellow|orange|red|green|blue|violet)\}\(`),
	"a term":                   regexp.MustCompile(`(?m)^\[\*[^\]]+\]:|\]\(\*[\w-]+\)`),
	"an entity":                regexp.MustCompile(`&(nbsp|lt|gt|amp|mdash|laquo|raquo|#\d+|#x[0-9a-f]+);`),
	"teletype":                 regexp.MustCompile(`##[^#\s][^#\n]*##`),
	"an internal placeholder":  regexp.MustCompile(`[\x00-\x08\x0b-\x1f]`),
	"a mark of a tab":          regexp.MustCompile(`\{selected\}`),
	"a shortcode":              regexp.MustCompile(`\{\{[<%]|[>%]\}\}`),
	"a raised letter":          regexp.MustCompile(`[\p{L}\d]\^[^\s^\[\]]+\^`),
	"a call":                   regexp.MustCompile(`\{\w+\([^{}]*\)\}|(?m)^\{[A-Z_]{3,}\}$`),
	"a marker of a line break": regexp.MustCompile(`(?i)<br ?/?>`),
}

// elements of HTML. Other names in small letters without attributes, such as
// <your-name>, are the author's words.
const elements = `a|abbr|b|br|button|center|code|dd|del|details|div|dl|dt|em|figure|font|form|h[1-6]|hr|i|iframe|img|input|ins|kbd|li|` +
	`link|main|mark|meta|nav|ol|p|pre|s|samp|script|section|small|span|strong|style|sub|summary|sup|svg|table|tbody|td|th|thead|tr|u|ul|video`

// inBody are the leaks that a body may have, since it is Markdown and its
// readers render it: a term that is explained, an entity.
func inBody(name string) bool { return name != "an entity" && name != "a term" }

var (
	itemMark  = regexp.MustCompile(`^([-*+]|\d+[.)])\s+`)
	fenceMark = regexp.MustCompile("^(`{3,}|~{3,})")
	ticks     = regexp.MustCompile("`+")
)

// code replaces what a page shows as code by a word: there, markup is what the
// page is about. So it is where the author wrote \^. What is code is told by the two rules of CommonMark that the
// documents use, fences and equal runs of backticks, written down once more
// here so that the test does not rest on what it tests.
func code(markdown string) string {
	var out []string
	fence := ""
	for line := range strings.SplitSeq(markdown, "\n") {
		bare := strings.TrimLeft(line, "> \t")
		bare = strings.TrimLeft(itemMark.ReplaceAllString(bare, ""), " \t")
		open := fenceMark.FindString(bare)
		switch {
		case fence == "" && open != "" && !strings.Contains(bare[len(open):], "`"):
			fence = open
		case fence != "" && strings.HasPrefix(open, fence) && strings.TrimSpace(bare[len(open):]) == "":
			fence = ""
		case fence == "":
			out = append(out, line)
		}
	}
	var b strings.Builder
	for para := range strings.SplitSeq(strings.ReplaceAll(strings.Join(out, "\n"), `\^`, "·"), "\n\n") {
		for para != "" {
			i := strings.IndexByte(para, '`')
			if i < 0 {
				break
			}
			n := len(para[i:]) - len(strings.TrimLeft(para[i:], "`"))
			stop := -1
			for _, run := range ticks.FindAllStringIndex(para[i+n:], -1) {
				if run[1]-run[0] == n {
					stop = i + n + run[1]
					break
				}
			}
			if stop < 0 || i > 0 && para[i-1] == '\\' {
				b.WriteString(para[:i+n])
				para = para[i+n:]
				continue
			}
			b.WriteString(para[:i] + "code")
			para = para[stop:]
		}
		b.WriteString(para + "\n\n")
	}
	return b.String()
}

// leaksOf returns what is left of markup in a document as it is stored, cut and
// quoted.
func leaksOf(d *kb.Document) []string {
	var found []string
	look := func(where, text string, meant func(string) bool) {
		for name, pattern := range leaks {
			if !meant(name) {
				continue
			}
			for _, hit := range pattern.FindAllStringIndex(text, -1) {
				from, to := max(0, hit[0]-40), min(len(text), hit[1]+40)
				found = append(found, fmt.Sprintf("%s: %s: %s: %q", d.ID, where, name, text[from:to]))
			}
		}
	}
	all := func(string) bool { return true }
	look("title", d.Title, all)
	body := code(d.Body)
	look("body", body, inBody)
	look("quoted", kb.Plain(body), all)
	for _, p := range kb.Split(d) {
		look("heading", code(p.Heading), all)
		look("passage", kb.Plain(code(p.Text)), all)
	}
	return found
}

func TestNothingLeaksFromPublishedDocumentation(t *testing.T) {
	for _, name := range []string{"kb-diplodoc-ru", "kb-diplodoc-en", "kb-plausible-en"} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("a measurement on data: make test runs it in full, without the race detector")
			}
			root := filepath.Join("..", "..", "..", "shared", "data", name)
			if _, err := os.Stat(root); err != nil {
				t.Skip("SKIPPED: the shared data sets are not here")
			}
			pages, hits := 0, 0
			for item, err := range Files(root, Options{}) {
				if err != nil {
					continue
				}
				pages++
				for _, leak := range leaksOf(&item.Document) {
					if hits++; hits <= 60 {
						t.Error(leak)
					}
				}
			}
			t.Logf("%d pages, %d leaks", pages, hits)
			if pages < 50 {
				t.Errorf("only %d pages were read", pages)
			}
		})
	}
}

// TestNothingLeaksFromOtherDialects reads pages in the style of other programs.
// What a reader of the page sees has the word keep in each sentence, what only
// the program sees the word leak.
func TestNothingLeaksFromOtherDialects(t *testing.T) {
	root := filepath.Join("testdata", "leaks")
	read := 0
	for item, err := range Files(root, Options{}) {
		if err != nil {
			t.Error(err)
			continue
		}
		read++
		t.Run(item.File, func(t *testing.T) {
			d := &item.Document
			for _, leak := range leaksOf(d) {
				t.Error(leak)
			}
			text := d.Title + "\n" + kb.Plain(d.Body)
			if low := strings.ToLower(text); strings.Contains(low, "leak") {
				t.Errorf("a reader sees what is not meant for readers:\n%s", text)
			}
			src, err := os.ReadFile(filepath.Join(root, item.File))
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]int{"docusaurus.mdx": 27, "mkdocs.md": 21, "vuepress.md": 21, "hugo.md": 13, "gitbook.md": 10, "yfm.md": 21}
			if got := strings.Count(strings.ToLower(text), "keep"); got != want[item.File] {
				t.Errorf("a reader sees keep %d times, want %d of %d in the file:\n%s", got, want[item.File], strings.Count(strings.ToLower(string(src)), "keep"), text)
			}
		})
	}
	if read != 6 {
		t.Errorf("%d pages were read", read)
	}
}
