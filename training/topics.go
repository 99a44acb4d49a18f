package training

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A question is what somebody asked, as far as topics are concerned.
type question struct {
	id   string
	text string // without personal data
}

// How questions are grouped.
const (
	// topicNear is the cosine with a topic's centroid from which a question
	// belongs to it. Vectors of embeddings.Local share words or pieces of
	// words, so unrelated questions lie near 0.
	topicNear = retrieval.TopicNear

	// topicLeast is how many questions make a topic.
	topicLeast = 3

	// topicsMost bounds what a question is compared with.
	topicsMost = 500

	topicExamples = 5
	topicWords    = 3
)

// topicsOf groups questions, oldest first, into topics. Those in before keep
// their identity and their place and take questions first; what fits none
// begins a topic of its own (the rule of DP-means: Kulis and Jordan 2012).
// Topics of fewer than topicLeast questions are left out.
//
// The vectors are always those of embeddings.Local, whatever model serves, so
// topics outlive it.
func topicsOf(ctx context.Context, before []retrieval.Topic, qs []question) ([]retrieval.Topic, error) {
	texts := make([]string, len(qs))
	for i, q := range qs {
		texts[i] = q.text
	}
	vectors, err := embeddings.Local{}.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	var groups []*group
	near := newCentroids(embeddings.Local{}.Dim())
	for i := range before {
		if len(before[i].Centroid) != near.dim {
			continue // of another scheme
		}
		near.set(len(groups), before[i].Centroid)
		groups = append(groups, &group{topic: before[i], sum: scaled(before[i].Centroid, float32(min(before[i].Size, seedMost)))})
	}
	for i, v := range vectors {
		if !slices.ContainsFunc(v, func(x float32) bool { return x != 0 }) {
			continue // it says nothing
		}
		at := near.nearest(v)
		if at < 0 {
			if len(groups) >= topicsMost {
				continue
			}
			at = len(groups)
			groups = append(groups, &group{topic: retrieval.Topic{ID: topicID(qs[i].text)}})
		}
		groups[at].add(i, v)
		near.set(at, groups[at].topic.Centroid)
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return g.topic.Label == "" && len(g.members) < topicLeast })
	name(groups, qs, vectors)
	out := make([]retrieval.Topic, len(groups))
	for i, g := range groups {
		out[i] = g.topic
	}
	return out, nil
}

// seedMost bounds how firmly a topic of earlier holds its place.
const seedMost = 50

// A group is a topic in the making.
type group struct {
	topic   retrieval.Topic
	sum     embeddings.Vector // of its members
	members []int
}

func (g *group) add(i int, v embeddings.Vector) {
	if g.sum == nil {
		g.sum = make(embeddings.Vector, len(v))
	}
	for j, x := range v {
		g.sum[j] += x
	}
	g.topic.Centroid = slices.Clone(g.sum).Unit()
	g.topic.Size++
	g.members = append(g.members, i)
}

// name gives each group the words that set it apart and its most typical
// questions. Words are weighed by how often they occur in the group and in how
// few groups (class-based TF-IDF: Grootendorst 2022). A topic keeps the label
// it has.
func name(groups []*group, qs []question, vectors []embeddings.Vector) {
	counts := make([]map[string]int, len(groups))
	in := make(map[string]int)
	surface := make(map[string]string)
	for i, g := range groups {
		counts[i] = make(map[string]int)
		for _, m := range g.members {
			for _, t := range embeddings.Analyze(qs[m].text).Tokens {
				if t.Stop || t.Part || t.Kind == embeddings.Link {
					continue
				}
				counts[i][t.Stem]++
				if was := surface[t.Stem]; was == "" || len(t.Norm) < len(was) {
					surface[t.Stem] = t.Norm
				}
			}
		}
		for stem := range counts[i] {
			in[stem]++
		}
	}
	for i, g := range groups {
		if g.topic.Label == "" {
			g.topic.Label = label(counts[i], in, surface, len(groups))
		}
		g.examples(qs, vectors)
	}
}

// label joins the words that set a group apart.
func label(counts, in map[string]int, surface map[string]string, groups int) string {
	weight := func(stem string) float64 {
		return float64(counts[stem]) * math.Log(1+float64(groups)/float64(in[stem]))
	}
	stems := make([]string, 0, len(counts))
	for stem := range counts {
		stems = append(stems, stem)
	}
	slices.SortFunc(stems, func(a, b string) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), strings.Compare(a, b))
	})
	words := make([]string, 0, topicWords)
	for _, stem := range stems[:min(topicWords, len(stems))] {
		words = append(words, surface[stem])
	}
	return strings.Join(words, " ")
}

// examples takes the questions nearest to the centroid for examples.
func (g *group) examples(qs []question, vectors []embeddings.Vector) {
	if len(g.members) == 0 {
		return
	}
	near := slices.Clone(g.members)
	slices.SortStableFunc(near, func(a, b int) int {
		return cmp.Compare(g.topic.Centroid.Dot(vectors[b]), g.topic.Centroid.Dot(vectors[a]))
	})
	g.topic.Examples = nil
	for _, m := range near[:min(topicExamples, len(near))] {
		g.topic.Examples = append(g.topic.Examples, qs[m].text)
	}
}

// topicPrefix begins the ids of topics that were found and not told by a
// helpdesk.
const topicPrefix = "t-"

// topicID names a topic after the question it began with.
func topicID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return topicPrefix + hex.EncodeToString(sum[:6])
}

func scaled(v embeddings.Vector, by float32) embeddings.Vector {
	out := make(embeddings.Vector, len(v))
	for i, x := range v {
		out[i] = x * by
	}
	return out
}
