package training

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source/web"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/clash"
)

const (
	// newFeed is how long after its first entry all of a feed counts as what
	// was there when it was connected: old news contradicts much, and rightly.
	newFeed = time.Hour

	// surely is how sure a contradiction with a release note must be.
	surely = 0.45

	// contradictedMost is how many documents one release note may bring down.
	contradictedMost = 50
)

// announces reports whether an article tells what is new in a product.
func announces(d *kb.Document) bool {
	return !d.Deleted && d.Status == kb.Published && slices.Contains(d.Tags, web.ReleaseNotes)
}

// established reports whether a release note is news, and not part of what a
// feed had when it was connected.
func (u *updating) established(ctx context.Context, d *kb.Document) (bool, error) {
	if !strings.HasPrefix(d.Origin, "connection:") {
		return true, nil
	}
	var n int64
	err := u.DB.WithContext(ctx).Model(&kb.Document{}).
		Where("workspace_id = ? AND origin = ? AND created_at < ?", u.workspace, d.Origin, d.CreatedAt.Add(-newFeed).UTC()).Limit(1).Count(&n).Error
	return n > 0, err
}

// clashing is a document as package clash reads it.
func clashing(d *kb.Document) clash.Doc {
	c := clash.Doc{ID: d.ID, Title: d.Title, Body: d.Body, Language: d.Locale, Kind: d.Kind, Product: d.Product, Region: d.Region, UpdatedAt: d.UpdatedAt.UTC()}
	if d.Kind == kb.Case {
		c.Title, c.Body = d.Problem, d.Resolution
	}
	return c
}

// announced returns what a release note contradicts, which may be nothing.
func announced(ctx context.Context, note *kb.Document, all []kb.Document) (*change, error) {
	sentences := sentencesOf(note.Body)
	news := clashing(note)
	var b strings.Builder
	starts := make([]int, len(sentences)) // of each sentence in what is compared, in runes
	for i := range sentences {
		starts[i] = utf8.RuneCountInString(b.String())
		b.WriteString(asItIsNow(sentences[i].quote))
		b.WriteString("\n\n")
	}
	news.Body = b.String()
	docs := make([]clash.Doc, 0, len(all))
	for i := range all {
		if announces(&all[i]) {
			continue // what was announced before was true then
		}
		d := clashing(&all[i])
		if note.Product == "" {
			d.Product = "" // it is about all of them
		}
		if note.Region == "" {
			d.Region = ""
		}
		docs = append(docs, d)
	}
	pairs, err := clash.Against(ctx, docs, news)
	if err != nil {
		return nil, err
	}
	c := &change{doc: note, name: cmp.Or(note.Title, note.ID), released: true}
	for i := range pairs {
		p := &pairs[i]
		if p.Kind == clash.Contradiction && p.Score >= surely && len(c.resting) < contradictedMost {
			at, exact := slices.BinarySearch(starts, p.A.Start)
			if !exact {
				at--
			}
			s := &sentences[max(0, at)]
			// Who says what was so before means what says that, and no other.
			old := former(s.quote)
			if len(old) == 0 || slices.ContainsFunc(old, func(n string) bool { return slices.Contains(wordsOf(strings.Join(p.Words[1], " ")), n) }) {
				c.contradicts(p, s)
			}
		}
	}
	for i := range sentences {
		if old := former(sentences[i].quote); len(old) > 0 {
			c.supersedes(&sentences[i], old, all)
		}
	}
	return c, nil
}

// contradicts puts in quarantine what a sentence of a release note contradicts.
func (c *change) contradicts(p *clash.Pair, s *sentence) {
	was := upkeep.Passage(p.B)
	is := s.passage(c.doc.ID, c.doc.UpdatedAt)
	for i := range c.resting {
		if q := &c.resting[i]; q.DocumentID == was.DocumentID {
			q.Data.Was, q.Data.Is = append(q.Data.Was, was), append(q.Data.Is, is)
			return
		}
	}
	c.resting = append(c.resting, upkeep.Quarantine{
		DocumentID: was.DocumentID, CauseID: c.doc.ID, Revision: c.doc.Revision, Author: byItself,
		Data: upkeep.Shift{Was: []upkeep.Passage{was}, Is: []upkeep.Passage{is}, Why: fmt.Sprintf("The release note “%s” says otherwise. %s", c.name, p.Why)},
	})
}

