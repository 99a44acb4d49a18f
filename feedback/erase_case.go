package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/embeddings/vectorstore"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// caseErased is why a credit is what it is, where the case it was due to is
// gone.
const caseErased = "The case was erased."

// forgetCases takes tickets out of the case memory, and what was made of their
// cases with them, also of cases that an earlier erasing has come so far with.
func (x *erasing) forgetCases(ctx context.Context, ts []caseTicket) error {
	var suggestions []string
	cases := x.begun.Cases
	for i := range ts {
		suggestions, cases = append(suggestions, ts[i].SuggestionID), append(cases, ts[i].DocumentID)
	}
	if len(cases) == 0 {
		return nil
	}
	slices.Sort(cases)
	cases = slices.Compact(cases)
	if err := x.begin(ctx, cases); err != nil {
		return err
	}
	// Before, and after, since an index may have been built again in between.
	if err := x.dropVectors(ctx, x.begun.Hashes); err != nil {
		return err
	}
	if err := x.Memory.Forget(ctx, x.workspace, suggestions); err != nil {
		return err
	}
	if err := x.dropVectors(ctx, x.begun.Hashes); err != nil {
		return err
	}
	titles := make(map[string]string, len(cases)) // as they are now
	left, err := x.KB.In(x.workspace).Documents(ctx, cases)
	if err != nil {
		return err
	}
	var gone []string
	for _, id := range cases {
		d, ok := left[id]
		if titles[id] = d.Title; ok {
			x.done.Retold++
			continue
		}
		gone = append(gone, id)
		x.done.Cases++
	}
	return x.unlearnCases(ctx, titles, gone)
}

// begin notes down which cases are to go and what their vectors were made of.
func (x *erasing) begin(ctx context.Context, cases []string) error {
	hashes, err := x.texts(ctx, cases)
	if err != nil {
		return err
	}
	hashes = append(hashes, x.begun.Hashes...)
	slices.Sort(hashes)
	x.begun = unfinished{Cases: cases, Hashes: slices.Compact(hashes)}
	note, err := json.Marshal(x.begun)
	if err != nil {
		return err
	}
	return sqldb.SetState(ctx, x.DB, x.stateName(), string(note))
}

func (x *erasing) unlearnCases(ctx context.Context, titles map[string]string, gone []string) error {
	tuned, err := x.Suggestions.Untune(ctx, x.workspace, slices.Sorted(maps.Keys(titles)))
	if err != nil {
		return err
	}
	x.done.Tuned += tuned
	quotes, err := x.Suggestions.Unquote(ctx, x.workspace, titles)
	if err != nil {
		return err
	}
	x.done.Quotes = int64(quotes)
	if err := x.unexplain(ctx, gone); err != nil {
		return err
	}
	_, err = x.Suggestions.Disbelieve(ctx, x.workspace, nil, gone)
	return err
}

// texts returns the hashes of what the vectors of documents were made of, in
// every revision.
func (x *erasing) texts(ctx context.Context, ids []string) ([]string, error) {
	hashes := make(map[string]bool)
	for _, id := range ids {
		versions, err := x.KB.In(x.workspace).Revisions(ctx, id)
		if errors.Is(err, kb.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range versions {
			d := kb.Document{ID: id, Kind: kb.Case, Content: versions[i].Content}
			for _, p := range kb.Split(&d) {
				hashes[embeddings.TextHash(retrieval.PassageText(d.Title, &p))] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(hashes)), nil
}

// dropVectors removes the vectors of texts, of every model. A text that another
// document has too is embedded anew when it is needed.
func (x *erasing) dropVectors(ctx context.Context, hashes []string) error {
	for part := range slices.Chunk(hashes, forgottenAtOnce) {
		done := x.DB.WithContext(ctx).Where("hash IN ?", part).Delete(&vectorstore.Vector{})
		if done.Error != nil {
			return fmt.Errorf("feedback: erase vectors: %w", done.Error)
		}
		x.done.Vectors += done.RowsAffected
	}
	return nil
}

// unexplain takes what credits quote of erased cases out of the judgements of
// suggestions for others.
func (x *erasing) unexplain(ctx context.Context, gone []string) error {
	after := ""
	for len(gone) > 0 {
		var part []Judgement
		err := x.DB.WithContext(ctx).Select("suggestion_id", "credits").Order("suggestion_id").Limit(judgementsAtOnce).
			Where("workspace_id = ? AND suggestion_id > ? AND credits LIKE ?", x.workspace, after, `%"kind":"case"%`).Find(&part).Error
		if err != nil {
			return fmt.Errorf("feedback: what credits quote: %w", err)
		}
		for i := range part {
			j, changed := &part[i], false
			for k := range j.Credits {
				if c := &j.Credits[k]; slices.Contains(gone, c.SourceID) && c.Why != caseErased {
					c.Why, changed = caseErased, true
				}
			}
			if !changed {
				continue
			}
			err := x.DB.WithContext(ctx).Model(j).Where("workspace_id = ?", x.workspace).Select("credits").Updates(j).Error
			if err != nil {
				return fmt.Errorf("feedback: what the credits of %s quote: %w", j.SuggestionID, err)
			}
		}
		if len(part) < judgementsAtOnce {
			break
		}
		after = part[len(part)-1].SuggestionID
	}
	return nil
}
