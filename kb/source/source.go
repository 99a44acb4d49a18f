// Package source reads a knowledge base from files: folders of Markdown (with
// the markup of Docusaurus, MDX, YFM and MkDocs) and HTML, and records of
// articles and resolved cases in JSON Lines and CSV.
//
// [Files] streams: it holds one page or one record at a time, whatever the size
// of the folder. Nothing stops it but a root that is not there: what cannot be
// read or cannot be stored is a [Skip] with its file, line and reason, and what
// was read with reservations says so in [Item.Notes].
//
// The package stores nothing; the caller writes the documents to a kb.Store.
package source

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
)

// Options say what files do not say themselves. The zero Options will do.
type Options struct {
	// Kind is what records are; empty: a record with a problem or a reply is a
	// case, others are articles. Pages are always articles.
	Kind kb.Kind

	Origin string // of every document, see kb.Document

	// For documents that name none. Detect, which may be nil, is asked for the
	// language (ISO 639-1) of those that have no locale after that.
	Locale, Product, Region string
	Audience                kb.Audience // empty: public
	Detect                  func(text string) string

	// BaseURL is where the pages are published; a page's address is BaseURL and
	// its path without the file's extension. Empty: pages have no address
	// unless their front matter gives one.
	BaseURL string
}

// An Item is one document that was read.
type Item struct {
	Document kb.Document // valid, but for the workspace
	File     string      // relative to the root, with slashes
	Line     int         // where it begins, from 1
	Notes    []string    // what was guessed, repaired or left out
	Ignored  []string    // keys of the record that mean nothing here

	// Mark tells this version of the document from others, as its system puts
	// it: an ETag, a time of change, a hash. Empty: it cannot be told without
	// reading it. Unchanged says that the version is the one that the reader
	// was told is known, and that Document holds nothing but its ID.
	Mark      string
	Unchanged bool

	// Rating is what the customer said of a case, from 0 for the worst to 1 for
	// the best; nil where nothing was said.
	Rating *float64
}

// A Skip is a file or a record that was not read, as an error.
type Skip struct {
	File   string // relative to the root, with slashes
	Line   int    // from 1; 0: the file as a whole
	Reason string

	// Lost says that a document may have stood there, which cannot be read now:
	// whoever deletes documents that are gone must not take it for gone. It is
	// false where there never was one, as for images and hidden files, where
	// the page was read and has no text, and for the second document of an id.
	Lost bool
}

// Error names the place and the reason.
func (s *Skip) Error() string {
	if s.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", s.File, s.Line, s.Reason)
	}
	return s.File + ": " + s.Reason
}

// errStop ends a walk whose reader wants no more.
var errStop = errors.New("stop")

// Files reads the file or the folder at root. Each step has an Item, or a
// *[Skip], or, as the last step, another error: the root cannot be read.
//
// It does not leave the folder: links and includes that lead outside are
// skipped. Ids are made of the path, with dots for slashes, unless a record or
// a page's front matter has one; of several documents with one id the first is
// read. Names that begin with . or _ hold parts of pages and settings, and are
// not read as pages.
func Files(root string, o Options) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		info, err := os.Stat(root)
		if err != nil {
			yield(Item{}, fmt.Errorf("source: %w", err))
			return
		}
		dir, single := root, ""
		if !info.IsDir() {
			dir, single = filepath.Split(filepath.Clean(root))
			if dir == "" {
				dir = "."
			}
		}
		folder, err := os.OpenRoot(dir)
		if err != nil {
			yield(Item{}, fmt.Errorf("source: %w", err))
			return
		}
		r := reader{
			Options: o, folder: folder, yield: yield,
			seen: make(map[string]place), presets: make(map[string]map[string]any),
		}
		if single != "" {
			err = r.file(single)
		} else {
			err = fs.WalkDir(folder.FS(), ".", r.visit)
		}
		if closed := folder.Close(); err == nil {
			err = closed
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(Item{}, fmt.Errorf("source: %w", err))
		}
	}
}

// A reader is one run of Files.
type reader struct {
	Options
	folder  *os.Root
	yield   func(Item, error) bool
	seen    map[string]place          // by id
	presets map[string]map[string]any // by folder
}

// A place is where a document came from.
type place struct {
	file string
	line int
}

// skip reports a file or a record that is no document.
func (r *reader) skip(file string, line int, format string, args ...any) error {
	return r.report(&Skip{File: file, Line: line, Reason: fmt.Sprintf(format, args...)})
}

// lost reports a file or a record that may be a document and cannot be read.
func (r *reader) lost(file string, line int, format string, args ...any) error {
	return r.report(&Skip{File: file, Line: line, Reason: fmt.Sprintf(format, args...), Lost: true})
}

func (r *reader) report(s *Skip) error {
	if !r.yield(Item{}, s) {
		return errStop
	}
	return nil
}

// visit is called for every entry of the folder.
func (r *reader) visit(name string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return r.lost(name, 0, "cannot be read: %v", cause(err))
	case name == ".":
		return nil
	case entry.IsDir():
		reason := ""
		switch base := entry.Name(); {
		case base == "node_modules":
			reason = "a folder of programs"
		case base[0] == '.':
			reason = "a hidden folder"
		case base[0] == '_':
			reason = "a folder of parts that pages include"
		default:
			return nil
		}
		if err := r.skip(name, 0, "%s", reason); err != nil {
			return err
		}
		return fs.SkipDir
	case entry.Type()&fs.ModeSymlink != 0:
		info, err := r.folder.Stat(filepath.FromSlash(name))
		switch {
		case errors.Is(err, fs.ErrNotExist) && isPage(name):
			return r.lost(name, 0, "a link that leads nowhere or out of the folder")
		case err != nil:
			return r.skip(name, 0, "a link that leads nowhere or out of the folder")
		case info.IsDir():
			return r.skip(name, 0, "a link to a folder is not followed")
		case !info.Mode().IsRegular():
			return r.skip(name, 0, "not a regular file")
		}
	case !entry.Type().IsRegular():
		return r.skip(name, 0, "not a regular file")
	}
	return r.file(name)
}

// file reads one file by the kind of its name.
func (r *reader) file(name string) error {
	base := path.Base(name)
	if base[0] == '.' {
		return r.skip(name, 0, "a hidden file")
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".mdx", ".markdown":
		if base[0] == '_' {
			return r.skip(name, 0, "a part that pages include")
		}
		return r.page(name, (*reader).markdown)
	case ".html", ".htm", ".xhtml":
		return r.page(name, (*reader).html)
	case ".jsonl", ".ndjson":
		return r.records(name, r.jsonLines)
	case ".csv", ".tsv":
		return r.records(name, r.table)
	case ".pdf":
		return r.packed(name, maxPDF, r.pdf)
	case ".docx":
		return r.packed(name, maxDOCX, r.docx)
	}
	return r.skip(name, 0, "neither Markdown, HTML, JSON Lines nor CSV")
}

// isPage reports whether a file of this name is read as documents.
func isPage(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".mdx", ".markdown":
		return !strings.ContainsAny(path.Base(name)[:1], "._")
	case ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".csv", ".tsv", ".pdf", ".docx":
		return path.Base(name)[0] != '.'
	}
	return false
}

// cause leaves the path out of an error of the file system: the place says it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
