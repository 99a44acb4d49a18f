package training

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Desk is one workspace, as far as its progress is looked at.
type Desk struct {
	KB          *kb.DB
	Suggestions *retrieval.Store
	Feedback    *feedback.Store
	Gaps        *gap.DB // nil: no topic is flagged as a gap
	Workspace   string  // its id
}

// Progress works out how quickly the workspace's topics are learned, as of
// now. It reads every judgement, those of operators whom learning does not heed
// too: what they were answered is a fact. A hundred thousand take some seconds.
//
// A topic is what the helpdesk said it was; else the article that the
// suggestion was resolved with; else a topic that was found, which counts for
// an article if most of what was resolved in it ended with that one. A
// suggestion of which nothing says what became of it is no encounter.
//
// What it costs that an answer is not there is seen here, unlike in package
// analytics: the shares are of all encounters, and an abstention that an
// operator had to answer by hand is one of quality 0.
func Progress(ctx context.Context, d Desk, now time.Time) (Report, error) {
	r := Report{ComputedAt: now.UTC().Truncate(time.Microsecond), Level: progressLevel}
	all, err := d.encounters(ctx)
	if err != nil {
		return Report{}, err
	}
	topics, err := d.courses(ctx, all)
	if err != nil {
		return Report{}, err
	}
	r.count(all)
	if r.Encounters == 0 || len(topics) == 0 {
		r.Topics, r.Teams, r.Languages = []TopicSpeed{}, []GroupSpeed{}, []GroupSpeed{}
		return r, nil
	}
	if err := r.fit(topics, now); err != nil {
		return Report{}, fmt.Errorf("training: progress of %s: %w", d.Workspace, err)
	}
	return r, ctx.Err()
}

// stateOfProgress is under what name the table state keeps a workspace's report.
func stateOfProgress(workspace string) string { return "progress/" + workspace }

// LatestProgress returns the report that the job last kept in db, or works one
// out if there is none, or db is nil.
func LatestProgress(ctx context.Context, d Desk, db *gorm.DB, now time.Time) (Report, error) {
	if db != nil {
		text, known, err := sqldb.State(ctx, db, stateOfProgress(d.Workspace))
		if err != nil {
			return Report{}, err
		}
		w, err := d.KB.Workspace(ctx, d.Workspace)
		if err != nil {
			return Report{}, err
		}
		var r Report
		// A report may outlive its workspace, and be there when another is made
		// under the same id. One that cannot be read is of another version.
		if known && json.Unmarshal([]byte(text), &r) == nil && !r.ComputedAt.Before(w.CreatedAt) {
			return r, nil
		}
	}
	return Progress(ctx, d, now)
}

// KeepProgress returns the work of the job progress: to keep a report of every
// workspace in db's table state, as JSON under "progress/" and the workspace's
// id, where LatestProgress finds it.
func (l *Learner) KeepProgress(db *gorm.DB) func(context.Context) (note string, err error) {
	return func(ctx context.Context) (string, error) {
		return l.each(ctx, func(ctx context.Context, workspace string) (string, error) {
			r, err := Progress(ctx, Desk{KB: l.KB, Suggestions: l.Suggestions, Feedback: l.Feedback, Gaps: l.Gaps, Workspace: workspace}, l.now())
			if err != nil {
				return "", err
			}
			b, err := json.Marshal(r)
			if err != nil {
				return "", fmt.Errorf("training: progress of %s: %w", workspace, err)
			}
			if err := sqldb.SetState(ctx, db, stateOfProgress(workspace), string(b)); err != nil {
				return "", err
			}
			if r.Encounters == 0 {
				return "with nothing yet", nil
			}
			return "reported", nil
		})
	}
}
