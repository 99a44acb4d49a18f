package api

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback/analytics"
	"github.com/whetstone-desk/whetstone/training"
)

// reports adds the calls that say in figures how suggestions fare.
func (r *routes) reports() {
	s := r.server
	add(r, r.op(call{"GET", "/reports/acceptance", "acceptance-report", "Count what operators made of suggestions", auth.Oversee, aboutAcceptance}), s.acceptanceReport)
	add(r, r.op(call{"GET", "/reports/learning", "learning-report", "Say how quickly topics are learned", auth.Oversee, aboutLearning}), s.learningReport)
}

const (
	aboutAcceptance = `Accepted unchanged, accepted edited and any use are three figures. Each share has how many it counts, of how many it is one, and its 95 % interval; where there are none to count it is null. Counted are suggestions of which anything was told. ` + "`from`" + ` and ` + "`to`" + ` (not included) are about when a suggestion was made.`

	aboutLearning = `For each topic the curve of how well its answers served, from encounter to encounter, and how many encounters and days it takes until a topic reaches 80 % of the level of those that have come to rest. Topics that are not there yet count as censored and are listed first.

The job ` + "`progress`" + ` works it out, as of ` + "`computed_at`" + `; before it has run for the first time this call does, which may take some seconds.`
)

// acceptanceReport and learningReport give schemas names of their own.
type acceptanceReport struct{ analytics.Report }

type learningReport struct{ training.Report }

type acceptanceIn struct {
	By   string    `query:"by" enum:"team,operator,arm,profile,ranker,language,topic,confidence,week" doc:"What to group by; without it there is only the whole."`
	From time.Time `query:"from" doc:"Suggestions made not before."`
	To   time.Time `query:"to" doc:"Suggestions made before."`
}

type acceptanceOut struct{ Body acceptanceReport }

// acceptanceReport answers GET /v1/reports/acceptance.
func (s *Server) acceptanceReport(ctx context.Context, in *acceptanceIn) (*acceptanceOut, error) {
	ws := caller(ctx).WorkspaceID
	q := analytics.Query{By: analytics.By(in.By), From: in.From, Until: in.To}
	if q.By == analytics.Topic {
		var err error
		if q.Labels, err = s.labels(ctx, ws); err != nil {
			return nil, err
		}
	}
	r, err := analytics.Acceptance(ctx, s.Feedback.In(ws), q)
	if err != nil {
		return nil, err
	}
	return &acceptanceOut{acceptanceReport{r}}, nil
}

type learningIn struct {
	By string `query:"by" enum:"topic,team,language" default:"topic" doc:"Which figures to list beside the whole."`
}

type learningOut struct{ Body learningReport }

// learningReport answers GET /v1/reports/learning.
func (s *Server) learningReport(ctx context.Context, in *learningIn) (*learningOut, error) {
	d := training.Desk{KB: s.KB, Suggestions: s.Store, Feedback: s.Feedback, Gaps: s.Gaps, Workspace: caller(ctx).WorkspaceID}
	var db *gorm.DB // what keeps reports; without jobs there are none
	if s.Jobs != nil {
		db = s.Jobs.DB
	}
	r, err := training.LatestProgress(ctx, d, db, time.Now())
	if err != nil {
		return nil, err
	}
	if r, err = r.By(in.By); err != nil {
		return nil, err
	}
	return &learningOut{learningReport{r}}, nil
}
