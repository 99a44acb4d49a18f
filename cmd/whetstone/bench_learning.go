package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// What is measured of learning, beside its jobs.
const (
	benchDigested = 2000 // suggestions whose events are digested
	benchRatings  = 2000
	benchPace     = 200 // ratings a second
)

// A learningReport is what bench prints as JSON of learning.
type learningReport struct {
	Suggestions int                    `json:"suggestions"`
	Events      int64                  `json:"events"`
	CPUs        int                    `json:"cpus"`
	Fill        float64                `json:"fill_seconds"`
	Digest      float64                `json:"digest_suggestions_per_second"`
	Jobs        []jobReport            `json:"jobs"`
	Total       float64                `json:"jobs_seconds"`
	CPU         float64                `json:"jobs_cpu_seconds"`
	Peak        float64                `json:"jobs_peak_mb"` // the most that the process held during any job
	Ratings     map[string]percentiles `json:"ratings_ms"`   // by way: "store" or "http", and also "…, digested": while they are
}

// A jobReport is what one run of a job took.
type jobReport struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu_seconds"` // of all processors; 0 where the system does not say
	Peak    float64 `json:"peak_mb"`     // 0 where the system does not say
	Note    string  `json:"note"`
}

// learning measures what is done with feedback.
func (b *bench) learning(ctx context.Context) (report learningReport, err error) {
	if b.words, err = readPhrases(b.text); err != nil {
		return report, err
	}
	if b.dir, err = os.MkdirTemp("", "whetstone-bench-"); err != nil {
		return report, err
	}
	defer func() { _ = os.RemoveAll(b.dir) }() // what is left is in the system's temporary folder
	env := []string{"WHETSTONE_DATA=" + b.dir, "WHETSTONE_RATE=0", "WHETSTONE_LOG=error", "WHETSTONE_CONFIG=" + os.DevNull}
	b.passages = benchArticles * perDocument
	report = learningReport{Suggestions: b.suggestions, CPUs: runtime.GOMAXPROCS(0), Ratings: make(map[string]percentiles)}
	key, err := b.fill(ctx, env, new(benchReport))
	if err != nil {
		return report, err
	}
	cfg, err := load(append(inherited(), env...))
	if err != nil {
		return report, err
	}
	log, err := b.cli.logger(cfg)
	if err != nil {
		return report, err
	}
	a, err := open(ctx, cfg, log)
	if err != nil {
		return report, err
	}
	defer a.closing(&err)
	if _, err := a.openSpace(ctx, false); err != nil {
		return report, err
	}
	if err := b.history(ctx, a, &report); err != nil {
		return report, err
	}
	if err := b.jobs(ctx, a, &report); err != nil {
		return report, err
	}
	return report, b.ratings(ctx, a, key, &report)
}

// history fills the database, and has a part of it digested.
func (b *bench) history(ctx context.Context, a *app, report *learningReport) error {
	m := madeHistory{
		bench: b, db: a.db, workspace: a.cfg.Workspace, start: time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -benchDays),
		each: max(1, b.events/max(1, b.suggestions)),
	}
	for i := range benchArticles {
		m.articles = append(m.articles, *b.words.article(i))
	}
	sample := min(benchDigested, b.suggestions)
	if err := m.write(ctx, 0, sample, false); err != nil {
		return err
	}
	start := time.Now()
	if err := a.learning.digester.Catch(ctx); err != nil {
		return err
	}
	report.Digest = float64(sample) / time.Since(start).Seconds()
	p := b.cli.progress("suggestions", int64(b.suggestions))
	defer p.end()
	start = time.Now()
	for at := sample; at < b.suggestions; at += rowsAtOnce {
		end := min(at+rowsAtOnce, b.suggestions)
		if err := m.write(ctx, at, end, true); err != nil {
			return err
		}
		p.add(end - at)
	}
	report.Fill, report.Events = time.Since(start).Seconds(), m.seq
	return nil
}

// jobs runs every job that learns, in the order of the timetable.
func (b *bench) jobs(ctx context.Context, a *app, report *learningReport) error {
	for _, job := range a.learningJobs() {
		freshPeak()
		start, spent := time.Now(), processorTime()
		note, err := job.Run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", job.Name, err)
		}
		r := jobReport{Name: job.Name, Seconds: time.Since(start).Seconds(), CPU: processorTime() - spent, Note: note}
		if r.Peak, err = memory(os.Getpid(), "VmHWM:"); err != nil {
			return err
		}
		report.Jobs = append(report.Jobs, r)
		report.Total += r.Seconds
		report.CPU += r.CPU
		report.Peak = max(report.Peak, r.Peak)
	}
	return nil
}

