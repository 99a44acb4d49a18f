package retrieval

import (
	"context"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// TopicNear is the cosine with a topic's centroid from which a question
// belongs to the topic.
const TopicNear = 0.45

// TopicOf returns the id of the topic that a question, without personal data,
// belongs to; empty if none is near enough.
func (b *Beliefs) TopicOf(ctx context.Context, question string) string {
	if len(b.Topics) == 0 {
		return ""
	}
	vectors, err := embeddings.Local{}.Embed(ctx, []string{question})
	if err != nil {
		return "" // ctx has ended, as whoever asked will find
	}
	best, near := "", float32(TopicNear)
	for i := range b.Topics {
		t := &b.Topics[i]
		if len(t.Centroid) != len(vectors[0]) {
			continue // of another scheme: the next rerank makes it anew
		}
		if x := t.Centroid.Dot(vectors[0]); x >= near {
			best, near = t.ID, x
		}
	}
	return best
}
