package clash

import (
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

// sample returns the knowledge base of the demo: a shop's articles in two
// languages, and its cases.
func sample(t testing.TB) []Doc {
	t.Helper()
	var out []Doc
	for _, root := range [...]string{"articles", "cases"} {
		for item, err := range source.Files("../../cmd/whetstone/sample/"+root, source.Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			d := &item.Document
			x := Doc{ID: d.ID, Title: d.Title, Body: d.Body, Language: d.Locale, Kind: d.Kind, Product: d.Product, Region: d.Region}
			if d.Kind == kb.Case {
				x.Title, x.Body = d.Problem, d.Resolution
			}
			out = append(out, x)
		}
	}
	return out
}

// listed is the score from which a contradiction is listed for editors.
const listed = 0.55

// sure returns the contradictions that are listed.
func sure(t testing.TB, docs []Doc) []Pair {
	t.Helper()
	pairs, err := Find(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(pairs, func(p Pair) bool { return p.Kind != Contradiction || p.Score < listed })
}

func TestAKnowledgeBaseThatContradictsItselfNowhereRaisesNoFalseAlarm(t *testing.T) {
	docs := sample(t)
	if len(docs) < 250 {
		t.Fatalf("%d documents, want the whole sample", len(docs))
	}
	for _, p := range sure(t, docs) {
		t.Errorf("%.2f %s %q: %s %q | %s %q", p.Score, p.What, p.Words, p.A.DocumentID, p.A.Quote, p.B.DocumentID, p.B.Quote)
	}
}
