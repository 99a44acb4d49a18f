package clash

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Kind says what is wrong with a pair.
type Kind string

// The kinds of pairs.
const (
	Duplicate     Kind = "duplicate"     // the two say the same in the same words
	Contradiction Kind = "contradiction" // the two say the opposite of each other
)

// What two passages contradict each other in.
const (
	Number    = "number"
	Date      = "date" // a day, a month, a weekday, a time of day
	Price     = "price"
	Condition = "condition" // only against any, before against after
	Negation  = "negation"
)

// A Doc is a document as Find reads it. An article has its Title and its Body
// in Markdown; a case has the problem as its Title and the resolution as its
// Body.
type Doc struct {
	ID, Title, Body string
	Language        string // ISO 639-1; empty: found from the text
	Kind            kb.Kind
	Product, Region string // documents of different ones are never held against each other
	UpdatedAt       time.Time
}

// A Passage is a part of a document's Body.
type Passage struct {
	DocumentID string    `json:"document_id"`
	Quote      string    `json:"quote"` // Body from Start to End
	Start      int       `json:"start"` // runes
	End        int       `json:"end"`   // runes, behind the last
	UpdatedAt  time.Time `json:"updated_at"`
}

// A Pair is two passages that an editor should look at.
type Pair struct {
	Kind  Kind
	A, B  Passage     // of two documents, in the order the documents were given
	What  string      // of a contradiction: number, date, price, condition or negation; of a duplicate empty
	Words [2][]string // what differs, as written in A and in B; of a duplicate empty
	Score float64     // how sure, from 0 to 1; comparable within a Kind and, roughly, across
	Why   string      // a sentence for people
}

// most is how many contradictions of two documents are returned: where there
// are more, the editor opens both anyway.
const most = 3

// Find returns the near-duplicates and contradictions among docs, the surest
// first; the same for the same docs in any order, but for which is A. It
// returns an error only if ctx ends.
func Find(ctx context.Context, docs []Doc) ([]Pair, error) {
	return find(ctx, docs, -1)
}

// Against is Find for the pairs that one document is part of, which is always
// A: docs are those it is held against, and a version of it among them is
// passed over.
func Against(ctx context.Context, docs []Doc, changed Doc) ([]Pair, error) {
	all := append(make([]Doc, 0, len(docs)+1), changed)
	for i := range docs {
		if docs[i].ID != changed.ID {
			all = append(all, docs[i])
		}
	}
	return find(ctx, all, 0)
}

// find looks for pairs among docs, or for those of docs[only] if only is not
// negative.
func find(ctx context.Context, docs []Doc, only int) ([]Pair, error) {
	c := newCorpus(len(docs))
	for i := range docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.read(&docs[i], i)
	}
	c.weigh()
	out, err := c.duplicates(ctx, only)
	if err != nil {
		return nil, err
	}
	found, err := c.contradictions(ctx, only)
	if err != nil {
		return nil, err
	}
	out = append(out, found...)
	slices.SortStableFunc(out, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A.DocumentID, b.A.DocumentID),
			cmp.Compare(a.B.DocumentID, b.B.DocumentID), cmp.Compare(a.A.Start, b.A.Start), cmp.Compare(a.B.Start, b.B.Start))
	})
	return out, nil
}

// alikeIn reports whether two documents speak of the same things, so that
// one may contradict the other or stand in its place.
func alikeIn(a, b *Doc) bool {
	return a.ID != b.ID && a.Product == b.Product && a.Region == b.Region
}
