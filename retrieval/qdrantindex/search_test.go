package qdrantindex

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// scored makes an answer: passages of documents, with their scores.
func scored(score func(i int) float32, documents ...string) []*qdrant.ScoredPoint {
	var points []*qdrant.ScoredPoint
	for i, id := range documents {
		e := document(id, 1)
		p := pointOf("shop", &e.Document, &e.Points[0])
		points = append(points, &qdrant.ScoredPoint{Id: p.Id, Payload: p.Payload, Score: score(i)})
	}
	return points
}

func TestEqualPassagesAreFollowed(t *testing.T) {
	// A hundred equal passages, which the server has in no order of ours.
	var ids []string
	for i := range 100 {
		ids = append(ids, fmt.Sprintf("doc-%02d", 99-i))
	}
	f := newFake(t)
	var limits []int
	f.set(func(f *fake) {
		f.find = func(q *qdrant.QueryPoints) []*qdrant.ScoredPoint {
			if q.GetWithPayload().GetEnable() {
				limits = append(limits, int(q.GetLimit()))
			}
			// Their scores differ by rounding, as in segments of their own.
			same := func(i int) float32 { return math.Float32frombits(math.Float32bits(0.3) + uint32(i%3)) }
			return scored(same, ids[:min(len(ids), int(q.GetLimit()))]...)
		}
	})
	ix := f.open(t, "model")
	r, err := ix.Search(t.Context(), retrieval.Query{Workspace: "shop", Dense: embeddings.Vector{1, 0}, N: 3})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range r.Hits {
		got = append(got, h.Source.ID)
	}
	if want := []string{"doc-00", "doc-01", "doc-02"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if want := []int{19, 76, 304}; !slices.Equal(limits, want) {
		t.Errorf("asked for %v passages, want %v", limits, want)
	}
}

func TestLargeCollectionGoesByGraph(t *testing.T) {
	for _, tt := range []struct {
		name     string
		passages uint64
		found    int // passages, by graph
		want     []bool
	}{
		{"a small collection is scanned", 1000, 100, []bool{true}},
		{"a large one is not", 1e9, 100, []bool{false}},
		{"unless the graph finds too few", 1e9, 3, []bool{false, true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			var exact []bool
			f.set(func(f *fake) {
				f.passages = tt.passages
				f.find = func(q *qdrant.QueryPoints) []*qdrant.ScoredPoint {
					exact = append(exact, q.GetParams().GetExact())
					ids := make([]string, min(tt.found, int(q.GetLimit())))
					for i := range ids {
						ids[i] = fmt.Sprint("doc-", i)
					}
					return scored(func(i int) float32 { return 1 / float32(i+1) }, ids...)
				}
			})
			ix := f.open(t, "model")
			r, err := ix.Search(t.Context(), retrieval.Query{Workspace: "shop", Dense: embeddings.Vector{1, 0}, N: 5})
			if err != nil || len(r.Hits) != min(5, tt.found) {
				t.Errorf("found %d passages, %v", len(r.Hits), err)
			}
			if !slices.Equal(exact, tt.want) {
				t.Errorf("the searches were exact: %v, want %v", exact, tt.want)
			}
		})
	}
}

func TestTwoRoundTrips(t *testing.T) {
	f := newFake(t)
	f.set(func(f *fake) {
		f.find = func(q *qdrant.QueryPoints) []*qdrant.ScoredPoint {
			return scored(func(i int) float32 { return 1 / float32(i+1) }, "a", "b", "c")[:min(3, q.GetLimit())]
		}
	})
	ix := f.open(t, "model")
	q := retrieval.Query{Workspace: "shop", Dense: embeddings.Vector{1, 0}, N: 3}
	q.Weights = retrieval.Weights{Dense: 1}
	for c := range q.Lexical {
		q.Lexical[c] = embeddings.Sparse{Terms: []uint32{uint32(c), uint32(c) + 10}, Weights: []float32{1, 1}}
		q.Weights.Lexical[c] = 1
	}
	for i, want := range []struct{ trips, counts, queries int }{
		{2, 1, 4 + 8}, // at first every term is asked for
		{2, 1, 4},     // then none
	} {
		trips, counts := f.called("QueryBatch"), f.called("Count")
		if _, err := ix.Search(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		if got := f.called("QueryBatch") - trips; got != want.trips {
			t.Errorf("search %d made %d round trips, want %d", i+1, got, want.trips)
		}
		if got := f.called("Count") - counts; i == 1 && got != 0 {
			t.Errorf("search %d counted the passages again", i+1)
		}
		last := f.queries[len(f.queries)-1]
		if got := len(last.GetQueryPoints()); got != want.queries {
			t.Errorf("search %d asked %d queries in the second, want %d", i+1, got, want.queries)
		}
	}
	// What this process writes is known of: 1 passage of 100 is too much.
	if err := ix.Replace(t.Context(), "shop", []retrieval.Entry{document("d", 1)}); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	if got := len(f.queries[len(f.queries)-1].GetQueryPoints()); got != 12 {
		t.Errorf("after a write the search asked %d queries in the second, want 12", got)
	}
}

func TestFrequencies(t *testing.T) {
	now := time.Now()
	f := frequencies{now: func() time.Time { return now }}
	lexical := retrieval.Lexical{embeddings.BodyWords: {Terms: []uint32{1, 2, 3}, Weights: []float32{1, 2, 1}}}
	know := func(passages float64) {
		_, _, stamp := f.begin()
		stamp.value = passages
		f.setPassages(stamp)
		for i, term := range []uint32{1, 2} {
			stamp.value = float64(i + 1)
			f.set(term, stamp)
		}
	}
	know(5000)
	want := func(when string, unknown ...uint32) {
		t.Helper()
		if got := f.unknown(&lexical); !slices.Equal(got, unknown) {
			t.Errorf("%s: unknown are %v, want %v", when, got, unknown)
		}
	}
	want("at first", 3)
	f.changed(5)
	want("after a change of one in a thousand", 3)
	f.changed(1)
	want("after more than that", 1, 2, 3)
	know(5000)
	now = now.Add(maxAge)
	want("after a long time", 1, 2, 3)
	know(5000)
	f.changed(everything)
	want("after a workspace was dropped", 1, 2, 3)

	// Term 3 is taken to be as rare as the others are: (1×1 + 2×2) / 3.
	r := f.result(&lexical, 5000)
	mass := r.Mass
	if got, want := mass[embeddings.BodyWords], 5.0+5.0/3; math.Abs(got-want) > 1e-9 {
		t.Errorf("the mass is %v, want %v", got, want)
	}
	if mass[embeddings.TitleWords] != 0 {
		t.Errorf("a channel without terms has the mass %v", mass[embeddings.TitleWords])
	}
}

func TestProbesAreBounded(t *testing.T) {
	f := frequencies{now: time.Now}
	var lexical retrieval.Lexical
	for c := range lexical {
		for i := range uint32(5000) {
			lexical[c].Terms = append(lexical[c].Terms, uint32(c)<<29|i)
			lexical[c].Weights = append(lexical[c].Weights, 1)
		}
	}
	lexical[0] = embeddings.Sparse{Terms: []uint32{1}, Weights: []float32{1}}
	byChannel := make(map[uint32]int)
	for _, term := range f.unknown(&lexical) {
		byChannel[term>>29]++
	}
	if want := map[uint32]int{0: 1, 1: 85, 2: 85, 3: 85}; !reflect.DeepEqual(byChannel, want) {
		t.Errorf("asks for %v terms by channel, want %v", byChannel, want)
	}
	for i := range uint32(3 * maxTerms) {
		f.set(i, known{})
	}
	if len(f.terms) > maxTerms {
		t.Errorf("remembers %d terms, want at most %d", len(f.terms), maxTerms)
	}
}

func TestSettle(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		x := float32(20 * r.Float64())
		if got := settle(x); math.Abs(got-float64(x)) > 8e-6*float64(x) {
			t.Fatalf("settle(%v) = %v", x, got)
		}
		if settle(-x) != -settle(x) {
			t.Fatalf("settle(%v) = %v, and settle(%v) = %v", x, settle(x), -x, settle(-x))
		}
	}
	for _, x := range []float32{0, 1, -1, 0.5} {
		if got := settle(x); got != float64(x) {
			t.Errorf("settle(%v) = %v", x, got)
		}
	}
	if settle(math.Nextafter32(1, 0)) != 1 {
		t.Error("1 and the number below it are not the same")
	}
}

func TestPointsComeBack(t *testing.T) {
	e := retrieval.Entry{
		Document: retrieval.Source{
			ID: "кейс:1", Kind: kb.Case, Title: "Не пришёл", URL: "https://example.com/1", Locale: "ru", Product: "app",
			Region: "kz", Tags: []string{"b", "a"}, Audience: kb.Internal, Revision: 1 << 40,
		},
		Points: []retrieval.Point{{Passage: kb.Passage{Ordinal: 3, Heading: "A › B", Text: "Где?", Start: 5, End: 9}}},
	}
	for _, tags := range [][]string{{"b", "a"}, nil} {
		e.Document.Tags = tags
		p := pointOf("shop", &e.Document, &e.Points[0])
		want := retrieval.Hit{Source: e.Document, Passage: e.Points[0].Passage}
		if got := hitOf(p.GetPayload()); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	// What an older release wrote is replaced and not doubled.
	if got, want := passageID("shop", "кейс:1", 3).GetUuid(), "0436e697-5864-5d0d-936e-6a33b8f5b03b"; got != want {
		t.Errorf("the id is %s, want %s", got, want)
	}
	if passageID("a", "b1", 1).GetUuid() == passageID("a", "b", 11).GetUuid() {
		t.Error("different passages have the same id")
	}
}

// passes evaluates a filter as Qdrant documents it, for the conditions in use.
func passes(f *qdrant.Filter, payload map[string]*qdrant.Value) bool {
	for _, c := range f.GetMust() {
		m := c.GetField().GetMatch()
		want := m.GetKeywords().GetStrings()
		if len(want) == 0 {
			want = []string{m.GetKeyword()}
		}
		v := payload[c.GetField().GetKey()]
		have := []string{v.GetStringValue()}
		if l := v.GetListValue(); l != nil {
			have = nil
			for _, x := range l.GetValues() {
				have = append(have, x.GetStringValue())
			}
		}
		if !slices.ContainsFunc(have, func(s string) bool { return slices.Contains(want, s) }) {
			return false
		}
	}
	return true
}

func TestFilterMeansMatch(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	some := func(from ...string) []string {
		return slices.DeleteFunc(from, func(string) bool { return r.IntN(2) == 0 })
	}
	one := func(from ...string) string { return from[r.IntN(len(from))] }
	matched := 0
	for range 20000 {
		s := retrieval.Source{
			ID: one("a", "b"), Kind: kb.Kind(one("article", "case")), Audience: kb.Audience(one("public", "internal")),
			Locale: one("", "ru", "en"), Product: one("", "x", "y"), Region: one("", "kz"), Tags: some("t", "u"),
		}
		f := retrieval.Filter{
			Locales: some("ru", "en", ""), Product: one("", "x"), Region: one("", "kz", "ru"), Tags: some("t", "u"), IDs: some("a", "b", "c"),
		}
		for _, k := range some("article", "case") {
			f.Kinds = append(f.Kinds, kb.Kind(k))
		}
		for _, a := range some("public", "internal") {
			f.Audiences = append(f.Audiences, kb.Audience(a))
		}
		payload := pointOf("shop", &s, &retrieval.Point{}).GetPayload()
		if got, want := passes(filterOf("shop", &f), payload), f.Match(&s); got != want {
			t.Fatalf("%+v passes %+v: %v, want %v", s, f, got, want)
		} else if got {
			matched++
		}
		if passes(filterOf("other", &f), payload) {
			t.Fatal("a passage passes the filter of another workspace")
		}
	}
	if matched < 1000 {
		t.Errorf("only %d documents passed: the test shows little", matched)
	}
}
