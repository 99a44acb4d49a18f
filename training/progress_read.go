package training

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A topicKey tells topics apart. The zero key is that of none.
type topicKey struct{ kind, id string }

// A met is one suggestion, as far as its topic's course is concerned.
type met struct {
	suggestion string
	at         time.Time // of the suggestion
	team       string
	language   string
	stamp      string // the topic it was stamped with; empty: none
	article    string // it was resolved with; empty: none, or not known
	topic      topicKey
	used       feedback.Use // of a draft
	told       bool         // what became of the answer is known: it is an encounter
	quality    float64      // from 0 to 1; NaN: not known

	n   int     // which encounter of its topic it is, from 1; 0: it is none
	day float64 // since the topic was first seen
}

func metOf(j *feedback.Judgement) met {
	m := met{
		suggestion: j.SuggestionID, at: j.SuggestedAt, team: j.OperatorGroup, language: j.Language,
		stamp: j.Topic, article: j.ResolvedWith, used: j.Used, quality: math.NaN(),
	}
	switch {
	case j.Decision == retrieval.Abstained:
		// There was nothing to use, whatever was sent. A ticket that was resolved
		// all the same was answered by hand, or by a bot that is not ours.
		m.used = feedback.Unknown
		if j.Used != feedback.Unknown || j.Outcome.Status == feedback.ResolvedStatus && !j.Outcome.Bot {
			m.told, m.quality = true, 0
		}
		return m
	case j.Used == feedback.Unchanged:
		m.quality = 1
	case j.Used == feedback.Changed && j.Distance >= 0:
		m.quality = 1 - min(j.Distance, 1)
	case j.Used == feedback.Replaced, j.Used == feedback.Refused:
		m.quality = 0
	}
	m.told = j.Used != feedback.Unknown
	return m
}

func (m *met) accepted() bool { return m.used == feedback.Unchanged || m.used == feedback.Changed }

// found reports whether the helpdesk has left the sorting to us.
func (m *met) found() bool { return m.stamp == "" || strings.HasPrefix(m.stamp, topicPrefix) }

// encounters reads what became of the workspace's suggestions, the oldest
// first, and sorts them into topics.
func (d *Desk) encounters(ctx context.Context) ([]met, error) {
	all, err := metsOf(d.Feedback.In(d.Workspace).Judgements(ctx, feedback.Filter{}))
	if err != nil {
		return nil, err
	}
	if err := d.stamp(ctx, all); err != nil {
		return nil, err
	}
	sortIntoTopics(all)
	slices.SortFunc(all, func(a, b met) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.suggestion, b.suggestion))
	})
	return all, nil
}

// metsOf keeps the last of each suggestion: one that is judged anew while
// judgements are read comes twice.
func metsOf(judgements iter.Seq2[feedback.Judgement, error]) ([]met, error) {
	var all []met
	place := make(map[string]int) // by suggestion
	for j, err := range judgements {
		if err != nil {
			return nil, err
		}
		if i, ok := place[j.SuggestionID]; ok {
			all[i] = metOf(&j)
			continue
		}
		place[j.SuggestionID] = len(all)
		all = append(all, metOf(&j))
	}
	return all, nil
}

