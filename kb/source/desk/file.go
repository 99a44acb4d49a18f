package desk

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

// Bounds of an archive. They keep a few kilobytes that unpack to terabytes from
// filling the disk.
const (
	maxEntries  = 10_000
	maxUnpacked = 8 << 30 // bytes of all entries together
)

// File reads an export of a system: a file of JSON, JSON Lines or CSV, a zip
// archive of such files, or a folder of either. Records are those of the
// system's API, tickets with their messages in them, and those of the exports
// that the system documents; see the system's own file. Steps are those of
// [Run.Items]; Options need no URL and no Token.
//
// Rows of a table are read as package source reads them: an article needs a
// text and a case both a problem and a resolution in the row itself, which the
// systems' lists of tickets do not have.
func File(name string, o Options) iter.Seq2[source.Item, error] {
	return func(yield func(source.Item, error) bool) {
		sys, ok := systemOf(o.System)
		if !ok {
			yield(source.Item{}, fmt.Errorf("desk: %w: system %q: use one of %s", kb.ErrInvalid, o.System, strings.Join(Systems(), ", ")))
			return
		}
		r := &reader{Options: o, sys: sys, yield: yield, seen: make(map[string]bool)}
		if err := r.path(name); err != nil && !errors.Is(err, errStop) {
			yield(source.Item{}, fmt.Errorf("desk: %s: %w", o.System, err))
		}
	}
}

// path reads a file or a folder.
func (r *reader) path(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		dir, base := filepath.Split(filepath.Clean(name))
		root, err := os.OpenRoot(cmp.Or(dir, "."))
		if err != nil {
			return err
		}
		defer root.Close() //nolint:errcheck // nothing was written
		return r.open(root, base)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // nothing was written
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return r.lostFile(name, err)
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			r.file, r.line = name, 0
			return r.skip("", "not a regular file")
		}
		return r.open(root, name)
	})
}

// open reads one file of a folder.
func (r *reader) open(root *os.Root, name string) error {
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return r.lostFile(name, err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	if !strings.EqualFold(filepath.Ext(name), ".zip") {
		return r.content(name, f)
	}
	info, err := f.Stat()
	if err != nil {
		return r.lostFile(name, err)
	}
	archive, err := zip.NewReader(f, info.Size())
	switch {
	case err != nil:
		return r.lostFile(name, err)
	case len(archive.File) > maxEntries:
		return r.lostFile(name, fmt.Errorf("more than %d files", maxEntries))
	}
	left := int64(maxUnpacked)
	for _, entry := range archive.File {
		if entry.FileInfo().IsDir() {
			continue
		}
		if err := r.entry(name+"/"+entry.Name, entry, &left); err != nil {
			return err
		}
	}
	return nil
}

// entry reads one file of an archive. Left is what the archive may still unpack
// to; what its head says about that is not believed.
func (r *reader) entry(name string, entry *zip.File, left *int64) error {
	in, err := entry.Open()
	if err != nil {
		return r.lostFile(name, err)
	}
	defer in.Close() //nolint:errcheck // nothing was written
	return r.content(name, &limited{in, left})
}

// A limited reader fails once what it shares with others is used up.
type limited struct {
	r    io.Reader
	left *int64
}

func (l *limited) Read(p []byte) (int, error) {
	if *l.left <= 0 {
		return 0, fmt.Errorf("the archive unpacks to more than %d GiB", maxUnpacked>>30)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), *l.left)])
	*l.left -= int64(n)
	return n, err
}

// content reads a file by the kind of its name.
func (r *reader) content(name string, in io.Reader) error {
	r.file, r.line = name, 0
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".json", ".jsonl", ".ndjson":
		return r.json(in)
	case ".csv", ".tsv":
		return r.table(ext, in)
	case ".zip":
		return r.lost("", "an archive within an archive: unpack it first")
	}
	return r.skip("", "neither JSON, JSON Lines, CSV nor zip")
}

// table reads a table by package source.
func (r *reader) table(ext string, in io.Reader) error {
	name := r.file
	f, err := os.CreateTemp("", "desk-*"+ext)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // the system clears what is left
	_, err = io.Copy(f, in)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return r.lostFile(name, err)
	}
	for item, err := range source.Files(f.Name(), source.Options{Origin: r.Origin, Product: r.Product, Locale: r.Locale, Detect: r.Detect}) {
		var skip *source.Skip
		switch {
		case errors.As(err, &skip):
			r.line = skip.Line
			err = r.report("", skip.Lost, skip.Reason)
		case err != nil:
			return err
		default:
			r.line = item.Line
			err = r.row(item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// row delivers a row of a table under an id of the system.
func (r *reader) row(item source.Item) error {
	d := &item.Document
	kind := ".article."
	if d.Kind == kb.Case {
		kind = ".ticket."
	}
	if !strings.HasPrefix(d.ID, r.System+kind) {
		d.ID = r.System + kind + d.ID
	}
	if d.Kind == kb.Article && strings.TrimSpace(d.Body) == "" {
		return r.skip(d.ID, "a row without a text")
	}
	if !d.UpdatedAt.IsZero() {
		item.Mark = stamp{d.UpdatedAt}.String()
	}
	if done, err := r.known(d.ID, item.Mark); done || err != nil {
		return err
	}
	return r.deliver(item)
}

// lostFile reports a file that cannot be read.
func (r *reader) lostFile(name string, err error) error {
	r.file, r.line = name, 0
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return r.lost("", "cannot be read: %v", err)
}
