package gap

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// Erase removes the failures of suggestions for good, with what gaps have taken
// over from them: their questions, words, and what drafts say by them alone. A
// gap that nothing else is behind goes altogether, and the notices about it. It
// returns how many failures there were. Erasing twice does no harm.
func (s *Store) Erase(ctx context.Context, suggestions []string) (n int, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for part := range slices.Chunk(suggestions, recordedAtOnce) {
			gone, err := s.erase(tx, part)
			if err != nil {
				return err
			}
			n += gone
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("gap: erase failures of %d suggestions: %w", len(suggestions), err)
	}
	return n, nil
}

// erase removes the failures of a few suggestions within a transaction.
func (s *Store) erase(tx *gorm.DB, suggestions []string) (int, error) {
	in := func() *gorm.DB { return tx.Where("workspace_id = ? AND suggestion_id IN ?", s.workspace, suggestions) }
	var gone []Failure
	if err := in().Find(&gone).Error; err != nil || len(gone) == 0 {
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
	for i := range gaps {
		g := &gaps[i]
		if !g.quotes(gone) && len(of[g.ID]) == 0 {
			continue
		}
		if err := s.unquote(tx, g, gone); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

// unquote takes failures that are gone out of a gap.
func (s *Store) unquote(tx *gorm.DB, g *Gap, gone []Failure) error {
	var left []Failure
	err := tx.Where("workspace_id = ? AND gap_id = ?", s.workspace, g.ID).Order("at DESC, suggestion_id").Limit(recordedAtOnce).Find(&left).Error
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
	g.Version++
	return tx.Model(g).Select("*").Updates(g).Error
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
		if f.Question != "" && g.Topic.Question == f.Question {
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
	told := make([]string, len(left))
	for i := range left {
		told[i] = strings.ToLower(left[i].Question)
	}
	someone := func(words string) bool {
		return slices.ContainsFunc(told, func(q string) bool {
			return !slices.ContainsFunc(strings.Fields(strings.ToLower(words)), func(w string) bool { return !strings.Contains(q, w) })
		})
	}
	g.Topic.Phrases = slices.DeleteFunc(g.Topic.Phrases, func(p string) bool { return !someone(p) })
	for _, w := range strings.Fields(g.Label) {
		if w = strings.Trim(w, ",.:;·–—"); w != "" && !someone(w) {
			g.Label = "" // the next run of the job finds another
			break
		}
	}
	for i := range g.History {
		if g.History[i].What == "renamed" {
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
