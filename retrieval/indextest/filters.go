package indextest

import (
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// filtered are documents that differ in what filters look at.
func filtered() []retrieval.Entry {
	sources := []retrieval.Source{
		{ID: "a", Kind: kb.Article, Audience: kb.Public, Locale: "en", Product: "app", Region: "kz", Tags: []string{"pay", "x"}},
		{ID: "b", Kind: kb.Article, Audience: kb.Internal, Locale: "ru", Product: "web", Region: "ru", Tags: []string{"pay"}},
		{ID: "c", Kind: kb.Case, Audience: kb.Public, Locale: "ru", Product: "", Region: "", Tags: nil},
		{ID: "d", Kind: kb.Case, Audience: kb.Internal, Locale: "en", Product: "app", Region: "", Tags: []string{"x"}},
		{ID: "e", Kind: kb.Article, Audience: kb.Public, Locale: "", Product: "", Region: "ru", Tags: []string{"pay", "x", "z"}},
	}
	var entries []retrieval.Entry
	for _, s := range sources {
		e := entry(s.ID, point(axis(0), 1))
		e.Document = s
		entries = append(entries, e)
	}
	return entries
}

func filters(t *testing.T, x retrieval.Index) {
	put(t, x, filtered()...)
	for _, tt := range []struct {
		name   string
		filter retrieval.Filter
		want   string
	}{
		{"no filter lets everything pass", retrieval.Filter{}, "abcde"},
		{"a kind", retrieval.Filter{Kinds: []kb.Kind{kb.Case}}, "cd"},
		{"any of the kinds", retrieval.Filter{Kinds: []kb.Kind{kb.Case, kb.Article}}, "abcde"},
		{"an audience", retrieval.Filter{Audiences: []kb.Audience{kb.Public}}, "ace"},
		{"a locale", retrieval.Filter{Locales: []string{"ru"}}, "bc"},
		{"any of the locales", retrieval.Filter{Locales: []string{"ru", "en"}}, "abcd"},
		{"no product passes a filter on one", retrieval.Filter{Product: "app"}, "acde"},
		{"an unknown product leaves those of none", retrieval.Filter{Product: "tv"}, "ce"},
		{"no region passes a filter on one", retrieval.Filter{Region: "ru"}, "bcde"},
		{"a tag", retrieval.Filter{Tags: []string{"pay"}}, "abe"},
		{"all of the tags", retrieval.Filter{Tags: []string{"x", "pay"}}, "ae"},
		{"a tag that nobody has", retrieval.Filter{Tags: []string{"pay", "none"}}, ""},
		{"an id", retrieval.Filter{IDs: []string{"d"}}, "d"},
		{"any of the ids", retrieval.Filter{IDs: []string{"d", "a", "nobody"}}, "ad"},
		{"kind and audience", retrieval.Filter{Kinds: []kb.Kind{kb.Article}, Audiences: []kb.Audience{kb.Public}}, "ae"},
		{"product and region", retrieval.Filter{Product: "app", Region: "ru"}, "cde"},
		{"locale and tag", retrieval.Filter{Locales: []string{"en"}, Tags: []string{"x"}}, "ad"},
		{"id and locale", retrieval.Filter{IDs: []string{"a", "b"}, Locales: []string{"ru"}}, "b"},
		{"everything at once", retrieval.Filter{
			Kinds: []kb.Kind{kb.Article}, Audiences: []kb.Audience{kb.Public}, Locales: []string{"en"},
			Product: "app", Region: "kz", Tags: []string{"pay"}, IDs: []string{"a", "b"},
		}, "a"},
		{"nothing matches", retrieval.Filter{Kinds: []kb.Kind{kb.Case}, Tags: []string{"pay"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, id := range tt.want {
				want = append(want, string(id)+"#0")
			}
			for way, q := range map[string]retrieval.Query{
				"by vector": ask(axis(0), embeddings.Sparse{}, 10),
				"by words":  ask(nil, words(1), 10),
				"both ways": ask(axis(0), words(1), 10),
			} {
				q.Filter = tt.filter
				if got := keys(search(t, x, q).Hits); !slices.Equal(got, want) {
					t.Errorf("%s: found %v, want %v", way, got, want)
				}
			}
			// A filter chooses before the best are cut off, not after.
			q := ask(axis(0), words(1), 1)
			q.Filter = tt.filter
			if got := keys(search(t, x, q).Hits); !slices.Equal(got, want[:min(1, len(want))]) {
				t.Errorf("the first one: found %v, want that of %v", got, want)
			}
		})
	}
}
