package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// What bundles may have, in bytes, gzipped.
const (
	budget       = 120_000 // what the console loads until somebody can work with the largest of its pages
	widgetBudget = 25_000  // the panel, which is loaded anew beside every ticket
)

// whole returns what the console may have, in bytes, gzipped, once somebody of a
// role has opened every page they may. Only an admin has all. Russian letters
// take two bytes, and the Russian console translates what the server says.
func whole(language, role string) int {
	switch {
	case language == "en" && role != admin:
		return budget
	case language == "en":
		return 164_000
	case role != admin:
		return 140_000
	}
	return 191_000
}

const admin = "admin"

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
		roles, err := byRole(files)
		if err != nil {
			return err
		}
		for _, role := range slices.Sorted(maps.Keys(roles)) {
			fmt.Printf("    %s with every page of theirs: %.1f of %d\n", role, kB(roles[role]), whole(language, role)/1000)
			if roles[role] > whole(language, role) {
				tooLarge = errors.New("the pages of a role are larger than they may be")
			}
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
	for _, content := range files {
		everything += gzipped(content)
	}
	begun := beginning(files)
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

// beginning returns what is loaded before any page is.
func beginning(files map[string][]byte) map[string]bool {
	begun := make(map[string]bool)
	for name := range files {
		base := strings.TrimPrefix(name, "assets/")
		if base == name || strings.HasPrefix(base, "app-") || strings.HasPrefix(base, "boot-") {
			load(files, name, begun)
		}
	}
	return begun
}

// How src/pages.ts says which file has a page, and who may open it.
var (
	loader   = regexp.MustCompile(`const (\w+) = .*import\("\./pages/([\w/]+)"\)`)
	openedBy = regexp.MustCompile(`roles: \[([^\]]+)\][^}]*\}[^}]*load: (\w+)`)
)

// byRole returns how large a bundle is, gzipped, for somebody of each role who
// has opened every page they may.
func byRole(files map[string][]byte) (map[string]int, error) {
	registry, err := os.ReadFile(sources + "/pages.ts")
	if err != nil {
		return nil, err
	}
	entries := make(map[string]string) // how the name of the file begins that a loader loads
	for _, m := range loader.FindAllSubmatch(registry, -1) {
		entries[string(m[1])] = "assets/" + path.Base(string(m[2])) + "-"
	}
	opened := make(map[string]map[string]bool)
	for _, m := range openedBy.FindAllSubmatch(registry, -1) {
		entry, ok := entries[string(m[2])]
		if !ok {
			return nil, fmt.Errorf("src/pages.ts: nothing says which file %s loads", m[2])
		}
		for role := range strings.SplitSeq(string(m[1]), ", ") {
			role = strings.Trim(role, `"`)
			if opened[role] == nil {
				opened[role] = beginning(files)
			}
			for name := range files {
				if strings.HasPrefix(name, entry) {
					load(files, name, opened[role])
				}
			}
		}
	}
	out := make(map[string]int)
	for role, loaded := range opened {
		out[role] = weight(files, loaded)
	}
	return out, nil
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
