package kb

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode"

	"gorm.io/gorm"
)

// sortedBy is how many runes of a title decide on its place in a list.
const sortedBy = 100

// sortTitle is what d is ordered by in lists by title: databases do not agree on
// what a capital letter is, and nobody looks for a quotation mark.
func sortTitle(d *Document) string {
	title := strings.TrimLeftFunc(cmp.Or(strings.TrimSpace(d.Title), d.Problem), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	title = strings.ReplaceAll(strings.ToLower(title), "ё", "е")
	n := 0
	for at := range title {
		if n++; n > sortedBy {
			return title[:at]
		}
	}
	return title
}

// FillSortTitles gives a place in lists by title to the documents that were
// written by a program that knew none. It is for the start, after migrations:
// where all have theirs it costs two look-ups in an index for each workspace.
func (b *DB) FillSortTitles(ctx context.Context) error {
	ws, err := b.Workspaces(ctx)
	if err != nil {
		return err
	}
	for i := range ws {
		for _, kind := range []Kind{Article, Case} {
			if err := b.In(ws[i].ID).fillSortTitles(ctx, kind); err != nil {
				return fmt.Errorf("kb: fill in sort titles: %w", err)
			}
		}
	}
	return nil
}

func (s *Store) fillSortTitles(ctx context.Context, kind Kind) error {
	// A title of signs alone has no sort title, so the place in the list, and
	// not its being filled, is what goes on.
	for after := ""; ; {
		var ds []Document
		err := s.rows(ctx).Select("id, title, problem").Where("kind = ? AND sort_title = '' AND deleted = ? AND id > ?", kind, false, after).
			Order("id").Limit(rowsAtOnce).Find(&ds).Error
		if err != nil || len(ds) == 0 {
			return err
		}
		after = ds[len(ds)-1].ID
		err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			for i := range ds {
				// Whoever has written the document since knew better.
				err := tx.Exec("UPDATE documents SET sort_title = ? WHERE workspace_id = ? AND id = ? AND sort_title = ''", sortTitle(&ds[i]), s.workspace, ds[i].ID).Error
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
