package console_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// told is where the rules of a file in src/said have their English sentences
// from: a file and the functions in it, or nothing for all of them. Of refusals
// it is a folder, or a file and the functions that make them.
var told = map[string][]struct {
	path string
	of   []string
}{
	"refusals": {
		{"api", nil}, {"api/auth", nil}, {"feedback", nil}, {"feedback/experiment", nil}, {"kb", nil}, {"kb/connect", nil}, {"kb/gap", nil},
		{"kb/notice", nil}, {"kb/ticket", nil}, {"kb/upkeep", nil}, {"retrieval", nil}, {"training", nil}, {"kb/connect/validate.go", []string{"New", "Errorf"}},
	},
	"upkeep": {
		{"retrieval/clash/judge.go", []string{"why"}}, {"retrieval/clash/duplicates.go", nil}, {"training/upkeep.go", []string{"stale"}},
		{"training/upkeep_attend.go", nil}, {"training/upkeep_facts.go", nil}, {"training/upkeep_unused.go", nil},
		{"training/updates_change.go", []string{"why"}}, {"training/updates_notes.go", []string{"contradicts", "supersedes"}},
	},
	"gaps": {
		{"training/gaps_cause.go", []string{"causeOf", "borneOut"}}, {"training/gaps_says.go", []string{"objection", "otherwise"}}, {"training/gaps_ask.go", []string{"askAgain", "whyNot"}},
		{"training/gaps_verify.go", []string{"Prove"}}, {"training/gaps.go", []string{"move"}}, {"kb/gap/lifecycle.go", []string{"Assign", "Publish", "Join"}},
	},
	"learning": {
		{"training/gate/decide.go", []string{"decide"}}, {"training/gate/watch.go", []string{"Watch", "reason"}}, {"training/gate/offpolicy.go", []string{"sentence"}},
		{"training/rerank.go", []string{"candidate"}}, {"training/promote.go", []string{"advance"}}, {"training/watch.go", []string{"watch"}},
		{"retrieval/rollback.go", []string{"reinstate"}}, {"retrieval/portable_import.go", nil}, {"api/rankers.go", []string{"serveRanker"}}, {"feedback/credit_why.go", nil}, {"feedback/settle.go", nil},
	},
	"jobs": {
		{"training/alarms.go", []string{"Alarms", "alarms", "tell"}}, {"training/calibrate.go", []string{"calibrate"}}, {"training/gaps.go", []string{"FindGaps", "findGaps"}}, {"training/progress.go", []string{"KeepProgress"}},
		{"training/promote.go", []string{"promote", "try"}}, {"training/rerank.go", []string{"rerank"}}, {"training/tune.go", []string{"tune"}}, {"training/updates.go", nil}, {"training/upkeep.go", []string{"Upkeep", "keep"}},
		{"training/history.go", []string{"ending"}}, {"training/claim.go", []string{"step"}},
	},
	"sources": {
		{"kb/connect/version.go", []string{"foreign"}}, {"kb/connect/write.go", []string{"another", "missing", "drop", "tellTaken"}}, {"kb/connect/sync.go", []string{"item", "count"}},
		{"kb/source/source.go", nil}, {"kb/source/jsonl.go", nil}, {"kb/source/page.go", nil}, {"kb/source/pdf.go", nil}, {"kb/source/docx.go", nil}, {"kb/source/html.go", nil}, {"kb/source/csv.go", nil},
		{"kb/source/web/site.go", []string{"page", "visit", "unread", "reason", "answered"}}, {"kb/source/web/sitemap.go", nil}, {"kb/source/web/feed.go", []string{"readFeed", "entries"}}, {"kb/source/desk/case.go", []string{"ticket", "solved"}}, {"kb/source/desk/records.go", nil}, {"kb/source/desk/skip.go", nil},
		{"api/notify/webhook.go", nil}, {"api/notify/mail.go", []string{"send", "session"}}, {"kb/notice/delivery.go", nil},
	},
	"audit": {{"api/erase.go", []string{"erase"}}, {"api/import.go", []string{"importFile"}}},
}

var (
	refused = regexp.MustCompile(`^(Err(Invalid|Conflict|TooMany|Busy|Newer|Running|Held|Stopped)|err(Malformed|Reused|InFlight))$`)
	rule    = regexp.MustCompile(`\["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\]`)
	value   = regexp.MustCompile(`[$@](\d)`)
	verb    = regexp.MustCompile(`%[-+.\d]*[a-z]`)
)

// rules reads the sentences of a file in src/said, English to Russian.
func rules(t *testing.T, name string) map[string]string {
	t.Helper()
	b, err := os.ReadFile("src/said/" + name + ".ts")
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for _, m := range rule.FindAllStringSubmatch(string(b), -1) {
		en, err := strconv.Unquote(`"` + m[1] + `"`)
		if err != nil {
			t.Fatal(err)
		}
		out[en] = m[2]
	}
	if len(out) == 0 {
		t.Fatalf("no rules in %s", name)
	}
	return out
}

