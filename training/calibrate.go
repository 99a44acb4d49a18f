package training

import (
	"context"
	"slices"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/calibration"
)

// unattendedDelta is the chance, for each language, that unattended answers
// break the workspace's promise all the same.
const unattendedDelta = 0.1

// Calibrate works out what is believed for now: which topics are asked about,
// how far each operator and what cases say can be relied on, what a confidence
// means, and from which confidence answers may go out unattended.
func (l *Learner) Calibrate(ctx context.Context) (note string, err error) {
	return l.each(ctx, l.calibrate)
}

func (l *Learner) calibrate(ctx context.Context, workspace string) (string, error) {
	s, err := l.unsorted(ctx, workspace)
	if err != nil {
		return "", err
	}
	if len(s.judged) == 0 && s.beliefs.Through.IsZero() {
		return "without feedback", nil
	}
	b := retrieval.Beliefs{Figures: map[string]any{"judgements": len(s.judged)}}
	if b.Topics, err = s.topics(ctx); err != nil {
		return "", err
	}
	if n := len(s.judged); n > 0 {
		b.Through = s.judged[n-1].asked
		w := s.weighing(s.judged)
		b.Operators = w.trust
		behind, err := l.Feedback.In(workspace).Behind(ctx)
		if err != nil {
			return "", err
		}
		b.Cases = caseBelief(behind, w.trust)
		weight, figures := caseTrust(s.judged, w.of)
		b.CaseWeight = &weight
		b.Figures["case_weight"] = figures
		s.confidence(&b, w)
		if err := s.answerable(ctx, &b, w); err != nil {
			return "", err
		}
	}
	return "calibrated", l.Suggestions.SetBeliefs(ctx, workspace, b)
}

// topics adds to the topics the questions that came since the last time, and
// those that belonged to none: a topic of few questions a day becomes one too.
func (s *lesson) topics(ctx context.Context) ([]retrieval.Topic, error) {
	var fresh []question
	for i := len(s.judged) - 1; i >= 0 && len(fresh) < groupedMost; i-- {
		if j := &s.judged[i]; j.asked.After(s.beliefs.Through) || j.topic == "" {
			fresh = append(fresh, question{text: j.question})
		}
	}
	slices.Reverse(fresh)
	return topicsOf(ctx, s.beliefs.Topics, fresh)
}

// groupedMost bounds how many questions are grouped at once: the latest.
const groupedMost = 20000

// confidence fits what confidence means, over all languages and in each that
// has taught enough, and what may go out unattended.
func (s *lesson) confidence(b *retrieval.Beliefs, w *weighing) {
	b.Calibration, b.Unattended = make(map[string]retrieval.Curve), make(map[string]retrieval.UnattendedRun)
	found, sent := examples(s.judged, w, foundRight), examples(s.judged, w, wasRight)
	for language := range found {
		curve, err := calibration.Fit(found[language])
		switch {
		case err == nil:
			b.Calibration[language] = retrieval.Curve{Kind: curve.Kind, Labels: len(found[language]), Points: curve.Points}
		case language == "":
			b.Figures["calibration"] = err.Error()
		}
	}
	delete(sent, "") // what holds for one language says nothing of another
	for language := range sent {
		p := calibration.Threshold(sent[language], s.settings.Risk, unattendedDelta)
		run := retrieval.UnattendedRun{Risk: p.Risk, Delta: p.Delta, Labels: p.Labels, Upper: p.Bound, Note: p.Reason}
		if p.OK {
			run.Threshold = max(p.Threshold, leastThreshold)
		}
		b.Unattended[language] = run
	}
}

// leastThreshold keeps a promise that holds for every confidence apart from
// none at all.
const leastThreshold = 1e-6

// examples are the labels of each language, and of all under "".
func examples(js []judged, w *weighing, right func(*judged) (right, known bool)) map[string][]calibration.Example {
	out := make(map[string][]calibration.Example)
	for i := range js {
		j := &js[i]
		is, known := right(j)
		if !known {
			continue
		}
		e := calibration.Example{Score: j.raw, Right: is, Weight: w.of(j)}
		out[""] = append(out[""], e)
		if j.language != "" && j.language != "und" {
			out[j.language] = append(out[j.language], e)
		}
	}
	return out
}

// foundRight reports whether the knowledge base covered the question and what
// was found first answered it, as far as the judgement tells. Nothing is said
// where nothing was found, or where there was no draft to reject.
func foundRight(j *judged) (right, known bool) {
	switch {
	case len(j.candidates) == 0 || j.raw == 0:
		return false, false
	case j.right != "":
		return j.candidates[0].ID == j.right, true
	case j.used == feedback.Refused && j.decision == retrieval.Abstained:
		return false, false
	}
	return wasAnswered(j)
}

// mended is how much of a draft an operator may change for it to count as fit
// to be sent as it was.
const mended = 0.1

// wasRight reports whether the draft was fit to go out as it was.
func wasRight(j *judged) (right, known bool) {
	if j.decision == retrieval.Abstained || j.used == feedback.Unknown {
		return false, false
	}
	return j.used == feedback.Unchanged || j.used == feedback.Changed && j.distance >= 0 && j.distance <= mended, true
}
