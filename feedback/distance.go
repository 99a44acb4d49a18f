package feedback

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Distance is how much of a draft was changed before it was sent: the
// Levenshtein distance over words as a share of the longer text, from 0 for
// none to 1 for all. Markers such as [1], capitals, punctuation, Markdown and
// quoted history do not count, a link counts as one word, and a tag that
// stands for personal data as the word for its kind. Two texts without a word
// are equal.
//
// It is exact for texts of up to 4096 words between what they have in common
// at either end. Beyond, it is an upper bound that stays near: five hundred words
// of the one at a time are aligned with as much of the next thousand of the other
// as fits best, so what was put in or left out at greater length may hide what
// follows it.
// The time is then linear: about 50 ms of one core for two texts of 1 MB.
func Distance(draft, final string) float64 {
	quotes := strings.HasPrefix(draft, ">") || strings.Contains(draft, "\n>")
	if !quotes {
		final = withoutQuotes(final)
	}
	a, b := hashWords(draft), hashWords(withoutHistory(final))
	longer := max(len(a), len(b))
	if longer == 0 {
		return 0
	}
	return float64(edits(a, b)) / float64(longer)
}

// edits is the Levenshtein distance of two word lists, or an upper bound.
func edits(a, b []uint64) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return len(b)
	}
	m := newMatching(a, b)
	if len(b) <= exactWords {
		rows := m.row(0, len(a), 0, len(b))
		return int(rows[len(rows)-1])
	}
	return m.greedy()
}

// Sizes of what is aligned at once, in words.
const (
	exactWords = 4096
	pieceWords = 512
	reachWords = 1024
)

// A matching aligns two word lists by bit vectors: G. Myers, A Fast
// Bit-Vector Algorithm for Approximate String Matching, JACM 46 (1999), in the
// blocks and the form of H. Hyyrö, A Bit-Vector Algorithm for Computing
// Levenshtein and Damerau Edit Distances, NJC 10 (2003).
type matching struct {
	a, b []int32 // words as numbers from 1; 0: the other list does not have it
	slot []int32 // by word: its place in peq, from 1; 0: none in this piece
	used []int32 // words with a slot
	peq  []uint64
}

func newMatching(a, b []uint64) *matching {
	ids := make(map[uint64]int32, len(a)/4)
	m := &matching{a: make([]int32, len(a)), b: make([]int32, len(b))}
	for i, w := range a {
		id := ids[w]
		if id == 0 {
			id = int32(len(ids) + 1)
			ids[w] = id
		}
		m.a[i] = id
	}
	for i, w := range b {
		m.b[i] = ids[w]
	}
	m.slot = make([]int32, len(ids)+1)
	return m
}

// row returns the distances of a[from:to] from every prefix of b[lo:hi], the
// empty one first.
func (m *matching) row(from, to, lo, hi int) []int32 {
	n := to - from
	blocks := (n + 63) / 64
	m.prepare(m.a[from:to], blocks)
	pv, mv := make([]uint64, blocks), make([]uint64, blocks)
	for i := range pv {
		pv[i] = ^uint64(0)
	}
	last := uint64(1) << ((n - 1) % 64)
	none := make([]uint64, blocks)
	out := make([]int32, 1, hi-lo+1)
	out[0] = int32(n)
	score := int32(n)
	for _, w := range m.b[lo:hi] {
		eqs := none
		if s := int(m.slot[w]); s > 0 {
			eqs = m.peq[(s-1)*blocks : s*blocks]
		}
		plus, minus := uint64(1), uint64(0) // the first row grows by one a column
		for i := range pv {
			eq, p, v := eqs[i], pv[i], mv[i]
			xv := eq | v
			eq |= minus
			xh := (((eq & p) + p) ^ p) | eq
			ph, mh := v|^(xh|p), p&xh
			if i == blocks-1 {
				if ph&last != 0 {
					score++
				} else if mh&last != 0 {
					score--
				}
			}
			outPlus, outMinus := ph>>63, mh>>63
			ph, mh = ph<<1|plus, mh<<1|minus
			plus, minus = outPlus, outMinus
			pv[i], mv[i] = mh|^(xv|ph), ph&xv
		}
		out = append(out, score)
	}
	return out
}

