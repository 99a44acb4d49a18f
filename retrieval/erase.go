package retrieval

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// Erasing a customer takes their suggestions, and what other rows of this
// package have taken over from them: quotes, examples of topics, vectors that
// were moved towards their questions. Package feedback, which knows their cases
// and what was told about them, directs it. What a Ranker has learned stays: it
// is numbers by the ids of documents and topics and holds no text.

// erasedAtOnce is how many rows are named in one statement.
const erasedAtOnce = 500

// SuggestionsOf returns the suggestions that were made for a customer or for
// one of the tickets, oldest first, with id, ticket, topic and question alone.
// To a customer belong also the suggestions of their tickets that name nobody.
// An empty customer and no tickets belong to nobody.
func (s *Store) SuggestionsOf(ctx context.Context, workspace, customer string, tickets []string) ([]Suggestion, error) {
	rows := func() *gorm.DB {
		return s.db.WithContext(ctx).Model(&Suggestion{}).Where("workspace_id = ?", workspace)
	}
	tickets = slices.DeleteFunc(slices.Clone(tickets), func(id string) bool { return id == "" })
	var theirs []string
	if customer != "" {
		err := rows().Where("customer_id = ? AND ticket_id <> ''", customer).Distinct().Pluck("ticket_id", &theirs).Error
		if err != nil {
			return nil, fmt.Errorf("retrieval: suggestions of a customer: %w", err)
		}
	}
	found := make(map[string]Suggestion)
	add := func(q *gorm.DB) error {
		var part []Suggestion
		if err := q.Select("id", "ticket_id", "topic", "question").Find(&part).Error; err != nil {
			return fmt.Errorf("retrieval: suggestions of a customer: %w", err)
		}
		for _, x := range part {
			found[x.ID] = x
		}
		return nil
	}
	if customer != "" {
		if err := add(rows().Where("customer_id = ?", customer)); err != nil {
			return nil, err
		}
	}
	for part := range slices.Chunk(theirs, erasedAtOnce) {
		if err := add(rows().Where("customer_id = '' AND ticket_id IN ?", part)); err != nil {
			return nil, err
		}
	}
	for part := range slices.Chunk(tickets, erasedAtOnce) {
		if err := add(rows().Where("ticket_id IN ?", part)); err != nil {
			return nil, err
		}
	}
	out := make([]Suggestion, 0, len(found))
	for _, id := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[id])
	}
	return out, nil
}

// Untune puts documents' vectors back to where the index has them, in every
// version, and returns how many had been moved. Other processes notice within
// five minutes.
func (s *Store) Untune(ctx context.Context, workspace string, documents []string) (n int64, err error) {
	for part := range slices.Chunk(documents, erasedAtOnce) {
		done := s.db.WithContext(ctx).Where("workspace_id = ? AND document_id IN ?", workspace, part).Delete(&storedTuned{})
		if done.Error != nil {
			return n, fmt.Errorf("retrieval: put vectors back: %w", done.Error)
		}
		n += done.RowsAffected
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.moved, func(key [2]string, _ knownTuned) bool { return key[0] == workspace })
	return n, nil
}

// Unquote takes what suggestions quote of cases that were erased out of them,
// and returns how many did. Titles says what the title of each case is now,
// empty where it is gone altogether. What a reply said to another customer is
// that customer's and stays.
func (s *Store) Unquote(ctx context.Context, workspace string, titles map[string]string) (n int, err error) {
	after := ""
	for len(titles) > 0 {
		var part []Suggestion
		err := s.db.WithContext(ctx).Select("id", "sources").Order("id").Limit(erasedAtOnce).
			Where("workspace_id = ? AND id > ? AND sources LIKE ?", workspace, after, `%"kind":"case"%`).Find(&part).Error
		if err != nil {
			return n, fmt.Errorf("retrieval: what suggestions quote: %w", err)
		}
		for i := range part {
			if !unquoted(part[i].Sources, titles) {
				continue
			}
			n++
			err := s.db.WithContext(ctx).Model(&part[i]).Where("workspace_id = ?", workspace).Select("sources").Updates(&part[i]).Error
			if err != nil {
				return n, fmt.Errorf("retrieval: what suggestion %s quotes: %w", part[i].ID, err)
			}
		}
		if len(part) < erasedAtOnce {
			break
		}
		after = part[len(part)-1].ID
	}
	return n, nil
}

// unquoted changes sources and reports whether there was anything to change.
func unquoted(sources []Cited, titles map[string]string) (changed bool) {
	for i := range sources {
		c := &sources[i]
		title, gone := titles[c.ID]
		if !gone || c.Kind != kb.Case {
			continue
		}
		was := *c
		if c.Title = title; title == "" {
			c.Heading, c.Quote, c.Start, c.End = "", "", 0, 0
		}
		changed = changed || was.Title != c.Title || was.Quote != c.Quote
	}
	return changed
}

