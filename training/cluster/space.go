package cluster

import (
	"context"
	"math"

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
	replyPart   = 0.6 // beside the text, not instead of it: a boilerplate reply alone must not group
	meaningPart = 0.6 // of the question, where there are vectors; words have the rest
)

// A space is items as points whose inner product says how much they are alike:
// about 1 for the same question, about 0 for two that have nothing to do with
// each other, up to 1+replyPart where the replies say so too.
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
	words, err := wordPoints(ctx, append(texts, background...), textDim)
	if err != nil {
		return nil, err
	}
	answers, err := wordPoints(ctx, replies, replyDim)
	if err != nil {
		return nil, err
	}
	meaning, err := meaningPoints(ctx, items)
	if err != nil {
		return nil, err
	}
	s := &space{items: items, points: newTable(len(items), words.dim+answers.dim+meaning.dim)}
	for i := range items {
		share := float32(1)
		if meaning.dim > 0 && norm(meaning.row(i)) > 0 {
			share = 1 - meaningPart
		}
		dst := s.points.row(i)
		axpy(root(share), words.row(i), dst)
		axpy(root(replyPart), answers.row(i), dst[words.dim:])
		axpy(root(1-share), meaning.row(i), dst[words.dim+answers.dim:])
	}
	s.near, err = nearest(ctx, s.points)
	return s, err
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// wordPoints are texts as points by their words. A point is as long as the
// share of its text that others speak of too, at most 1: what a question says
// beside that tells it apart. If all texts are empty, points have no dimension.
func wordPoints(ctx context.Context, texts []string, dim int) (table, error) {
	terms := make([][]termCount, len(texts))
	some := false
	for i, text := range texts {
		if i%1000 == 0 && ctx.Err() != nil {
			return table{}, ctx.Err()
		}
		terms[i] = termsOf(text)
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
