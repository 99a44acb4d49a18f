package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("WHETSTONE_DATA", filepath.Join(e.WorkDir, "data"))
			e.Setenv("WHETSTONE_CONFIG", os.DevNull)
			e.Setenv("WHETSTONE_LOG", "warn")
			// What a text archive cannot hold.
			binary := filepath.Join(e.WorkDir, "kb", "binary.md")
			if _, err := os.Stat(binary); err != nil {
				return nil // not this script's
			}
			return os.WriteFile(binary, bytes.Repeat([]byte{0xff, 0xd8, 0, 1}, 500), 0o600)
		},
	})
}

func TestEveryCommandHasAnExample(t *testing.T) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
			if !strings.Contains(sub.Example, sub.CommandPath()) {
				t.Errorf("%s has no example of itself", sub.CommandPath())
			}
			var out bytes.Buffer
			args := append(strings.Fields(sub.CommandPath())[1:], "--help")
			if code := run(t.Context(), args, &out, &out); code != 0 || !strings.Contains(out.String(), "Examples:\n"+sub.Example) {
				t.Errorf("%s --help ends with status %d and shows\n%s", sub.CommandPath(), code, out.String())
			}
		}
	}
	walk(newRoot(&bytes.Buffer{}, &bytes.Buffer{}))
}

// Files as they come: a byte order mark, the line ends of other systems, a line
// of ten megabytes.
func TestFilesAsTheyCome(t *testing.T) {
	t.Parallel()
	env, dir := newEnvironment(t), t.TempDir()
	write(t, dir, map[string]string{
		"bom.md":     "\ufeff# Kettle\r\n\r\nBoil vinegar.\r\n\r\n- one\r\n- two\r\n",
		"rows.jsonl": `{"id":"one","title":"One","body":"A."}` + "\n" + `{"id":"long","title":"Long","body":"` + strings.Repeat("x ", 5<<20) + `"}` + "\n" + `{"id":"two","title":"Two","body":"B."}` + "\n",
		"latin.csv":  "\ufeffid;title;body\r\n7;Lamp;\"Turn it,\r\nto the left.\"\r\n",
	})
	report := read[importReport](t, []byte(succeed(t, env, "import", dir, "--json")))
	if report.Created != 4 || len(report.Skipped) != 1 || report.Skipped[0].File != "rows.jsonl" || report.Skipped[0].Line != 2 {
		t.Errorf("the import reports %+v", report)
	}
	got := read[struct {
		Sources []struct{ ID, Title, Quote string }
	}](t, []byte(succeed(t, env, "search", "--json", "kettle vinegar")))
	if s := got.Sources[0]; s.ID != "bom" || s.Title != "Kettle" || strings.ContainsAny(s.Quote, "\ufeff\r") {
		t.Errorf("a file with a byte order mark is %+v", s)
	}
}

// What bench prints as JSON is read by other programs.
func TestBench(t *testing.T) {
	t.Parallel()
	env := newEnvironment(t)
	out := succeed(t, env, "bench", "--passages", "300", "--questions", "20", "--clients", "2", "--load", "200ms", "--json")
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"passages", "suggest_ms", "suggest_per_second", "import_per_second", "restart_seconds", "rss_mb"} {
		if v, ok := got[key]; !ok || string(v) == "0" {
			t.Errorf("%s is %s in %s", key, v, out)
		}
	}
	var ms map[string]float64
	if err := json.Unmarshal(got["suggest_ms"], &ms); err != nil || ms["p50"] <= 0 || ms["p95"] < ms["p50"] || ms["p99"] < ms["p95"] {
		t.Errorf("suggest_ms is %v, %v", ms, err)
	}
	if _, err := os.Stat(env.data()); err == nil {
		t.Error("bench has made a data folder")
	}
}
