package cluster

import (
	"context"
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// How many dimensions each part of a point has. They bound how finely the
// evidence is told apart; fewer smooth more.
const (
	textDim    = 160
	replyDim   = 96
	meaningDim = 96
)

// What each part counts, in squares of lengths, so that these are the shares of
// the cosine.
const (
	// replyPart is what the replies of two items count, answeredPart what their
	// texts do then. Replies say more, but some are sent to everybody.
	replyPart    = 0.45
	answeredPart = 0.75

	meaningPart = 0.6 // of the question, where there are vectors; words have the rest
)

// A space is items as points whose inner product says how much they are alike:
// about 1 for the same question, about 0 for two that have nothing to do with
// each other, at most 1.2 where the replies are the same too.
type space struct {
	items  []Item
	points table
	near   [][]int32 // for each item the nearest others, best first
}

func newSpace(ctx context.Context, items []Item, background []string) (*space, error) {
	texts, replies := make([]string, len(items)), make([]string, len(items))
	for i, it := range items {
		texts[i], replies[i] = it.Text, it.Reply
	}
	words, err := wordPoints(ctx, append(texts, background...), foreign(items), textDim)
	if err != nil {
		return nil, err
	}
	answers, err := wordPoints(ctx, replies, nil, replyDim)
	if err != nil {
		return nil, err
	}
	meaning, err := meaningPoints(ctx, items)
	if err != nil {
		return nil, err
	}
	question := newTable(len(items), words.dim+meaning.dim)
	for i := range items {
		share := float32(1)
		if meaning.dim > 0 && norm(meaning.row(i)) > 0 {
			share = 1 - meaningPart
		}
		axpy(root(share), words.row(i), question.row(i))
		axpy(root(1-share), meaning.row(i), question.row(i)[words.dim:])
	}
	worth, err := replyWorth(ctx, question, answers)
	if err != nil {
		return nil, err
	}
	s := &space{items: items, points: newTable(len(items), question.dim+answers.dim)}
	for i, w := range worth {
		axpy(root(1-w*(1-answeredPart)), question.row(i), s.points.row(i))
		axpy(root(w*replyPart), answers.row(i), s.points.row(i)[question.dim:])
	}
	s.near, err = nearest(ctx, s.points)
	return s, err
}

const (
	// sameReply is the likeness from which replies are copies of one text.
	sameReply = 0.8

	// judgedBy is how many copies of a reply it takes to judge it by the
	// questions it was sent to, and worthy how much alike those are if it is an
	// answer to them.
	judgedBy = 4
	worthy   = 0.1
)

// replyWorth returns for each item how much its reply says of its topic, from 0
// to 1. "We have passed it on to our specialists" is sent to everybody, so the
// questions it was sent to have nothing in common. An item without a reply has
// 0.
func replyWorth(ctx context.Context, question, answers table) ([]float32, error) {
	worth := make([]float32, question.n)
	if answers.dim == 0 {
		return worth, nil
	}
	near, err := nearest(ctx, answers)
	for i := range worth {
		r := answers.row(i)
		if norm(r) == 0 {
			continue
		}
		worth[i] = 1
		var alike []float32
		for _, j := range near[i] {
			if dot(r, answers.row(int(j))) >= sameReply {
				alike = append(alike, dot(question.row(i), question.row(int(j))))
			}
		}
		if len(alike) >= judgedBy {
			slices.Sort(alike)
			worth[i] = min(max(alike[len(alike)/2]/worthy, 0), 1)
		}
	}
	return worth, err
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// foreign tells which items are not in the language of most, in a tie of that
// which comes first.
func foreign(items []Item) []bool {
	languages := make([]string, len(items))
	for i, it := range items {
		languages[i] = languageOf(it)
	}
	most := usualOf(languages)
	out := make([]bool, len(items))
	for i, language := range languages {
		out[i] = language != most
	}
	return out
}

// languageOf is the language of an item's question.
func languageOf(it Item) string {
	if it.Language != "" {
		return it.Language
	}
	return embeddings.Language(plain(it.Text))
}

// usualOf is the string that is there most often, in a tie the least.
func usualOf(list []string) string {
	count := make(map[string]int)
	best := ""
	for _, s := range list {
		count[s]++
	}
	for s, n := range count {
		if n > count[best] || n == count[best] && s < best {
			best = s
		}
	}
	return best
}

// wordPoints are texts as points by their words. A point is as long as the
// share of its text that others speak of too, at most 1: what a question says
// beside that tells it apart. If all texts are empty, points have no dimension.
// Foreign are the first texts that are not in the language of most, if any.
func wordPoints(ctx context.Context, texts []string, foreign []bool, dim int) (table, error) {
	terms := make([][]termCount, len(texts))
	some := false
	for i, text := range texts {
		if i%1000 == 0 && ctx.Err() != nil {
			return table{}, ctx.Err()
		}
		terms[i] = termsOf(text, i < len(foreign) && foreign[i])
		some = some || len(terms[i]) > 0
	}
	if !some {
		return newTable(len(texts), 0), nil
	}
	m := weigh(terms)
	points, err := latent(ctx, m, dim)
	for i := range points.n {
		r := embeddings.Vector(points.row(i)).Unit()
		for j := range r {
			r[j] *= m.known[i]
		}
	}
	return points, err
}
