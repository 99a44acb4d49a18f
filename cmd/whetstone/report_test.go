package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training"
)

// A reporting is a data folder of which reports are asked for.
type reporting struct {
	t    *testing.T
	data string
}

// judged has judgements of twelve topics that are learned, in English, and one
// in Russian that never is.
func (x *reporting) judged() {
	x.t.Helper()
	c := &cli{data: x.data, workspace: "shop", out: new(bytes.Buffer), err: new(bytes.Buffer)}
	a, err := c.openCLI(x.t.Context())
	if err != nil {
		x.t.Fatal(err)
	}
	defer func() {
		if err := a.close(); err != nil {
			x.t.Error(err)
		}
	}()
	if _, err := a.workspace(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
	var js []feedback.Judgement
	for topic := range 13 {
		for n := range 30 {
			at := time.Date(2026, 1, 5+n, 8, topic, 0, 0, time.UTC)
			j := feedback.Judgement{
				SuggestionID: fmt.Sprintf("%d-%d", topic, n), Seq: int64(len(js) + 1), Decision: retrieval.Drafted,
				Topic: fmt.Sprint("topic ", topic), Language: "en", OperatorGroup: "day", Used: feedback.Changed, Rating: -1,
				Distance: 0.8 / float64(n+1), SuggestedAt: at, At: at,
			}
			switch {
			case topic == 12:
				j.Topic, j.Language, j.Used, j.Distance = "hope\x1b[31mless", "ru", feedback.Replaced, 1
			case n > 10:
				j.Used, j.Distance = feedback.Unchanged, 0
			}
			js = append(js, j)
		}
	}
	if err := feedback.NewStore(a.db, nil).In("shop").PutJudgements(x.t.Context(), js); err != nil {
		x.t.Fatal(err)
	}
}

// report runs the command and returns what it prints.
func (x *reporting) report(args ...string) (string, error) {
	x.t.Helper()
	var out, err bytes.Buffer
	c := &cli{data: x.data, workspace: "shop", out: &out, err: &err}
	cmd := c.reportCommand()
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetOut(&out)
	cmd.SetErr(&err)
	cmd.SetArgs(append([]string{"learning"}, args...))
	failed := cmd.ExecuteContext(x.t.Context())
	return out.String() + err.String(), failed
}

func TestReportOfNothingSaysSo(t *testing.T) {
	x := &reporting{t, filepath.Join(t.TempDir(), "data")}
	svg := filepath.Join(t.TempDir(), "chart.svg")
	got, err := x.report("--svg", svg)
	if err != nil || !strings.HasPrefix(got, "Nothing yet: of 0 judged suggestions") {
		t.Errorf("it says %q, %v", got, err)
	}
	if _, err := os.Stat(svg); err == nil {
		t.Error("a chart of nothing is written")
	}
	if _, err := os.Stat(x.data); err == nil {
		t.Error("a report leaves a data folder behind")
	}
	got, err = x.report("--json")
	var r training.Report
	if err != nil || json.Unmarshal([]byte(got), &r) != nil || r.Encounters != 0 || !strings.Contains(got, `"topics": []`) {
		t.Errorf("it says %q, %v", got, err)
	}
}

func TestReportShowsHowQuicklyTopicsAreLearned(t *testing.T) {
	x := &reporting{t, filepath.Join(t.TempDir(), "data")}
	x.judged()
	svg := filepath.Join(t.TempDir(), "chart.svg")
	got, err := x.report("--svg", svg)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"390 encounters with 13 topics: accepted unchanged 0.58, accepted edited 0.34, any use 0.92",
		"How well answers serve as topics are met again", "░", "1 of 13 are not there yet", "not yet, > 30", "first seen → proficient",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.ContainsRune(got, 0x1b) {
		t.Error("a topic's name speaks to the terminal")
	}
	lines := strings.Split(got, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "topic, slowest first") && !strings.HasPrefix(lines[i+1], "hope") {
			t.Errorf("the slowest is %q", lines[i+1])
		}
	}
	if b, err := os.ReadFile(svg); err != nil || !bytes.HasPrefix(b, []byte("<svg")) {
		t.Errorf("the chart is %.40q, %v", b, err)
	}
	if got, err := x.report("--by", "language"); err != nil || !strings.Contains(got, "\nru ") || strings.Contains(got, "slowest first") {
		t.Errorf("by language, %v:\n%s", err, got)
	}
	if got, err := x.report("--by", "team"); err != nil || !strings.Contains(got, "\nday ") {
		t.Errorf("by team, %v:\n%s", err, got)
	}
	got, err = x.report("--json", "--by", "team")
	var r training.Report
	if err != nil || json.Unmarshal([]byte(got), &r) != nil || len(r.Teams) != 1 || len(r.Topics) != 0 || r.Teams[0].Topics != 13 {
		t.Errorf("as JSON %.200q, %v", got, err)
	}
	if _, err := x.report("--by", "weather"); err == nil {
		t.Error("a report by weather")
	}
}
