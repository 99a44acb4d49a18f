// Package indextest holds any [retrieval.Index] to the contract that its
// interface states. An index that passes may take the place of any other.
//
// [Run] is the contract. [Churn] asks more: that idf follows a removal at
// once, which a server that cleans up behind itself cannot promise. Both
// compare with a [Reference], which does everything in the plainest way.
package indextest

import (
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Dim is the length of the vectors that the tests use.
const Dim = 8

// workspace is where tests write that are about one workspace.
const workspace = "shop"

// Run tests the indexes that open returns, for vectors of length Dim. Each
// must be empty and its own.
func Run(t *testing.T, open func(*testing.T) retrieval.Index) {
	for _, tt := range []struct {
		name string
		do   func(*testing.T, retrieval.Index)
	}{
		{"an empty index finds nothing", empty},
		{"nearest first", nearest},
		{"a rare term counts for more than a common one", rare},
		{"the best by words and the nearest by vector are both found", union},
		{"the nearest by vector are left out where words alone should tell", wordsOnly},
		{"every channel is scored and weighed", channels},
		{"a channel of weight zero is still reported", unweighted},
		{"a score of zero is no lexical result", zeroScore},
		{"equal scores come in order of document and ordinal", ties},
		{"without a vector the words alone are searched", wordsAlone},
		{"a passage without a vector is found by its words", noVector},
		{"a vector of zeros counts as none", zeros},
		{"more may be asked for than there is", plenty},
		{"what was stored comes back", roundTrip},
		{"replace drops the old passages", replaceDrops},
		{"replace with none removes the document", removes},
		{"entries are applied in order", inOrder},
		{"applying twice does no harm", twice},
		{"workspaces never cross", workspaces},
		{"a position is kept by workspace", position},
		{"drop removes the workspace and no other", drop},
		{"a vector of another dimension is misconfigured", dimension},
		{"an ended context is an error", ended},
		{"replacing and searching go on side by side", concurrent},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.do(t, open(t)) })
	}
	t.Run("filters", func(t *testing.T) { filters(t, open(t)) })
	t.Run("random corpora rank as in the reference", func(t *testing.T) { random(t, open) })
}

// term returns the k-th term of a channel. Here its top bits hold the channel;
// an index must not count on that.
func term(c embeddings.Channel, k int) uint32 {
	return (uint32(k)+1)*0x9e3779b9>>3 | uint32(c)<<29
}

// byChannel makes the query side of terms.
func byChannel(s embeddings.Sparse) retrieval.Lexical {
	var l retrieval.Lexical
	for i, t := range s.Terms {
		c := &l[t>>29]
		c.Terms = append(c.Terms, t)
		c.Weights = append(c.Weights, s.Weights[i])
	}
	return l
}

// terms makes a Sparse of weight 1 each.
func terms(terms ...uint32) embeddings.Sparse {
	slices.Sort(terms)
	terms = slices.Compact(terms)
	s := embeddings.Sparse{Terms: terms}
	for range terms {
		s.Weights = append(s.Weights, 1)
	}
	return s
}

// words makes a Sparse of terms of the channel BodyWords.
func words(ks ...int) embeddings.Sparse {
	var ts []uint32
	for _, k := range ks {
		ts = append(ts, term(embeddings.BodyWords, k))
	}
	return terms(ts...)
}

// axis is a unit vector along an axis.
func axis(i int) embeddings.Vector {
	v := make(embeddings.Vector, Dim)
	v[i] = 1
	return v
}

// between is a unit vector that leans from one axis to another.
func between(i, j int, lean float32) embeddings.Vector {
	v := make(embeddings.Vector, Dim)
	v[i] = 1 - lean
	v[j] = lean
	return v.Unit()
}

// source is a plain public article.
func source(id string) retrieval.Source {
	return retrieval.Source{ID: id, Kind: kb.Article, Title: "title of " + id, Locale: "en", Audience: kb.Public, Revision: 1}
}

// entry makes an entry of a plain article, numbering its points.
func entry(id string, points ...retrieval.Point) retrieval.Entry {
	e := retrieval.Entry{Document: source(id)}
	for i, p := range points {
		p.Passage.Ordinal = i
		if p.Passage.Text == "" {
			p.Passage.Text = "text of " + id
		}
		e.Points = append(e.Points, p)
	}
	return e
}

// point makes a passage of a vector and words.
func point(v embeddings.Vector, ks ...int) retrieval.Point {
	return retrieval.Point{Dense: v, Sparse: words(ks...)}
}

// even weighs everything by 1.
func even() retrieval.Weights {
	w := retrieval.Weights{Dense: 1}
	for c := range w.Lexical {
		w.Lexical[c] = 1
	}
	return w
}

// ask is a query in the usual workspace with even weights.
func ask(v embeddings.Vector, s embeddings.Sparse, n int) retrieval.Query {
	return retrieval.Query{Workspace: workspace, Dense: v, Lexical: byChannel(s), Weights: even(), N: n}
}

func put(t *testing.T, x retrieval.Index, entries ...retrieval.Entry) {
	t.Helper()
	if err := x.Replace(t.Context(), workspace, entries); err != nil {
		t.Fatal(err)
	}
}

func search(t *testing.T, x retrieval.Index, q retrieval.Query) retrieval.Result {
	t.Helper()
	r, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wantKeys checks which passages a query finds, and their order.
func wantKeys(t *testing.T, x retrieval.Index, q retrieval.Query, want ...string) {
	t.Helper()
	if got := keys(search(t, x, q).Hits); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}
