package feedback

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/kb"
)

const (
	// followed is why a reply does not count that was not the last of its ticket.
	followed = "followed"

	// oneVoice is the most tickets that one operator's count for where replies
	// rival: who answers most must not decide alone.
	oneVoice = 2.0

	// exactEvidence is up to where a case's Evidence is the number of its tickets.
	// Above it may lag behind by a twentieth: each change is a revision and is
	// indexed anew.
	exactEvidence = 20
)

// ofTicket returns what other suggestions of the same ticket have added.
// Suggestions' ids sort by time.
func (b *book) ofTicket(t *caseTicket) ([]caseTicket, error) {
	if t.TicketID == "" {
		return nil, nil
	}
	var ts []caseTicket
	err := b.tx.Where("workspace_id = ? AND suggestion_id IN (SELECT id FROM suggestions WHERE workspace_id = ? AND ticket_id = ? AND id <> ?)",
		b.workspace, b.workspace, t.TicketID, t.SuggestionID).Find(&ts).Error
	return ts, err
}

// place returns the id of the case that the lesson belongs to, which it makes
// if there is none, and "" if an editor does not want it. had is what the
// suggestion added before. A fresh case is new and has no rivals.
func (b *book) place(ctx context.Context, l *lesson, had *caseTicket) (id string, fresh bool, err error) {
	same, err := b.alike(ctx, l.doc, l.like)
	if err != nil {
		return "", false, err
	}
	own := slices.IndexFunc(same, func(d *kb.Document) bool { return had != nil && d.ID == had.DocumentID })
	if own >= 0 && agree(same[own], l.doc) {
		return had.DocumentID, false, b.reword(ctx, same[own], l)
	}
	var best *kb.Document
	for i, d := range same {
		if i != own && agree(d, l.doc) && (best == nil || d.Evidence > best.Evidence) {
			best = d
		}
	}
	switch {
	case best != nil:
		return best.ID, false, nil
	case own >= 0:
		alone, err := b.alone(same[own])
		if err != nil {
			return "", false, err
		}
		if alone {
			return had.DocumentID, false, b.reword(ctx, same[own], l)
		}
	}
	id, err = b.found(ctx, l)
	return id, len(same) == 0, err
}

// alone reports whether a case rests on one suggestion, and no editor has had a
// hand in it.
func (b *book) alone(d *kb.Document) (bool, error) {
	ts, err := b.tickets(d.ID)
	if err != nil || len(ts) > 1 {
		return false, err
	}
	edited, err := b.edited(d)
	return !edited, err
}

