package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// budget is how many bytes, gzipped, the console may load until somebody can
// work with the largest of its pages. widgetBudget is the panel's, which is
// loaded anew beside every ticket.
const (
	budget       = 120_000
	widgetBudget = 25_000
)

// within reports which of the bundles is larger than it may be.
func within(all map[string][]byte) error {
	var tooLarge error
	for _, language := range languages {
		files, err := bundle(sources+"/main.tsx", language)
		if err != nil {
			return err
		}
		files["index.html"] = all["index.html"]
		start, largest, everything := sizes(files)
		fmt.Printf("%s: %d files; gzipped, the console begins with %.1f kB and has at most %.1f with a page open, of %d; with every page opened it has %.1f\n",
			language, len(files), kB(start), kB(largest), budget/1000, kB(everything))
		if largest > budget {
			tooLarge = errors.New("the bundle is larger than it may be")
		}
	}
	var panel int
	for name, content := range all {
		if strings.HasPrefix(strings.TrimPrefix(name, "assets/"), "widget") {
			panel += gzipped(content)
		}
	}
	fmt.Printf("the panel: %.1f of %d\n", kB(panel), widgetBudget/1000)
	if panel > widgetBudget {
		tooLarge = errors.New("the panel's bundle is larger than it may be")
	}
	return tooLarge
}

// What a script loads before it runs, and what when it is asked for.
var (
	imports = regexp.MustCompile(`(?:from|import)"\./([^"]+)"`)
	asked   = regexp.MustCompile(`import\("\./([^"]+)"\)`)
)

// sizes returns how large a bundle is, gzipped, when it begins, with the
// largest of what is loaded when it is asked for, and whole.
func sizes(files map[string][]byte) (start, largest, everything int) {
	begun := make(map[string]bool)
	for name, content := range files {
		everything += gzipped(content)
		base := strings.TrimPrefix(name, "assets/")
		if base == name || strings.HasPrefix(base, "app-") || strings.HasPrefix(base, "boot-") {
			load(files, name, begun)
		}
	}
	start = weight(files, begun)
	largest = start
	for _, content := range files {
		for _, page := range asked.FindAllSubmatch(content, -1) {
			opened := maps.Clone(begun)
			load(files, "assets/"+string(page[1]), opened)
			largest = max(largest, weight(files, opened))
		}
	}
	return start, largest, everything
}

// load adds a file to those that are loaded, with all that it needs.
func load(files map[string][]byte, name string, loaded map[string]bool) {
	if loaded[name] {
		return
	}
	loaded[name] = true
	for _, m := range imports.FindAllSubmatch(files[name], -1) {
		load(files, "assets/"+string(m[1]), loaded)
	}
}

func weight(files map[string][]byte, names map[string]bool) int {
	sum := 0
	for name := range names {
		sum += gzipped(files[name])
	}
	return sum
}

func kB(n int) float64 { return float64(n) / 1000 }