// superseded is the share of a sentence's words that a release note must have to
// say how what the sentence says was before.
const superseded = 0.6

// supersedes puts in quarantine what says what a sentence of a release note says
// of how things were.
func (c *change) supersedes(s *sentence, old []string, all []kb.Document) {
	turns := formerly(s.quote, old)
	for i := range all {
		d := &all[i]
		if announces(d) || c.doc.Product != "" && d.Product != c.doc.Product || c.doc.Region != "" && d.Region != c.doc.Region ||
			len(c.resting) == contradictedMost || slices.ContainsFunc(c.resting, func(q upkeep.Quarantine) bool { return q.DocumentID == d.ID }) {
			continue
		}
		claims := sentencesOf(headOf(d.Body + d.Resolution)) // one of them is empty
		for k := range claims {
			claim := &claims[k]
			gives := slices.ContainsFunc(turns, func(t turn) bool { return t.beside(claim.quote) >= besideLeast })
			if !gives && (!slices.ContainsFunc(old, func(n string) bool { return slices.Contains(claim.words, n) }) || !repeats(s.quote, claim.quote)) {
				continue
			}
			c.resting = append(c.resting, upkeep.Quarantine{
				DocumentID: d.ID, CauseID: c.doc.ID, Revision: c.doc.Revision, Author: byItself,
				Data: upkeep.Shift{
					Was: []upkeep.Passage{claim.passage(d.ID, d.UpdatedAt.UTC())}, Is: []upkeep.Passage{s.passage(c.doc.ID, c.doc.UpdatedAt.UTC())},
					Why: fmt.Sprintf("The release note “%s” says that it was so and is not any more.", c.name),
				},
			})
			break
		}
	}
}

// repeats reports whether a sentence of a release note has a claim, with all its
// numbers, among other things.
func repeats(sentence, claim string) bool {
	said := false
	for _, x := range retrieval.Compare(kb.Plain(claim), [][]string{{kb.Plain(sentence)}}) {
		if x.Courtesy || x.Weight < weightLeast {
			continue
		}
		if said = x.Supports[0].Clash == nil && x.Supports[0].Cover >= superseded && x.Supports[0].Facts >= x.Facts; !said {
			return false
		}
	}
	return said
}

// former returns the numbers that a sentence of a release note gives for how
// things were.
func former(s string) []string {
	if !changing.MatchString(s) {
		return nil
	}
	var out []string
	for _, was := range []*regexp.Regexp{formerTo, formerOf} {
		for _, m := range was.FindAllString(s, -1) {
			out = append(out, number.FindAllString(m, -1)...)
		}
	}
	return out
}

// What release notes say of how things were: a text with both numbers would
// contradict nobody.
var (
	changing  = regexp.MustCompile(`(?i)\b(now|chang|increas|rais|reduc|lower|extend|shorten|grow|grew|rose|cut|doubl|up from|down from|instead of|rather than|no longer|previously|formerly|used to|becom|became|moved|updat|switch)|вместо|больше не|раньше|ранее|прежде|отныне|стал[аои]?(\s|$)|станов|перен[её]с|обнов|поднят|поднял|теперь|увелич|сократи|сниз|сниж|повы|измен|продл|расшир|вырос|уменьш`)
	formerOf  = regexp.MustCompile(`(?i)[,(\s]+(instead of|rather than|up from|down from|previously|formerly|it was|was|вместо|ранее было|раньше было|ранее|раньше|прежде|было)\s+[$€£]?\d+(?:[.,:]\d+)*(\s*[%$€£₽])?(\s+\p{L}+)?\)?`)
	formerTo  = regexp.MustCompile(`(?i)(^|\s)(from|с|со)\s+[$€£]?\d+(?:[.,:]\d+)*(\s*[%$€£₽])?(\s+\p{L}+)?\s+(to|до)\s`)
	number    = regexp.MustCompile(`\d+`)
	sinceThen = regexp.MustCompile(`(?i)^[\s*•–-]*(as of|starting from|starting with|from|since|начиная с|с)\s+(version|v|версии)\s*[\d.]+,?\s*`)
)

