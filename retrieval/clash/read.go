package clash

import (
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/markup"
)

// A corpus is the documents of one run, read.
type corpus struct {
	vocabulary
	docs       []document
	statements []statement // of all documents, in order
}

// A document is a Doc, read.
type document struct {
	*Doc
	cyrillic  bool
	words     []int32 // of the text, in order: what duplicates are found by
	ends      [][2]int32
	said      []int32   // its words that are no stop words, title's included
	titled    []int32   // the title's
	contexts  [][]int32 // words of title and headings, by section
	from, to  int       // statements
	changelog bool
}

// A statement is a sentence that claims something.
type statement struct {
	doc        int32
	start, end int // runes of Body
	context    int // of the document
	items      []item
	facts      []fact
	opposites  []opposite
	scopes     []scope
	names      []int32 // what is written with a capital letter within the sentence
	polar      bool    // has a negation, an opposite, an only or an any
	numbered   bool    // a step: an item of a numbered list

	conditional bool // has an if or a when
	narrow      bool // has an only
	personal    bool // tells what somebody did: has an I
	points      bool // begins with a this or an it, of another sentence
	extra       bool // has a surcharge
	part        bool // an entry of a list that goes on behind it, or a link
	requires    bool // has a must
	linked      bool // has an address, or introduces a list: it claims little by itself
}

// longest is how many tokens a statement may have; what is longer is no
// sentence but a list without marks.
const longest = 90

func newCorpus(n int) *corpus {
	return &corpus{vocabulary: vocabulary{ids: make(map[string]int32)}, docs: make([]document, 0, n)}
}

// read adds a document.
func (c *corpus) read(d *Doc, at int) {
	r := reader{corpus: c, text: d.Body, doc: int32(at)}
	x := document{Doc: d, from: len(c.statements)}
	seen := make(map[int32]bool)
	for _, t := range embeddings.Analyze(d.Title).Tokens {
		if id := c.id(&t); !t.Part && !c.words[id].stop {
			x.titled = append(x.titled, id)
			x.said = r.say(x.said, seen, id)
		}
	}
	x.changelog = changelog(d.Title)
	analyzed := embeddings.Analyze(d.Body)
	r.tokens = analyzed.Tokens
	x.cyrillic = d.Language == "ru" || d.Language == "" && analyzed.Language == "ru"
	_, skip := markup.FrontMatter(d.Body)
	skip = utf8.RuneCountInString(d.Body[:skip])
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.Part || t.Start < skip {
			continue
		}
		id := c.id(t)
		x.words = append(x.words, id)
		x.ends = append(x.ends, [2]int32{int32(t.Start), int32(t.End)})
		if !c.words[id].stop {
			x.said = r.say(x.said, seen, id)
		}
	}
	r.into = &x
	r.sentences()
	x.to = len(c.statements)
	c.docs = append(c.docs, x)
}

// changelog reports whether a title is one of a list of changes, whose dates
// and numbers are history.
func changelog(title string) bool {
	title = strings.ToLower(title)
	for _, s := range [...]string{"changelog", "change log", "release notes", "releases", "what's new", "история изменений", "что нового", "список изменений", "версии и изменения"} {
		if strings.Contains(title, s) {
			return true
		}
	}
	return false
}

// A reader reads one document.
type reader struct {
	*corpus
	text     string
	doc      int32
	tokens   []embeddings.Token
	next     int // the next of tokens
	into     *document
	path     [7][]int32 // words of the headings in force, by level
	lead     []int32    // words of the line that introduces a list
	at, rune int        // a byte of text, and which rune it is
}

func (r *reader) say(list []int32, seen map[int32]bool, id int32) []int32 {
	if seen[id] {
		return list
	}
	seen[id] = true
	return append(list, id)
}

// runeAt returns which rune the byte i is; i never goes back.
func (r *reader) runeAt(i int) int {
	r.rune += utf8.RuneCountInString(r.text[r.at:i])
	r.at = i
	return r.rune
}

