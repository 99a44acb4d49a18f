package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// shell runs commands in this process, in a data folder of their own.
type shell struct {
	*testing.T
	dir string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	s := &shell{T: t, dir: t.TempDir()}
	for name, value := range map[string]string{"DATA": s.dir, "CONFIG": os.DevNull, "LOG": "error", "WORKSPACE": "shop"} {
		t.Setenv("WHETSTONE_"+name, value)
	}
	return s
}

// open is the app that the commands work with. Close it before they do.
func (s *shell) open() *app {
	s.Helper()
	a, err := new(cli).openCLI(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	if _, err := a.workspace(s.Context()); err != nil {
		s.Fatal(err)
	}
	return a
}

// do runs erase or learning and returns what it prints.
func (s *shell) do(args ...string) (out string, err error) {
	s.Helper()
	var b, notes bytes.Buffer
	c := &cli{out: &b, err: &notes}
	cmd := c.eraseCommand()
	if args[0] == "learning" {
		cmd = c.learningCommand()
	}
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	cmd.SetArgs(args[1:])
	err = cmd.ExecuteContext(s.Context())
	return b.String() + notes.String(), err
}

// customers have asked and were helped, rose with words that nobody else has.
func (s *shell) customers() {
	s.Helper()
	ctx, a := s.Context(), s.open()
	index, err := a.openSpace(ctx, false)
	if err != nil {
		s.Fatal(err)
	}
	for _, x := range []struct{ id, customer, question, final string }{
		{"s1", "rose", "Why does my heliotrope kettle taste of marzipan?", "Rinse the periwinkle filter under warm water before the first use."},
		{"s2", "boris", "Where is the vermilion teapot made?", "All of our teapots are made by hand in Suzdal."},
	} {
		sg := &retrieval.Suggestion{
			WorkspaceID: "shop", ID: x.id, TicketID: "t-" + x.id, CustomerID: x.customer, OperatorID: "anna", Mode: retrieval.ForOperator,
			Decision: retrieval.Drafted, Question: x.question, Language: "en", CreatedAt: time.Now().Add(-time.Hour),
		}
		if err := a.store.Keep(ctx, sg); err != nil {
			s.Fatal(err)
		}
		e := feedback.Event{ID: "e-" + x.id, SuggestionID: x.id, Kind: feedback.Edited, Text: x.final}
		if _, err := a.learning.events.In("shop").Record(ctx, []feedback.Event{e}); err != nil {
			s.Fatal(err)
		}
	}
	if err := a.learning.digester.Catch(ctx); err != nil {
		s.Fatal(err)
	}
	if n, err := a.kb.In("shop").Count(ctx); err != nil || n[kb.Case] != 2 {
		s.Fatalf("there are %v documents, %v; want two cases", n, err)
	}
	if _, err := a.indexer(index).Sync(ctx, "shop"); err != nil {
		s.Fatal(err)
	}
	if err := a.close(); err != nil {
		s.Fatal(err)
	}
}

// holds lists the files of the data folder that hold a word.
func (s *shell) holds(word string) (files []string) {
	s.Helper()
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(word)) {
			files = append(files, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return files
}

func TestEraseLeavesNothingInTheDataFolder(t *testing.T) {
	s := newShell(t)
	s.customers()
	if _, err := s.do("erase"); err == nil || !strings.Contains(err.Error(), "--customer") {
		t.Errorf("erasing nobody: %v", err)
	}
	if _, err := s.do("erase", "--customer", "rose"); err == nil || !strings.Contains(err.Error(), "erases 1 suggestions") || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("erasing without --yes: %v", err)
	}
	words := []string{"heliotrope", "marzipan", "periwinkle"}
	for _, word := range words {
		if len(s.holds(word)) == 0 {
			t.Fatalf("no file holds %q to begin with", word)
		}
	}
	out, err := s.do("erase", "--customer", "rose", "--json", "--yes")
	if err != nil {
		t.Fatal(err)
	}
	var got feedback.Erased
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&got); err != nil || got.Suggestions != 1 || got.Cases != 1 || !got.Refitted {
		t.Errorf("it prints %s, %v", out, err)
	}
	if !strings.Contains(out, "backups") {
		t.Errorf("it says nothing of backups: %s", out)
	}
	for _, word := range words {
		if files := s.holds(word); len(files) > 0 {
			t.Errorf("%q is still in %v", word, files)
		}
	}
	if len(s.holds("vermilion")) == 0 || len(s.holds("Suzdal")) == 0 {
		t.Error("what another customer said is gone")
	}
	if out, err := s.do("erase", "--ticket", "t-s2", "--ticket", "t-none", "--yes"); err != nil || !strings.Contains(out, "1 suggestions") || len(s.holds("Suzdal")) > 0 {
		t.Errorf("a ticket: %v\n%s", err, out)
	}
	if out, err := s.do("erase", "--customer", "rose", "--yes"); err != nil || !strings.Contains(out, "nothing left") {
		t.Errorf("erasing again: %v\n%s", err, out)
	}
}

func TestWhatWasLearnedGoesThroughAFile(t *testing.T) {
	s := newShell(t)
	ctx, a := s.Context(), s.open()
	r := retrieval.Ranker{WorkspaceID: "shop", Status: retrieval.Serving, CreatedAt: time.Now(), Learned: retrieval.Learned{Factors: retrieval.Factors{Title: 1.5}}}
	set := feedback.DefaultSettings()
	set.HalfLifeDays = 45
	for _, err := range []error{a.store.AddRanker(ctx, &r), feedback.SetSettings(ctx, a.db, "shop", set), a.close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "shop.json")
	if _, err := s.do("learning", "export", file); err != nil {
		t.Fatal(err)
	}
	out, err := s.do("learning", "export")
	if err != nil || !strings.HasPrefix(out, `{"whetstone_learning":1,`) {
		t.Errorf("to the output: %.60s, %v", out, err)
	}
	if _, err := s.do("learning", "import", file); err == nil || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("importing without --yes: %v", err)
	}
	t.Setenv("WHETSTONE_WORKSPACE", "market")
	if _, err := s.do("learning", "export"); err == nil {
		t.Error("a workspace that is not there is exported")
	}
	if out, err := s.do("learning", "import", file, "--yes"); err != nil || !strings.Contains(out, "version 1 is a candidate") {
		t.Errorf("importing: %v\n%s", err, out)
	}
	if out, err := s.do("learning", "import", file, "--yes", "--serve"); err != nil || !strings.Contains(out, "version 2 serves") {
		t.Errorf("importing to serve: %v\n%s", err, out)
	}
	a = s.open()
	serving, err := a.store.ServingRanker(ctx, "market")
	if err != nil || serving.Version != 2 || serving.Learned.Factors.Title != 1.5 {
		t.Errorf("what serves is %+v, %v", serving, err)
	}
	if got, err := feedback.SettingsOf(ctx, a.db, "market"); err != nil || got != set {
		t.Errorf("the settings are %+v, %v", got, err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for old, bad := range map[string]string{`"half_life_days":45`: `"half_life_days":0`, `"title":1.5`: `"title":15`, `"promote"`: `"demote"`} {
		if err := os.WriteFile(file, bytes.Replace(whole, []byte(old), []byte(bad), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		field, _, _ := strings.Cut(strings.Trim(bad, `"`), `"`)
		if _, err := s.do("learning", "import", file, "--yes"); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("a file with %s: %v", bad, err)
		}
	}
}
