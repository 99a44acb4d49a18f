package main

import (
	"io"
	"os"
	"testing"
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