// sentences reads the sentences of the document.
func (r *reader) sentences() {
	_, skip := markup.FrontMatter(r.text)
	code := fenced(r.text)
	r.context()
	for _, s := range kb.Sentences(r.text) {
		for len(code) > 0 && s.Start >= code[0][1] {
			code = code[1:]
		}
		start, end := r.runeAt(s.Start), r.runeAt(s.End)
		tokens := r.take(start, end)
		if s.Start >= skip && (len(code) == 0 || s.End <= code[0][0]) {
			r.sentence(r.text[s.Start:s.End], start, tokens)
		}
	}
}

// fenced returns the blocks of code, in bytes.
func fenced(text string) [][2]int {
	var out [][2]int
	var f markup.Fence
	from, at := 0, 0
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		if f.Open() {
			if f.Closes(bare) {
				out = append(out, [2]int{from, at + len(line)})
				f = markup.Fence{}
			}
		} else if g, ok := markup.OpenFence(bare); ok {
			f, from = g, at
		}
		at += len(line)
	}
	if f.Open() {
		out = append(out, [2]int{from, len(text)})
	}
	return out
}

// take returns the tokens between two runes and moves behind them.
func (r *reader) take(start, end int) []embeddings.Token {
	for r.next < len(r.tokens) && r.tokens[r.next].Start < start {
		r.next++
	}
	from := r.next
	for r.next < len(r.tokens) && r.tokens[r.next].Start < end {
		r.next++
	}
	return r.tokens[from:r.next]
}

// context notes the words of the title, the headings and the list's lead as
// what the next statements are read under.
func (r *reader) context() {
	words := append([]int32(nil), r.into.titled...)
	for _, h := range r.path {
		words = append(words, h...)
	}
	r.into.contexts = append(r.into.contexts, append(words, r.lead...))
}

// sentence reads one sentence, which begins at a rune.
func (r *reader) sentence(text string, start int, tokens []embeddings.Token) {
	if level, heading := markup.Heading(text); level > 0 {
		clear(r.path[level:])
		r.path[level], r.lead = r.content(tokens), nil
		r.into.changelog = r.into.changelog || changelog(heading)
		r.context()
		return
	}
	bullet := markup.Bullet(text)
	if bullet == 0 && r.lead != nil {
		r.lead = nil
		r.context()
	}
	bare := strings.TrimRight(text, " *_`\"»)")
	if strings.HasSuffix(bare, ":") {
		r.lead = r.content(tokens)
		r.context()
	}
	if r.into.changelog || text[0] == '|' || strings.HasSuffix(bare, "?") || len(tokens) < 3 || len(tokens) > longest {
		return
	}
	numbered := bullet > 0 && text[0] >= '0' && text[0] <= '9'
	if numbered {
		for len(tokens) > 0 && tokens[0].Start < start+bullet {
			tokens = tokens[1:]
		}
	}
	x := r.tokensOf(text, start, tokens)
	s := statement{
		doc: r.doc, start: start, end: start + utf8.RuneCountInString(text), context: len(r.into.contexts) - 1,
		facts: factsOf(x), numbered: numbered, linked: strings.HasSuffix(bare, ":"),
	}
	s.part = bullet > 0 && (strings.HasSuffix(bare, ";") || strings.HasSuffix(bare, ",") || strings.HasPrefix(text[bullet:], "["))
	r.fill(&s, x)
	if len(s.items) >= 2 {
		r.statements = append(r.statements, s)
	}
}

// content returns the words of tokens that say what a text is about.
func (r *reader) content(tokens []embeddings.Token) []int32 {
	out := make([]int32, 0, len(tokens))
	for i := range tokens {
		if id := r.id(&tokens[i]); !tokens[i].Part && !r.words[id].stop {
			out = append(out, id)
		}
	}
	return out
}