// goFiles returns the files of a folder, but not its tests; or the one file.
func goFiles(t *testing.T, path string) []string {
	t.Helper()
	path = filepath.Join("../..", path)
	if strings.HasSuffix(path, ".go") {
		return []string{path}
	}
	all, err := filepath.Glob(filepath.Join(path, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

func text(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			return s
		}
	}
	return ""
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// refusals collects the sentences with which calls are refused, and those that
// the functions of make.
func refusals(f *ast.File, of []string) []string {
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		first := call.Args[0]
		if made, ok := first.(*ast.CallExpr); ok && nameOf(made.Fun) == "Sprintf" {
			first = made.Args[0]
		}
		s := strings.TrimPrefix(text(first), "%w: ")
		is := slices.Contains(of, nameOf(call.Fun)) || nameOf(call.Fun) == "invalid" || nameOf(call.Fun) == "Errorf" && slices.ContainsFunc(call.Args[1:], func(e ast.Expr) bool { return refused.MatchString(nameOf(e)) })
		if is && strings.Contains(s, " ") && s != "%w: %w" {
			out = append(out, s)
		}
		return true
	})
	return out
}

// notSaid are calls whose words are for the log or for the database.
var notSaid = []string{"Where", "Order", "Select", "Joins", "Exec", "Raw", "Error", "ErrorContext", "WarnContext", "InfoContext", "Info", "Warn", "New", "Count", "Pluck"}

// notes are parts of what functions say that people do not see.
var notes = []string{"%s:%d: %s", "%s by %d", "%s %s: %s in one, %s in the other.", "give different numbers for the same thing", "give different prices for the same thing", "give different dates or times for the same thing", "name different conditions for the same thing", "not proven", "has not come to the gate yet", ") is a part of it", "reopen it first", "verify it first", "text/html, application/xhtml+xml", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"}

// sentences collects what functions say: every text of more than one word.
func sentences(f *ast.File, of []string) []string {
	var out []string
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || len(of) > 0 && !slices.Contains(of, fn.Name.Name) {
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && (slices.Contains(notSaid, nameOf(call.Fun)) || nameOf(call.Fun) == "Errorf") {
				return false
			}
			if e, ok := n.(ast.Expr); ok {
				if s := text(e); strings.Contains(strings.Trim(s, " ;:,."), " ") && strings.ContainsAny(verb.ReplaceAllString(s, ""), "abcdefghijklmnopqrstuvwxyz") && !slices.Contains(notes, s) {
					out = append(out, s)
				}
			}
			return true
		})
	}
	return out
}

func TestEverySentenceOfTheServerHasItsRussian(t *testing.T) {
	for name, places := range told {
		known := rules(t, name)
		all := strings.Join(slices.Collect(maps.Keys(known)), "\n")
		found := 0
		for _, p := range places {
			for _, file := range goFiles(t, p.path) {
				f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				said := sentences(f, p.of)
				if name == "refusals" {
					said, p.of = refusals(f, p.of), nil
				}
				found += len(said)
				for _, s := range said {
					if !strings.Contains(all, strings.TrimSpace(s)) {
						t.Errorf("%s: %q has no rule in src/said/%s.ts", strings.TrimPrefix(file, "../../"), s, name)
					}
				}
				for _, fn := range p.of {
					if !slices.ContainsFunc(f.Decls, func(d ast.Decl) bool { x, ok := d.(*ast.FuncDecl); return ok && x.Name.Name == fn }) {
						t.Errorf("%s has no function %s any more: say where its sentences are", p.path, fn)
					}
				}
			}
		}
		if found == 0 {
			t.Errorf("%s: no sentence was found in the code", name)
		}
		for en, ru := range known {
			for _, m := range value.FindAllStringSubmatch(ru, -1) {
				if n, err := strconv.Atoi(m[1]); err != nil || n > len(verb.FindAllString(strings.ReplaceAll(en, "%%", ""), -1)) {
					t.Errorf("%s: the Russian of %q names the value %s", name, en, m[0])
				}
			}
		}
	}
}

// toPanel are the files where the calls that the panel makes are refused.
var toPanel = []string{"../errors.go", "../middleware.go", "../routes.go"}

func TestWhateverThePanelIsRefusedForHasItsRussian(t *testing.T) {
	b, err := os.ReadFile("src/widget/refused.ts")
	if err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`(?:^\s+|status === )(\d{3})\b`)
	known := make(map[string]bool) // by the name of the status
	for line := range strings.Lines(string(b)) {
		if m := words.FindStringSubmatch(line); m != nil {
			status, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			known["Status"+strings.ReplaceAll(http.StatusText(status), " ", "")] = true
		}
	}
	found := 0
	for _, file := range toPanel {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(*ast.SelectorExpr)
			if !ok || nameOf(e.X) != "http" || !strings.HasPrefix(e.Sel.Name, "Status") || slices.Contains(notRefused, e.Sel.Name) {
				return true
			}
			if found++; !known[e.Sel.Name] {
				t.Errorf("%s: http.%s has no words in src/widget/refused.ts", strings.TrimPrefix(file, "../"), e.Sel.Name)
			}
			return true
		})
	}
	if found < 20 {
		t.Errorf("only %d refusals were found in the code", found)
	}
}

// notRefused are names of statuses that are no refusal.
var notRefused = []string{"StatusText", "StatusOK", "StatusCreated", "StatusAccepted", "StatusNoContent"}