// stamp looks for the topics of suggestions that nobody has sorted and that
// nothing has resolved: mostly the first of a topic, which were made before it
// was found.
func (d *Desk) stamp(ctx context.Context, all []met) error {
	beliefs, err := d.Suggestions.Beliefs(ctx, d.Workspace)
	if err != nil || len(beliefs.Topics) == 0 {
		return err
	}
	at := make(map[string]int)
	var ids []string
	for i := range all {
		if m := &all[i]; m.stamp == "" && m.article == "" {
			at[m.suggestion] = i
			ids = append(ids, m.suggestion)
		}
	}
	for part := range slices.Chunk(ids, readAtOnce) {
		asked, err := d.Suggestions.Asked(ctx, d.Workspace, part)
		if err != nil {
			return err
		}
		for id := range asked {
			all[at[id]].stamp = beliefs.TopicOf(ctx, asked[id].Question)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// sortIntoTopics gives each suggestion its topic.
//
// Left alone, a found topic would hold just those of its suggestions that
// nothing resolved, and the article that resolves the others would seem to fail
// never. So they go together where one article resolves most.
func sortIntoTopics(all []met) {
	votes := make(map[string]map[string]int) // by found topic and article
	for i := range all {
		m := &all[i]
		if m.article == "" || m.stamp == "" || !m.found() {
			continue
		}
		if votes[m.stamp] == nil {
			votes[m.stamp] = make(map[string]int)
		}
		votes[m.stamp][m.article]++
	}
	resolves := make(map[string]string) // by found topic: the article
	for topic, by := range votes {
		resolves[topic] = majority(by)
	}
	for i := range all {
		m := &all[i]
		article := cmp.Or(m.article, resolves[m.stamp])
		switch {
		case !m.found():
			m.topic = topicKey{ToldTopic, m.stamp}
		case article != "":
			m.topic = topicKey{ArticleTopic, article}
		case m.stamp != "":
			m.topic = topicKey{FoundTopic, m.stamp}
		}
	}
}

// majority returns what has more than half of the votes, or "".
func majority(votes map[string]int) string {
	sum := 0
	for _, n := range votes {
		sum += n
	}
	for what, n := range votes {
		if 2*n > sum {
			return what
		}
	}
	return ""
}

// A course is one topic, from the first time it was seen.
type course struct {
	key       topicKey
	label     string
	firstSeen time.Time
	lastSeen  time.Time
	flagged   time.Time // when a gap of its questions was opened; zero: never
	published time.Time // its article, after the topic was first seen; zero: not so
	met       []met     // encounters, in order
}

// courses puts encounters, which come in order, with their topics and numbers
// them. A topic of which there is no encounter is not there.
func (d *Desk) courses(ctx context.Context, all []met) ([]*course, error) {
	by := make(map[topicKey]*course)
	articles := make(map[topicKey]map[string]int)
	var out []*course
	for i := range all {
		m := all[i]
		if m.topic == (topicKey{}) {
			continue
		}
		c := by[m.topic]
		if c == nil {
			c = &course{key: m.topic, label: m.topic.id, firstSeen: m.at}
			by[m.topic], articles[m.topic] = c, make(map[string]int)
			out = append(out, c)
		}
		c.lastSeen = m.at
		if m.article != "" {
			articles[m.topic][m.article]++
		}
		if m.told {
			m.n, m.day = len(c.met)+1, float64(m.at.Sub(c.firstSeen))/float64(24*time.Hour)
			c.met = append(c.met, m)
		}
	}
	out = slices.DeleteFunc(out, func(c *course) bool { return len(c.met) == 0 })
	if err := d.label(ctx, out, articles); err != nil {
		return nil, err
	}
	return out, d.flag(ctx, out)
}

// label says what topics are called and when their articles were written.
func (d *Desk) label(ctx context.Context, topics []*course, articles map[topicKey]map[string]int) error {
	beliefs, err := d.Suggestions.Beliefs(ctx, d.Workspace)
	if err != nil {
		return err
	}
	labels := make(map[string]string, len(beliefs.Topics))
	for i := range beliefs.Topics {
		labels[beliefs.Topics[i].ID] = beliefs.Topics[i].Label
	}
	docs := make(map[string]kb.Document)
	for part := range slices.Chunk(topics, readAtOnce) {
		var ids []string
		for _, c := range part {
			if c.key.kind == ArticleTopic {
				ids = append(ids, c.key.id)
			} else if a := majority(articles[c.key]); a != "" {
				ids = append(ids, a)
			}
		}
		some, err := d.KB.In(d.Workspace).Documents(ctx, ids)
		if err != nil {
			return err
		}
		for id, doc := range some {
			doc.Body = "" // articles may be long
			docs[id] = doc
		}
	}
	for _, c := range topics {
		article := majority(articles[c.key])
		switch c.key.kind {
		case ArticleTopic:
			article = c.key.id
			c.label = cmp.Or(docs[article].Title, c.label)
		case FoundTopic:
			c.label = cmp.Or(labels[c.key.id], c.label)
		}
		if at := docs[article].CreatedAt; at.After(c.firstSeen) {
			c.published = at
		}
	}
	return nil
}
