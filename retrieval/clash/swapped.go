package clash

import (
	"slices"
	"strings"
)

const (
	// swappedShare is what is left of a pair whose statements run alike but for
	// a heavy word in the same slot: they are about two things.
	swappedShare = 0.5

	// narrowedShare is what is left where one of them has a modifier before a
	// word that the other has bare: the family plan is not the plan.
	narrowedShare = 0.75
)

// swapped is below 1 where the statements, word by word but for those to skip,
// speak of two things. Read from either side, the better reading counts.
func (m *matching) swapped(skipA, skipB func(*item) bool) float64 {
	if m.foreign {
		return 1
	}
	back := &matching{corpus: m.corpus, a: m.b, b: m.a, toB: m.toA, toA: m.toB}
	return max(m.slots(skipA, skipB), back.slots(skipB, skipA))
}

// slots judges what stands between the words that the statements share, in the
// order of a.
func (m *matching) slots(skipA, skipB func(*item) bool) float64 {
	i, k, v := -1, -1, 1.
	m.skip = [2]func(*item) bool{skipA, skipB}
	for i < len(m.a.items) {
		ni, nk := m.nextTied(i, k)
		v *= m.slot(i, ni, k, nk)
		i, k = ni, nk
	}
	return max(v, swappedShare*narrowedShare)
}

// nextTied returns the next items behind i and k, in the order of both
// statements, that are tied to each other; the two ends if there are none.
func (m *matching) nextTied(i, k int) (int, int) {
	for n := i + 1; n < len(m.a.items); n++ {
		if at := m.toB[n].at; at > k && at <= k+4 {
			return n, at
		}
	}
	return len(m.a.items), len(m.b.items)
}

// slot judges what stands between the tied items i and k and the next ones.
func (m *matching) slot(i, ni, k, nk int) float64 {
	own, theirs := m.free(0, i, ni), m.free(1, k, nk)
	bounded := (i >= 0 || ni < len(m.a.items)) && ni-i <= 4 && nk-k <= 4
	switch {
	case len(own) > 0 && len(theirs) > 0 && bounded:
		return swappedShare
	case ni < len(m.a.items) && (m.modifies(own, m.a, ni) || m.modifies(theirs, m.b, nk)):
		return narrowedShare
	}
	return 1
}

// free returns the heavy items between two places that nothing of the other
// statement, nor of what it stands under, is tied to.
func (m *matching) free(side, from, to int) []int {
	s, ties := m.a, m.toB
	if side == 1 {
		s, ties = m.b, m.toA
	}
	var out []int
	for n := from + 1; n < to; n++ {
		if skip := m.skip[side]; skip != nil && skip(&s.items[n]) {
			continue
		}
		if ties[n].value == 0 && !m.words[s.items[n].word].light && !s.items[n].only && !s.items[n].any {
			out = append(out, n)
		}
	}
	return out
}

// modifies reports whether the last of the free items stands right before the
// item next and says which one of its kind it is.
func (m *matching) modifies(free []int, s *statement, next int) bool {
	if len(free) == 0 || !slices.Contains(free, next-1) {
		return false
	}
	a, b := &s.items[next-1], &s.items[next]
	if b.at != a.at+1 || a.clause != b.clause || m.words[b.word].light {
		return false
	}
	norm := m.words[a.word].norm
	if norm[0] < 0x80 {
		return !strings.HasSuffix(norm, "ed") && !strings.HasSuffix(norm, "ing")
	}
	return adjective(norm)
}

// adjective reports whether a Russian word has the ending of an adjective.
func adjective(norm string) bool {
	for _, e := range [...]string{"ая", "ый", "ий", "ое", "ой", "ую", "ых", "их", "ого", "его", "ому", "ему", "ым", "им", "ыми", "ими", "ые", "ие", "яя", "ей"} {
		if len(norm) > len(e)+4 && strings.HasSuffix(norm, e) {
			return true
		}
	}
	return false
}