// processorTime is how many seconds of processors this process has had; 0 where
// the system does not say.
func processorTime() float64 {
	b, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	// The program's name, in brackets, may hold anything.
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	const ticks = 100 // a second, on every Linux there is
	return (user + system) / ticks
}

// freshPeak gives memory that is not used back to the system and has it count
// the peak from here on. Where it cannot, the peak is that of all there was.
func freshPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// ratings tells ratings at a steady pace, by the store and by the API, first
// without and then while they are digested.
func (b *bench) ratings(ctx context.Context, a *app, key string, report *learningReport) (err error) {
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	feed := a.learning.events.In(a.cfg.Workspace)
	rated := func(i int) (suggestion, operator string) {
		return fmt.Sprintf("s%08d", (i*7919)%b.suggestions), fmt.Sprintf("operator-%d", i%benchOperators)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: a.server().Handler(), ReadHeaderTimeout: headTime}
	wg.Go(func() { _ = srv.Serve(l) }) // it ends when closed
	defer func() { _ = srv.Close() }()
	asker := &asker{url: "http://" + l.Addr().String(), key: key, client: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 16}, Timeout: time.Minute,
	}}
	ways := map[string]func(int) error{
		"store": func(i int) error {
			suggestion, operator := rated(i)
			_, err := feed.Record(ctx, []feedback.Event{{
				ID: fmt.Sprintf("rating-%d", i), SuggestionID: suggestion, OperatorID: operator, Kind: feedback.Rated, Score: 1, At: time.Now(),
			}})
			a.learning.digester.Nudge()
			return err
		},
		"http": func(i int) error {
			suggestion, operator := rated(i)
			return asker.rate(ctx, suggestion, operator)
		},
	}
	n := 0
	for _, judged := range []string{"", ", digested"} {
		if judged != "" { // also what was told before
			wg.Go(func() { a.learning.digester.Run(ctx) })
		}
		for _, way := range benchWays() {
			from := n
			n += benchRatings
			if report.Ratings[way+judged], err = paced(func(i int) error { return ways[way](from + i) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func benchWays() []string { return []string{"store", "http"} }

// paced does something benchRatings times, benchPace times a second, and
// returns how long it took each time.
func paced(do func(i int) error) (percentiles, error) {
	took, failed := make([]float64, benchRatings), make([]error, benchRatings)
	pace := time.NewTicker(time.Second / benchPace)
	defer pace.Stop()
	var wg sync.WaitGroup
	for i := range benchRatings {
		<-pace.C
		wg.Go(func() {
			start := time.Now()
			failed[i] = do(i)
			took[i] = float64(time.Since(start).Microseconds()) / 1000
		})
	}
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return percentiles{}, err
		}
	}
	return percentilesOf(took), nil
}

// rate tells a rating.
func (a *asker) rate(ctx context.Context, suggestion, operator string) error {
	body := strings.NewReader(fmt.Sprintf(`{"kind":"rated","rating":"up","operator_id":%q}`, operator))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/v1/suggestions/"+suggestion+"/feedback", body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("the server answered %s: %s", resp.Status, bytes.TrimSpace(text))
	}
	return err
}

func (c *cli) printLearning(r learningReport) error {
	c.printf("%d suggestions, %d events, %d processors; %.0f suggestions/s digested\n", r.Suggestions, r.Events, r.CPUs, r.Digest)
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "job\tseconds\tof processors\tpeak, MB\t")
	for _, j := range r.Jobs {
		_, _ = fmt.Fprintf(t, "%s\t%.1f\t%.1f\t%.0f\t%s\n", j.Name, j.Seconds, j.CPU, j.Peak, j.Note)
	}
	_, _ = fmt.Fprintf(t, "all\t%.1f\t%.1f\t%.0f\t\n", r.Total, r.CPU, r.Peak)
	_, _ = fmt.Fprintf(t, "\nratings, %d a second\tp50, ms\tp95\tp99\n", benchPace)
	for _, judged := range []string{"", ", digested"} {
		for _, way := range benchWays() {
			p := r.Ratings[way+judged]
			_, _ = fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\n", way+judged, p.P50, p.P95, p.P99)
		}
	}
	return t.Flush()
}

// byScore sorts candidates, best first.
func byScore(cs []retrieval.Candidate) {
	slices.SortStableFunc(cs, func(a, b retrieval.Candidate) int { return cmp.Compare(b.Score, a.Score) })
}

// rounded leaves the digits that suggestions keep.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }
