package retrieval

import (
	"context"

	"github.com/whetstone-desk/whetstone/kb"
)

// blindness says why the search of an abstained suggestion tells nothing of
// what the knowledge base covers, empty where it does.
func (a *Answerer) blindness(ctx context.Context, t *task, found *findings) (Blindness, error) {
	if t.wordsOnly {
		return BlindOutage, nil
	}
	if len(found.ranked) == 0 {
		docs, err := a.KB.In(t.ask.Workspace).List(ctx, kb.Page{Status: kb.Published, Limit: 1})
		if err != nil {
			return "", err
		}
		if len(docs) == 0 {
			return BlindEmpty, nil
		}
	}
	if !t.ask.Filter.narrows() {
		return "", nil
	}
	return a.leftOut(ctx, t, len(found.ranked) == 0)
}

// leftOut reports whether the request's filter is what keeps the question from
// being answered: without it there is an answer, or anything at all where the
// filter left nothing.
func (a *Answerer) leftOut(ctx context.Context, t *task, nothing bool) (Blindness, error) {
	apart := *t // the suggestion's times are those of its own search
	apart.ask.Filter = Filter{}
	found, err := a.find(ctx, &apart, apart.filter(), new(clock))
	if err != nil {
		return "", err
	}
	evidence, err := a.evidence(ctx, &apart, &found)
	if err != nil {
		return "", err
	}
	_, reason := apart.judge(&found, evidence)
	if nothing && len(evidence) > 0 || reason == "" || reason == NotCalibrated {
		return BlindFilter, nil
	}
	return "", nil
}

// narrows reports whether the filter leaves out any document.
func (f *Filter) narrows() bool {
	return len(f.Kinds)+len(f.Audiences)+len(f.Locales)+len(f.Tags)+len(f.IDs) > 0 || f.Product != "" || f.Region != ""
}
