package api

import (
	"context"
	"net/url"
	"time"

	"github.com/whetstone-desk/whetstone/training"
)

type jobView struct {
	Name       string    `json:"name"`
	About      string    `json:"about" doc:"What it does, in a sentence."`
	Schedule   string    `json:"schedule" doc:"When: minute, hour, day of the month, month and day of the week, in UTC; or @every and a duration."`
	Everywhere bool      `json:"everywhere,omitempty" doc:"Every process does it for itself, so it keeps no runs and cannot be started."`
	NextAt     time.Time `json:"next_at" doc:"When it is due next."`
	LastRun    *runView  `json:"last_run,omitempty" doc:"The latest run that was not skipped; absent if there is none."`
}

type runView struct {
	Slot       time.Time       `json:"slot" doc:"When it was due, or, if somebody started it, when that was."`
	Status     training.Status `json:"status" enum:"running,done,failed,skipped,abandoned" doc:"skipped: an earlier run was under way. abandoned: its server died, and a later run did its work."`
	Attempt    int             `json:"attempt" doc:"How often it was begun: more than once if its server died. 0: not at all, or its server was stopped and another has yet to begin it again."`
	StartedAt  time.Time       `json:"started_at" doc:"When it was begun last."`
	FinishedAt *time.Time      `json:"finished_at,omitempty" doc:"Absent while it is running."`
	TookMS     *int64          `json:"took_ms,omitempty" doc:"Milliseconds from its last beginning to its end; absent while it is running."`
	Note       string          `json:"note" doc:"What came of it, in figures over all workspaces, and the kind of what went wrong; the server's log has the rest."`
}

func runOf(r *training.Run) runView {
	v := runView{Slot: r.Slot, Status: r.Status, Attempt: r.Attempt, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Note: r.Note}
	if r.FinishedAt != nil {
		ms := r.FinishedAt.Sub(r.StartedAt).Milliseconds()
		v.TookMS = &ms
	}
	return v
}

// runner returns what does the jobs; it has none if there is nothing that does.
func (s *Server) runner() *training.Runner {
	if s.Jobs == nil {
		return new(training.Runner)
	}
	return s.Jobs
}

type jobsOut struct{ Body jobList }

type jobList struct {
	Jobs []jobView `json:"jobs" nullable:"false"`
}

func (s *Server) listJobs(ctx context.Context, _ *struct{}) (*jobsOut, error) {
	list, err := s.runner().List(ctx)
	if err != nil {
		return nil, err
	}
	out := new(jobsOut)
	out.Body.Jobs = make([]jobView, len(list))
	for i, l := range list {
		out.Body.Jobs[i] = jobView{Name: l.Job.Name, About: l.Job.About, Schedule: l.Job.Spec, Everywhere: l.Job.Everywhere, NextAt: l.Next}
		if l.Last != nil {
			last := runOf(l.Last)
			out.Body.Jobs[i].LastRun = &last
		}
	}
	return out, nil
}

// ByJob names a job in a path.
type ByJob struct {
	Name string `path:"name" maxLength:"64"`
}

type runsOut struct{ Body runList }

type runList struct {
	Runs []runView `json:"runs" nullable:"false"`
}

func (s *Server) jobRuns(ctx context.Context, in *struct {
	ByJob
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
}) (*runsOut, error) {
	runs, err := s.runner().History(ctx, in.Name, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(runsOut)
	out.Body.Runs = make([]runView, len(runs))
	for i := range runs {
		out.Body.Runs[i] = runOf(&runs[i])
	}
	return out, nil
}

type runOut struct {
	Location string `header:"Location" doc:"Where the job's runs are."`
	Body     runView
}

func (s *Server) runJob(ctx context.Context, in *ByJob) (*runOut, error) {
	run, err := s.runner().Start(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	return &runOut{"/v1/jobs/" + url.PathEscape(run.Job) + "/runs", runOf(&run)}, nil
}
