package memindex

import (
	"iter"
	"math/bits"
)

// A bitmap is a set of slots.
type bitmap []uint64

// fullBitmap is the set of the slots from 0 to n-1.
func fullBitmap(n int) bitmap {
	b := make(bitmap, (n+63)/64)
	for i := range b {
		b[i] = ^uint64(0)
	}
	if over := n % 64; over != 0 {
		b[len(b)-1] = 1<<over - 1
	}
	return b
}

func (b bitmap) has(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }
func (b bitmap) set(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bitmap) clear(i int)    { b[i>>6] &^= 1 << (i & 63) }

// count is the size of the set.
func (b bitmap) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// runs yields the longest runs of slots that are in the set, as the first slot
// and the first one behind.
func (b bitmap) runs() iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		from := b.next(0, 0)
		for from < len(b)*64 {
			to := b.next(from, ^uint64(0))
			if !yield(from, to) {
				return
			}
			from = b.next(to, 0)
		}
	}
}

// next is the first slot from i on that is in the set; with flip all ones, the
// first that is not.
func (b bitmap) next(i int, flip uint64) int {
	if i >= len(b)*64 {
		return len(b) * 64
	}
	word := (b[i>>6] ^ flip) &^ (1<<(i&63) - 1)
	for at := i >> 6; ; {
		if word != 0 {
			return at*64 + bits.TrailingZeros64(word)
		}
		if at++; at == len(b) {
			return len(b) * 64
		}
		word = b[at] ^ flip
	}
}