// Disbelieve takes erased suggestions and cases out of what is believed: the
// questions out of the topics' examples, words that stand in nothing else out
// of their labels, and their vectors out of the centroids, which are found anew
// from what is left. A topic of which nothing is left goes. It returns how many
// examples are gone. The suggestions must be deleted already.
func (s *Store) Disbelieve(ctx context.Context, workspace string, erased []Suggestion, cases []string) (n int, err error) {
	b, err := s.Beliefs(ctx, workspace)
	if err != nil || b.Through.IsZero() && len(b.Topics) == 0 && len(b.Cases) == 0 {
		return 0, err
	}
	d := disbelief{store: s, workspace: workspace, gone: make(map[string]bool), touched: make(map[string]int)}
	for i := range erased {
		d.gone[erased[i].Question] = true
		d.questions = append(d.questions, erased[i].Question)
		topic := erased[i].Topic
		if topic == "" {
			topic = b.TopicOf(ctx, QuestionText(erased[i].Question))
		}
		d.touched[topic]++
	}
	topics := make([]Topic, 0, len(b.Topics))
	for _, t := range b.Topics {
		left, keep, err := d.topic(ctx, t)
		if err != nil {
			return 0, err
		}
		if n += len(t.Examples) - len(left.Examples); keep {
			topics = append(topics, left)
		}
	}
	b.Topics = topics
	b.Known = d.known(b.Known)
	b.Cases = maps.Clone(b.Cases)
	for _, id := range cases {
		delete(b.Cases, id)
	}
	return n, s.SetBeliefs(ctx, workspace, b)
}

// A disbelief is the work on the beliefs of one workspace.
type disbelief struct {
	store     *Store
	workspace string
	questions []string
	gone      map[string]bool
	touched   map[string]int // how many of the questions each topic had
}

// known returns what is left of the questions of which the outcome is known.
func (d *disbelief) known(ks []Known) []Known {
	gone := make(map[string]bool, len(d.questions))
	for _, q := range d.questions {
		gone[KnownKey(q)] = true
	}
	return slices.DeleteFunc(slices.Clone(ks), func(k Known) bool { return gone[k.Key] })
}

// centroidOf bounds how many questions a centroid is found anew from.
const centroidOf = 1000

// topic returns what is left of t; keep is false if nothing is.
func (d *disbelief) topic(ctx context.Context, t Topic) (left Topic, keep bool, err error) {
	examples := slices.DeleteFunc(slices.Clone(t.Examples), func(q string) bool { return d.gone[q] })
	if len(examples) == len(t.Examples) && d.touched[t.ID] == 0 {
		return t, true, nil
	}
	t.Examples = examples
	t.Size = max(0, t.Size-d.touched[t.ID])
	rest := slices.Clone(examples)
	var asked []string
	err = d.store.db.WithContext(ctx).Model(&Suggestion{}).Where("workspace_id = ? AND topic = ?", d.workspace, t.ID).
		Order("id DESC").Limit(centroidOf).Pluck("question", &asked).Error
	if err != nil {
		return t, false, fmt.Errorf("retrieval: questions of topic %s: %w", t.ID, err)
	}
	// They may be there still: what was made of them goes first.
	rest = append(rest, slices.DeleteFunc(asked, func(q string) bool { return d.gone[q] })...)
	if len(rest) == 0 {
		return t, false, nil
	}
	vectors, err := embeddings.Local{}.Embed(ctx, rest)
	if err != nil {
		return t, false, err
	}
	centroid := make(embeddings.Vector, len(vectors[0]))
	for _, v := range vectors {
		for i, x := range v {
			centroid[i] += x
		}
	}
	t.Centroid = centroid.Unit()
	t.Label = d.label(t.Label, rest)
	return t, true, nil
}

// labelWords is how many words a label is given.
const labelWords = 3

// label leaves out the words that only erased questions have. A topic without
// a label would begin anew, so what is left of its questions gives it one.
func (d *disbelief) label(label string, rest []string) string {
	theirs, others := stemsOf(d.questions), stemsOf(rest)
	words := strings.Fields(label)
	words = slices.DeleteFunc(words, func(w string) bool {
		for stem := range stemsOf([]string{w}) {
			if theirs[stem] && !others[stem] {
				return true
			}
		}
		return false
	})
	if len(words) == 0 {
		for _, t := range embeddings.Analyze(rest[0]).Tokens {
			if !t.Stop && !t.Part && len(words) < labelWords {
				words = append(words, t.Norm)
			}
		}
	}
	return strings.Join(words, " ")
}

// stemsOf are the stems of the words of texts.
func stemsOf(texts []string) map[string]bool {
	out := make(map[string]bool)
	for _, text := range texts {
		for _, t := range embeddings.Analyze(text).Tokens {
			out[t.Stem] = true
		}
	}
	return out
}
