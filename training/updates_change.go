package training

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A sentence is one of a text, with its words as they are compared.
type sentence struct {
	quote      string
	start, end int // runes of the text
	words      []string
}

// sentencesOf cuts a text into sentences that have words.
func sentencesOf(text string) []sentence {
	var out []sentence
	at, runes := 0, 0
	for _, s := range kb.Sentences(text) {
		runes += utf8.RuneCountInString(text[at:s.Start])
		one := sentence{quote: text[s.Start:s.End], start: runes}
		runes += utf8.RuneCountInString(one.quote)
		at = s.End
		one.end, one.words = runes, wordsOf(one.quote)
		if len(one.words) > 0 {
			out = append(out, one)
		}
	}
	return out
}

// wordsOf are the words and numbers of a text, without what only lays it out.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(kb.Plain(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// passage is the sentence as part of a document.
func (s *sentence) passage(id string, at time.Time) upkeep.Passage {
	return upkeep.Passage{DocumentID: id, Quote: s.quote, Start: s.start, End: s.end, UpdatedAt: at}
}

// shared is the share of words that have has.
func shared(words []string, have map[string]bool) float64 {
	n := 0
	for _, w := range words {
		if have[w] {
			n++
		}
	}
	return float64(n) / float64(max(1, len(words)))
}

