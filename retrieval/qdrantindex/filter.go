package qdrantindex

import (
	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// filterOf is f, within the workspace, as Qdrant understands it. It lets pass
// what f.Match does.
func filterOf(workspace string, f *retrieval.Filter) *qdrant.Filter {
	must := []*qdrant.Condition{qdrant.NewMatchKeyword(fieldWorkspace, workspace)}
	must = anyOf(must, fieldKind, f.Kinds)
	must = anyOf(must, fieldAudience, f.Audiences)
	must = anyOf(must, fieldLocale, f.Locales)
	must = anyOf(must, fieldDocument, f.IDs)
	if f.Product != "" {
		must = anyOf(must, fieldProduct, []string{f.Product, ""})
	}
	if f.Region != "" {
		must = anyOf(must, fieldRegion, []string{f.Region, ""})
	}
	for _, tag := range f.Tags {
		must = append(must, qdrant.NewMatchKeyword(fieldTags, tag))
	}
	return &qdrant.Filter{Must: must}
}

// anyOf adds the condition that the field has one of the values, if there are
// any.
func anyOf[S ~string](must []*qdrant.Condition, field string, values []S) []*qdrant.Condition {
	if len(values) == 0 {
		return must
	}
	keywords := make([]string, len(values))
	for i, v := range values {
		keywords[i] = string(v)
	}
	return append(must, qdrant.NewMatchKeywords(field, keywords...))
}
