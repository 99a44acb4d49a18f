package gate

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
)

// Two texts are near-duplicates if at least three fifths of the words of
// either or both stand in both (Jaccard). In whole numbers, so that 3 of 5
// does not depend on rounding: 8·shared ≥ 3·(a+b).
func alike(shared, a, b int) bool {
	return 8*shared >= 3*(a+b)
}

// reach is how many texts that share a rare word a text is compared with, the
// nearest in length first. It bounds the work where one phrase opens a hundred
// thousand texts; on 10,000 questions to a bank it loses no group.
const reach = 100

// Clusters numbers the groups of near-duplicates among texts, from 0 in order
// of their first text. Texts whose sets of words have a Jaccard index of at
// least 0.6 are in one group, and so is what a chain of such pairs connects:
// no text is a near-duplicate of one in another group. Case, order, repetition
// and punctuation do not count; a text without a word is a group of its own.
// Callers that want inflected forms to be equal pass stems.
//
// Where questions are short and crowd on few subjects, chains grow long: of
// 10,000 questions to a bank, 2,262 are one group. A [Split] then judges by
// fewer questions, but never by one it should not.
//
// It finds the pairs by an inverted index over each text's rarest words, which
// near-duplicates must share (Bayardo, Ma and Srikant 2007; Xiao et al. 2008).
// A text is compared with at most 100 others for each of those; only where
// more share one of its rarest words, which then is not rare, can a pair be
// missed, and mostly a chain connects it all the same.
func Clusters(texts []string) []int {
	sets := wordSets(texts)
	groups := newForest(len(texts))
	var kept []int // one text for each set of words
	first := make(map[string]int)
	for i, s := range sets {
		if len(s) == 0 {
			continue
		}
		key := keyOf(s)
		if j, known := first[key]; known {
			groups.join(i, j)
			continue
		}
		first[key] = i
		kept = append(kept, i)
	}
	slices.SortStableFunc(kept, func(a, b int) int { return cmp.Compare(len(sets[a]), len(sets[b])) })
	connect(sets, kept, groups)
	return groups.numbers()
}

// connect joins near-duplicates among the kept texts, shortest first.
func connect(sets [][]int32, kept []int, groups *forest) {
	index := make(map[int32][]int) // texts by their rarest words, shortest first
	seen := make([]int, len(sets)) // the text, plus one, that each was last compared with
	for _, i := range kept {
		s := sets[i]
		n := len(s)
		// A text that shares three fifths of s has one of these words too.
		for _, w := range s[:n-(3*n+4)/5+1] {
			posted := index[w]
			for k := len(posted) - 1; k >= max(0, len(posted)-reach); k-- {
				j := posted[k]
				if 5*len(sets[j]) < 3*n {
					break // too short, as are all before it
				}
				if seen[j] == i+1 {
					continue
				}
				seen[j] = i + 1
				if groups.root(i) != groups.root(j) && alike(shared(s, sets[j]), n, len(sets[j])) {
					groups.join(i, j)
				}
			}
		}
		// Texts that follow are no shorter, so they share three quarters of s
		// and fewer of its words need to be found.
		for _, w := range s[:n-(3*n+3)/4+1] {
			index[w] = append(index[w], i)
		}
	}
}

// wordSets returns each text's words as numbers, rarest first, each once.
func wordSets(texts []string) [][]int32 {
	numbers := make(map[string]int32)
	var counts []int // texts that have the word
	sets := make([][]int32, len(texts))
	for i, text := range texts {
		for word := range strings.FieldsFuncSeq(text, between) {
			word = strings.ReplaceAll(strings.ToLower(word), "ё", "е")
			n, known := numbers[word]
			if !known {
				n = int32(len(counts))
				numbers[word] = n
				counts = append(counts, 0)
			}
			sets[i] = append(sets[i], n)
		}
		slices.Sort(sets[i])
		sets[i] = slices.Compact(sets[i])
		for _, n := range sets[i] {
			counts[n]++
		}
	}
	byRarity := make([]int32, len(counts))
	for i := range byRarity {
		byRarity[i] = int32(i)
	}
	slices.SortStableFunc(byRarity, func(a, b int32) int { return cmp.Compare(counts[a], counts[b]) })
	rank := make([]int32, len(counts))
	for r, n := range byRarity {
		rank[n] = int32(r)
	}
	for _, s := range sets {
		for k, n := range s {
			s[k] = rank[n]
		}
		slices.Sort(s)
	}
	return sets
}

func between(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

func keyOf(s []int32) string {
	b := make([]byte, 0, 4*len(s))
	for _, n := range s {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return string(b)
}

// shared counts the words of both sets.
func shared(a, b []int32) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// A forest is groups of positions that can be joined.
type forest struct{ parent []int }

func newForest(n int) *forest {
	f := &forest{parent: make([]int, n)}
	for i := range f.parent {
		f.parent[i] = i
	}
	return f
}

func (f *forest) root(i int) int {
	for f.parent[i] != i {
		f.parent[i] = f.parent[f.parent[i]]
		i = f.parent[i]
	}
	return i
}

func (f *forest) join(i, j int) {
	a, b := f.root(i), f.root(j)
	f.parent[max(a, b)] = min(a, b) // the first text stays the root
}

// numbers returns each position's group, numbered in order of appearance.
func (f *forest) numbers() []int {
	out := make([]int, len(f.parent))
	next := 0
	for i := range out {
		if r := f.root(i); r != i {
			out[i] = out[r]
			continue
		}
		out[i] = next
		next++
	}
	return out
}
