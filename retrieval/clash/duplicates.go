package clash

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

const (
	// DuplicateShare is the share of the shorter text's words that must stand in
	// runs of three or more of the other's for the two to be near-duplicates.
	DuplicateShare = 0.85

	// shingle is how many words in a row are compared.
	shingle = 3

	// sampled is of how many shingles one is looked up.
	sampled = 4

	// shortest is how many words a text must have to be a duplicate: below it,
	// "open the settings and press save" is a coincidence.
	shortest = 12

	// common is in how many documents a shingle may be and still find others:
	// more have what is a signature or a boilerplate.
	common = 60

	// longestQuote bounds the quoted part of a duplicate, in runes.
	longestQuote = 300
)

// duplicates returns the near-duplicates among all documents, or those of one.
func (c *corpus) duplicates(ctx context.Context, only int) ([]Pair, error) {
	lists := make(map[uint64][]int32)
	shingles := make([]map[uint64]bool, len(c.docs))
	for i := range c.docs {
		shingles[i] = c.shingles(c.docs[i].words)
		for h := range shingles[i] {
			// Few shingles are all looked up, so that short texts are found too.
			if h%sampled == 0 || len(shingles[i]) < 60 {
				lists[h] = append(lists[h], int32(i))
			}
		}
	}
	var out []Pair
	for i := range c.docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		shared := make(map[int32]int)
		for h := range shingles[i] {
			if list := lists[h]; len(list) <= common {
				for _, k := range list {
					if k > int32(i) {
						shared[k]++
					}
				}
			}
		}
		for _, k := range slices.Sorted(maps.Keys(shared)) {
			if shared[k] < 2 || only >= 0 && i != only && int(k) != only {
				continue
			}
			if p, ok := c.duplicate(&c.docs[i], &c.docs[k], shingles[i], shingles[k]); ok {
				out = append(out, p)
			}
		}
	}
	return spanning(out, only), nil
}

// spanning returns of the duplicates among many documents those that hold them
// together, the surest first: of five copies four pairs and not ten. The pairs
// of one document are all told.
func spanning(pairs []Pair, only int) []Pair {
	if only >= 0 {
		return pairs
	}
	slices.SortStableFunc(pairs, func(a, b Pair) int { return cmp.Compare(b.Score, a.Score) })
	of := make(map[string]string) // towards the document that stands for its copies
	root := func(id string) string {
		for of[id] != "" {
			id = of[id]
		}
		return id
	}
	out := pairs[:0]
	for _, p := range pairs {
		if a, b := root(p.A.DocumentID), root(p.B.DocumentID); a != b {
			of[b] = a
			out = append(out, p)
		}
	}
	return out
}

// shingles are the runs of three words of a text.
func (c *corpus) shingles(words []int32) map[uint64]bool {
	out := make(map[uint64]bool, len(words))
	for i := 0; i+shingle <= len(words); i++ {
		out[shingleAt(words, i)] = true
	}
	return out
}

func shingleAt(words []int32, i int) uint64 {
	h := uint64(0)
	for _, w := range words[i : i+shingle] {
		h = (h ^ uint64(uint32(w))) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}

// duplicate holds two documents against each other.
func (c *corpus) duplicate(a, b *document, sa, sb map[uint64]bool) (Pair, bool) {
	if !alikeIn(a.Doc, b.Doc) || a.Kind != b.Kind || min(len(a.words), len(b.words)) < shortest {
		return Pair{}, false
	}
	ofA, from, to := covered(a.words, sb)
	ofB, fromB, toB := covered(b.words, sa)
	whole := max(ofA, ofB)
	if len(a.words) < len(b.words)/2 || len(b.words) < len(a.words)/2 {
		// A part is a duplicate of the whole it was taken from, but of less use.
		whole *= 0.97
	}
	if whole < DuplicateShare || !c.titles(a, b) {
		return Pair{}, false
	}
	score := min(1, whole*(0.8+0.2*min(ofA, ofB)))
	if a.Kind != caseKind {
		// The same answer to two questions may be meant so.
		score *= 0.85 + 0.15*min(c.titleShare(a, b), c.titleShare(b, a))
	}
	what := "articles"
	if a.Kind == caseKind {
		what = "cases"
	}
	return Pair{
		Kind: Duplicate, A: a.run(from, to), B: b.run(fromB, toB), Score: score,
		Why: fmt.Sprintf("Two %s are nearly the same: %.0f %% of the shorter text stands in the other.", what, 100*max(ofA, ofB)),
	}, true
}

// covered is the share of words that stand in a shingle of the other text, and
// where the longest run of them is.
func covered(words []int32, other map[uint64]bool) (share float64, from, to int) {
	n, start, reach := 0, 0, 0
	for i := range words {
		if i+shingle <= len(words) && other[shingleAt(words, i)] {
			if i > reach || i == 0 {
				start = i
			}
			reach = max(reach, i+shingle)
		}
		if i < reach {
			n++
			if i+1-start > to-from {
				from, to = start, i+1
			}
		}
	}
	return float64(n) / float64(len(words)), from, to
}

// titles reports whether the titles of two documents do not part them: cases
// must have much the same problem; articles may have any titles unless these
// differ in a scope or a number.
func (c *corpus) titles(a, b *document) bool {
	if a.Kind == caseKind {
		return c.titleShare(a, b) >= 0.5 && c.titleShare(b, a) >= 0.5
	}
	differs := func(x, y *document) bool {
		return slices.ContainsFunc(x.titled, func(id int32) bool {
			w := &c.words[id]
			digit := w.norm[0] >= '0' && w.norm[0] <= '9'
			return (digit || w.scope != scope{}) && !slices.Contains(y.titled, id)
		})
	}
	return !differs(a, b) || !differs(b, a)
}

func (c *corpus) titleShare(a, b *document) float64 {
	if len(a.titled) == 0 {
		return 1
	}
	n := 0.
	for _, id := range a.titled {
		best := 0.
		for _, other := range b.titled {
			best = max(best, c.alike(id, other))
		}
		n += best
	}
	return n / float64(len(a.titled))
}

// run returns the passage of the words from one to another, cut where it is
// long.
func (d *document) run(from, to int) Passage {
	if from >= to {
		return d.passage(0, min(longestQuote, utf8.RuneCountInString(d.Body)))
	}
	start, end := int(d.ends[from][0]), int(d.ends[to-1][1])
	for to > from+1 && end-start > longestQuote {
		to--
		end = int(d.ends[to-1][1])
	}
	return d.passage(start, cmp.Or(end, start))
}
