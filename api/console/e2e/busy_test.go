package e2e

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// A pause is the longest that the page's thread was busy with one thing, so that
// a key, a wheel or a frame had to wait.
type pause struct {
	own  float64 // milliseconds of the processor: what the page itself is to blame for
	wall float64 // milliseconds that went by, which on a busy machine is more
}

// A traced event is what a trace says of one thing that a thread did.
type traced struct {
	Name string  `json:"name"`
	Proc int     `json:"pid"`
	Thr  int     `json:"tid"`
	Took float64 `json:"dur"`  // microseconds
	Own  float64 `json:"tdur"` // microseconds of the processor
	Args struct {
		Name string `json:"name"`
	} `json:"args"`
}

// busiest does something and returns the longest pause meanwhile.
func (b *browser) busiest(do func()) pause {
	b.t.Helper()
	ctx, stop := context.WithCancel(b.ctx)
	defer stop()
	var mu sync.Mutex
	var all []traced
	done := make(chan struct{})
	chromedp.ListenTarget(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *tracing.EventDataCollected:
			mu.Lock()
			defer mu.Unlock()
			for _, raw := range ev.Value {
				var e traced
				if json.Unmarshal(raw, &e) == nil { // others have arguments of other shapes
					all = append(all, e)
				}
			}
		case *tracing.EventTracingComplete:
			close(done)
		}
	})
	b.do(tracing.Start().WithTransferMode(tracing.TransferModeReportEvents).WithTraceConfig(&tracing.TraceConfig{
		ExcludedCategories: []string{"*"}, IncludedCategories: []string{"disabled-by-default-devtools.timeline", "__metadata"},
	}))
	do()
	b.do(tracing.End())
	select {
	case <-done:
	case <-time.After(patience):
		b.t.Fatal("the trace did not come to its end")
	}
	mu.Lock()
	defer mu.Unlock()
	type thread struct{ proc, thr int }
	pages := make(map[thread]bool)
	for _, e := range all {
		if e.Name == "thread_name" && e.Args.Name == "CrRendererMain" {
			pages[thread{e.Proc, e.Thr}] = true
		}
	}
	var most pause
	tasks := 0
	for _, e := range all {
		if e.Name == "RunTask" && pages[thread{e.Proc, e.Thr}] {
			tasks++
			most.own, most.wall = max(most.own, e.Own/1000), max(most.wall, e.Took/1000)
		}
	}
	if tasks == 0 || most.own == 0 {
		b.t.Fatalf("the trace has %d events and %d tasks of the page", len(all), tasks)
	}
	return most
}

// usual does something three times and returns the middle of the longest pauses:
// once a machine may have been busy with something else.
func (b *browser) usual(do func(i int)) pause {
	b.t.Helper()
	var own, wall []float64
	for i := range 3 {
		p := b.busiest(func() { do(i) })
		own, wall = append(own, p.own), append(wall, p.wall)
	}
	slices.Sort(own)
	slices.Sort(wall)
	return pause{own[1], wall[1]}
}
