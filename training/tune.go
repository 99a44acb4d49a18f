package training

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/gate"
)

// The grid of bounds on how far a vector may move, as in NUDGE: the square of
// the distance between a unit vector and where it is moved to.
const (
	boundStep = 0.02
	boundMost = 0.48
)

const (
	// fittedOn is the share of the questions to learn from that vectors are
	// moved by while the bound is chosen; the later ones choose it.
	fittedOn = 0.7

	// chosenOn is how many questions the bound is chosen on at least. Fewer
	// would choose by chance.
	chosenOn = 20
)

// Tune moves the vectors of passages towards the questions that they answered,
// all of them as far as one bound allows (NUDGE: Zeighami, Wellmer and
// Parameswaran 2025). The bound is the one under which most of some later
// questions, like none of those that the vectors were moved by, are answered
// first from the right article by everything that ranking knows. If that is 0
// nothing is moved. Otherwise what comes out is a candidate; Promote decides
// whether it serves. Vectors are moved from where the index has them, never
// from where an earlier run has moved them.
//
// In each workspace the latest 2,000 questions count, and 5,000 passages.
func (l *Learner) Tune(ctx context.Context) (note string, err error) {
	return l.each(ctx, l.tune)
}

func (l *Learner) tune(ctx context.Context, workspace string) (string, error) {
	s, err := l.lesson(ctx, workspace)
	if err != nil {
		return "", err
	}
	train, ok := s.training()
	if !ok {
		return "with too few judgements", nil
	}
	t := &tuning{lesson: s, weighing: s.weighing(train)}
	t.positives(train)
	held := t.split()
	if len(held) < chosenOn {
		return "with too few questions that an article answered", nil
	}
	serving, err := l.serving(ctx, workspace)
	if err != nil {
		return "", err
	}
	t.ranker = &serving
	if t.dense, err = l.denseScorer(ctx, &retrieval.Ranker{WorkspaceID: workspace}); err != nil {
		return "", err
	}
	if t.dense.space.Embedder == nil {
		return "without an index", nil
	}
	// Those that were answered come first, so that the bound cuts off others.
	if err := t.dense.prepare(ctx, t.answered()); err != nil {
		return "", err
	}
	if err := t.dense.prepare(ctx, t.all); err != nil {
		return "", err
	}
	if err := t.choose(ctx, held); err != nil {
		return "", err
	}
	if t.bound == 0 {
		return "where moving vectors does not help", nil
	}
	return "with a candidate", l.tuned(ctx, t, &serving, train)
}

// tuned stores what was found as a candidate.
func (l *Learner) tuned(ctx context.Context, t *tuning, serving *retrieval.Ranker, train []judged) error {
	moved := t.vectors(t.all, t.bound)
	learned := serving.Learned
	learned.Tuned, learned.Through = true, t.weighing.now
	r := retrieval.Ranker{
		WorkspaceID: t.lesson.workspace, Status: retrieval.Untried, Learned: learned, CreatedAt: t.lesson.now,
		Through: train[len(train)-1].seq, Note: "has not come to the gate yet", Figures: t.figures(moved),
	}
	var ts []retrieval.Tuned
	for _, document := range slices.Sorted(maps.Keys(moved)) {
		for _, hash := range slices.Sorted(maps.Keys(moved[document])) {
			ts = append(ts, retrieval.Tuned{Document: document, Passage: hash, Vector: moved[document][hash]})
		}
	}
	return l.candidate(ctx, &r, t.dense.space.Embedder.Model(), ts)
}

// A tuning is the work on one workspace.
type tuning struct {
	lesson   *lesson
	weighing *weighing
	ranker   *retrieval.Ranker // that serves
	dense    *denseScorer
	all      []*judged // whose right article is known, oldest first
	fitted   []*judged // those of all that vectors are moved by while the bound is chosen
	bound    float64

	before, after outcomes // on the held-out questions, with a bound of 0 and with bound
}

// positives takes the questions whose right article is known, the latest ones
// up to the bound.
func (t *tuning) positives(train []judged) {
	for i := range train {
		if j := &train[i]; j.right != "" && t.weighing.of(j) > 0 {
			t.all = append(t.all, j)
		}
	}
	t.all = t.all[max(0, len(t.all)-questionsMost):]
}

// split parts the questions by time and by near-duplicates, and returns those
// to choose the bound on. Where the article was not among the candidates no
// vector can help, and they say nothing.
func (t *tuning) split() (held []*judged) {
	texts := make([]string, len(t.all))
	for i, j := range t.all {
		texts[i] = j.question
	}
	items := make([]gate.Item, len(t.all))
	for i, cluster := range gate.Clusters(texts) {
		items[i] = gate.Item{At: t.all[i].asked, Cluster: cluster}
	}
	parts := gate.Split(items, gate.Cut(items, fittedOn))
	for _, i := range parts.Training {
		t.fitted = append(t.fitted, t.all[i])
	}
	for _, i := range parts.Later {
		j := t.all[i]
		if slices.ContainsFunc(j.candidates, func(c retrieval.Candidate) bool { return c.ID == j.right }) {
			held = append(held, j)
		}
	}
	return held
}

// answered is all of the questions, each with nothing but its right article to
// choose from: latest first, since what is read first is not cut off.
func (t *tuning) answered() []*judged {
	out := make([]*judged, len(t.all))
	for i, j := range t.all {
		only := *j
		only.candidates = []retrieval.Candidate{{ID: j.right}}
		out[len(out)-1-i] = &only
	}
	return out
}