// prepare notes where in a piece each of its words stands.
func (m *matching) prepare(piece []int32, blocks int) {
	for _, w := range m.used {
		m.slot[w] = 0
	}
	m.used = m.used[:0]
	m.peq = m.peq[:0]
	for i, w := range piece {
		if m.slot[w] == 0 {
			m.used = append(m.used, w)
			m.slot[w] = int32(len(m.used))
			for range blocks {
				m.peq = append(m.peq, 0)
			}
		}
		m.peq[(int(m.slot[w])-1)*blocks+i/64] |= 1 << (i % 64)
	}
}

// greedy aligns piece by piece.
func (m *matching) greedy() int {
	total, at := 0, 0
	for from := 0; from < len(m.a); from += pieceWords {
		to := min(from+pieceWords, len(m.a))
		if to == len(m.a) && len(m.b)-at <= exactWords {
			rest := m.row(from, to, at, len(m.b))
			return min(total+int(rest[len(rest)-1]), max(len(m.a), len(m.b)))
		}
		row := m.row(from, to, at, min(at+reachWords, len(m.b)))
		best := 0
		for j, d := range row {
			// Of equals, the one that takes as many words as it gives.
			if d < row[best] || d == row[best] && abs(j-to+from) < abs(best-to+from) {
				best = j
			}
		}
		total += int(row[best])
		at += best
	}
	return min(total+len(m.b)-at, max(len(m.a), len(m.b)))
}

func abs(n int) int { return max(n, -n) }

// hashWords hashes the words of a text as a reader compares them.
func hashWords(text string) []uint64 {
	s := wordScanner{text: text, words: make([]uint64, 0, len(text)/8+1)}
	for s.at < len(text) {
		s.next()
	}
	return s.words
}

// A wordScanner walks over a text.
type wordScanner struct {
	text  string
	at    int
	words []uint64
}

// next takes what stands at the place reached.
func (s *wordScanner) next() {
	rest := s.text[s.at:]
	if n := markupLen(s.text, s.at); n > 0 {
		s.at += n
		return
	}
	if n := tagLen(rest); n > 0 {
		kind, _, _ := strings.Cut(rest[:n], ":")
		s.add(kind)
		s.at += n
		return
	}
	if n := linkLen(rest); n > 0 {
		s.add(rest[:n])
		s.at += n
		return
	}
	hash, n := wordAt(rest)
	if n > 0 {
		s.words = append(s.words, hash)
		s.at += n
		return
	}
	r, size := utf8.DecodeRuneInString(rest)
	if r == '%' || r >= 0x80 && unicode.Is(unicode.Sc, r) || r == '$' {
		s.add(rest[:size]) // 5 % is not 5 $
	}
	s.at += size
}

// The offset and the prime of the FNV-1a hash of 64 bits, here over runes.
const (
	hashOffset = 14695981039346656037
	hashPrime  = 1099511628211
)

func (s *wordScanner) add(word string) {
	h := uint64(hashOffset)
	for _, r := range word {
		h = (h ^ uint64(r)) * hashPrime
	}
	s.words = append(s.words, h)
}

// wordAt hashes the run of letters and digits that s begins with: small
// letters, ё as е, without apostrophes and accents.
func wordAt(s string) (hash uint64, length int) {
	hash = hashOffset
	for length < len(s) {
		r, size := rune(s[length]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[length:])
		}
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'а' <= r && r <= 'я':
		case 'A' <= r && r <= 'Z' || 'А' <= r && r <= 'Я':
			r += 0x20
		case r == 'ё' || r == 'Ё':
			r = 'е'
		case length > 0 && (r == '\'' || r == '’' || r == 0x0301):
			length += size
			continue
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && r != utf8.RuneError:
			r = unicode.ToLower(r)
		default:
			return hash, length
		}
		if r >= 'а' && r <= 'я' && 'А' <= r && r <= 'Я' {
			r += 0x20
		}
		hash = (hash ^ uint64(r)) * hashPrime
		length += size
	}
	return hash, length
}
