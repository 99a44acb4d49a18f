package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// jsonFlag gives a command --json.
func (c *cli) jsonFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON for a program to read")
}

// printJSON prints v on the command's output.
func (c *cli) printJSON(v any) error {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// A progress shows how far long work has come: a bar on a terminal, a line
// every few seconds elsewhere, and nothing for work of less than a second.
type progress struct {
	out   io.Writer
	what  string
	total int64 // 0: not known
	live  bool  // out is a terminal
	now   func() time.Time

	mu      sync.Mutex
	done    int64
	started time.Time
	said    time.Time
	bars    *mpb.Progress
	bar     *mpb.Bar
}

// Between lines where there is no terminal.
const progressEvery = 5 * time.Second

func (c *cli) progress(what string, total int64) *progress {
	return &progress{out: c.err, what: what, total: total, live: terminal(c.err), now: time.Now, started: time.Now()}
}

// add notes that n more are done.
func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += int64(n)
	now := p.now()
	switch {
	case now.Sub(p.started) < time.Second:
	case p.bar != nil:
		p.bar.SetCurrent(p.done)
	case p.live:
		p.bars = mpb.New(mpb.WithOutput(p.out), mpb.WithWidth(60), mpb.WithAutoRefresh())
		p.bar = p.bars.AddBar(p.total, mpb.PrependDecorators(decor.Name(p.what+" "), decor.CountersNoUnit("%d / %d")),
			mpb.AppendDecorators(decor.AverageSpeed(0, "%.0f/s")))
		p.bar.SetCurrent(p.done)
	case now.Sub(p.said) >= progressEvery:
		p.said = now
		_, _ = fmt.Fprintf(p.out, "%s: %d done in %s\n", p.what, p.done, now.Sub(p.started).Round(time.Second))
	}
}

// end draws the last state. It may be called more than once.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.SetTotal(p.done, true)
		p.bars.Wait()
		p.bar = nil
	}
}

// terminal reports whether w is one.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
