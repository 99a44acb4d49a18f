package retrieval_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// down is a model whose server does not answer.
type down struct{ embeddings.Local }

func (down) Embed(context.Context, []string) ([]embeddings.Vector, error) {
	return nil, fmt.Errorf("%w: connection refused", embeddings.ErrUnavailable)
}

func TestAnAbstentionSaysWhetherTheSearchCouldSee(t *testing.T) {
	full, empty, away := newDesk(t, library()...), newDesk(t), newDesk(t, library()...)
	space, _ := away.answerer.Serves()
	away.answerer.Serve(retrieval.Space{Embedder: down{}, Index: space.Index, Semantic: true})
	drafts := newDesk(t, &kb.Document{ID: "d", Kind: kb.Article, Content: kb.Content{Title: "Returns", Status: kb.Draft}})
	const elsewhere, known = "Which franchises do you sell in Brazil?", "How do I return an item?"
	for _, tt := range []struct {
		name, question string
		desk           *desk
		filter         retrieval.Filter
		want           retrieval.Blindness
	}{
		{"a question on another subject is not covered", elsewhere, full, retrieval.Filter{}, ""},
		{"nor is it where a filter changes nothing", elsewhere, full, retrieval.Filter{Locales: []string{"en"}}, ""},
		{"nothing to search says nothing", known, empty, retrieval.Filter{}, retrieval.BlindEmpty},
		{"nor do drafts", known, drafts, retrieval.Filter{}, retrieval.BlindEmpty},
		{"a model server that is away says nothing", elsewhere, away, retrieval.Filter{}, retrieval.BlindOutage},
		{"a filter that leaves nothing says nothing", known, full, retrieval.Filter{Tags: []string{"none"}}, retrieval.BlindFilter},
		{"nor one that leaves out the answer", known, full, retrieval.Filter{IDs: []string{"gift", "courier"}}, retrieval.BlindFilter},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.desk.ask(retrieval.Ask{Messages: says(retrieval.Customer, tt.question), Filter: tt.filter})
			if s.Decision != retrieval.Abstained || s.Blind != tt.want {
				t.Errorf("decision %s for %q, blind %q, want an abstention, %q", s.Decision, s.AbstainReason, s.Blind, tt.want)
			}
		})
	}
}
