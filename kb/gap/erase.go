package gap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// Erase removes the failures of suggestions for good, with what gaps have taken
// over from them: their questions, words, and what drafts say by them alone. A
// gap that nothing else is behind goes altogether, and the notices about it. It
// returns how many failures there were. Erasing twice does no harm.
func (s *Store) Erase(ctx context.Context, suggestions []string) (n int, err error) {
	once := func(tx *gorm.DB) error {
		n = 0
		for part := range slices.Chunk(suggestions, recordedAtOnce) {
			gone, err := s.erase(tx, part)
			if err != nil {
				return err
			}
			n += gone
		}
		return nil
	}
	err = errOvertaken
	for errors.Is(err, errOvertaken) && ctx.Err() == nil { // somebody has changed a gap meanwhile
		err = s.db.WithContext(ctx).Transaction(once)
	}
	if err != nil {
		return 0, fmt.Errorf("gap: erase failures of %d suggestions: %w", len(suggestions), err)
	}
	return n, nil
}

// erase removes the failures of a few suggestions within a transaction.
func (s *Store) erase(tx *gorm.DB, suggestions []string) (int, error) {
	in := func() *gorm.DB { return tx.Where("workspace_id = ? AND suggestion_id IN ?", s.workspace, suggestions) }
	var gone []Failure
	// Locked, so that none of them is put into a gap after it was read.
	if err := in().Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Find(&gone).Error; err != nil || len(gone) == 0 {
		return 0, err
	}
	if err := in().Delete(&Failure{}).Error; err != nil {
		return 0, err
	}
	of := make(map[string][]Failure)
	for i := range gone {
		of[gone[i].GapID] = append(of[gone[i].GapID], gone[i])
	}
	var gaps []Gap
	if err := tx.Where("workspace_id = ?", s.workspace).Find(&gaps).Error; err != nil {
		return 0, err
	}
	into := make(map[string]string) // merged gaps
	for i := range gaps {
		into[gaps[i].ID] = gaps[i].MergedInto
	}
	for i := range gaps {
		g := &gaps[i]
		if !g.quotes(gone) && len(of[g.ID]) == 0 {
			continue
		}
		holder := g.ID // of the failures that are still behind it
		for hops := 0; into[holder] != "" && hops < len(into); hops++ {
			holder = into[holder]
		}
		if err := s.unquote(tx, g, holder, gone); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

// unquote takes failures that are gone out of a gap, the others of which belong
// to holder: itself, or the one that it is a part of.
func (s *Store) unquote(tx *gorm.DB, g *Gap, holder string, gone []Failure) error {
	var left []Failure
	err := tx.Where("workspace_id = ? AND gap_id = ?", s.workspace, holder).Order("at DESC, suggestion_id").Limit(recordedAtOnce).Find(&left).Error
	if err != nil {
		return err
	}
	named := tx.Model(&notice.Notice{}).Where("workspace_id = ? AND kind LIKE 'gap.%' AND data LIKE ?", s.workspace, `%"id":"`+g.ID+`"%`)
	if len(left) == 0 {
		if err := s.untell(tx, named); err != nil {
			return err
		}
		return tx.Where("workspace_id = ? AND id = ?", s.workspace, g.ID).Delete(&Gap{}).Error
	}
	label := g.Label
	g.forget(gone, left)
	if g.Label != label {
		if err := s.untell(tx, named); err != nil {
			return err
		}
	}
	before := g.Version
	g.Version++
	done := tx.Model(g).Select("*").Where("version = ?", before).Updates(g)
	if done.Error == nil && done.RowsAffected == 0 {
		return errOvertaken
	}
	return done.Error
}

// untell removes notices, delivered or not.
func (s *Store) untell(tx, named *gorm.DB) error {
	var ids []string
	if err := named.Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	if err := tx.Where("workspace_id = ? AND notice_id IN ?", s.workspace, ids).Delete(&notice.Delivery{}).Error; err != nil {
		return err
	}
	return tx.Where("workspace_id = ? AND id IN ?", s.workspace, ids).Delete(&notice.Notice{}).Error
}

// quotes reports whether the gap holds words of failures, though they may
// belong to it no longer.
func (g *Gap) quotes(gone []Failure) bool {
	for i := range gone {
		f := &gone[i]
		if f.Question != "" && g.Topic.Question == f.Question || has(f.Question, g.Label) ||
			slices.ContainsFunc(g.Topic.Phrases, func(p string) bool { return has(f.Question, p) }) {
			return true
		}
		if g.Draft != nil && g.Draft.echoes(f) {
			return true
		}
		if g.Proof != nil && slices.ContainsFunc(g.Proof.Questions, func(q Question) bool { return q.SuggestionID == f.SuggestionID }) {
			return true
		}
		if g.Draft != nil && slices.ContainsFunc(g.Draft.Sentences, func(s Sentence) bool { return slices.Contains(s.Tickets, f.Of()) }) {
			return true
		}
	}
	return false
}

// forget takes the words of failures that are gone out of the gap; left are
// some of those that are still behind it, the latest first.
func (g *Gap) forget(gone, left []Failure) {
	someone := func(words string) bool {
		return slices.ContainsFunc(left, func(f Failure) bool { return has(f.Question, words) || has(f.Missing, words) })
	}
	g.Topic.Phrases = slices.DeleteFunc(g.Topic.Phrases, func(p string) bool { return !someone(p) })
	for _, w := range strings.Fields(g.Label) {
		if w = strings.Trim(w, ",.:;·–—"); w != "" && !someone(w) {
			g.Label = "" // the next run of the job finds another
			break
		}
	}
	for i := range g.History {
		if slices.Contains([]string{"renamed", "merged", "split"}, g.History[i].What) { // these quote labels
			g.History[i].Note = ""
		}
	}
	if slices.ContainsFunc(gone, func(f Failure) bool { return f.Question == g.Topic.Question }) {
		g.Topic.Question = left[0].Question
	}
	ids := make(map[string]bool)
	for i := range gone {
		ids[gone[i].Of()], ids[gone[i].SuggestionID] = true, true
	}
	if g.Proof != nil {
		g.Proof.Questions = slices.DeleteFunc(g.Proof.Questions, func(q Question) bool { return ids[q.SuggestionID] })
	}
	if g.Draft != nil {
		g.Draft.forget(ids)
		g.Draft.silence(gone, someone, g.Label)
	}
}

// has reports whether a text has every word of a phrase; no text has a phrase
// without words.
func has(text, phrase string) bool {
	said := strings.Join(spelled(text), " ")
	words := spelled(phrase)
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) })
}

