package compose

import (
	"cmp"
	"slices"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

// A chosen is a statement as the draft makes it.
type chosen struct {
	text     string
	layout   layout
	place    float64
	tickets  []string // that say so
	clash    string   // what the variants tell differently
	variants []gap.Variant
}

// choose takes the statements that a draft is made of, in their order, and
// those that one of many replies alone makes: it may know better than the
// others, or speak of something else. They
// come from the replies rs.
func choose(said []statement, rs []reading) (taken, alone []chosen) {
	for i := range said {
		c := said[i].choose(rs)
		// With few replies each counts; with more, what only one says is left
		// to the editor.
		if len(rs) > few && len(c.tickets) < 2 {
			alone = append(alone, c)
			continue
		}
		taken = append(taken, c)
	}
	if len(taken) == 0 {
		taken, alone = alone, nil // replies that have nothing in common: the editor sees all
	}
	taken = withoutRepeats(taken)
	// The mean of their places keeps steps in order where replies agree.
	slices.SortStableFunc(taken, func(a, b chosen) int { return cmp.Compare(a.place, b.place) })
	return taken, alone[:min(len(alone), aloneMost)]
}

// aloneMost is how many statements of single replies are shown.
const aloneMost = 5

// withoutRepeats leaves out statements of which a better supported one says
// nearly every word.
func withoutRepeats(cs []chosen) []chosen {
	slices.SortStableFunc(cs, func(a, b chosen) int { return cmp.Compare(len(b.tickets), len(a.tickets)) })
	var out []chosen
	for _, c := range cs {
		again := slices.ContainsFunc(out, func(o chosen) bool {
			l := likenesses(c.text, [][]string{{o.text}})[0]
			return l.clash == "" && l.cover >= repeated
		})
		if !again {
			out = append(out, c)
		}
	}
	return out
}

// repeated is the share of a statement's words that another must have for it to
// add nothing.
const repeated = 0.75

// few is how many replies are so few that what one of them says is taken.
const few = 3

// choose decides how the statement is told: as most replies tell it, the latest
// of equals, in the words that are most like those of the others.
func (s *statement) choose(rs []reading) chosen {
	c := chosen{place: s.place}
	for _, g := range s.told() {
		v := gap.Variant{Text: s.pieces[s.typical(g)].text}
		for _, x := range g {
			r := &rs[s.pieces[x].reply]
			v.Tickets = append(v.Tickets, r.Ticket)
			if r.At.After(v.Latest) {
				v.Latest = r.At.UTC()
			}
		}
		c.variants = append(c.variants, v)
	}
	c.text, c.tickets = c.variants[0].Text, c.variants[0].Tickets
	for x := range s.pieces {
		for y := range s.pieces {
			c.clash = cmp.Or(c.clash, s.clash[x][y])
		}
	}
	layouts := make(map[layout]int)
	for _, p := range s.pieces {
		layouts[p.layout]++
	}
	for _, l := range []layout{bullet, step} {
		if 2*layouts[l] > len(s.pieces) {
			c.layout = l
		}
	}
	return c
}

// told sorts the pieces by the facts that they tell, the most told first. The
// latest replies come last among pieces.
func (s *statement) told() [][]int {
	var groups [][]int
	for x := range s.pieces {
		at := slices.IndexFunc(groups, func(g []int) bool {
			return !slices.ContainsFunc(g, func(y int) bool { return s.clash[x][y] != "" })
		})
		if at < 0 {
			groups = append(groups, []int{x})
			continue
		}
		groups[at] = append(groups[at], x)
	}
	slices.SortStableFunc(groups, func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b[len(b)-1], a[len(a)-1]))
	})
	return groups
}

// typical is the piece that is most like the others of its group; of equals the
// latest.
func (s *statement) typical(g []int) int {
	best, most := g[0], -1.0
	for _, x := range g {
		sum := 0.0
		for _, y := range g {
			sum += s.alike[x][y]
		}
		if sum >= most {
			best, most = x, sum
		}
	}
	return best
}

// conflict is what an editor must decide about the sentence at a place of the
// draft.
func (c *chosen) conflict(at int) (gap.Conflict, bool) {
	if len(c.variants) < 2 {
		return gap.Conflict{}, false
	}
	return gap.Conflict{Sentence: at, What: c.clash, Variants: c.variants}, true
}