// choose finds the bound under which most of the held-out questions have the
// right article first. Of equal ones it is the smallest.
func (t *tuning) choose(ctx context.Context, held []*judged) error {
	fits := make([]*fitting, len(held))
	for i, j := range held {
		logged, err := t.dense.placed(ctx, j.ranker)
		if err != nil {
			return err
		}
		fits[i] = t.dense.fit(j, logged)
	}
	learned := make(map[string]bool)
	for _, j := range t.fitted {
		learned[j.right] = true
	}
	for step := 0; step <= int(math.Round(boundMost/boundStep)); step++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		bound := boundStep * float64(step)
		moved := t.vectors(t.fitted, bound)
		var o outcomes
		for i, j := range held {
			o.add(t.weighing.of(j), t.first(j, fits[i].under(moved)) == j.right, learned[j.right])
		}
		if step == 0 {
			t.before, t.after = o, o
		}
		if o.all.share() > t.after.all.share()+1e-12 {
			t.after, t.bound = o, bound
		}
	}
	return nil
}

// first is what the ranker that serves puts first.
func (t *tuning) first(j *judged, cs []retrieval.Candidate) string {
	l := &t.ranker.Learned
	f, cases := l.For(j.topic), t.lesson.beliefs.Trusted()
	return sorted(cs, func(c *retrieval.Candidate) float64 {
		return c.Rescore(f, cases, l.Bonus(c.ID, j.topic, l.Sources[c.ID].Revision))
	})[0]
}

// A pull is what draws one passage: for each operator, the sum of the vectors
// of the questions and of their weights.
type pull struct {
	passage *placedPassage
	by      map[string]*pulled
}

type pulled struct {
	sum    []float64
	weight float64
}

// vectors moves the passages towards the questions that they answered. Each
// question draws the nearest passage of its article, and what one operator's
// questions come to goes towards operatorMost and not beyond.
func (t *tuning) vectors(js []*judged, bound float64) placement {
	moved := make(placement)
	if bound == 0 {
		return moved
	}
	pulls := make(map[string]map[string]*pull)
	for _, j := range js {
		q := t.dense.question(j)
		p := nearestPassage(t.dense.passages[j.right], q)
		if p == nil {
			continue
		}
		if pulls[j.right] == nil {
			pulls[j.right] = make(map[string]*pull)
		}
		x := pulls[j.right][p.hash]
		if x == nil {
			x = &pull{passage: p, by: make(map[string]*pulled)}
			pulls[j.right][p.hash] = x
		}
		x.add(j.operator, q, t.weighing.of(j))
	}
	for document, byPassage := range pulls {
		for hash, x := range byPassage {
			moved.put(document, hash, nudged(x.passage.base, x.sum(), bound))
		}
	}
	return moved
}

// nearestPassage returns the passage nearest to q, nil if none can be compared.
func nearestPassage(ps []placedPassage, q embeddings.Vector) *placedPassage {
	var best *placedPassage
	var near float32
	for i := range ps {
		p := &ps[i]
		if q == nil || len(p.base) != len(q) {
			continue
		}
		if x := p.base.Dot(q); best == nil || x > near {
			best, near = p, x
		}
	}
	return best
}

func (x *pull) add(operator string, q embeddings.Vector, weight float64) {
	p := x.by[operator]
	if p == nil {
		p = &pulled{sum: make([]float64, len(q))}
		x.by[operator] = p
	}
	for i, v := range q {
		p.sum[i] += weight * float64(v)
	}
	p.weight += weight
}

// sum adds up the operators, in one order, so that it is the same each time.
func (x *pull) sum() embeddings.Vector {
	g := make(embeddings.Vector, len(x.passage.base))
	for _, operator := range slices.Sorted(maps.Keys(x.by)) {
		p := x.by[operator]
		share := operatorMost * (1 - math.Exp(-p.weight/operatorMost)) / p.weight
		for i, v := range p.sum {
			g[i] += float32(share * v)
		}
	}
	return g
}

// outcomes are how many questions had the right article first: all of them,
// and those whose article had taught something and had not.
type outcomes struct{ all, taught, untaught hits }

func (o *outcomes) add(weight float64, right, taught bool) {
	part := &o.untaught
	if taught {
		part = &o.taught
	}
	for _, h := range []*hits{&o.all, part} {
		h.questions++
		h.weight += weight
		if right {
			h.right += weight
		}
	}
}

// hits are weighed by how far each judgement counts.
type hits struct {
	questions     int
	right, weight float64
}

func (h *hits) share() float64 {
	if h.weight == 0 {
		return 0
	}
	return h.right / h.weight
}

// figures tells people what was found, with articles that taught something and
// those that did not apart: the latter cannot gain, and may lose.
func (t *tuning) figures(moved placement) map[string]any {
	passages := 0
	for _, byPassage := range moved {
		passages += len(byPassage)
	}
	part := func(before, after *hits) map[string]any {
		return map[string]any{"questions": before.questions, "before": before.share(), "after": after.share()}
	}
	return map[string]any{
		"job": "tune", "bound": t.bound, "questions": len(t.all), "documents_moved": len(moved), "passages_moved": passages,
		"model": t.dense.space.Embedder.Model(), "learned_until": t.weighing.now.Format(time.RFC3339),
		"held_out":         part(&t.before.all, &t.after.all),
		"with_feedback":    part(&t.before.taught, &t.after.taught),
		"without_feedback": part(&t.before.untaught, &t.after.untaught),
	}
}
