package training

import (
	"context"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// readAtOnce is how many suggestions are read together.
const readAtOnce = 500

// A reader reads judged suggestions of one workspace.
type reader struct {
	suggestions *retrieval.Store
	feed        *feedback.Feed
	workspace   string
	ignored     map[string]time.Time // operators whose judgements before a time do not count
	doubts      retrieval.Doubts     // what was learned of merged documents is learned of what they were merged into
}

// each calls do with every judgement that counts of suggestions made since a
// time, in the order in which they were judged. One that is judged anew
// meanwhile comes twice.
func (r *reader) each(ctx context.Context, since time.Time, do func(*feedback.Judgement) error) error {
	for j, err := range r.feed.Judgements(ctx, feedback.Filter{From: since}) {
		if err != nil {
			return err
		}
		if r.deaf(j.OperatorID, j.At) {
			continue
		}
		if err := do(&j); err != nil {
			return err
		}
	}
	return nil
}

// deaf reports whether what an operator said at a time does not count.
func (r *reader) deaf(operator string, at time.Time) bool {
	until, ok := r.ignored[operator]
	return ok && at.Before(until)
}

// read returns, oldest first, the judged suggestions made since a time, with
// what became of them. Of what an ignored operator judged, the votes of others
// are left, and each vote of an ignored operator is taken out.
func (r *reader) read(ctx context.Context, since time.Time) ([]judged, error) {
	var js []judged
	place := make(map[string]int)
	names := make(names)
	part := make([]feedback.Judgement, 0, readAtOnce)
	flush := func() error {
		ids := make([]string, len(part))
		for i := range part {
			ids[i] = part[i].SuggestionID
		}
		asked, err := r.suggestions.Asked(ctx, r.workspace, ids)
		if err != nil {
			return err
		}
		for i := range part {
			id := part[i].SuggestionID
			s, ok := asked[id]
			if !ok {
				continue // it was erased
			}
			j := judgedOf(&part[i], &s)
			j.follow(&r.doubts)
			names.of(&j)
			if at, twice := place[id]; twice {
				js[at] = j
				continue
			}
			place[id] = len(js)
			js = append(js, j)
		}
		part = part[:0]
		return nil
	}
	for j, err := range r.feed.Judgements(ctx, feedback.Filter{From: since}) {
		if err != nil {
			return nil, err
		}
		if !r.hear(&j) {
			continue
		}
		if part = append(part, j); len(part) == readAtOnce {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(js, func(a, b judged) int { return a.asked.Compare(b.asked) })
	return js, nil
}

func judgedOf(j *feedback.Judgement, s *retrieval.Suggestion) judged {
	return judged{
		seq: j.Seq, at: j.At, asked: s.CreatedAt, question: s.Question, operator: j.OperatorID, group: j.OperatorGroup,
		language: j.Language, topic: j.Topic, ranker: j.Ranker, decision: j.Decision, raw: s.RawConfidence, used: j.Used,
		distance: j.Distance, right: j.ResolvedWith, candidates: s.Candidates, credits: j.Credits, shown: j.Shown,
	}
}

// follow puts in the place of documents that were merged into others those
// others.
func (j *judged) follow(d *retrieval.Doubts) {
	if len(d.Merged) == 0 {
		return
	}
	j.right = d.Now(j.right)
	for i := range j.credits {
		j.credits[i].SourceID, j.credits[i].Article = d.Now(j.credits[i].SourceID), d.Now(j.credits[i].Article)
	}
	for i := range j.candidates {
		j.candidates[i].ID = d.Now(j.candidates[i].ID)
	}
	for i := range j.shown {
		j.shown[i] = d.Now(j.shown[i])
	}
}

// names keeps one copy of each name: a hundred thousand judgements tell of few
// articles and operators, and each is read with copies of its own.
type names map[string]string

func (n names) one(s *string) {
	if known, ok := n[*s]; ok {
		*s = known
		return
	}
	n[*s] = *s
}

func (n names) of(j *judged) {
	for _, s := range []*string{&j.operator, &j.group, &j.language, &j.topic, &j.right, (*string)(&j.decision), (*string)(&j.used)} {
		n.one(s)
	}
	j.candidates = slices.Clip(j.candidates)
	for i := range j.candidates {
		n.one(&j.candidates[i].ID)
	}
	j.credits = slices.Clip(j.credits)
	for i := range j.credits {
		c := &j.credits[i]
		c.Why = "" // for people
		for _, s := range []*string{&c.SourceID, &c.Article, (*string)(&c.Kind), (*string)(&c.Verdict)} {
			n.one(s)
		}
	}
	for i := range j.shown {
		n.one(&j.shown[i])
	}
}

// never is a time that everything counts before: of an operator nothing of
// whose counts.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
