package training

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/gate"
)

// waits is how long a candidate may wait for enough questions to prove itself
// on.
const waits = 30 * 24 * time.Hour

// Promote is the gate. Each candidate must prove, on questions later than those
// it learned from, that it is better than the ranker that serves; then it does,
// or, while a pilot tries the newest, only the pilot has it. A ranker that
// serves and is accepted less than what served before is rolled back.
func (l *Learner) Promote(ctx context.Context) (note string, err error) {
	return l.each(ctx, l.promote)
}

func (l *Learner) promote(ctx context.Context, workspace string) (string, error) {
	s, err := l.begin(ctx, workspace)
	if err != nil {
		return "", err
	}
	back, err := l.watch(ctx, s)
	if err != nil || back {
		return "rolled back", err
	}
	outcome := "without a candidate"
	advanced, err := l.advance(ctx, s)
	if err != nil {
		return "", err
	}
	if advanced {
		outcome = "promoted after a pilot"
	}
	candidates, err := l.untried(ctx, workspace)
	if err != nil || len(candidates) == 0 {
		return outcome, err
	}
	if err := s.load(ctx); err != nil {
		return "", err
	}
	for i := range candidates {
		if outcome, err = l.try(ctx, s, &candidates[i]); err != nil {
			return "", err
		}
	}
	return outcome, nil
}

// try brings a candidate to the gate.
func (l *Learner) try(ctx context.Context, s *lesson, r *retrieval.Ranker) (string, error) {
	serving, err := l.serving(ctx, s.workspace)
	if err != nil {
		return "", err
	}
	trials, err := l.trials(ctx, s, &serving, r)
	if err != nil {
		return "", err
	}
	v := gate.Decide(trials, gate.Options{})
	ruling := retrieval.Ruling{
		Note: v.Reason, At: s.now, Figures: map[string]any{"gate": v, "against": serving.Version},
		From: retrieval.Untried, Against: &serving.Version,
	}
	outcome := "rejected"
	switch {
	case v.Promote:
		outcome = "promoted"
		if ruling.Status, err = l.stage(ctx, s); err != nil {
			return "", err
		}
	case v.Questions < provenOn && s.now.Sub(r.CreatedAt) < waits:
		ruling.Status, ruling.Figures["waiting"] = retrieval.Untried, true
		outcome = "waiting for more questions"
	default:
		ruling.Status = retrieval.Rejected
	}
	err = l.Suggestions.Judge(ctx, s.workspace, r.Version, ruling)
	if errors.Is(err, retrieval.ErrOvertaken) {
		return "overtaken by another run", nil // which has judged it, or it is judged against the new one next time
	}
	return outcome, err
}

// stage says who has what has passed the gate: everybody, or the pilot alone.
func (l *Learner) stage(ctx context.Context, s *lesson) (retrieval.RankerStatus, error) {
	if s.settings.Promote == feedback.PromoteByHand {
		return retrieval.Proven, nil
	}
	tried, err := l.tried(ctx, s.workspace)
	if tried {
		return retrieval.Proven, err
	}
	return retrieval.Serving, err
}

// tried reports whether a running pilot answers with the newest ranker.
func (l *Learner) tried(ctx context.Context, workspace string) (bool, error) {
	pilots, err := l.Pilots.Running(ctx, workspace)
	if err != nil {
		return false, err
	}
	for i := range pilots {
		p, err := l.Suggestions.Profile(ctx, workspace, pilots[i].Profile)
		if err != nil {
			continue // a pilot without its profile answers nobody
		}
		if p.Ranker == retrieval.NewestRanker {
			return true, nil
		}
	}
	return false, nil
}

// advance lets what a pilot has tried serve everybody once the pilot is over.
// What has proven itself before the one that serves did stays where it is.
func (l *Learner) advance(ctx context.Context, s *lesson) (bool, error) {
	proven, err := l.Suggestions.RankersWith(ctx, s.workspace, retrieval.Proven)
	if err != nil || len(proven) == 0 {
		return false, err
	}
	serving, err := l.serving(ctx, s.workspace)
	newest := proven[len(proven)-1]
	if err != nil || newest.Version < serving.Version {
		return false, err
	}
	status, err := l.stage(ctx, s)
	if err != nil || status != retrieval.Serving {
		return false, err
	}
	err = l.Suggestions.Judge(ctx, s.workspace, newest.Version, retrieval.Ruling{
		Status: retrieval.Serving, Note: "the pilot that tried it has ended; " + newest.Note, At: s.now,
		From: retrieval.Proven, Against: &serving.Version,
	})
	if errors.Is(err, retrieval.ErrOvertaken) {
		return false, nil // by a run that did the same
	}
	return err == nil, err
}

// Bounds of what a candidate is tried on, the latest questions each, so that no
// helpdesk is too large for it. More than triedOn narrow the interval no
// further than matters, and more than comparedTo are only compared word for
// word.
const (
	triedOn    = 5000
	comparedTo = 15000
)