func setOf(words []string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

const (
	// stillSaid is the share of a sentence's words from which a text says it
	// all the same, if every number of it is there too: articles and endings
	// are all that may have changed.
	stillSaid = 0.95

	// comparedMost bounds, in bytes, the texts that are compared.
	comparedMost = 64 << 10

	// soughtMost is how many sentences are looked for in other words. Who
	// changes more has written another article.
	soughtMost = 100
)

// A change is what an article does not say any more, or what a release note
// says otherwise, and what rests on it.
type change struct {
	doc      *kb.Document
	name     string // of doc, for people
	old      string
	oldAt    time.Time
	gone     bool // it is not in use any more
	removed  []removal
	turning  []turn  // figures that it gives otherwise
	share    float64 // of the old text that was removed
	resting  []upkeep.Quarantine
	released bool // by a release note
}

// A removal is a sentence that an article does not say any more.
type removal struct {
	sentence
	set     map[string]bool
	instead *sentence // what it says in its place; nil: nothing
}

// changeOf returns what d does not say any more of what it said; nil: it says
// it all.
func changeOf(d *kb.Document, old *kb.Revision, was string) *change {
	now := spoken(&d.Content, d.Deleted)
	if was == "" || was == now {
		return nil
	}
	c := &change{doc: d, name: cmp.Or(d.Title, old.Content.Title, d.ID), old: headOf(was), oldAt: old.At.UTC(), gone: now == ""}
	before, after := sentencesOf(was), sentencesOf(now)
	flat := flatOf(after)
	have := setOf(strings.Fields(flat))
	total, lost := 0, 0
	for i := range before {
		s := &before[i]
		total += len(s.words)
		if strings.Contains(flat, " "+strings.Join(s.words, " ")+" ") ||
			len(c.removed) < soughtMost && shared(s.words, have) >= restsOther && says(now, s.quote) {
			continue
		}
		lost += len(s.words)
		c.removed = append(c.removed, removal{sentence: *s, set: setOf(s.words)})
	}
	if len(c.removed) == 0 {
		return nil
	}
	c.share = float64(lost) / float64(total)
	c.pair(after, flatOf(before))
	c.turning = c.turns()
	return c
}

// flatOf is a text as a line of words.
func flatOf(ss []sentence) string {
	var b strings.Builder
	b.WriteByte(' ')
	for i := range ss {
		for _, w := range ss[i].words {
			b.WriteString(w)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// says reports whether a text says a sentence in other words, or the sentence
// says nothing.
func says(text, sentence string) bool {
	for _, c := range retrieval.Compare(kb.Plain(sentence), [][]string{{headOf(text)}}) {
		if c.Courtesy || c.Weight == 0 {
			continue
		}
		if s := &c.Supports[0]; s.Clash != nil || s.Cover < stillSaid || s.Facts < c.Facts {
			return false
		}
	}
	return true
}

// headOf is as much of a text as is compared.
func headOf(text string) string {
	if len(text) <= comparedMost {
		return text
	}
	return strings.ToValidUTF8(text[:comparedMost], "")
}

// pair finds what is said in place of each sentence that was removed.
func (c *change) pair(after []sentence, before string) {
	for i := range c.removed {
		r, best := &c.removed[i], 0.3 // less is what any two sentences have in common
		for k := range after {
			s := &after[k]
			if strings.Contains(before, " "+strings.Join(s.words, " ")+" ") {
				continue
			}
			if v := (shared(s.words, r.set) + shared(r.words, setOf(s.words))) / 2; v > best {
				r.instead, best = s, v
			}
		}
	}
}

const (
	// restsOwn and restsOther are the share of a sentence's words that an
	// article must have for the sentence to rest on it: of a case that was
	// resolved with the article, and of any other document.
	restsOwn   = 0.4
	restsOther = 0.7

	// copiedFrom is that share from which a sentence is the article's own, so
	// that it falls with it though nothing stands in its place.
	copiedFrom = 0.9

	// lostCover is how much less of a sentence an article must have than before
	// for the sentence to have lost its ground.
	lostCover = 0.2

	// wholly is the share of an article from which its change brings down every
	// case that was resolved with it.
	wholly = 0.5

	// movedWithin is how long before a sentence is taken out of one article it
	// may be put into another one to count as moved there.
	movedWithin = 24 * time.Hour

	// shiftMost is how many passages of a change are shown with a document.
	shiftMost = 3

	// claimLeast is how many words a sentence must have to rest on anything.
	claimLeast = 4

	// weightLeast is how much a sentence must say, as package retrieval weighs
	// words, to be another document's: check it out, and others say so too.
	weightLeast = 2.5
)

// A tenant is a document that may rest on what has changed.
type tenant struct {
	*kb.Document
	fresh  bool       // it has changed as well
	claims []sentence // of what it answers with
}

func tenantOf(d *kb.Document, fresh bool) *tenant {
	text := d.Body
	if d.Kind == kb.Case {
		text = d.Resolution
	}
	t := &tenant{Document: d, fresh: fresh, claims: sentencesOf(headOf(kb.Plain(text)))}
	t.claims = slices.DeleteFunc(t.claims, func(s sentence) bool { return len(s.words) < claimLeast })
	return t
}

// hold puts a document in quarantine if it rests on what was removed.
func (c *change) hold(d *tenant) {
	own := d.Kind == kb.Case && d.ResolvedWith == c.doc.ID
	if d.ID == c.doc.ID || c.released || !own && c.foreign(d) {
		return
	}
	if c.gone && !own && (d.Kind == kb.Article || d.ResolvedWith != "") {
		return // what was thrown away need not be wrong: one of two twins often is
	}
	was, is, told := c.lost(d, own)
	if len(was) == 0 && own && (c.gone || c.share >= wholly) {
		for i := range c.removed[:min(shiftMost, len(c.removed))] {
			was, is = c.add(was, is, &c.removed[i])
		}
	}
	if len(was) == 0 {
		var r *removal
		if r, told = c.turned(d); r == nil {
			return
		}
		was, is = c.add(was, is, r)
	}
	c.resting = append(c.resting, upkeep.Quarantine{
		DocumentID: d.ID, CauseID: c.doc.ID, Revision: c.doc.Revision, Author: byItself,
		Data: upkeep.Shift{Was: was, Is: is, Why: c.why(d.Document, told)},
	})
}

// foreign reports whether a document is of another product or region.
func (c *change) foreign(d *tenant) bool {
	differs := func(a, b string) bool { return a != "" && b != "" && a != b }
	return differs(d.Product, c.doc.Product) || differs(d.Region, c.doc.Region)
}

// lost returns the passages that sentences of a document rested on and do not
// any more, with what is said in their place, and the first of these sentences.
func (c *change) lost(d *tenant, own bool) (was, is []upkeep.Passage, told string) {
	// Where it may have been moved to, a sentence counts only if it says
	// otherwise than the article does now.
	moved := d.Kind == kb.Article && (d.fresh || d.UpdatedAt.After(c.doc.UpdatedAt.Add(-movedWithin)))
	var near []string
	for i := range d.claims {
		if c.ground(d.claims[i].words, own) != nil {
			near = append(near, d.claims[i].quote)
		}
	}
	if len(near) == 0 {
		return nil, nil, ""
	}
	text := strings.Join(near, "\n\n")
	now, runes := headOf(spoken(&c.doc.Content, c.doc.Deleted)), []rune(text)
	for _, s := range retrieval.Compare(text, [][]string{{c.old}, {now}}) {
		if s.Courtesy || s.Weight == 0 || !own && s.Weight < weightLeast || len(was) == shiftMost {
			continue
		}
		quote := string(runes[s.Span.Start:s.Span.End])
		words := wordsOf(quote)
		r := c.ground(words, own)
		if r == nil {
			continue
		}
		before, after := &s.Supports[0], &s.Supports[1]
		otherwise := after.Clash != nil || r.instead != nil && after.Facts < before.Facts
		least := restsOther
		switch {
		case own:
			least = restsOwn
		case !otherwise && moved:
			continue
		case !otherwise:
			least = copiedFrom
		}
		if before.Clash != nil || before.Cover < least || !otherwise && after.Cover > before.Cover-lostCover {
			continue
		}
		was, is = c.add(was, is, r)
		told = cmp.Or(told, quote)
	}
	return was, is, told
}

// ground is the removed sentence that has most of the words, enough of them for
// these to rest on it; nil: none has.
func (c *change) ground(words []string, own bool) *removal {
	least := restsOther - restsOwn/2
	if own {
		least = restsOwn / 2
	}
	var best *removal
	for i := range c.removed {
		if v := shared(words, c.removed[i].set); v >= least {
			best, least = &c.removed[i], v
		}
	}
	return best
}

// add adds a removed sentence and what stands in its place, once.
func (c *change) add(was, is []upkeep.Passage, r *removal) (w, i []upkeep.Passage) {
	p := r.passage(c.doc.ID, c.oldAt)
	if slices.ContainsFunc(was, func(q upkeep.Passage) bool { return q.Start == p.Start }) {
		return was, is
	}
	was = append(was, p)
	if r.instead != nil {
		is = append(is, r.instead.passage(c.doc.ID, c.doc.UpdatedAt))
	}
	return was, is
}

// why says in a sentence why a document is in quarantine.
func (c *change) why(d *kb.Document, told string) string {
	switch {
	case c.gone && d.Kind == kb.Case:
		return fmt.Sprintf("The case rests on “%s”, which is not in use any more.", c.name)
	case told == "":
		return fmt.Sprintf("The case was resolved with “%s”, most of which says something else now.", c.name)
	case c.gone:
		return fmt.Sprintf("“%s” said so too, and is not in use any more: “%s”", c.name, told)
	}
	return fmt.Sprintf("“%s” does not say so any more: “%s”", c.name, told)
}

// notice tells of the change. It names documents and suggestions by their ids.
func (c *change) notice(workspace string, drafts []string, at time.Time) notice.Notice {
	ids := make([]string, len(c.resting))
	for i := range c.resting {
		ids[i] = c.resting[i].DocumentID
	}
	if drafts == nil {
		drafts = []string{}
	}
	return notice.Notice{
		WorkspaceID: workspace, Kind: notice.ArticleQuarantined, Subject: c.name, At: at,
		Data: notice.JSON(map[string]any{
			"cause": c.doc.ID, "revision": c.doc.Revision, "deleted": c.gone, "release_note": c.released, "documents": ids, "suggestions": drafts,
		}),
	}
}

// eachPublished calls do with every document in use, a part of them at a time.
func eachPublished(ctx context.Context, store *kb.Store, do func(*kb.Document) error) error {
	p := kb.Page{Status: kb.Published, Limit: readAtOnce}
	for {
		docs, err := store.List(ctx, p)
		if err != nil {
			return err
		}
		for i := range docs {
			if err := do(&docs[i]); err != nil {
				return err
			}
		}
		if len(docs) < p.Limit {
			return nil
		}
		p.After = docs[len(docs)-1].Mark(kb.ByID)
	}
}