// spelled are the words and numbers of a text.
func spelled(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// runOf is how many words on end give away whose they are.
const runOf = 3

// repeats reports whether a note has some words on end of a text.
func repeats(note, text string) bool {
	line, words := " "+strings.Join(spelled(note), " ")+" ", spelled(text)
	n := min(runOf, len(words))
	for i := 0; n > 0 && i+n <= len(words); i++ {
		if strings.Contains(line, " "+strings.Join(words[i:i+n], " ")+" ") {
			return true
		}
	}
	return false
}

// echoes reports whether what the draft is called or does not know was taken
// from a failure.
func (d *Draft) echoes(f *Failure) bool {
	says := func(s string) bool { return repeats(s, f.Question) || repeats(s, f.Reply) }
	return says(d.Title) || has(f.Question, d.Title) || slices.ContainsFunc(d.Unknown, says)
}

// silence takes the words of failures that are gone out of the draft's title,
// unless someone who is left said so too, and out of what it does not know.
func (d *Draft) silence(gone []Failure, someone func(string) bool, label string) {
	for i := range gone {
		f := &gone[i]
		d.Unknown = slices.DeleteFunc(d.Unknown, func(s string) bool { return repeats(s, f.Question) || repeats(s, f.Reply) })
		if d.ArticleID == "" && !someone(d.Title) && (repeats(d.Title, f.Question) || repeats(d.Title, f.Reply) || has(f.Question, d.Title)) {
			d.Title = label
		}
	}
}

// forget takes out of the draft what it says by some tickets alone.
func (d *Draft) forget(tickets map[string]bool) {
	theirs := func(of []string) ([]string, bool) {
		had := len(of)
		of = slices.DeleteFunc(of, func(t string) bool { return tickets[t] })
		return of, had > 0 && len(of) == 0
	}
	var kept []Sentence
	place := make([]int, len(d.Sentences)) // where each of them is now; -1: it is gone
	for i := range d.Sentences {
		s := d.Sentences[i]
		var alone bool
		s.Tickets, alone = theirs(s.Tickets)
		if place[i] = len(kept); alone {
			place[i] = -1
			d.Body, d.Diff = strings.Replace(d.Body, s.Text, "", 1), ""
			continue
		}
		kept = append(kept, s)
	}
	d.Sentences = kept
	from := 0 // bytes
	for i := range d.Sentences {
		s := &d.Sentences[i]
		if at := strings.Index(d.Body[from:], s.Text); at >= 0 {
			from += at
			s.Start = utf8.RuneCountInString(d.Body[:from])
			from += len(s.Text)
			s.End = utf8.RuneCountInString(d.Body[:from])
		}
	}
	var conflicts []Conflict
	for _, c := range d.Conflicts {
		c.Variants = slices.DeleteFunc(c.Variants, func(v Variant) bool {
			of, alone := theirs(slices.Clone(v.Tickets))
			return alone || len(of) == 0 && len(v.Tickets) > 0
		})
		for k := range c.Variants {
			c.Variants[k].Tickets, _ = theirs(c.Variants[k].Tickets)
		}
		if c.Sentence < len(place) && c.Sentence >= 0 && place[c.Sentence] >= 0 && len(c.Variants) > 1 {
			c.Sentence = place[c.Sentence]
			conflicts = append(conflicts, c)
		}
	}
	d.Conflicts = conflicts
}
