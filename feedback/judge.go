package feedback

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A bench is where a few suggestions of one workspace are judged together, with
// the sources that they have in common read once.
type bench struct {
	digester *Digester
	feed     *Feed
	docs     map[string]kb.Document // by id
}

// judge judges the suggestions from what was told of them up to seq, stores the
// judgements and tells the memory. What is judged again comes out the same.
func (b *bench) judge(ctx context.Context, ids []string, seq int64) error {
	events, err := b.feed.eventsOf(ctx, ids, seq)
	if err != nil {
		return err
	}
	suggestions, err := b.feed.suggestions(ctx, ids)
	if err != nil {
		return err
	}
	var cases []*folded
	wanted := make(map[string]bool)
	for _, id := range ids {
		s := suggestions[id]
		if s == nil {
			continue // it was erased, and its events go with it
		}
		f := fold(s, events[id])
		cases = append(cases, f)
		for _, c := range s.Sources {
			wanted[c.ID] = true
		}
		for _, source := range f.pointedTo() {
			wanted[source] = true
		}
	}
	b.docs = make(map[string]kb.Document)
	if err := b.load(ctx, slices.Collect(maps.Keys(wanted))); err != nil {
		return err
	}
	var js []Judgement
	for _, f := range cases {
		j, err := b.settle(ctx, suggestions[f.SuggestionID], f)
		if err != nil {
			return err
		}
		js = append(js, j)
	}
	slices.SortFunc(js, func(x, y Judgement) int { return int(x.Seq - y.Seq) })
	if err := b.feed.PutJudgements(ctx, js); err != nil {
		return err
	}
	return b.remember(ctx, suggestions, cases, js)
}

// remember tells the memory of the judgements.
func (b *bench) remember(ctx context.Context, suggestions map[string]*retrieval.Suggestion, cases []*folded, js []Judgement) error {
	if b.digester.Memory == nil {
		return nil
	}
	final := make(map[string]string, len(cases))
	for _, f := range cases {
		final[f.SuggestionID] = f.final
	}
	for i := range js {
		j := &js[i]
		if err := b.digester.Memory.Consider(ctx, suggestions[j.SuggestionID], j, final[j.SuggestionID]); err != nil {
			return fmt.Errorf("feedback: consider suggestion %s: %w", j.SuggestionID, err)
		}
	}
	return nil
}

// load reads documents that are not there yet.
func (b *bench) load(ctx context.Context, ids []string) error {
	ids = slices.DeleteFunc(ids, func(id string) bool {
		_, known := b.docs[id]
		return known
	})
	for part := range slices.Chunk(ids, 500) {
		docs, err := b.digester.KB.In(b.feed.workspace).Documents(ctx, part)
		if err != nil {
			return err
		}
		maps.Copy(b.docs, docs)
	}
	return nil
}

// settle gives credit to the sources of one suggestion.
func (b *bench) settle(ctx context.Context, s *retrieval.Suggestion, f *folded) (Judgement, error) {
	offered := b.offered(s, f)
	var credits []Credit
	if f.final != "" {
		reply := Reply{Draft: f.draft, Final: f.final, Offered: offered}
		if f.draft != "" {
			reply.Citations = s.Answer.Citations
		}
		credits = CreditsOf(&reply)
		found, err := b.unseen(ctx, f, offered, credits)
		if err != nil {
			return Judgement{}, err
		}
		if len(found) > 0 {
			offered = append(offered, found...)
			reply.Offered = offered
			credits = CreditsOf(&reply)
		}
	}
	return f.settle(s, offered, credits), nil
}

// offered are the sources of the suggestion, then those that operators pointed
// to without their being among them.
func (b *bench) offered(s *retrieval.Suggestion, f *folded) []Offered {
	var out []Offered
	cited := make(map[string]bool)
	if f.draft != "" {
		for _, c := range s.Answer.Citations {
			cited[c.SourceID] = true
		}
	}
	there := make(map[string]bool)
	for i, c := range s.Sources {
		o := b.asItIs(&c)
		o.Place, o.Cited = i+1, cited[c.ID]
		out = append(out, o)
		there[c.ID] = true
	}
	for _, source := range f.pointedTo() {
		if d, ok := b.docs[source]; ok && !there[source] {
			out = append(out, offeredOf(&d))
		}
	}
	return out
}

// offeredOf is a document as it is now.
func offeredOf(d *kb.Document) Offered {
	o := Offered{ID: d.ID, Kind: d.Kind, Article: d.ID, Title: d.Title, Text: d.Body}
	if d.Kind == kb.Case {
		o.Article, o.Text = d.ResolvedWith, d.Resolution
	}
	return o
}

// asItIs is a shown source as it is now; of one that has been deleted since, the
// quotation is left.
func (b *bench) asItIs(c *retrieval.Cited) Offered {
	d, ok := b.docs[c.ID]
	if ok {
		o := offeredOf(&d)
		o.Revised = d.Revision != c.Revision
		return o
	}
	o := Offered{ID: c.ID, Kind: c.Kind, Title: c.Title, Text: c.Quote, Revised: true}
	if c.Kind == kb.Article {
		o.Article = c.ID
	}
	return o
}

// Bounds of the search for sources that were not shown.
const (
	explained  = 0.5  // share of a text that rests on shown sources, from which nothing else is looked for
	searchable = 2000 // runes of a text that are searched for
	unseenMost = 3    // sources: what a reply rests on is found first or not at all
)

// unseen returns sources that what was sent may rest on though they were not
// shown: what operators bring in is what the ranking has missed.
func (b *bench) unseen(ctx context.Context, f *folded, offered []Offered, credits []Credit) ([]Offered, error) {
	share := 0.0
	for _, c := range credits {
		if c.Verdict == Kept || c.Verdict == BroughtIn {
			share += c.Share
		}
	}
	if b.digester.Search == nil || !f.edited || share >= explained {
		return nil, nil
	}
	text := []rune(f.final)
	found, err := b.digester.Search(ctx, b.feed.workspace, string(text[:min(len(text), searchable)]))
	if errors.Is(err, retrieval.ErrInvalid) {
		return nil, nil // a text without a word to search for
	}
	if err != nil {
		return nil, err
	}
	own, err := b.own(ctx, f.SuggestionID)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range found {
		known := slices.Contains(own, c.ID) || slices.ContainsFunc(offered, func(o Offered) bool { return o.ID == c.ID })
		if !known && len(ids) < unseenMost {
			ids = append(ids, c.ID)
		}
	}
	if err := b.load(ctx, slices.Clone(ids)); err != nil {
		return nil, err
	}
	var out []Offered
	for _, id := range ids {
		if d, ok := b.docs[id]; ok {
			out = append(out, offeredOf(&d))
		}
	}
	return out, nil
}

// own returns the cases that were made of the suggestion's own ticket: a reply
// does not rest on itself.
func (b *bench) own(ctx context.Context, suggestion string) ([]string, error) {
	var ids []string
	err := b.feed.read(ctx).Table("case_tickets").Where("suggestion_id = ?", suggestion).Pluck("document_id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("feedback: cases of suggestion %s: %w", suggestion, err)
	}
	return ids, nil
}
