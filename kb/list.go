package kb

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
)

// An Order is an order of documents.
type Order string

// The orders of documents.
const (
	ByID      Order = "id"
	ByTitle   Order = "title"  // as a reader looks them up: without regard to case and quotation marks
	ByTitleZA Order = "-title" // the other way round
	ByChange  Order = "changed"
	ByLatest  Order = "-changed" // what was changed last first
)

// A Page asks for a part of a list.
type Page struct {
	Kind   Kind   // empty: every kind; orders other than ByID are fast for one kind
	Status Status // empty: every status
	Locale string // empty: every language
	Order  Order  // empty: ByID
	After  Mark   // of the last document of the page before; its zero value: from the start
	Limit  int    // at least 1
}

// A Mark is a document's place in lists. ByID needs the ID alone.
type Mark struct {
	ID    string    `json:"i"`
	Title string    `json:"s,omitempty"`
	At    time.Time `json:"t,omitzero"`
}

// Mark returns the place of d in lists of an order.
func (d *Document) Mark(o Order) Mark {
	switch o {
	case ByTitle, ByTitleZA:
		return Mark{ID: d.ID, Title: d.SortTitle}
	case ByChange, ByLatest:
		return Mark{ID: d.ID, At: d.UpdatedAt}
	}
	return Mark{ID: d.ID}
}

// List returns documents, deleted ones left out. What is changed while a list
// ordered by changes is read page by page may be seen twice or, on the next
// reading, once.
func (s *Store) List(ctx context.Context, p Page) ([]Document, error) {
	var ds []Document
	if err := s.page(ctx, &p).Find(&ds).Error; err != nil {
		return nil, fmt.Errorf("kb: list documents: %w", err)
	}
	return ds, nil
}

// A Brief is a document without its texts.
type Brief struct {
	Document `gorm:"embedded"` // Body, Problem, Resolution and Originals are empty

	Excerpt string // the first 400 runes of its body or problem, as written
}

// Briefs is List without the texts, which a list of thousands need not carry.
func (s *Store) Briefs(ctx context.Context, p Page) ([]Brief, error) {
	var bs []Brief
	err := s.page(ctx, &p).Model(&Document{}).Select("workspace_id, id, kind, title, locale, product, region, tags, audience, url, status, " +
		"resolved_with, evidence, origin, author, revision, seq, hash, sort_title, resolved_at, created_at, updated_at, " +
		"SUBSTR(CASE WHEN kind = 'case' THEN problem ELSE body END, 1, 400) AS excerpt").Scan(&bs).Error
	if err != nil {
		return nil, fmt.Errorf("kb: list documents: %w", err)
	}
	return bs, nil
}

// Total returns how many documents the pages of a list hold together.
func (s *Store) Total(ctx context.Context, p Page) (int, error) {
	var n int64
	if err := s.wanted(ctx, &p).Model(&Document{}).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("kb: count listed documents: %w", err)
	}
	return int(n), nil
}

// wanted is the query for all documents of a list.
func (s *Store) wanted(ctx context.Context, p *Page) *gorm.DB {
	q := s.rows(ctx).Where("deleted = ?", false)
	for _, f := range []struct{ column, want string }{{"kind", string(p.Kind)}, {"status", string(p.Status)}, {"locale", p.Locale}} {
		if f.want != "" {
			q = q.Where(f.column+" = ?", f.want)
		}
	}
	return q
}

// page is the query for a part of a list. Each order has its index.
func (s *Store) page(ctx context.Context, p *Page) *gorm.DB {
	q := s.wanted(ctx, p).Limit(p.Limit)
	column, down := strings.CutPrefix(string(cmp.Or(p.Order, ByID)), "-")
	column = map[string]string{"title": "sort_title", "changed": "updated_at"}[column]
	way, beyond := "", ">"
	if down {
		way, beyond = " DESC", "<"
	}
	if column == "" {
		return q.Where("id > ?", p.After.ID).Order("id")
	}
	q = q.Order(column + way + ", id" + way)
	if p.After.ID == "" {
		return q
	}
	from := any(p.After.Title)
	if column == "updated_at" {
		from = p.After.At.UTC()
	}
	return q.Where("("+column+", id) "+beyond+" (?, ?)", from, p.After.ID)
}
