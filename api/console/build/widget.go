package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// widget returns the files of the panel by their names in dist: its page with
// what that loads, which shares nothing with the console's so that neither
// grows with the other, and the script that other pages load, by a name that
// stays.
func widget(src string) (map[string][]byte, error) {
	dir := filepath.Join(src, "widget")
	options := buildOptions(src)
	options.Splitting = false
	options.EntryPointsAdvanced = []api.EntryPoint{
		{InputPath: filepath.Join(dir, "main.tsx"), OutputPath: "widget"},
		{InputPath: filepath.Join(src, "styles", "widget.css"), OutputPath: "widget"},
		{InputPath: filepath.Join(src, "boot.ts"), OutputPath: "boot"},
	}
	files, err := built(options)
	if err != nil {
		return nil, err
	}
	if err := page(filepath.Join(dir, "index.html"), "widget.html", files); err != nil {
		return nil, err
	}
	options.EntryPointsAdvanced = []api.EntryPoint{{InputPath: filepath.Join(dir, "embed.ts"), OutputPath: "widget"}}
	options.Format = api.FormatIIFE // it is loaded as a classic script
	embed, err := built(options)
	if err != nil {
		return nil, err
	}
	for _, content := range embed {
		files["widget.js"] = content
	}
	return files, nil
}

// built runs a build and returns its files by their names in dist.
func built(options api.BuildOptions) (map[string][]byte, error) {
	made := api.Build(options)
	if len(made.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(made.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), ""))
	}
	files := make(map[string][]byte)
	for _, f := range made.OutputFiles {
		files["assets/"+filepath.Base(f.Path)] = f.Contents
	}
	return files, nil
}

// page adds a page to the files by its name in dist: the source with the marks
// in it, such as @app-en.js, turned into the addresses of the files they name.
func page(source, name string, files map[string][]byte) error {
	content, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	for _, file := range names(files) {
		base := filepath.Base(file)
		if hash := strings.LastIndex(base, "-"); hash >= 0 {
			content = bytes.ReplaceAll(content, []byte("@"+base[:hash]+filepath.Ext(base)), []byte("/assets/"+base))
		}
	}
	files[name] = content
	return nil
}
