package main

import (
	"io"
	"log/slog"
	"os"
	"testing"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// BenchmarkImport stores and indexes articles of three passages each.
func BenchmarkImport(b *testing.B) {
	words, err := readPhrases("")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		dir := b.TempDir()
		m := &bench{cli: &cli{out: io.Discard, err: io.Discard}, passages: 6000, words: words, dir: dir}
		var report benchReport
		if _, err := m.fill(b.Context(), []string{"WHETSTONE_DATA=" + dir, "WHETSTONE_CONFIG=" + os.DevNull, "WHETSTONE_LOG=warn"}, &report); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(report.Import, "passages/s")
	}
}

// BenchmarkSuggest answers questions from 30,000 passages, kept in SQLite.
func BenchmarkSuggest(b *testing.B) {
	words, err := readPhrases("")
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	env := []string{"WHETSTONE_DATA=" + dir, "WHETSTONE_CONFIG=" + os.DevNull, "WHETSTONE_LOG=warn"}
	c := &cli{out: io.Discard, err: io.Discard}
	m := &bench{cli: c, passages: 30_000, words: words, dir: dir}
	if _, err := m.fill(b.Context(), env, new(benchReport)); err != nil {
		b.Fatal(err)
	}
	cfg, err := load(env)
	if err != nil {
		b.Fatal(err)
	}
	a, err := open(b.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = a.close() }() // the benchmark is over
	if _, err := a.openSpace(b.Context(), false); err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i++
		_, err := a.answerer.Suggest(b.Context(), retrieval.Ask{Workspace: cfg.Workspace, Messages: []retrieval.Message{
			{Role: retrieval.Customer, Text: words.question(i)},
		}}, retrieval.Watch{})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLearning runs the jobs that learn over a tenth of what `bench
// --learning` measures them on.
func BenchmarkLearning(b *testing.B) {
	for b.Loop() {
		m := &bench{cli: &cli{out: io.Discard, err: io.Discard}, suggestions: 10_000, events: 100_000}
		report, err := m.learning(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%+v", report)
		b.ReportMetric(report.Total, "jobs-s")
		b.ReportMetric(report.Peak, "peak-MB")
	}
}
