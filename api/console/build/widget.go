package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// widgetBudget is how many bytes, gzipped, the panel for other helpdesks may
// have: it is loaded anew beside every ticket.
const widgetBudget = 25_000

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
	page, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		return nil, err
	}
	files, page, err := built(options, page)
	if err != nil {
		return nil, err
	}
	files["widget.html"] = page
	options.EntryPointsAdvanced = []api.EntryPoint{{InputPath: filepath.Join(dir, "embed.ts"), OutputPath: "widget"}}
	options.Format = api.FormatIIFE // it is loaded as a classic script
	embed, _, err := built(options, nil)
	if err != nil {
		return nil, err
	}
	for _, content := range embed {
		files["widget.js"] = content
	}
	return files, nil
}

// built runs a build and returns its files by their names in dist, and the page
// with the marks in it, such as @app.js, turned into their addresses.
func built(options api.BuildOptions, page []byte) (map[string][]byte, []byte, error) {
	made := api.Build(options)
	if len(made.Errors) > 0 {
		return nil, nil, errors.New(strings.Join(api.FormatMessages(made.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), ""))
	}
	files := make(map[string][]byte)
	for _, f := range made.OutputFiles {
		base := filepath.Base(f.Path)
		files["assets/"+base] = f.Contents
		if entry, _, ok := strings.Cut(base, "-"); ok {
			page = bytes.ReplaceAll(page, []byte("@"+entry+filepath.Ext(base)), []byte("/assets/"+base))
		}
	}
	return files, page, nil
}
