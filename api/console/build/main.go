// Command build makes the console's dist folder out of its sources: scripts
// and styles bundled, named by their content, and the page that loads them.
// It needs no Node. It also writes the types of the API's bodies from the
// OpenAPI description.
//
//	go run . [-out ../dist]        build
//	go run . -check                fail if ../dist or the types are not what a build makes
//	go run . -serve 127.0.0.1:5173 -to http://127.0.0.1:8080
//	                               serve a fresh build of every reload; /v1 goes to the server named
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	out := flag.String("out", "../dist", "folder to write")
	check := flag.Bool("check", false, "write nothing; fail if what is there is not what a build makes")
	serveAt := flag.String("serve", "", "address at which to serve fresh builds")
	to := flag.String("to", "http://127.0.0.1:8080", "with -serve: the server that answers /v1")
	entry := flag.String("entry", sources+"/main.tsx", "with -serve: what is served in the place of the console, as the tests' gallery")
	flag.Parse()
	var err error
	switch {
	case *serveAt != "":
		err = serve(*serveAt, *to, *entry)
	case *check:
		err = same(*out)
	default:
		err = write(*out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

const (
	sources   = "../src"
	described = "../../testdata/openapi.json"
	typesFile = sources + "/api.gen.ts"
)

// bundle returns the files of a build by their names in dist.
func bundle(entry string) (map[string][]byte, error) {
	src, err := filepath.Abs(sources)
	if err != nil {
		return nil, err
	}
	if entry, err = filepath.Abs(entry); err != nil {
		return nil, err
	}
	options := buildOptions(src)
	options.EntryPointsAdvanced = []api.EntryPoint{
		{InputPath: entry, OutputPath: "app"},
		{InputPath: filepath.Join(src, "boot.ts"), OutputPath: "boot"},
		{InputPath: filepath.Join(src, "styles", "main.css"), OutputPath: "app"},
	}
	page, err := os.ReadFile(filepath.Join(src, "index.html"))
	if err != nil {
		return nil, err
	}
	files, page, err := built(options, page)
	if err != nil {
		return nil, err
	}
	files["index.html"] = page
	return files, nil
}

// buildOptions returns what every bundle has in common.
func buildOptions(src string) api.BuildOptions {
	preact := filepath.Join(src, "vendor", "preact")
	return api.BuildOptions{
		Outdir: "dist/assets", AbsWorkingDir: filepath.Dir(src),
		Bundle: true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022,
		MinifySyntax: true, MinifyWhitespace: true, MinifyIdentifiers: true, LegalComments: api.LegalCommentsNone,
		EntryNames: "[name]-[hash]", ChunkNames: "[name]-[hash]", Charset: api.CharsetUTF8,
		JSX: api.JSXAutomatic, JSXImportSource: "preact", TsconfigRaw: "{}",
		Alias: map[string]string{
			"preact":             filepath.Join(preact, "dist", "preact.mjs"),
			"preact/hooks":       filepath.Join(preact, "hooks", "dist", "hooks.mjs"),
			"preact/jsx-runtime": filepath.Join(preact, "jsx-runtime", "dist", "jsxRuntime.mjs"),
		},
		Write: false, LogLevel: api.LogLevelSilent,
	}
}

// everything returns all files of dist: the console's and the panel's.
func everything() (map[string][]byte, error) {
	files, err := bundle(sources + "/main.tsx")
	if err != nil {
		return nil, err
	}
	src, err := filepath.Abs(sources)
	if err != nil {
		return nil, err
	}
	panel, err := widget(src)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, panel)
	return files, nil
}

// within reports which of the two is larger than it may be. Of the console that
// is what somebody waits for: all but the pages, which are loaded when they are
// opened, and the largest of those. What both load counts for the console.
func within(files map[string][]byte) error {
	var start, largest, pages, panel int
	for name, content := range files {
		base := strings.TrimPrefix(name, "assets/")
		switch n := gzipped(content); {
		case strings.HasPrefix(base, "widget"):
			panel += n
		case base == name, strings.HasPrefix(base, "app-"), strings.HasPrefix(base, "boot-"), strings.HasPrefix(base, "chunk-"):
			start += n
		default:
			pages, largest = pages+n, max(largest, n)
		}
	}
	fmt.Printf("%d files; gzipped, the console begins with %.1f kB and has at most %.1f with a page open, of %d; all pages have %.1f; the panel has %.1f of %d\n",
		len(files), float64(start)/1000, float64(start+largest)/1000, budget/1000, float64(pages)/1000, float64(panel)/1000, widgetBudget/1000)
	if start+largest > budget || panel > widgetBudget {
		return errors.New("the bundle is larger than it may be")
	}
	return nil
}

func write(out string) error {
	if err := writeTypes(); err != nil {
		return err
	}
	files, err := everything()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(out, "assets")); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(out, "assets"), 0o755); err != nil {
		return err
	}
	for _, name := range names(files) {
		if err := os.WriteFile(filepath.Join(out, name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Printf("%8d %8d  %s\n", len(files[name]), gzipped(files[name]), name)
	}
	return within(files)
}

// budget is how many bytes, gzipped, the console may have with a page open.
const budget = 120_000

// same compares what is in the folder with a build.
func same(out string) error {
	types, err := makeTypes()
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(typesFile); err != nil || !bytes.Equal(old, types) {
		return errors.New("src/api.gen.ts is not what the API's description says: run make console")
	}
	files, err := everything()
	if err != nil {
		return err
	}
	for _, name := range names(files) {
		old, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !bytes.Equal(old, files[name]) {
			return fmt.Errorf("dist/%s is not what the sources make: run make console and commit dist", name)
		}
	}
	if err := within(files); err != nil {
		return err
	}
	return filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		if _, ok := files[filepath.ToSlash(rel)]; !ok {
			return fmt.Errorf("dist/%s is not made by the sources: run make console and commit dist", rel)
		}
		return nil
	})
}

func names(files map[string][]byte) []string {
	out := make([]string, 0, len(files))
	for name := range files {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
