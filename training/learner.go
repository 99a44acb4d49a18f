package training

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Learner does the jobs that learn from feedback: Calibrate, Rerank, Tune,
// Promote. Each works through every workspace, reads facts and writes data that
// package retrieval reads. Set its fields before first use; its methods may be
// called from many goroutines.
type Learner struct {
	KB          *kb.DB
	Suggestions *retrieval.Store
	Feedback    *feedback.Store
	Pilots      *experiment.Store
	Gaps        *gap.DB  // what knowledge lacks; nil: the jobs that look for it have nothing to do
	DB          *gorm.DB // where jobs remember how far they came, and notices are written

	// Answerer is asked the questions of a gap again. Nil: no gap is verified.
	Answerer *retrieval.Answerer

	// Caught waits, for a short time, until what was written up to a change of a
	// workspace can be found, and reports whether it can. Nil: nobody waits.
	Caught func(ctx context.Context, workspace string, seq int64) bool

	// Prose puts drafts of articles into better words; nil: they stay in those
	// of the operators.
	Prose retrieval.Generator

	// Space is what is searched at the moment; ok is false while nothing is.
	Space func() (s retrieval.Space, ok bool)

	Log *slog.Logger
	Now func() time.Time // nil: time.Now
}

func (l *Learner) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}

// A tally counts what a job did, by what it was.
type tally map[string]int

// each does work in every workspace. One that fails does not keep the others
// from theirs. The note counts what the workspaces came to.
func (l *Learner) each(ctx context.Context, work func(ctx context.Context, workspace string) (string, error)) (note string, err error) {
	ws, err := l.KB.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	counts, order := make(tally), []string(nil)
	var failed []error
	for _, w := range ws {
		what, err := work(ctx, w.ID)
		if err != nil {
			failed = append(failed, fmt.Errorf("training: workspace %s: %w", w.ID, err))
			what = "failed"
		}
		if counts[what] == 0 {
			order = append(order, what)
		}
		counts[what]++
		if ctx.Err() != nil {
			break
		}
	}
	parts := make([]string, len(order))
	for i, what := range order {
		parts[i] = fmt.Sprintf("%d %s", counts[what], what)
	}
	return strings.Join(parts, ", "), errors.Join(failed...)
}

// A lesson is what a workspace gives to learn from.
type lesson struct {
	workspace string
	now       time.Time
	settings  feedback.Settings
	beliefs   retrieval.Beliefs
	judged    []judged // oldest first
	sorter    *sorter
	reader    reader
	reset     map[string]time.Time // since when sources are judged anew
}

// remembers is after how many half-lives a judgement is not read any more: it
// counts for less than a hundredth.
const remembers = 7

// lesson reads what the workspace's operators have made of suggestions, less
// what people have decided not to count, and sorts it into topics.
func (l *Learner) lesson(ctx context.Context, workspace string) (*lesson, error) {
	s, err := l.unsorted(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return s, s.sort(ctx, s.judged)
}

// unsorted is lesson without the sorting into topics, which takes as long as
// the reading.
func (l *Learner) unsorted(ctx context.Context, workspace string) (*lesson, error) {
	s, err := l.begin(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return s, s.load(ctx)
}

// begin is lesson without any judgements.
func (l *Learner) begin(ctx context.Context, workspace string) (*lesson, error) {
	s := &lesson{workspace: workspace, now: l.now(), reset: make(map[string]time.Time)}
	var err error
	if s.settings, err = l.Feedback.Settings(ctx, workspace); err != nil {
		return nil, err
	}
	if s.beliefs, err = l.Suggestions.Beliefs(ctx, workspace); err != nil {
		return nil, err
	}
	s.sorter = newSorter(s.beliefs.Topics)
	overrides, err := l.Suggestions.Overrides(ctx, workspace)
	if err != nil {
		return nil, err
	}
	s.reader = reader{
		suggestions: l.Suggestions, feed: l.Feedback.In(workspace), workspace: workspace, ignored: make(map[string]time.Time),
	}
	if s.reader.doubts, err = l.Suggestions.Doubts(ctx, workspace); err != nil {
		return nil, err
	}
	for _, o := range overrides {
		switch {
		case o.Kind == retrieval.OverOperator && o.Action == retrieval.Exclude:
			s.reader.ignored[o.ID] = never
		case o.Kind == retrieval.OverOperator:
			s.reader.ignored[o.ID] = o.At
		case o.Action == retrieval.Reset:
			s.reset[o.ID] = o.At
		}
	}
	return s, nil
}

// load reads the judgements.
func (s *lesson) load(ctx context.Context) (err error) {
	if s.judged, err = s.reader.read(ctx, s.now.Add(-remembers*s.halfLife())); err != nil {
		return err
	}
	s.forget()
	return nil
}

func (s *lesson) halfLife() time.Duration {
	return time.Duration(s.settings.HalfLifeDays * float64(24*time.Hour))
}

// forget drops the credits of sources from before they were reset.
func (s *lesson) forget() {
	if len(s.reset) == 0 {
		return
	}
	for i := range s.judged {
		j := &s.judged[i]
		credits := make([]feedback.Credit, 0, len(j.credits))
		for _, c := range j.credits {
			if at, ok := s.reset[c.SourceID]; !ok || !j.at.Before(at) {
				credits = append(credits, c)
			}
		}
		j.credits = credits
	}
}

// sort puts each of the questions that the helpdesk has not sorted into today's
// topics.
func (s *lesson) sort(ctx context.Context, js []judged) error {
	for i := range js {
		j := &js[i]
		if j.topic == "" || strings.HasPrefix(j.topic, topicPrefix) {
			j.topic = s.sorter.topicOf(ctx, j.question)
		}
		if i%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// labelled counts the judgements that say which article was right.
func labelled(js []judged) int {
	n := 0
	for i := range js {
		if js[i].right != "" {
			n++
		}
	}
	return n
}