// asItIsNow is a sentence of a release note without how things were before.
func asItIsNow(s string) string {
	s = sinceThen.ReplaceAllString(s, "")
	if !changing.MatchString(s) {
		return s
	}
	s = formerTo.ReplaceAllString(s, "$1$5 ")
	return formerOf.ReplaceAllString(s, " ")
}

// lift ends quarantines whose ground is back, and those of documents that were
// brought in line or are not in use any more.
func (u *updating) lift(ctx context.Context, store *upkeep.Store) error {
	var ids []string
	for id := range u.fresh {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	of, err := store.Quarantined(ctx, ids)
	if err != nil {
		return err
	}
	var over []upkeep.Quarantine
	for _, id := range ids {
		for _, q := range of[id] {
			changed, err := u.reworded(ctx, u.fresh[id], q.At)
			if err != nil {
				return err
			}
			if changed && inLine(u.fresh[id], &q.Data) {
				over = append(over, q)
			}
		}
		qs, err := store.Quarantines(ctx, upkeep.QuarantineFilter{Status: upkeep.Doubted, CauseID: id})
		if err != nil {
			return err
		}
		for _, q := range qs {
			if takenBack(u.fresh[id], &q.Data) && !slices.ContainsFunc(over, func(o upkeep.Quarantine) bool { return o.DocumentID == q.DocumentID && o.CauseID == id }) {
				over = append(over, q)
			}
		}
	}
	for _, q := range over {
		if _, err := store.Release(ctx, q.DocumentID, q.CauseID, upkeep.Lifted, byItself); err != nil {
			return err
		}
	}
	return nil
}

// reworded reports whether a document says something else than at a time.
func (u *updating) reworded(ctx context.Context, d *kb.Document, at time.Time) (bool, error) {
	versions, err := u.docs.Revisions(ctx, d.ID)
	if err != nil {
		return false, err
	}
	for i := range versions {
		if v := &versions[i]; !v.At.After(at) {
			return v.Content.Status != d.Status || textOf(&v.Content) != textOf(&d.Content), nil
		}
	}
	return true, nil
}

// inLine reports whether a document says nothing any more of what was doubted.
func inLine(d *kb.Document, s *upkeep.Shift) bool {
	if d.Deleted || d.Status != kb.Published {
		return true
	}
	var was strings.Builder
	for i := range s.Was {
		was.WriteString(s.Was[i].Quote + "\n\n")
	}
	text := d.Body
	if d.Kind == kb.Case {
		text = d.Resolution
	}
	for _, c := range retrieval.Compare(headOf(kb.Plain(text)), [][]string{{was.String()}}) {
		if c.Courtesy || c.Weight == 0 {
			continue
		}
		if c.Supports[0].Clash == nil && c.Supports[0].Cover >= restsOwn {
			return false
		}
	}
	return true
}

// takenBack reports whether what has changed says again what it said, or, of a
// release note, that it was withdrawn.
func takenBack(d *kb.Document, s *upkeep.Shift) bool {
	now := spoken(&d.Content, d.Deleted)
	if len(s.Was) == 0 || s.Was[0].DocumentID != d.ID {
		return now == ""
	}
	if now == "" {
		return false
	}
	for i := range s.Was {
		if !says(now, s.Was[i].Quote) {
			return false
		}
	}
	return true
}
