package retrieval

import (
	"context"
	"math"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// Whether the knowledge base covers a question shows less in how high the best
// source scores than in how it stands among the others: a question that is
// covered has one source, or a few about the same, far before the rest, whose
// title asks what it asks, and that every way of searching agrees on.

// standing is how the best source stands to the question and to the others.
type standing struct {
	apart float64 // see Features.Apart
	title float64 // see Features.Title
	agree float64 // see Features.Agree
	form  float64 // see Features.Form
	told  float64 // see Features.Told

	question embeddings.Vector // of embeddings.Local
}

// How sharply scores tell the best source from the others, and the most that
// the log odds may come to; how sharply one way of searching does.
const (
	apartSharpness = 20
	apartMost      = 4
	agreeSharpness = 8
)

// stand looks at the best of what was found. Its error is that of an ended ctx.
//
// Vectors are those of embeddings.Local whatever model serves, since what a
// cosine means differs from model to model.
func (t *task) stand(ctx context.Context, f *findings) (c standing, err error) {
	if len(f.best) == 0 {
		return c, nil
	}
	top := &f.best[0]
	texts := []string{joined("", t.context, t.search)}
	for i := range f.best {
		texts = append(texts, nameOf(&f.best[i]))
	}
	vectors, err := embeddings.Local{}.Embed(ctx, texts)
	if err != nil {
		return c, err
	}
	c.question = vectors[0]
	names := vectors[1:]
	c.title = top.titled()
	if f.said != nil {
		c.title = max(c.title, f.said.coverage())
	}
	same := make([]float64, len(names))
	for i := range names {
		same[i] = max(0, float64(names[0].Dot(names[i])))
	}
	parts := make([]Candidate, len(f.best))
	for i := range f.best {
		parts[i] = f.best[i].parts
	}
	c.apart, c.agree = apart(parts, same), agreement(parts, same)
	c.form, c.told = t.asks(f)
	return c, nil
}

// asks says how far the best source asks what the question asks, and which
// share of what some source asks the question has. A source asks by its title,
// a case by the question that it answered.
func (t *task) asks(f *findings) (alike, most float64) {
	var asked []string
	for i := range f.best {
		if ask := askOf(&f.best[i]); ask != "" {
			asked = append(asked, ask)
		}
	}
	form := formOf(t.search)
	alike = form.alike(formOf(askOf(&f.best[0])))
	if f.said != nil {
		alike = max(alike, form.alike(formOf(askOf(f.said))))
		asked = append(asked, askOf(f.said))
	}
	return alike, told(t.search, asked)
}

func askOf(x *ranked) string {
	if x.Source.Kind == kb.Case && x.Source.Title == "" {
		return x.Passage.Text
	}
	return x.Source.Title
}

// nameOf is what a source is told from others by.
func nameOf(x *ranked) string {
	if x.Source.Title == "" {
		return passageOf(x)
	}
	return x.Source.Title
}

func passageOf(x *ranked) string { return joined(x.Source.Title, x.Passage.Heading, x.Passage.Text) }

// titled is the share of the question's words, by rarity, that the title of x
// has; without a title, that one place of it has.
func (x *ranked) titled() float64 {
	if x.Source.Title == "" {
		return x.coverage()
	}
	return share(x.on.match.Best(x.Source.Title).Score, x.on.mass)
}

// apart is the log odds of the first candidate by the softmax of their scores.
// Others count by how much they are about something else: same is how like the
// first each is, from 0 to 1.
func apart(cs []Candidate, same []float64) float64 {
	others := 0.0
	for i := 1; i < len(cs); i++ {
		others += max(0, 1-same[i]) * math.Exp(apartSharpness*(cs[i].Score-cs[0].Score))
	}
	if others == 0 {
		return apartMost
	}
	return max(-apartMost, min(apartMost, -math.Log(others)))
}

// agreement is how much of their choice the ways of searching give to the first
// candidate or to what is like it: the mean over those that found anything,
// each with the softmax of its scores relative to its best.
func agreement(cs []Candidate, same []float64) float64 {
	ways := [...]func(*Candidate) float64{
		func(c *Candidate) float64 { return c.Title }, func(c *Candidate) float64 { return c.Body },
		func(c *Candidate) float64 { return c.Grams }, func(c *Candidate) float64 { return c.Place },
		func(c *Candidate) float64 { return c.Dense },
	}
	sum, n := 0.0, 0
	for _, of := range ways {
		most := 0.0
		for i := range cs {
			most = max(most, of(&cs[i]))
		}
		if most <= 0 {
			continue
		}
		all, first := 0.0, 0.0
		for i := range cs {
			e := math.Exp(agreeSharpness * (of(&cs[i])/most - 1))
			all += e
			first += e * same[i]
		}
		sum += first / all
		n++
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}
