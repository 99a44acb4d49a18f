package connect

import (
	"context"
	"fmt"
	"iter"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

// FileOptions say how the connections of an installation reach its disk. The
// zero FileOptions will do.
type FileOptions struct {
	// Within are the folders, absolute, that connections may read below. Nil:
	// all of the disk, which is for installations whose admins own the server.
	Within []string

	Detect func(text string) string // see source.Options

	Data string // git: the folder that repositories are fetched into
	Git  string // the git program; empty: that of the PATH

	// Addresses returns those of a host that a repository is fetched from, or
	// why it is not to be asked. The program is told to go to them and to no
	// others. Nil: no repository is fetched over the network.
	Addresses func(ctx context.Context, host string) ([]netip.Addr, error)

	// Token returns the token that the connection names if it may be sent to an
	// address, or says why not. Nil: there are none.
	Token func(to *url.URL) (string, error)
}

// OpenFolder begins a run over the files of a Folder. It has no marks and needs
// none: a page may include others and take values from the folder's settings,
// so that it is read each time, and told to be the same by what it says.
func OpenFolder(_ context.Context, c Connection, o FileOptions) (Run, error) {
	path, err := o.within(c.Config.Path)
	if err != nil {
		return nil, err
	}
	return &files{root: path, options: o.source(c), prefix: c.Config.Prefix}, nil
}

// source returns the options for reading a connection's files.
func (o *FileOptions) source(c Connection) source.Options {
	return source.Options{
		Origin: Origin(c.ID), Locale: c.Config.Locale, Product: c.Config.Product, Region: c.Config.Region,
		Audience: c.Config.Audience, Detect: o.Detect, BaseURL: c.Config.BaseURL,
	}
}

// within returns path as the disk has it, if connections may read it.
func (o *FileOptions) within(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if o.Within == nil && err == nil {
		return real, nil
	}
	missing := err
	for _, folder := range o.Within {
		// Of what is not below the folders nothing is told, not even whether it
		// is there.
		if missing != nil && below(folder, path) {
			return "", fmt.Errorf("%s cannot be read: %w", path, missing)
		}
		if folder, err = filepath.EvalSymlinks(folder); err == nil && missing == nil && below(folder, real) {
			return real, nil
		}
	}
	if o.Within == nil {
		return "", fmt.Errorf("%s cannot be read: %w", path, missing)
	}
	return "", fmt.Errorf("%w: %s is not below a folder that connections may read: the server's setting WHETSTONE_FOLDERS names them", kb.ErrInvalid, path)
}

// below reports whether a path is a folder or stands in it, by their names.
func below(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// files is a run over a folder.
type files struct {
	root    string
	options source.Options
	prefix  string                   // of ids
	address func(file string) string // of pages that have none; may be nil
}

// Items implements Run.
func (f *files) Items() iter.Seq2[source.Item, error] {
	all := source.Files(f.root, f.options)
	return func(yield func(source.Item, error) bool) {
		for item, err := range all {
			d := &item.Document
			if err == nil && f.address != nil && d.URL == "" && d.Kind == kb.Article && pageFile(item.File) {
				d.URL = f.address(item.File)
			}
			if d.ID = f.prefix + d.ID; err == nil && f.prefix != "" && !kb.ValidID(d.ID) {
				reason := fmt.Sprintf("id %.200q is too long with the prefix of the connection: give the page a shorter one", d.ID)
				item, err = source.Item{}, &source.Skip{File: item.File, Line: item.Line, Reason: reason, Lost: true}
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// pageFile reports whether a file is one page, and no list of records.
func pageFile(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson", ".csv", ".tsv":
		return false
	}
	return true
}

// Complete implements Run: files are read from the first to the last.
func (f *files) Complete(kb.Kind) bool { return true }

// Cursor implements Run: nothing tells how far a folder was read.
func (f *files) Cursor() string { return "" }

// browse returns where a file of a repository can be looked at; nil where that
// is not known.
func browse(remote, branch string) func(file string) string {
	u, err := url.Parse(remote)
	if err != nil || u.Scheme != "https" {
		return nil
	}
	infix := ""
	switch host := strings.ToLower(u.Hostname()); {
	case host == "github.com":
		infix = "blob"
	case strings.HasPrefix(host, "gitlab."):
		infix = "-/blob"
	default:
		return nil
	}
	if branch == "" {
		branch = "HEAD"
	}
	base := *u
	base.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), ".git")
	return func(file string) string {
		return base.JoinPath(infix, branch, file).String()
	}
}
