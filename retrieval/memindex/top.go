package memindex

import (
	"bytes"
	"cmp"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A place is a passage in a snapshot.
type place struct {
	part, slot int32
}

// A scored is a passage with the score by which it competes.
type scored struct {
	place
	score   float32
	lexical [embeddings.Channels]float32 // by words; zeros if not known yet
}

// compareKeys orders passages by document id and ordinal.
func (s *snapshot) compareKeys(a, b place) int {
	p, q := s.parts[a.part], s.parts[b.part]
	i, j := int(a.slot), int(b.slot)
	if c := bytes.Compare(p.id(int(p.docOf[i])), q.id(int(q.docOf[j]))); c != 0 {
		return c
	}
	return cmp.Compare(p.ordinal(i), q.ordinal(j))
}

// better orders the better of two first: by score, then by key.
func (s *snapshot) better(a, b scored) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return s.compareKeys(a.place, b.place)
}

// A best keeps the n best passages it is shown, as a heap with the worst of
// them on top.
type best struct {
	snap *snapshot
	n    int
	heap []scored
	// floor is the score below which nothing gets in any more.
	floor float32
}

// newBest returns a best of n that lets in scores from floor on.
func newBest(snap *snapshot, n int, floor float32) *best {
	return &best{snap: snap, n: n, floor: floor}
}

// add shows a passage whose score is at least floor.
func (b *best) add(x scored) {
	if len(b.heap) < b.n {
		b.heap = append(b.heap, x)
		for i := len(b.heap) - 1; i > 0; {
			up := (i - 1) / 2
			if b.snap.better(b.heap[i], b.heap[up]) <= 0 {
				break
			}
			b.heap[i], b.heap[up] = b.heap[up], b.heap[i]
			i = up
		}
	} else {
		if b.snap.better(x, b.heap[0]) >= 0 {
			return
		}
		b.heap[0] = x
		b.sink()
	}
	if len(b.heap) == b.n {
		b.floor = max(b.floor, b.heap[0].score)
	}
}

// sink brings the passage on top to its place.
func (b *best) sink() {
	for i := 0; ; {
		worst := i
		for _, child := range []int{2*i + 1, 2*i + 2} {
			if child < len(b.heap) && b.snap.better(b.heap[child], b.heap[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		b.heap[i], b.heap[worst] = b.heap[worst], b.heap[i]
		i = worst
	}
}
