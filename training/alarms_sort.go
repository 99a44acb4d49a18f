package training

import (
	"context"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/alarm"
)

// groupedFor is how far back questions of no topic are grouped: as far as a
// topic counts as new.
const groupedFor = 7 * 24 * time.Hour

// sameGroup is the cosine of centroids from which a topic is taken for a group
// that an alarm was raised of before the topic was found.
const sameGroup = 0.7

// sort turns traffic into what alarms look at: each question under its topic
// of today. A topic that was found yesterday has its questions of last week
// under it, or it would seem to burst. Recent questions of no topic are
// grouped, so that what nobody has foreseen can burst too.
func (w *patrol) sort(ctx context.Context, passing []retrieval.Passing, topics []retrieval.Topic) error {
	vectors, err := w.vectors(ctx, passing)
	if err != nil {
		return err
	}
	return w.place(ctx, passing, vectors, topics)
}

// place is sort where the questions' vectors are known.
func (w *patrol) place(ctx context.Context, passing []retrieval.Passing, vectors []embeddings.Vector, topics []retrieval.Topic) (err error) {
	known, ids := w.sorter(topics)
	w.seen = make([]alarm.Seen, len(passing))
	var fresh []question
	for i := range passing {
		p := &passing[i]
		w.seen[i] = alarm.Seen{
			Topic: p.Topic, Customer: p.CustomerID, Ticket: p.TicketID, At: p.CreatedAt,
			Confidence: p.RawConfidence, Abstained: p.Decision == retrieval.Abstained, Terms: w.terms(p.Question),
		}
		if vectors[i] == nil {
			w.labels[p.Topic] = p.Topic
			continue
		}
		w.seen[i].Topic = nearestOf(known, ids, vectors[i])
		if w.seen[i].Topic == "" && p.CreatedAt.After(w.now.Add(-groupedFor)) {
			fresh = append(fresh, question{p.ID, p.Question})
		}
	}
	if w.groups, err = topicsOf(ctx, w.before.Groups, fresh); err != nil {
		return err
	}
	groups := newSorter(w.groups)
	for i := range w.groups {
		if g := &w.groups[i]; g.Label != "" {
			w.labels[g.ID] = g.Label
		}
	}
	for i := range passing {
		if vectors[i] != nil && w.seen[i].Topic == "" {
			w.seen[i].Topic = nearestOf(groups.centroids, groups.ids, vectors[i])
		}
		if passing[i].Blind == "" {
			w.sighted = append(w.sighted, w.seen[i])
		}
	}
	return nil
}

// terms returns the stems of a question and the pairs of those that follow each
// other.
func (w *patrol) terms(text string) []string {
	var out []string
	before := ""
	for _, t := range embeddings.Analyze(text).Tokens {
		if t.Stop || t.Part || t.Kind == embeddings.Link {
			continue
		}
		if was := w.surface[t.Stem]; was == "" || len(t.Norm) < len(was) {
			w.surface[t.Stem] = t.Norm
		}
		if out = append(out, t.Stem); before != "" {
			out = append(out, before+" "+t.Stem)
		}
		before = t.Stem
	}
	return out
}

// vectors returns those of the questions that no helpdesk has sorted; nil for
// the others.
func (w *patrol) vectors(ctx context.Context, passing []retrieval.Passing) ([]embeddings.Vector, error) {
	out := make([]embeddings.Vector, len(passing))
	const atOnce = 1000
	var texts []string
	var places []int
	flush := func() error {
		vectors, err := embeddings.Local{}.Embed(ctx, texts)
		for i := range vectors {
			out[places[i]] = vectors[i]
		}
		texts, places = texts[:0], places[:0]
		return err
	}
	for i := range passing {
		if p := &passing[i]; p.Topic == "" || strings.HasPrefix(p.Topic, topicPrefix) {
			texts, places = append(texts, p.Question), append(places, i)
		}
		if len(texts) == atOnce {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	return out, flush()
}

// sorter returns the topics' centroids and what each is called: one that is a
// group of an earlier alarm goes by the group's id, so that nobody is told of
// it anew under another name.
func (w *patrol) sorter(topics []retrieval.Topic) (*centroids, []string) {
	s := newSorter(topics)
	of := make(map[string]string)
	for i := range topics {
		t := &topics[i]
		w.labels[t.ID] = t.Label
		for _, g := range w.before.Groups {
			if len(g.Centroid) == len(t.Centroid) && len(g.Centroid) > 0 && g.Centroid.Dot(t.Centroid) >= sameGroup {
				of[t.ID] = g.ID
				w.labels[g.ID] = t.Label
			}
		}
	}
	for i, id := range s.ids {
		if group, ok := of[id]; ok {
			s.ids[i] = group
		}
	}
	return s.centroids, s.ids
}

// nearestOf returns the id of the centroid that a vector belongs to; empty if
// none is near enough.
func nearestOf(c *centroids, ids []string, v embeddings.Vector) string {
	if len(ids) == 0 {
		return ""
	}
	if i := c.nearest(v); i >= 0 {
		return ids[i]
	}
	return ""
}
