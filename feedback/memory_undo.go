package feedback

import (
	"context"
	"fmt"
	"slices"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// forgottenAtOnce is how many suggestions are forgotten in one transaction, so
// that others need not wait for long.
const forgottenAtOnce = 200

// Withdraw takes back all that an operator has added to the workspace's cases,
// and returns how many that took out of use, since nobody else stands behind
// them. What it did before an error it need not do again.
func (m *Memory) Withdraw(ctx context.Context, workspace, operator string) (n int, err error) {
	return m.reckon(ctx, workspace, operator, true)
}

// Readmit lets what Withdraw has taken back count again, and returns how many
// cases that brought back into use, or back among the drafts.
func (m *Memory) Readmit(ctx context.Context, workspace, operator string) (n int, err error) {
	return m.reckon(ctx, workspace, operator, false)
}

// reckon withdraws or readmits an operator's tickets, case by case.
func (m *Memory) reckon(ctx context.Context, workspace, operator string, exclude bool) (n int, err error) {
	if operator == "" {
		return 0, fmt.Errorf("%w: no operator is named", ErrInvalid)
	}
	var ts []caseTicket
	err = m.DB.WithContext(ctx).Where("workspace_id = ? AND operator_id = ?", workspace, operator).Order("document_id").Find(&ts).Error
	if err != nil {
		return 0, fmt.Errorf("feedback: cases of an operator: %w", err)
	}
	var ids []string
	for i := range ts {
		if ts[i].excluded() != exclude {
			ids = append(ids, ts[i].DocumentID)
		}
	}
	for _, id := range slices.Compact(ids) {
		err := m.locked(ctx, workspace, func(b *book) error {
			changed, err := b.reckon(ctx, id, operator, exclude)
			if changed {
				n++
			}
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// reckon withdraws or readmits what an operator has added to one case, and
// reports whether the case went out of use or came back.
func (b *book) reckon(ctx context.Context, id, operator string, exclude bool) (changed bool, err error) {
	ts, err := b.tickets(id)
	if err != nil {
		return false, err
	}
	for i := range ts {
		t := &ts[i]
		if t.OperatorID != operator || t.excluded() == exclude {
			continue
		}
		t.Withdrawn = reasons(t.outcome(), exclude)
		if err := b.write(t); err != nil {
			return false, err
		}
	}
	was, err := b.archived(ctx, id)
	if err != nil {
		return false, err
	}
	if err := b.refresh(ctx, id, nil); err != nil {
		return false, err
	}
	is, err := b.archived(ctx, id)
	return is != was, err
}

// archived reports whether the case is out of use.
func (b *book) archived(ctx context.Context, id string) (bool, error) {
	ds, err := b.store.Documents(ctx, []string{id})
	d, ok := ds[id]
	return !ok || d.Status == kb.Archived, err
}

// Forget removes for good what suggestions have added to the workspace's cases,
// of customers who want to be erased. A case that was made of nothing else is
// erased with its revisions. One that other tickets stand behind loses their
// evidence and its revisions, and its problem is told in the words of one of
// those others; its reply, which they agree in, stays, and so does what an
// editor has written. The suggestions must be forgotten before they are deleted
// themselves, or at least not considered again.
func (m *Memory) Forget(ctx context.Context, workspace string, suggestions []string) error {
	for part := range slices.Chunk(suggestions, forgottenAtOnce) {
		if err := m.locked(ctx, workspace, func(b *book) error { return b.forget(ctx, part) }); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) forget(ctx context.Context, suggestions []string) error {
	var ids []string
	of := b.tx.Where("workspace_id = ? AND suggestion_id IN ?", b.workspace, suggestions)
	if err := of.Model(&caseTicket{}).Distinct().Order("document_id").Pluck("document_id", &ids).Error; err != nil {
		return err
	}
	err := b.tx.Where("workspace_id = ? AND suggestion_id IN ?", b.workspace, suggestions).Delete(&caseTicket{}).Error
	if err != nil {
		return err
	}
	for _, id := range ids {
		left, err := b.tickets(id)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			err = b.retell(ctx, id, left)
		} else {
			err = b.erase(ctx, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// erase removes a case, and lets a rival that it kept out of use take its place.
func (b *book) erase(ctx context.Context, id string) error {
	found, err := b.store.Documents(ctx, []string{id})
	if err != nil {
		return err
	}
	if _, err := b.store.Erase(ctx, []string{id}, CaseOrigin); err != nil {
		return err
	}
	d, ok := found[id]
	if !ok {
		return nil
	}
	others, err := b.alike(ctx, &d, nil)
	if err != nil || len(others) == 0 {
		return err
	}
	return b.refresh(ctx, others[0].ID, nil)
}

// retell erases what a case was and stores it anew with what is left behind it.
func (b *book) retell(ctx context.Context, id string, left []caseTicket) error {
	found, err := b.store.Documents(ctx, []string{id})
	d, ok := found[id]
	if err != nil {
		return err
	}
	if !ok { // an editor has deleted it; its revisions still hold the words
		_, err := b.store.Erase(ctx, []string{id}, CaseOrigin)
		return err
	}
	s, err := b.standing(ctx, &d)
	if err != nil {
		return err
	}
	next := kb.Document{ID: id, Kind: kb.Case, Content: d.Content, Origin: d.Origin, Author: CaseOrigin, ResolvedAt: d.ResolvedAt}
	next.Status = s.base
	if s.edited {
		// That an editor has been here must not be forgotten with the revisions.
		if next.Author, err = b.editor(&d); err != nil {
			return err
		}
	} else if err := b.inOtherWords(&next, left); err != nil {
		return err
	}
	if _, err := b.store.Erase(ctx, []string{id}, CaseOrigin); err != nil {
		return err
	}
	if _, err := b.store.Put(ctx, &next); err != nil {
		return err
	}
	return b.refresh(ctx, id, nil)
}

// editor returns who of the editors had a hand in the case last.
func (b *book) editor(d *kb.Document) (string, error) {
	if d.Author != CaseOrigin {
		return d.Author, nil
	}
	var names []string
	err := b.tx.Model(&kb.Revision{}).Where("workspace_id = ? AND document_id = ? AND author <> ? AND deleted = ?",
		b.workspace, d.ID, CaseOrigin, false).Order("revision DESC").Limit(1).Pluck("author", &names).Error
	if err != nil || len(names) == 0 {
		return d.Author, err
	}
	return names[0], nil
}

// inOtherWords tells a case's problem in the words of another ticket, where one
// is still kept.
func (b *book) inOtherWords(d *kb.Document, left []caseTicket) error {
	ids := make([]string, len(left))
	for i := range left {
		ids[i] = left[i].SuggestionID
	}
	var rest []retrieval.Suggestion
	err := b.tx.Select("id", "question").Where("workspace_id = ? AND id IN ?", b.workspace, ids).Order("id").Limit(1).Find(&rest).Error
	if err != nil || len(rest) == 0 {
		return err
	}
	if q := storable(rest[0].Question); q != "" {
		d.Problem, _ = anonymous(q, "")
		d.Title = titleOf(d.Problem)
	}
	return nil
}
