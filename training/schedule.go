// Package training is what Whetstone does by itself, on a timetable. Each file
// is one job; what a job learns it writes as data that an earlier package
// declares and reads.
//
// A [Runner] does the jobs: schedule.go says when, claim.go who of several
// processes, history.go what became of it.
package training

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"gorm.io/gorm"
)

// A Job is work that is done again and again. It must be safe to stop at any
// point and to do twice: a run whose server died is done again from the start.
type Job struct {
	Name  string // as in addresses: lower-case letters and dashes
	About string // what it does, in a sentence
	Spec  string // when: five cron fields, in UTC, or @every and a duration of whole seconds

	// Timeout is how long one run may take. Run's context ends then, and Run
	// must return soon after: two minutes later the run counts as dead, and
	// another process does it again. A run whose process dies counts as dead
	// three minutes after its last sign of life.
	Timeout time.Duration

	// Late is how long after its time a run may begin that was missed while no
	// process ran; 0: however late. It is for heavy work that belongs to the
	// night and is better left out once than done beside people's questions.
	Late time.Duration

	// Everywhere is for what each process has for itself: every process does
	// the job, nobody claims it, and it has no history.
	Everywhere bool

	// Run does the work and says in figures what came of it, also beside an
	// error. The note is shown to the admins of every workspace, so it has
	// counts and durations and nothing of what any workspace holds, ids
	// included. The error goes to the log alone.
	Run func(context.Context) (note string, err error)
}

// A Runner does jobs at their times, together with the Runners of the other
// processes that share DB: each time a job is due, one of them does it. Their
// clocks may differ by up to a minute. The fields are set before first use and
// not changed after; methods may be called from many goroutines.
type Runner struct {
	DB     *gorm.DB
	Jobs   []Job // with different names
	Log    *slog.Logger
	Now    func() time.Time // nil: time.Now
	Holder string           // this process; no two that run at a time have the same

	mu     sync.Mutex
	life   context.Context      // that runs live in; nil unless Run is under way
	active map[string]int       // runs of each job in this process
	last   map[string]time.Time // of a job that runs everywhere, the slot that was dealt with
	runs   sync.WaitGroup
	beats  <-chan time.Time // of runs, see alive; nil: by the clock
}

// lookEvery is how often a Runner looks for runs whose process died. A job
// that is due is looked for at its time.
const lookEvery = 30 * time.Second

// Run does the jobs at their times until ctx ends, and then waits for those
// that are under way. At its start it does what was due last if nobody has done
// it: of several times that were missed while no process ran, the latest. It
// panics on a Spec that is no timetable and on two jobs of one name. Run is
// called once at a time.
func (r *Runner) Run(ctx context.Context) {
	tables := r.timetables()
	r.open(ctx)
	defer r.shut()
	for {
		now := r.now()
		r.look(ctx, now)
		wait := lookEvery
		for _, t := range tables {
			wait = min(wait, t.after(now).Sub(r.now()))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// timetables returns those of the jobs, by name.
func (r *Runner) timetables() map[string]timetable {
	tables := make(map[string]timetable, len(r.Jobs))
	for i := range r.Jobs {
		j := &r.Jobs[i]
		t, err := parse(j.Spec)
		if err != nil {
			panic(fmt.Sprintf("training: job %s: %v", j.Name, err))
		}
		if _, twice := tables[j.Name]; twice {
			panic(fmt.Sprintf("training: two jobs are called %s", j.Name))
		}
		tables[j.Name] = t
	}
	return tables
}

func (r *Runner) open(ctx context.Context) {
	tables, now := r.timetables(), r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.life, r.last = ctx, make(map[string]time.Time)
	for name, t := range tables {
		r.last[name] = t.latest(now) // what is new in a process has nothing to catch up with
	}
}

func (r *Runner) shut() {
	r.mu.Lock()
	r.life = nil // nothing joins from here on
	r.mu.Unlock()
	r.runs.Wait()
}

// join returns the context for a run that begins now, and counts the run among
// those that Run waits for until leave is called. It fails with ErrStopped
// unless Run is under way.
func (r *Runner) join() (ctx context.Context, leave func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.life == nil || r.life.Err() != nil {
		return nil, nil, ErrStopped
	}
	r.runs.Add(1)
	return r.life, r.runs.Done, nil
}

// look begins, in the background, every run that is due at now and that nobody
// else has.
func (r *Runner) look(ctx context.Context, now time.Time) {
	for name, t := range r.timetables() {
		j, slot := r.job(name), t.latest(now)
		if j.Everywhere {
			if r.dueHere(name, slot) {
				r.runs.Go(func() { r.do(ctx, j, nil) })
			}
			continue
		}
		if j.Late > 0 && now.Sub(slot) > j.Late {
			continue
		}
		run, ok, err := r.claim(ctx, j, slot, now)
		if err != nil && ctx.Err() == nil {
			r.Log.ErrorContext(ctx, "job not claimed", "job", name, "error", err)
		}
		if ok {
			r.runs.Go(func() { r.do(ctx, j, &run) })
		}
	}
}

// dueHere reports whether a job that runs everywhere begins now, and notes that
// its slot was dealt with.
func (r *Runner) dueHere(name string, slot time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slot.After(r.last[name]) {
		return false
	}
	r.last[name] = slot
	return r.active[name] == 0
}

// do does the job, keeps how it ended in run's row, unless run is nil, and logs
// it.
func (r *Runner) do(ctx context.Context, j *Job, run *Run) {
	over := r.begun(j.Name)
	started := r.now()
	work, cancel := context.WithTimeout(ctx, j.Timeout)
	defer cancel()
	rest := func() {}
	if run != nil {
		rest = r.alive(work, j, run, cancel)
	}
	note, err := j.safely(work)
	rest()
	over() // before its row says so: whoever reads that may start the job again
	stopped := err != nil && ctx.Err() != nil
	log := r.Log.With("job", j.Name, "took", r.now().Sub(started), "note", note)
	if run != nil {
		log = log.With("slot", run.Slot, "attempt", run.Attempt)
		if err := r.end(ctx, run, ending(note, err, stopped)); err != nil {
			log.ErrorContext(ctx, "job's end not kept", "error", err)
		}
	}
	var panicked *panicError
	switch {
	case stopped:
		log.InfoContext(ctx, "job stopped with the server")
	case errors.As(err, &panicked):
		log.ErrorContext(ctx, "job panicked", "panic", panicked.value, "stack", panicked.stack)
	case err != nil:
		log.ErrorContext(ctx, "job failed", "error", err)
	default:
		log.InfoContext(ctx, "job done")
	}
}

// begun counts a run of this process until the function it returns is called.
func (r *Runner) begun(name string) (over func()) {
	add := func(n int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.active == nil {
			r.active = make(map[string]int)
		}
		r.active[name] += n
	}
	add(1)
	return func() { add(-1) }
}

// busy reports whether this process does the job at the moment.
func (r *Runner) busy(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.active[name] > 0
}

// job returns the job of a name, or nil.
func (r *Runner) job(name string) *Job {
	for i := range r.Jobs {
		if r.Jobs[i].Name == name {
			return &r.Jobs[i]
		}
	}
	return nil
}

// now is the time as databases keep it.
func (r *Runner) now() time.Time {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	return now().UTC().Truncate(time.Microsecond)
}

// A panicError is a panic of a job.
type panicError struct {
	value any
	stack string
}

func (e *panicError) Error() string { return fmt.Sprintf("panicked: %v", e.value) }

func (j *Job) safely(ctx context.Context) (note string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p, string(debug.Stack())}
		}
	}()
	return j.Run(ctx)
}
