package qdrantindex

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// document makes an entry of so many passages.
func document(id string, passages int) retrieval.Entry {
	e := retrieval.Entry{Document: retrieval.Source{ID: id}}
	for i := range passages {
		e.Points = append(e.Points, retrieval.Point{
			Passage: kb.Passage{Ordinal: i, Text: "text"}, Dense: embeddings.Vector{1, 0},
			Sparse: embeddings.Sparse{Terms: []uint32{7}, Weights: []float32{1}},
		})
	}
	return e
}

// batches describes what was written: for each batch the number of its points
// and, after a minus, of the documents that were cleared of other passages.
func (f *fake) batches(t *testing.T) string {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, u := range f.updates {
		if !u.GetWait() {
			t.Error("a batch does not wait until it can be read")
		}
		points, cleared := 0, 0
		for _, op := range u.GetOperations() {
			points += len(op.GetUpsert().GetPoints())
			if d := op.GetDeletePoints(); d != nil {
				cleared += len(d.GetPoints().GetFilter().GetMust()[1].GetField().GetMatch().GetKeywords().GetStrings())
			}
		}
		out = append(out, fmt.Sprintf("%d-%d", points, cleared))
	}
	f.updates = nil
	return strings.Join(out, " ")
}

func TestBatches(t *testing.T) {
	many := func(n, passages int) []retrieval.Entry {
		var entries []retrieval.Entry
		for i := range n {
			entries = append(entries, document(fmt.Sprint("doc-", i), passages))
		}
		return entries
	}
	long := document("long", 3)
	for i := range long.Points {
		long.Points[i].Passage.Text = strings.Repeat("x", batchBytes/2)
	}
	for _, tt := range []struct {
		name    string
		entries []retrieval.Entry
		want    string
	}{
		{"nothing", nil, ""},
		{"a document", many(1, 3), "3-1"},
		{"few documents go together", many(10, 3), "30-10"},
		{"a batch is full", many(200, 2), "256-128 144-72"},
		{"a document longer than a batch is cleared once, in the end", many(1, 600), "256-0 256-0 88-1"},
		{"long texts fill a batch early", []retrieval.Entry{long}, "2-0 1-1"},
		{"removals", many(300, 0), "0-256 0-44"},
		{"a document's second entry comes after its first", []retrieval.Entry{document("a", 2), document("b", 1), document("a", 1)}, "3-2 1-1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			ix := f.open(t, "model")
			if err := ix.Replace(t.Context(), "shop", tt.entries); err != nil {
				t.Fatal(err)
			}
			if got := f.batches(t); got != tt.want {
				t.Errorf("wrote %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNothingIsWrittenOfAMisfit(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	e := document("a", 2)
	e.Points[1].Dense = embeddings.Vector{1, 0, 0}
	if err := ix.Replace(t.Context(), "shop", []retrieval.Entry{e}); err == nil {
		t.Error("a vector of another dimension is no error")
	}
	if got := f.batches(t); got != "" {
		t.Errorf("wrote %q of it", got)
	}
}

func TestSwitchIsOneStep(t *testing.T) {
	f := newFake(t)
	old, fresh := f.open(t, "old"), f.open(t, "new")
	for _, ix := range []*Index{old, old, fresh} {
		if err := ix.Promote(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.switches) != 2 {
		t.Fatalf("switched %d times, want 2", len(f.switches))
	}
	if first := f.switches[0]; len(first) != 1 || first[0].GetCreateAlias().GetCollectionName() != old.Collection() {
		t.Errorf("the first switch is %v, want the alias on the old collection", first)
	}
	second := f.switches[1]
	if len(second) != 2 || second[0].GetDeleteAlias().GetAliasName() != "whetstone" ||
		second[1].GetCreateAlias().GetCollectionName() != fresh.Collection() || second[1].GetCreateAlias().GetAliasName() != "whetstone" {
		t.Errorf("the second switch is %v, want the alias moved to the new collection", second)
	}
}

func TestSchema(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	c := f.collections[ix.Collection()]
	if got := c.GetSparseVectorsConfig().GetMap()[lexicalVector].GetModifier(); got != qdrant.Modifier_Idf {
		t.Errorf("terms are weighed by %v, want Idf", got)
	}
	var fields []string
	for _, r := range f.fields {
		fields = append(fields, r.GetFieldName())
		params := r.GetFieldIndexParams().GetKeywordIndexParams()
		if tenant := r.GetFieldName() == fieldWorkspace; params.GetIsTenant() != tenant {
			t.Errorf("%s is a tenant: %v", r.GetFieldName(), params.GetIsTenant())
		}
	}
	slices.Sort(fields)
	want := []string{"audience", "document", "kind", "locale", "product", "region", "tags", "workspace"}
	if !slices.Equal(fields, want) {
		t.Errorf("indexed are %v, want %v", fields, want)
	}
}

func TestOpenAtOnce(t *testing.T) {
	f := newFake(t)
	f.set(func(f *fake) { f.rival = true })
	f.open(t, "model")
	if got := f.called("Create"); got != 1 {
		t.Errorf("tried to make the collection %d times, want 1", got)
	}
}

func TestCollectionNames(t *testing.T) {
	seen := make(map[string]string)
	for _, model := range []string{"local-1", "BAAI/bge-m3", "BAAI-bge-m3", "baai/bge-m3", "модель", "мидель", strings.Repeat("m", 300)} {
		for _, dim := range []int{256, 768} {
			name := collectionName("whetstone", model, dim)
			if other, ok := seen[name]; ok {
				t.Errorf("%s and %s share the collection %s", model, other, name)
			}
			seen[name] = model
			if len(name) > 120 || strings.ContainsAny(name, "/ :*?\"<>|\\") {
				t.Errorf("the collection of %s cannot be called %s", model, name)
			}
		}
	}
	// What an older release filled is found again.
	if got, want := collectionName("whetstone", "BAAI/bge-m3", 1024), "whetstone_BAAI-bge-m3_1024_d790e737_v1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
