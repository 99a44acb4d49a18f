package memindex

import (
	"cmp"
	"math/bits"
	"slices"
)

const (
	// fanIn is how many parts of like size are merged into one. A passage is
	// then copied a handful of times on its way into a full segment.
	fanIn = 4

	// maxPostings bounds a segment, so that places in its lists fit in 32 bits.
	maxPostings = 1 << 31
)

// compact drops empty parts and merges parts of like size until no four are
// left. On error the parts it returns hold what they did before.
func (s *shard) compact(parts []part) ([]part, error) {
	for {
		parts = slices.DeleteFunc(parts, func(p part) bool { return p.live == 0 })
		chosen := choose(parts)
		if len(chosen) == 0 {
			return parts, nil
		}
		merged, err := s.join(chosen, false)
		if err != nil {
			return parts, err
		}
		parts = append(without(parts, chosen), merged)
	}
}

// without returns parts that are not in chosen.
func without(parts, chosen []part) []part {
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool {
		return slices.ContainsFunc(chosen, func(c part) bool { return c.segment == p.segment })
	})
}

// join merges parts into one, on disk if it is large or if asked to.
func (s *shard) join(parts []part, durable bool) (part, error) {
	live, size := 0, 0
	for _, p := range parts {
		live += p.live
		size += int(p.size)
	}
	write := func(w *writer) error { return merge(w, parts, s.dim) }
	if s.files.dir != "" && (durable || live >= s.files.fileAt) {
		return s.files.onDisk(write)
	}
	return s.files.inMemory(size, write)
}

// level puts parts of like size together: each is four times the one below.
func level(p *part) int { return bits.Len(uint(p.live)) / 2 }

// choose returns parts that should become one, none if all is well: a part
// that is mostly dead, or the smallest of a level that has too many.
func choose(parts []part) []part {
	byLevel := make(map[int][]part)
	for _, p := range parts {
		if 2*p.live < p.slots {
			return []part{p}
		}
		byLevel[level(&p)] = append(byLevel[level(&p)], p)
	}
	for _, group := range byLevel {
		if len(group) < fanIn {
			continue
		}
		slices.SortFunc(group, func(a, b part) int { return cmp.Compare(a.live, b.live) })
		n, slots, postings := 0, 0, 0
		for n < len(group) && slots+group[n].live <= maxSlot && postings+len(group[n].postings) <= maxPostings {
			slots += group[n].live
			postings += len(group[n].postings)
			n++
		}
		if n > 1 {
			return group[:n]
		}
	}
	return nil
}
