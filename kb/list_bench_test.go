package kb_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// BenchmarkList reads pages of 50,000 articles beside 20,000 cases, in each
// order and with each filter, from the start and from the middle.
func BenchmarkList(b *testing.B) {
	db := kb.New(sqldbtest.SQLite(b))
	if _, err := db.Create(b.Context(), "shop", "shop"); err != nil {
		b.Fatal(err)
	}
	shop := db.In("shop")
	for from := 0; from < 70_000; from += 1000 {
		ds := make([]*kb.Document, 1000)
		for i := range ds {
			n := from + i
			ds[i] = &kb.Document{ID: fmt.Sprintf("d-%06d", n), Kind: kb.Article, Content: kb.Content{
				Title: fmt.Sprintf("Возврат заказа %d", n*7919%70_000), Body: strings.Repeat("Верните товар за 14 дней. ", 40), Locale: []string{"ru", "en"}[n%2],
				Status: []kb.Status{kb.Published, kb.Draft, kb.Archived}[n%3],
			}}
			if n >= 50_000 {
				ds[i].Kind, ds[i].Body, ds[i].Problem, ds[i].Resolution = kb.Case, "", "Где мой заказ?", "В пути."
			}
		}
		if _, err := shop.PutAll(b.Context(), ds); err != nil {
			b.Fatal(err)
		}
	}
	middle, err := shop.Document(b.Context(), "d-025000")
	if err != nil {
		b.Fatal(err)
	}
	for name, p := range map[string]kb.Page{
		"articles by id": {Kind: kb.Article}, "cases by id": {Kind: kb.Case}, "cases of no status": {Kind: kb.Case, Status: "lost"},
		"articles by title": {Kind: kb.Article, Order: kb.ByTitle}, "latest articles": {Kind: kb.Article, Order: kb.ByLatest},
		"latest drafts in English": {Kind: kb.Article, Order: kb.ByLatest, Status: kb.Draft, Locale: "en"}, "articles of no language": {Kind: kb.Article, Order: kb.ByTitleZA, Locale: "de"},
		"articles by title, middle": {Kind: kb.Article, Order: kb.ByTitle, After: middle.Mark(kb.ByTitle)}, "latest articles, middle": {Kind: kb.Article, Order: kb.ByLatest, After: middle.Mark(kb.ByLatest)},
	} {
		p.Limit = 200
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := shop.Briefs(b.Context(), p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("total", func(b *testing.B) {
		for b.Loop() {
			if _, err := shop.Total(b.Context(), kb.Page{Kind: kb.Article, Locale: "ru"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
