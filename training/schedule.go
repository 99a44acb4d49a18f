// Package training is what Whetstone does by itself, on a timetable. Each file
// is one job; what a job learns it writes as data that an earlier package
// declares and reads.
package training

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// A Job is work that is done again and again. It must be safe to stop at any
// point and to do twice.
type Job struct {
	Name    string
	Spec    string        // when: five cron fields, in UTC, or @every and a duration
	Timeout time.Duration // how long one run may take
	Run     func(context.Context) error
}

// Run does the jobs at their times until ctx ends, and then waits for those
// that are under way. A job that is still running when its time comes again is
// passed over, and one that panics is logged like one that fails. It panics on
// a Spec that is no timetable.
func Run(ctx context.Context, jobs []Job, log *slog.Logger) {
	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	for _, j := range jobs {
		if _, err := c.AddFunc(j.Spec, func() { j.once(ctx, log) }); err != nil {
			panic(fmt.Sprintf("training: job %s: %v", j.Name, err))
		}
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
}

// once runs the job and logs how it went.
func (j *Job) once(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, j.Timeout)
	defer cancel()
	start := time.Now()
	err := j.safely(ctx)
	if err != nil {
		log.ErrorContext(ctx, "job failed", "job", j.Name, "took", time.Since(start), "error", err)
		return
	}
	log.InfoContext(ctx, "job done", "job", j.Name, "took", time.Since(start))
}

func (j *Job) safely(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("training: job %s panicked: %v", j.Name, p)
		}
	}()
	return j.Run(ctx)
}
