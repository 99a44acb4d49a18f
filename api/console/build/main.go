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
	"slices"
	"sort"
	"strconv"

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

// languages are those that the console is built in, a bundle for each.
var languages = []string{"en", "ru"}

// bundle returns the files of the console in one language by their names in
// dist. Of any other entry than the console's, such as the tests' gallery, every
// bundle has the words of all languages.
func bundle(entry, language string) (map[string][]byte, error) {
	src, err := filepath.Abs(sources)
	if err != nil {
		return nil, err
	}
	console := filepath.Join(src, "main.tsx")
	if entry, err = filepath.Abs(entry); err != nil {
		return nil, err
	}
	options := buildOptions(src)
	if entry == console {
		options.Define = words(language)
	}
	options.EntryPointsAdvanced = []api.EntryPoint{
		{InputPath: entry, OutputPath: "app-" + language},
		{InputPath: filepath.Join(src, "boot.ts"), OutputPath: "boot"},
		{InputPath: filepath.Join(src, "styles", "main.css"), OutputPath: "app"},
	}
	return built(options)
}

// words tells the sources whose words they are to keep.
func words(kept ...string) map[string]string {
	return map[string]string{"EN": strconv.FormatBool(slices.Contains(kept, "en")), "RU": strconv.FormatBool(slices.Contains(kept, "ru"))}
}

// inAll returns the files of the console in every language, with its page.
func inAll(entry string) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, language := range languages {
		one, err := bundle(entry, language)
		if err != nil {
			return nil, err
		}
		maps.Copy(files, one)
	}
	return files, page(sources+"/index.html", "index.html", files)
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
		Define: words(languages...),
		Write:  false, LogLevel: api.LogLevelSilent,
	}
}

// everything returns all files of dist: the console's and the panel's.
func everything() (map[string][]byte, error) {
	files, err := inAll(sources + "/main.tsx")
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
