package retrieval

import (
	"context"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// An Index finds the passages nearest to a question. All its vectors are of
// one model. Methods may be called from many goroutines; a Search that starts
// after Replace has returned sees what it wrote.
type Index interface {
	// Replace makes each entry's points the whole of what the index holds for
	// its document; an entry without points removes the document. Entries are
	// applied in order, and on error a prefix of them may have been. Applying
	// an entry twice does no harm. All entries are of one workspace.
	Replace(ctx context.Context, workspace string, entries []Entry) error

	// Search returns, of the passages that pass the filter, the q.N best by
	// weighted lexical score together with the q.N nearest by cosine, every
	// channel of each filled in. They come best Score first, equal ones in
	// order of document id and ordinal, and the same order decides who is in.
	// A passage whose lexical score is 0 is no lexical result.
	// An unknown workspace finds nothing.
	Search(ctx context.Context, q Query) (Result, error)

	// Position returns the last change of the workspace that SetPosition
	// recorded, 0 if none: where an Indexer takes up again. A position is
	// never ahead of what the index durably holds.
	Position(ctx context.Context, workspace string) (int64, error)

	// SetPosition records that everything up to seq has been applied.
	SetPosition(ctx context.Context, workspace string, seq int64) error

	// Drop removes the workspace with all that it holds.
	Drop(ctx context.Context, workspace string) error
}

// An Entry is a document as an index holds it.
type Entry struct {
	Document Source
	Points   []Point
}

// Records names the fields of a Source. It changes whenever they do, and an
// index that was filled under another name is filled anew.
const Records = "records-3"

// A Source is what an index keeps of a document beside its passages: what a
// filter tests and what a reader is shown.
type Source struct {
	ID       string
	Kind     kb.Kind
	Title    string
	URL      string
	Locale   string
	Product  string
	Region   string
	Tags     []string
	Audience kb.Audience
	Revision int64

	ResolvedWith string // the article a case was resolved with; empty: none, or an article
	Evidence     int64  // how many tickets ended with a case's reply
}

// A Point is a passage and its places in the spaces that are searched.
type Point struct {
	Passage kb.Passage
	Dense   embeddings.Vector // unit length; nil or all zeros: found by words alone
	Sparse  embeddings.Sparse // document side, from embeddings.PassageTerms
}

// A Query asks an Index for passages.
type Query struct {
	Workspace string
	Dense     embeddings.Vector // unit length; nil or all zeros: search by words alone
	Lexical   Lexical           // by channel, from embeddings.QueryTerms
	Weights   Weights           // how the channels add up
	Filter    Filter
	N         int // how many passages of each way of searching; at least 1

	// WordsOnly leaves the nearest by cosine out; those found by words have
	// their cosines all the same. It is for vectors that know no more than the
	// words do.
	WordsOnly bool
}

// Lexical is the query side of lexical search: what to look for in each channel.
type Lexical [embeddings.Channels]embeddings.Sparse

// Weights says how much each channel counts when passages are chosen. They are
// at least 0; a channel of weight 0 is still reported in Hit.
type Weights struct {
	Dense   float64                      `json:"dense"`   // times the cosine
	Lexical [embeddings.Channels]float64 `json:"lexical"` // times the channel's score
}

// A Filter restricts a search. The zero Filter lets everything pass. A
// document without a product or a region applies to all of them, so it passes
// a filter on either.
type Filter struct {
	Kinds     []kb.Kind     `json:"kinds,omitempty"`     // any of; empty: every kind
	Audiences []kb.Audience `json:"audiences,omitempty"` // any of; empty: every audience
	Locales   []string      `json:"locales,omitempty"`   // any of; empty: every language
	Product   string        `json:"product,omitempty"`
	Region    string        `json:"region,omitempty"`
	Tags      []string      `json:"tags,omitempty"` // all of
	IDs       []string      `json:"ids,omitempty"`  // any of; empty: every document
}

// Match reports whether s passes f.
func (f *Filter) Match(s *Source) bool {
	anyOf := func(n int, has bool) bool { return n == 0 || has }
	if !anyOf(len(f.Kinds), slices.Contains(f.Kinds, s.Kind)) ||
		!anyOf(len(f.Audiences), slices.Contains(f.Audiences, s.Audience)) ||
		!anyOf(len(f.Locales), slices.Contains(f.Locales, s.Locale)) ||
		!anyOf(len(f.IDs), slices.Contains(f.IDs, s.ID)) {
		return false
	}
	if f.Product != "" && s.Product != "" && f.Product != s.Product {
		return false
	}
	if f.Region != "" && s.Region != "" && f.Region != s.Region {
		return false
	}
	for _, tag := range f.Tags {
		if !slices.Contains(s.Tags, tag) {
			return false
		}
	}
	return true
}

// Empty reports whether f lets everything pass.
func (f *Filter) Empty() bool {
	return len(f.Kinds) == 0 && len(f.Audiences) == 0 && len(f.Locales) == 0 && f.Product == "" && f.Region == "" &&
		len(f.Tags) == 0 && len(f.IDs) == 0
}

// A Result is what a search found.
type Result struct {
	Hits []Hit

	// Mass is, by channel, the query's terms times their inverse document
	// frequency, added up: what Hit.Lexical would be for a passage that had
	// every term once with weight 1. It says how much the query asked for.
	Mass [embeddings.Channels]float64

	// IDF is, by channel, the inverse document frequency of each of the
	// query's terms, in their order: how much a term tells passages apart. An
	// index may put 0 for terms that it left out of a very long query.
	IDF [embeddings.Channels][]float64
}

// A Hit is a passage that a search found, with every channel's score.
type Hit struct {
	Source  Source
	Passage kb.Passage
	Score   float64                      // the weighted sum by which it was chosen
	Dense   float64                      // cosine with the query, from -1 to 1; 0 without vectors
	Lexical [embeddings.Channels]float64 // sum over shared terms of query weight × idf × passage weight
}
