package compose

import (
	"context"
	"slices"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// A statement is what one or several replies say, each in its words.
type statement struct {
	pieces []piece // at most one of each reply
	alike  [][]float64
	clash  [][]string // between two of pieces: the kind of fact that they tell differently; empty: none
	place  float64    // mean over its pieces
}

// same is the share of the words of each of two sentences that the other must
// have for them to say the same; facts aside, that differ in conflicts.
const same = 0.45

// A likeness is how two pieces compare.
type likeness struct {
	cover float64
	clash string
}

// group puts together the pieces that say the same.
func group(ctx context.Context, rs []reading) ([]statement, error) {
	var all []piece
	for i := range rs {
		all = append(all, rs[i].pieces...)
	}
	like, err := compare(ctx, all)
	if err != nil {
		return nil, err
	}
	var groups [][]int
	for i := range all {
		best, near := -1, same
		for g, members := range groups {
			// What one reply says in two sentences is two things.
			if slices.ContainsFunc(members, func(j int) bool { return all[j].reply == all[i].reply }) {
				continue
			}
			// The mean keeps a chain of small differences from growing.
			if mean := meanLike(like, i, members); mean >= near {
				best, near = g, mean
			}
		}
		if best < 0 {
			groups = append(groups, []int{i})
			continue
		}
		groups[best] = append(groups[best], i)
	}
	out := make([]statement, len(groups))
	for g, members := range groups {
		out[g] = stated(all, like, members)
	}
	return out, nil
}

// compare holds every piece against every other one. Operators paste: what is
// told in the same words is looked at once.
func compare(ctx context.Context, all []piece) ([][]likeness, error) {
	place := make(map[string]int)
	at := make([]int, len(all)) // of a piece among the texts
	var sources [][]string
	for i := range all {
		n, known := place[all[i].text]
		if !known {
			n = len(sources)
			place[all[i].text] = n
			sources = append(sources, []string{all[i].text})
		}
		at[i] = n
	}
	texts := make([][]likeness, len(sources))
	for n := range sources {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		texts[n] = likenesses(sources[n][0], sources)
		texts[n][n] = likeness{cover: 1}
	}
	like := make([][]likeness, len(all))
	for i := range all {
		like[i] = make([]likeness, len(all))
		for j := range all {
			like[i][j] = texts[at[i]][at[j]]
		}
	}
	return like, nil
}

// likenesses holds one text against others.
func likenesses(text string, sources [][]string) []likeness {
	out := make([]likeness, len(sources))
	for _, c := range retrieval.Compare(text, sources) {
		for j, s := range c.Supports {
			out[j].cover = max(out[j].cover, s.Cover)
			if s.Clash != nil {
				out[j].clash = string(s.Clash.Kind)
			}
		}
	}
	return out
}

// between is how two pieces compare both ways.
func between(like [][]likeness, i, j int) likeness {
	a, b := like[i][j], like[j][i]
	l := likeness{cover: min(a.cover, b.cover), clash: a.clash}
	if l.clash == "" {
		l.clash = b.clash
	}
	return l
}

func meanLike(like [][]likeness, i int, members []int) float64 {
	sum := 0.0
	for _, j := range members {
		sum += between(like, i, j).cover
	}
	return sum / float64(len(members))
}

func stated(all []piece, like [][]likeness, members []int) statement {
	s := statement{pieces: make([]piece, len(members)), alike: make([][]float64, len(members)), clash: make([][]string, len(members))}
	for x, i := range members {
		s.pieces[x] = all[i]
		s.place += all[i].place / float64(len(members))
		s.alike[x], s.clash[x] = make([]float64, len(members)), make([]string, len(members))
		for y, j := range members {
			l := between(like, i, j)
			s.alike[x][y], s.clash[x][y] = l.cover, l.clash
		}
	}
	return s
}