// before orders what holds before what does not.
func before(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

// reword gives a case that rests on this one suggestion alone what was sent
// according to the latest news of it.
func (b *book) reword(ctx context.Context, d *kb.Document, l *lesson) error {
	if d.Resolution == l.doc.Resolution && d.ResolvedWith == l.doc.ResolvedWith {
		return nil
	}
	if alone, err := b.alone(d); err != nil || !alone {
		return err
	}
	next := *d
	next.Title, next.Problem, next.Resolution = l.doc.Title, l.doc.Problem, l.doc.Resolution
	next.Locale, next.ResolvedWith, next.Author = l.doc.Locale, l.doc.ResolvedWith, CaseOrigin
	l.reworded = true
	_, err := b.store.Put(ctx, &next)
	return err
}

// found makes a case of a lesson and returns its id; "" if an editor has
// deleted a case that said the same, or there are too many rivals.
func (b *book) found(ctx context.Context, l *lesson) (string, error) {
	ids := caseIDs(b.workspace, l.doc.Problem)
	var taken []kb.Document
	if err := b.tx.Where("workspace_id = ? AND id IN ?", b.workspace, ids).Find(&taken).Error; err != nil {
		return "", err
	}
	for _, d := range taken {
		if !d.Deleted || d.Author == CaseOrigin {
			continue
		}
		versions, err := b.store.Revisions(ctx, d.ID)
		if err != nil {
			return "", err
		}
		if len(versions) > 1 && agree(&kb.Document{Content: versions[1].Content}, l.doc) {
			return "", nil
		}
	}
	for _, id := range ids {
		at := slices.IndexFunc(taken, func(d kb.Document) bool { return d.ID == id })
		if at >= 0 && (!taken[at].Deleted || taken[at].Author != CaseOrigin) {
			continue
		}
		d := *l.doc
		d.ID, d.Status = id, b.birth()
		_, err := b.store.Put(ctx, &d)
		return id, err
	}
	return "", nil
}

// birth is the status that a case begins with.
func (b *book) birth() kb.Status {
	if b.set.ApproveCases {
		return kb.Draft
	}
	return kb.Published
}

// tickets returns what the case was made of.
func (b *book) tickets(document string) ([]caseTicket, error) {
	var ts []caseTicket
	err := b.tx.Where("workspace_id = ? AND document_id = ?", b.workspace, document).Order("suggestion_id").Find(&ts).Error
	return ts, err
}

// edited reports whether an editor has had a hand in the case.
func (b *book) edited(d *kb.Document) (bool, error) {
	if d.Author != CaseOrigin {
		return true, nil
	}
	var n int64
	err := b.tx.Model(&kb.Revision{}).Where("workspace_id = ? AND document_id = ? AND author <> ? AND deleted = ?",
		b.workspace, d.ID, CaseOrigin, false).Limit(1).Count(&n).Error
	return n > 0, err
}

// base is the status that people have given a case, or that it began with: what
// it has when nothing keeps it out of use.
func (b *book) base(ctx context.Context, d *kb.Document) (kb.Status, error) {
	if d.Status != kb.Archived || d.Author != CaseOrigin {
		return d.Status, nil
	}
	versions, err := b.store.Revisions(ctx, d.ID)
	if err != nil {
		return "", err
	}
	for _, v := range versions {
		if !v.Deleted && (v.Content.Status != kb.Archived || v.Author != CaseOrigin) {
			return v.Content.Status, nil
		}
	}
	return b.birth(), nil
}

// A standing is a case with what stands behind it.
type standing struct {
	doc     *kb.Document
	base    kb.Status
	edited  bool
	tickets int64   // that count, several replies to one ticket once
	support float64 // in an election
	latest  caseTicket
}

// refresh brings the case to what its tickets say, and elects among it and its
// rivals. A case that somebody has deleted stays so.
func (b *book) refresh(ctx context.Context, id string, like []string) error {
	found, err := b.store.Documents(ctx, []string{id})
	d, ok := found[id]
	if err != nil || !ok {
		return err
	}
	same, err := b.alike(ctx, &d, like)
	if err != nil {
		return err
	}
	var all []standing
	for _, c := range same {
		s, err := b.standing(ctx, c)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	out := electing(all)
	for i := range all {
		s := &all[i]
		if s.doc.ID != id && (s.edited || s.base != kb.Published) {
			continue // nothing has changed behind it, and who wins is not its concern
		}
		if err := b.settle(ctx, s, out[i]); err != nil {
			return err
		}
	}
	return nil
}

// standing finds out what stands behind a case. For an election a ticket counts
// half after the workspace's half-life, seen from now, so that a new policy wins
// over an old one in time.
func (b *book) standing(ctx context.Context, d *kb.Document) (standing, error) {
	s := standing{doc: d}
	ts, err := b.tickets(d.ID)
	if err != nil {
		return s, err
	}
	if s.edited, err = b.edited(d); err != nil {
		return s, err
	}
	if s.base, err = b.base(ctx, d); err != nil {
		return s, err
	}
	seen, voices := make(map[string]bool), make(map[string]float64)
	for _, t := range ts {
		if t.Withdrawn != "" {
			continue
		}
		if t.At.After(s.latest.At) {
			s.latest = t
		}
		if key := cmp.Or(t.TicketID, "\x00"+t.SuggestionID); !seen[key] {
			seen[key] = true
			age := max(0, b.now.Sub(t.At).Hours()/24)
			voices[t.OperatorID] += math.Exp2(-age / b.set.HalfLifeDays)
		}
	}
	s.tickets = int64(len(seen))
	for _, v := range voices {
		s.support += min(v, oneVoice)
	}
	return s, nil
}

// electing says of each case that asks the same whether it is voted out: its
// reply says something else than the one that most stands behind, of two equal
// ones the later. An editor's word counts for more than any number of tickets;
// what nothing stands behind, and drafts, are no candidates.
func electing(all []standing) []bool {
	var best *standing
	for i := range all {
		s := &all[i]
		if s.base != kb.Published || s.tickets == 0 {
			continue
		}
		if best == nil || cmp.Or(before(s.edited, best.edited), cmp.Compare(best.support, s.support),
			best.latest.At.Compare(s.latest.At), cmp.Compare(s.doc.ID, best.doc.ID)) < 0 {
			best = s
		}
	}
	out := make([]bool, len(all))
	for i := range all {
		s := &all[i]
		out[i] = best != nil && s != best && !s.edited && s.base == kb.Published && !agree(s.doc, best.doc)
	}
	return out
}

// settle stores what became of a case, unless an editor has archived it.
func (b *book) settle(ctx context.Context, s *standing, out bool) error {
	if s.doc.Status == kb.Archived && s.doc.Author != CaseOrigin {
		return nil
	}
	d := *s.doc
	d.Status = s.base
	if s.tickets == 0 || out {
		d.Status = kb.Archived
	}
	off := s.tickets - d.Evidence
	if s.tickets <= exactEvidence || off*exactEvidence > s.tickets || -off*exactEvidence > s.tickets {
		d.Evidence = s.tickets
	}
	if s.tickets > 0 && d.Evidence != s.doc.Evidence {
		d.ResolvedAt = &s.latest.At
	}
	if d.Status == s.doc.Status && d.Evidence == s.doc.Evidence {
		return nil
	}
	d.Author = CaseOrigin
	_, err := b.store.Put(ctx, &d)
	return err
}
