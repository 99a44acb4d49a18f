package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// percentiles of a stage's times, in milliseconds.
type percentiles struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

func percentilesOf(times []float64) percentiles {
	if len(times) == 0 {
		return percentiles{}
	}
	slices.Sort(times)
	at := func(p float64) float64 { return times[min(int(p*float64(len(times))), len(times)-1)] }
	return percentiles{at(.50), at(.95), at(.99)}
}

// stages are those of a suggestion, in order.
func stages() []string { return []string{"analyze", "embed", "search", "rank", "answer", "total"} }

// measure starts a server on what was filled and asks it.
func (b *bench) measure(ctx context.Context, env []string, key string, report *benchReport) (err error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	start := time.Now()
	server := exec.CommandContext(ctx, program, "serve", "--addr", addr)
	server.Env, server.Stderr = append(inherited(), env...), b.cli.err
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
	if err := server.Start(); err != nil {
		return err
	}
	defer func() {
		_ = server.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		_ = server.Wait()
	}()
	asker := &asker{url: "http://" + addr, key: key, client: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: b.clients}, Timeout: time.Minute,
	}}
	if err := asker.ready(ctx); err != nil {
		return err
	}
	report.Restart = time.Since(start).Seconds()
	if err := b.oneByOne(ctx, asker, report); err != nil {
		return err
	}
	if report.PerSecond, err = b.together(ctx, asker); err != nil {
		return err
	}
	report.RSS, err = resident(server.Process.Pid)
	return err
}

// oneByOne asks one question after the other, after a few that do not count.
func (b *bench) oneByOne(ctx context.Context, asker *asker, report *benchReport) error {
	const warm = 50
	var whole []float64
	byStage := make(map[string][]float64)
	for i := range b.questions + warm {
		start := time.Now()
		got, err := asker.ask(ctx, b.words.question(i))
		if err != nil {
			return err
		}
		if i < warm {
			continue
		}
		whole = append(whole, float64(time.Since(start).Microseconds())/1000)
		if got.Decision == "abstain" {
			report.Abstained += 1 / float64(b.questions)
		}
		for _, stage := range stages() {
			byStage[stage] = append(byStage[stage], got.Took[stage])
		}
	}
	report.Suggest, report.Stages = percentilesOf(whole), make(map[string]percentiles)
	for stage, times := range byStage {
		report.Stages[stage] = percentilesOf(times)
	}
	return nil
}

// together asks from several clients at once and returns answers per second.
func (b *bench) together(ctx context.Context, asker *asker) (float64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	start := time.Now()
	end := start.Add(b.load)
	var mu sync.Mutex
	var failed error
	total := 0
	var wg sync.WaitGroup
	for c := range b.clients {
		wg.Go(func() {
			n := 0
			for ; time.Now().Before(end); n++ {
				if _, err := asker.ask(ctx, b.words.question(c*100_000+n)); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					cancel()
					return
				}
			}
			mu.Lock()
			total += n
			mu.Unlock()
		})
	}
	wg.Wait()
	return float64(total) / time.Since(start).Seconds(), failed
}

// An asker calls a server's API.
type asker struct {
	url, key string
	client   *http.Client
}

// A told is what a measurement reads of a suggestion.
type told struct {
	Decision string             `json:"decision"`
	Took     map[string]float64 `json:"took_ms"`
}

func (a *asker) ask(ctx context.Context, question string) (got told, err error) {
	body, err := json.Marshal(map[string]string{"text": question})
	if err != nil {
		return got, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/v1/suggestions", bytes.NewReader(body))
	if err != nil {
		return got, err
	}
	req.Header.Set("Authorization", "Bearer "+a.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.client.Do(req)
	if err != nil {
		return got, err
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return got, err
	}
	if resp.StatusCode != http.StatusCreated {
		return got, fmt.Errorf("the server answered %s: %s", resp.Status, text)
	}
	return got, json.Unmarshal(text, &got)
}

// ready waits until the server can answer.
func (a *asker) ready(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range 12_000 { // a minute
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+"/readyz", nil)
		if err != nil {
			return err
		}
		if resp, err := a.client.Do(req); err == nil {
			_ = resp.Body.Close() // only its status is of interest
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return fmt.Errorf("the server at %s did not get ready in a minute", a.url)
}

// freeAddr is a loopback address that nobody listens on at the moment.
func freeAddr(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// resident is the memory that a process holds, in megabytes; 0 where the
// system does not say.
func resident(pid int) (float64, error) { return memory(pid, "VmRSS:") }

// memory is a figure of a process's memory, in megabytes, by the name that the
// system has for it; 0 where the system does not say.
func memory(pid int, what string) (float64, error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, what); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024, err
		}
	}
	return 0, nil
}