// parted returns the questions from before a time and, of those since, the ones
// that can tell one ranker from another.
func (s *lesson) parted(cut time.Time) (known, later []judged) {
	if len(s.judged) == 0 {
		return nil, nil
	}
	at, _ := slices.BinarySearchFunc(s.judged, cut, func(j judged, t time.Time) int { return j.asked.Compare(t) })
	from := max(0, at-comparedTo)
	asked := make(map[string]bool, from)
	for i := range s.judged[:from] {
		asked[normal(s.judged[i].question)] = true
	}
	w := s.weighing(s.judged)
	for i := len(s.judged) - 1; i >= at && len(later) < triedOn; i-- {
		j := &s.judged[i]
		if j.right != "" && len(j.candidates) > 0 && w.of(j) > 0 && (from == 0 || !asked[normal(j.question)]) {
			later = append(later, *j)
		}
	}
	slices.Reverse(later)
	return s.judged[from:at], later
}

// trials asks both rankers the questions that are later than what r learned
// from and that are like none of it in words.
func (l *Learner) trials(ctx context.Context, s *lesson, serving, r *retrieval.Ranker) ([]gate.Trial, error) {
	from, err := l.provesFrom(ctx, r)
	if err != nil {
		return nil, err
	}
	known, later := s.parted(from)
	if err := s.sort(ctx, later); err != nil {
		return nil, err
	}
	a, err := l.ordering(ctx, s, serving)
	if err != nil {
		return nil, err
	}
	b, err := l.ordering(ctx, s, r)
	if err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(known)+len(later))
	items := make([]gate.Item, 0, len(known)+len(later))
	for _, js := range [][]judged{known, later} {
		for i := range js {
			texts, items = append(texts, js[i].question), append(items, gate.Item{At: js[i].asked})
		}
	}
	for i, cluster := range gate.Clusters(texts) {
		items[i].Cluster = cluster
	}
	var out []gate.Trial
	for _, i := range gate.Split(items, from).Later {
		j := &later[i-len(known)]
		first, second, err := both(ctx, a, b, j)
		if err != nil {
			return nil, err
		}
		out = append(out, gate.Trial{
			Cluster: items[i].Cluster, Serving: reciprocal(first, j.right), Candidate: reciprocal(second, j.right), Logged: logged(j, first, second),
		})
	}
	return out, nil
}

// provesFrom is the time from which questions say whether r may serve: later
// than what it learned from, and than the last time a ranker was rolled back. A
// candidate that learned the same as that one must show that it does better now.
func (l *Learner) provesFrom(ctx context.Context, r *retrieval.Ranker) (time.Time, error) {
	from := after(r.Learned.Through)
	back, err := l.Suggestions.LastRolledBack(ctx, r.WorkspaceID)
	if back.StatusAt.After(from) {
		from = back.StatusAt
	}
	return from, err
}

// after is the first time that is later than t: what was learned from goes up
// to and including t.
func after(t time.Time) time.Time { return t.Add(time.Microsecond) }

func both(ctx context.Context, a, b *ordering, j *judged) (first, second []string, err error) {
	if first, err = a.order(ctx, j); err != nil {
		return nil, nil, err
	}
	second, err = b.order(ctx, j)
	return first, second, err
}

// reciprocal is 1 over the place of the right source, 0 where it is missing. It
// sees more than whether the first is right, so fewer questions are needed.
func reciprocal(order []string, right string) float64 {
	for i, id := range order {
		if id == right {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// logged is what became of the source that was displayed first. Rankings are
// not drawn by lot, so what was displayed was certain.
func logged(j *judged, serving, candidate []string) gate.Logged {
	if j.used == feedback.Unknown || j.decision == retrieval.Abstained {
		return gate.Logged{}
	}
	first := j.candidates[0].ID
	if len(j.shown) > 0 {
		first = j.articleOf(j.shown[0])
	}
	is := func(id string) float64 {
		if id == first {
			return 1
		}
		return 0
	}
	out := gate.Logged{Propensity: 1, Serving: is(serving[0]), Candidate: is(candidate[0])}
	if j.used == feedback.Unchanged || j.used == feedback.Changed {
		out.Reward = 1
	}
	return out
}

// articleOf is the article that a source which was shown speaks for: for a case
// the one it was resolved with, as far as that is known.
func (j *judged) articleOf(id string) string {
	for i := range j.credits {
		if c := &j.credits[i]; c.SourceID == id && c.Article != "" {
			return c.Article
		}
	}
	return id
}

// An ordering ranks what a suggestion had to choose from, as a ranker would.
type ordering struct {
	ranker     *retrieval.Ranker
	caseWeight float64
	dense      *denseScorer
}

func (l *Learner) ordering(ctx context.Context, s *lesson, r *retrieval.Ranker) (*ordering, error) {
	d, err := l.denseScorer(ctx, r)
	return &ordering{ranker: r, caseWeight: s.beliefs.Trusted(), dense: d}, err
}

// order returns the candidates' ids, best first. The revision is that which
// the ranker learned from: what it would have known then.
func (o *ordering) order(ctx context.Context, j *judged) ([]string, error) {
	cs, err := o.dense.rescored(ctx, j)
	if err != nil {
		return nil, err
	}
	l := &o.ranker.Learned
	f := l.For(j.topic)
	return sorted(cs, func(c *retrieval.Candidate) float64 {
		return c.Rescore(f, o.caseWeight, l.Bonus(c.ID, j.topic, l.Sources[c.ID].Revision))
	}), nil
}
