package training

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/gate"
)

// Shares and numbers of what is learned from and what is kept back to prove it
// on.
const (
	// keptBack is the share of the latest questions that a candidate must
	// prove itself on and does not learn from.
	keptBack = 0.3

	// provenOn is how many questions are kept back at least.
	provenOn = 100

	// learnedFrom is how many questions a candidate needs to learn from.
	learnedFrom = 40
)

// Rerank works out how to rank from what operators made of suggestions: how
// much each signal counts, and how useful each source is in each topic. What it
// finds is a candidate; Promote decides whether it serves.
func (l *Learner) Rerank(ctx context.Context) (note string, err error) {
	return l.each(ctx, l.rerank)
}

func (l *Learner) rerank(ctx context.Context, workspace string) (string, error) {
	s, err := l.unsorted(ctx, workspace)
	if err != nil {
		return "", err
	}
	train, ok := s.training()
	if !ok {
		return "with too few judgements", nil
	}
	if err := s.sort(ctx, train); err != nil {
		return "", err
	}
	serving, err := l.serving(ctx, workspace)
	if err != nil {
		return "", err
	}
	if waits, err := l.waiting(ctx, s, "rerank"); err != nil || waits {
		return "with a candidate that waits for more questions", err
	}
	learned, parts := s.learn(train)
	learned.Tuned = serving.Learned.Tuned
	if err := l.discount(ctx, s, train, learned.Sources); err != nil {
		return "", err
	}
	r := retrieval.Ranker{
		WorkspaceID: workspace, Status: retrieval.Untried, Learned: learned, CreatedAt: s.now, Through: train[len(train)-1].seq,
		Note: "has not come to the gate yet",
		Figures: map[string]any{
			"job": "rerank", "parts": parts, "learned_from": len(train), "with_article": labelled(train), "sources": len(learned.Sources), "kept_back": len(s.judged) - len(train),
		},
	}
	model, ts, err := l.moved(ctx, &serving)
	if err != nil {
		return "", err
	}
	if err := l.candidate(ctx, &r, model, ts); err != nil {
		return "", err
	}
	_, err = l.Suggestions.PruneRankers(ctx, workspace, rankersKept)
	return "with a candidate", err
}

// rankersKept is how many versions are kept of those that came out of use in
// each way.
const rankersKept = 30

// waiting reports whether a candidate of the job waits for more questions. It
// is left to wait: one that was replaced each night would never have enough.
func (l *Learner) waiting(ctx context.Context, s *lesson, job string) (bool, error) {
	untried, err := l.untried(ctx, s.workspace)
	for i := range untried {
		if untried[i].Figures["job"] == job && untried[i].Figures["waiting"] == true && s.now.Sub(untried[i].CreatedAt) < waits {
			return true, err
		}
	}
	return false, err
}

// candidate stores r, with moved vectors of a model, in place of candidates of
// the same job that have not come to the gate.
func (l *Learner) candidate(ctx context.Context, r *retrieval.Ranker, model string, ts []retrieval.Tuned) error {
	waiting, err := l.untried(ctx, r.WorkspaceID)
	if err != nil {
		return err
	}
	for i := range waiting {
		if waiting[i].Figures["job"] != r.Figures["job"] {
			continue
		}
		err := l.Suggestions.Judge(ctx, r.WorkspaceID, waiting[i].Version, retrieval.Ruling{
			Status: retrieval.Rejected, Note: "a newer candidate took its place before it came to the gate", At: r.CreatedAt,
			From: retrieval.Untried,
		})
		if err != nil && !errors.Is(err, retrieval.ErrOvertaken) { // it has come to the gate meanwhile
			return err
		}
	}
	return l.Suggestions.AddTuned(ctx, r, model, ts)
}

// moved returns the moved vectors that go with a ranker, and their model.
func (l *Learner) moved(ctx context.Context, r *retrieval.Ranker) (model string, ts []retrieval.Tuned, err error) {
	if !r.Learned.Tuned {
		return "", nil, nil
	}
	return l.Suggestions.TunedOf(ctx, r.WorkspaceID, r.Version)
}

// untried returns the candidates that have not come to the gate, oldest first.
func (l *Learner) untried(ctx context.Context, workspace string) ([]retrieval.Ranker, error) {
	return l.Suggestions.RankersWith(ctx, workspace, retrieval.Untried)
}

