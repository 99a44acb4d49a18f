package training

import (
	"context"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// centroids are vectors that many others are compared with. They lie side by
// side, by dimension: a question has few of its dimensions set, and those that
// are not are passed over for all of the centroids at once.
type centroids struct {
	dim, n int
	by     [][]float32 // by dimension, then by centroid
	sums   []float32   // of the last comparison
}

func newCentroids(dim int) *centroids { return &centroids{dim: dim, by: make([][]float32, dim)} }

// set makes v the ith centroid, i at most the number of those there are.
func (c *centroids) set(i int, v embeddings.Vector) {
	if i == c.n {
		for d := range c.by {
			c.by[d] = append(c.by[d], 0)
		}
		c.sums = append(c.sums, 0)
		c.n++
	}
	for d, x := range v {
		c.by[d][i] = x
	}
}

// nearest returns the centroid that is nearest to v and at least topicNear, the
// last of equal ones; -1 if there is none.
func (c *centroids) nearest(v embeddings.Vector) int {
	clear(c.sums)
	for d, x := range v {
		if x == 0 {
			continue
		}
		row := c.by[d][:len(c.sums)]
		for i := range c.sums {
			c.sums[i] += x * row[i]
		}
	}
	best, near := -1, float32(topicNear)
	for i, x := range c.sums {
		if x >= near {
			best, near = i, x
		}
	}
	return best
}

// A sorter finds the topics of many questions, as retrieval.Beliefs.TopicOf
// does of one. It is for one goroutine.
type sorter struct {
	ids       []string
	centroids *centroids
}

func newSorter(topics []retrieval.Topic) *sorter {
	s := &sorter{centroids: newCentroids(embeddings.Local{}.Dim())}
	for i := range topics {
		t := &topics[i]
		if len(t.Centroid) != s.centroids.dim {
			continue // of another scheme: the next calibrate makes it anew
		}
		s.centroids.set(len(s.ids), t.Centroid)
		s.ids = append(s.ids, t.ID)
	}
	return s
}

// topicOf returns the id of the topic of a question; empty if none is near
// enough, or ctx has ended.
func (s *sorter) topicOf(ctx context.Context, question string) string {
	if len(s.ids) == 0 {
		return ""
	}
	vectors, err := embeddings.Local{}.Embed(ctx, []string{question})
	if err != nil {
		return ""
	}
	if i := s.centroids.nearest(vectors[0]); i >= 0 {
		return s.ids[i]
	}
	return ""
}
