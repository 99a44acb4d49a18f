package console_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	styleComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	declarations = regexp.MustCompile(`\{[^{}]*\}`)
	styledClass  = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
	drawnWord    = regexp.MustCompile(`[\w-]+`)
	// How a class begins that is made, as `bone-${shape}`, "gap-" + gap and `s${n}`.
	beginning = regexp.MustCompile("[` \"]([a-z][\\w-]*-|s)(?:\\$\\{|\" \\+)")
)

// All styles are loaded with the first page, so a rule for what is no longer
// drawn costs everybody.
func TestEveryStyledClassIsDrawnSomewhere(t *testing.T) {
	sources := scripts(t)
	drawn := make(map[string]bool)
	for _, word := range drawnWord.FindAllString(sources, -1) {
		drawn[word] = true
	}
	var made []string
	for _, m := range beginning.FindAllStringSubmatch(sources, -1) {
		made = append(made, m[1])
	}
	styles, err := filepath.Glob("src/styles/*.css")
	if err != nil || len(styles) == 0 {
		t.Fatalf("no styles: %v", err)
	}
	for _, name := range styles {
		for _, class := range classes(t, name) {
			if !drawn[class] && !slices.ContainsFunc(made, func(with string) bool { return strings.HasPrefix(class, with) && (with != "s" || len(class) == 2) }) {
				t.Errorf("%s: no source draws anything of class %s", name, class)
			}
		}
	}
}

// scripts returns the sources that draw.
func scripts(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("src", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".ts", ".tsx", ".html"}, filepath.Ext(path)) || strings.HasPrefix(path, "src/vendor") {
			return err
		}
		content, err := os.ReadFile(path)
		all.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// classes returns the classes that a file of styles speaks of.
func classes(t *testing.T, name string) []string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range styledClass.FindAllStringSubmatch(declarations.ReplaceAllString(styleComment.ReplaceAllString(string(content), ""), "{}"), -1) {
		out = append(out, m[1])
	}
	return out
}