// training returns the judgements to learn from: those before the ones that
// are kept back.
func (s *lesson) training() (train []judged, ok bool) {
	n := len(s.judged)
	back := max(provenOn, int(keptBack*float64(n)))
	if n < back+learnedFrom {
		return nil, false
	}
	items := make([]gate.Item, n)
	for i := range s.judged {
		items[i] = gate.Item{At: s.judged[i].asked, Cluster: i}
	}
	cut := gate.Cut(items, float64(n-back)/float64(n))
	for i := range s.judged {
		if !s.judged[i].asked.Before(cut) {
			return s.judged[:i], i >= learnedFrom
		}
	}
	return s.judged, true
}

// weighing says how much judgements count at the time of the last of them.
func (s *lesson) weighing(js []judged) *weighing {
	return &weighing{
		now: js[len(js)-1].asked, halfLife: s.halfLife(), trust: operatorTrust(js), examined: examination(js),
	}
}

// serving returns the ranker that serves, or one that has learned nothing.
func (l *Learner) serving(ctx context.Context, workspace string) (retrieval.Ranker, error) {
	rs, err := l.Suggestions.RankersWith(ctx, workspace, retrieval.Serving)
	if err != nil || len(rs) == 0 {
		return retrieval.Ranker{WorkspaceID: workspace}, err
	}
	return rs[0], nil
}

// discount notes which revision of each source was learned from, and how much
// of what was learned counts where the source has been changed since.
func (l *Learner) discount(ctx context.Context, s *lesson, js []judged, sources map[string]retrieval.Usefulness) error {
	store, times := l.KB.In(s.workspace), creditTimes(js)
	ids := make([]string, 0, len(sources))
	for id := range sources {
		ids = append(ids, id)
	}
	for len(ids) > 0 {
		part := ids[:min(len(ids), readAtOnce)]
		ids = ids[len(part):]
		docs, err := store.Documents(ctx, part)
		if err != nil {
			return err
		}
		for _, id := range part {
			d, ok := docs[id]
			if !ok {
				delete(sources, id) // it has gone
				continue
			}
			u := sources[id]
			u.Revision = d.Revision
			if d.Revision > 1 {
				if u.Kept, err = l.standing(ctx, &d, times[id]); err != nil {
					return err
				}
			}
			sources[id] = u
		}
	}
	return nil
}

// creditTimes lists, for each source, when what it was judged for was asked.
func creditTimes(js []judged) map[string][]time.Time {
	times := make(map[string][]time.Time)
	for i := range js {
		for k := range js[i].credits {
			c := &js[i].credits[k]
			if c.Amount == 0 {
				continue
			}
			for _, id := range credited(c) {
				times[id] = append(times[id], js[i].asked)
			}
		}
	}
	return times
}

// standing is the share of what was learned of d, at those times, that counts:
// as much as d still says of what it said at each.
func (l *Learner) standing(ctx context.Context, d *kb.Document, times []time.Time) (float64, error) {
	if !slices.ContainsFunc(times, d.UpdatedAt.After) {
		return 1, nil
	}
	versions, err := l.KB.In(d.WorkspaceID).Revisions(ctx, d.ID)
	if err != nil {
		return 0, err
	}
	now, shares, sum := textOf(&d.Content), make(map[int]float64), 0.0
	for _, t := range times {
		// The latest first; what is older than all of them was learned of the
		// oldest there is.
		at := slices.IndexFunc(versions, func(v kb.Revision) bool { return !v.At.After(t) })
		if at < 0 {
			at = len(versions) - 1
		}
		share, known := shares[at]
		if !known {
			share = stands(textOf(&versions[at].Content), now)
			shares[at] = share
		}
		sum += share
	}
	return sum / float64(len(times)), nil
}

// textOf is all that a document says.
func textOf(c *kb.Content) string {
	return strings.Join([]string{c.Title, c.Body, c.Resolution}, "\n")
}

// stands is the share of the sentences of before that after still has, by
// length.
func stands(before, after string) float64 {
	before, after = unwrapped(before), unwrapped(after)
	has := make(map[string]bool)
	for _, s := range kb.Sentences(after) {
		has[normal(after[s.Start:s.End])] = true
	}
	kept, all := 0, 0
	for _, s := range kb.Sentences(before) {
		text := normal(before[s.Start:s.End])
		all += len(text)
		if has[text] {
			kept += len(text)
		}
	}
	if all == 0 {
		return 1
	}
	return float64(kept) / float64(all)
}

// unwrapped joins lines that are broken within a sentence, as far as the small
// letter that the next begins with tells.
func unwrapped(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if r, _ := utf8.DecodeRuneInString(line); b.Len() > 0 && unicode.IsLower(r) {
			b.WriteByte(' ')
		} else if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimSuffix(line, "\n"))
	}
	return b.String()
}

// normal is a sentence without what a new layout would change.
func normal(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
