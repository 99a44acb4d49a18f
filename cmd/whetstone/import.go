package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/source/desk"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

func (c *cli) importCommand() *cobra.Command {
	var o source.Options
	var kind, audience, origin, from string
	var prune, dry bool
	cmd := c.withApp(&cobra.Command{
		Use: "import PATH", Short: "Import articles and resolved cases from files", Args: cobra.ExactArgs(1),
		Long: "Import a folder or a file of Markdown (.md, .mdx), HTML, PDF, DOCX, JSON Lines or CSV, or what was\n" +
			"exported from another helpdesk (--from). Importing it again\n" +
			"updates what has changed and leaves the rest alone; --prune removes what is gone from it,\n" +
			"unless something is there that cannot be read now: then it removes nothing and says so.\n" +
			"What came from PATH is told by its absolute path; where that differs from run to run, as in\n" +
			"CI, give --origin NAME, the same from the first import on.\n" +
			"Records with a problem or a reply are cases, others are articles, unless --kind says so.",
		Example: "  whetstone import ./help-centre --locale ru --prune\n  whetstone import ./tickets.csv --kind case\n" +
			"  whetstone import \"$CHECKOUT/docs\" --origin docs --prune\n  whetstone import ./export.zip --from zendesk",
	}, func(ctx context.Context, a *app, args []string) error {
		if from != "" && !slices.Contains(desk.Systems(), from) {
			return fmt.Errorf("--from %s: use one of %s", from, strings.Join(desk.Systems(), ", "))
		}
		o.Kind, o.Audience, o.Detect = kb.Kind(kind), kb.Audience(audience), languageOf
		path, err := filepath.Abs(args[0])
		if err != nil {
			return err
		}
		// Always an import's: what the API or the demo wrote is not to be pruned.
		o.Origin = "import:" + cmp.Or(strings.TrimPrefix(origin, "import:"), path)
		run := &importing{app: a, options: o, path: args[0], from: from, prune: prune, dry: dry, progress: c.progress("importing", 0)}
		report, err := run.run(ctx)
		run.progress.end()
		if report == nil {
			return err
		}
		if c.json {
			return errors.Join(err, c.printJSON(report))
		}
		if err == nil || report.Read > 0 {
			c.printReport(report, dry)
		}
		return err
	})
	f := cmd.Flags()
	f.StringVar(&kind, "kind", "", "article or case; empty: read off each record")
	f.StringVar(&o.Locale, "locale", "", "language of documents that name none; empty: found out")
	f.StringVar(&o.Product, "product", "", "product of documents that name none")
	f.StringVar(&o.Region, "region", "", "region of documents that name none")
	f.StringVar(&audience, "audience", "", "audience of documents that name none: public or internal")
	f.StringVar(&o.BaseURL, "base-url", "", "where the pages are published")
	f.BoolVar(&prune, "prune", false, "remove documents that came from this path and are gone from it")
	f.StringVar(&origin, "origin", "", "name that --prune knows the documents by; empty: the absolute path")
	f.StringVar(&from, "from", "", "the helpdesk that PATH was exported from: "+strings.Join(desk.Systems(), ", "))
	f.BoolVar(&dry, "dry-run", false, "read and report, write nothing")
	c.jsonFlag(cmd)
	return cmd
}

// An importReport says what became of every document and file. A dry run fills
// in what was read, what would be removed and what would be skipped.
type importReport struct {
	Read      int             `json:"read"`
	Created   int             `json:"created"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Removed   []string        `json:"removed,omitempty"` // ids
	Skipped   []importSkipped `json:"skipped,omitempty"`
	Notes     []importSkipped `json:"notes,omitempty"` // read with reservations

	// Nothing was removed though --prune was given, and why.
	PruneWithheld       bool   `json:"prune_withheld,omitempty"`
	PruneWithheldReason string `json:"prune_withheld_reason,omitempty"`
}

// An importSkipped is a file or record with what is to be said of it.
type importSkipped struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Reason string `json:"reason"`
	Lost   bool   `json:"lost,omitempty"` // a document may stand there
}

// place is where it is, for people.
func (s importSkipped) place() string {
	if s.Line == 0 {
		return s.File
	}
	return fmt.Sprintf("%s:%d", s.File, s.Line)
}

// An importing is one run of import.
type importing struct {
	app        *app
	options    source.Options
	path       string
	from       string // the helpdesk that exported it; empty: files of any make
	author     string // of what is read; empty: who runs the command
	prune, dry bool
	progress   *progress

	report  importReport
	kept    map[string]bool
	pending []source.Item
}

// run reads, stores and, unless another process has the index, indexes. What
// was stored before an error is kept, and the report says what it was.
func (im *importing) run(ctx context.Context) (*importReport, error) {
	if _, err := im.app.workspace(ctx); err != nil {
		return nil, err
	}
	if im.dry {
		return &im.report, im.read(ctx, func([]*kb.Document) error { return nil })
	}
	space, err := im.app.openSpace(ctx, false)
	if err != nil && !errors.Is(err, memindex.ErrInUse) {
		return nil, err
	}
	release, ok := func() {}, false
	if err == nil {
		release, ok = im.app.leading(ctx, space)
	}
	defer release()
	if !ok {
		// The server that has the index follows the database by itself.
		return &im.report, im.read(ctx, func([]*kb.Document) error { return nil })
	}
	x := im.app.indexer(space)
	return &im.report, pipeline(ctx, x, im.app.cfg.Workspace, func(stored func([]*kb.Document) error) error {
		return im.read(ctx, stored)
	})
}

// read goes through the files, storing as it goes.
func (im *importing) read(ctx context.Context, stored func([]*kb.Document) error) error {
	im.kept = make(map[string]bool)
	var unread source.Unread
	for item, err := range im.items() {
		var skip *source.Skip
		switch {
		case errors.As(err, &skip):
			im.report.Skipped = append(im.report.Skipped, importSkipped{skip.File, skip.Line, skip.Reason, skip.Lost})
			continue
		case err != nil:
			return err
		}
		im.kept[item.Document.ID] = true
		unread.Add(&item)
		for _, note := range item.Notes {
			im.report.Notes = append(im.report.Notes, importSkipped{File: item.File, Line: item.Line, Reason: note})
		}
		if im.pending = append(im.pending, item); len(im.pending) == writeAtOnce {
			if err := im.store(ctx, stored); err != nil {
				return err
			}
		}
	}
	for _, n := range unread.Notes() {
		im.report.Notes = append(im.report.Notes, importSkipped{File: n.File, Line: n.Line, Reason: n.Reason})
	}
	if err := im.store(ctx, stored); err != nil {
		return err
	}
	if im.prune {
		return im.remove(ctx)
	}
	return nil
}

// items reads the path.
func (im *importing) items() iter.Seq2[source.Item, error] {
	if im.from == "" {
		return source.Files(im.path, im.options)
	}
	o := &im.options
	return desk.File(im.path, desk.Options{
		System: im.from, Origin: o.Origin, Detect: o.Detect, Locale: o.Locale, Product: o.Product,
		Tickets: o.Kind != kb.Article, Articles: o.Kind != kb.Case,
	})
}

// remove deletes what came from the path and is gone from it. Where something
// could not be read it deletes nothing: its document would be taken for gone.
func (im *importing) remove(ctx context.Context) error {
	if len(im.kept) == 0 {
		return fmt.Errorf("%s has no documents: nothing is removed; remove the documents themselves if that is meant", im.path)
	}
	lost := slices.DeleteFunc(slices.Clone(im.report.Skipped), func(s importSkipped) bool { return !s.Lost })
	if len(lost) > 0 {
		what := lost[0].place()
		if len(lost) > 1 {
			what = fmt.Sprintf("%s and %d more", what, len(lost)-1)
		}
		im.report.PruneWithheld = true
		im.report.PruneWithheldReason = what + " cannot be read, and the documents there are not gone: mend or remove them, then prune"
		return nil
	}
	var err error
	if im.dry {
		im.report.Removed, err = im.gone(ctx)
	} else {
		kept := func(id string) bool { return im.kept[id] }
		im.report.Removed, err = im.app.kb.In(im.app.cfg.Workspace).Prune(ctx, im.options.Origin, kept, author())
	}
	return err
}

// gone returns the ids of the documents that a prune would remove.
func (im *importing) gone(ctx context.Context) (ids []string, err error) {
	page := kb.Page{Limit: writeAtOnce}
	for {
		docs, err := im.app.kb.In(im.app.cfg.Workspace).List(ctx, page)
		if err != nil || len(docs) == 0 {
			return ids, err
		}
		for _, d := range docs {
			if d.Origin == im.options.Origin && !im.kept[d.ID] {
				ids = append(ids, d.ID)
			}
		}
		page.After = docs[len(docs)-1].Mark(kb.ByID)
	}
}

// store writes what is pending and notes what came of it.
func (im *importing) store(ctx context.Context, stored func([]*kb.Document) error) error {
	docs := make([]*kb.Document, len(im.pending))
	for i := range im.pending {
		docs[i] = &im.pending[i].Document
		docs[i].Author = cmp.Or(im.author, author())
	}
	var outs []kb.Outcome
	im.report.Read += len(docs)
	if !im.dry {
		var err error
		if outs, err = im.app.kb.In(im.app.cfg.Workspace).PutAll(ctx, docs); err != nil {
			return err
		}
	}
	for i, out := range outs {
		switch {
		case out.Err != nil:
			im.report.Skipped = append(im.report.Skipped, importSkipped{File: im.pending[i].File, Line: im.pending[i].Line, Reason: out.Err.Error()})
		case out.Created:
			im.report.Created++
		case out.Changed:
			im.report.Updated++
		default:
			im.report.Unchanged++
		}
	}
	im.progress.add(len(docs))
	im.pending = im.pending[:0:0]
	return stored(docs)
}

// author is who runs the command.
func author() string {
	u, err := user.Current()
	if err != nil {
		return "import"
	}
	return u.Username
}

// languageOf is the language of a text, empty if it cannot be told.
func languageOf(text string) string {
	if lang := embeddings.Language(text); lang != "und" {
		return lang
	}
	return ""
}

func (c *cli) printReport(r *importReport, dry bool) {
	removed := "removed"
	if dry {
		c.printf("%d would be read, %d removed, %d skipped; nothing was written\n", r.Read, len(r.Removed), len(r.Skipped))
		removed = "remove "
	} else {
		c.printf("%d created, %d updated, %d unchanged, %d removed, %d skipped\n",
			r.Created, r.Updated, r.Unchanged, len(r.Removed), len(r.Skipped))
	}
	if r.PruneWithheld {
		c.printf("nothing is pruned: %s\n", r.PruneWithheldReason)
	}
	for _, id := range r.Removed {
		c.printf("%s  %s\n", removed, id)
	}
	for _, group := range []struct {
		name string
		list []importSkipped
	}{{"skipped", r.Skipped}, {"note   ", r.Notes}} {
		for _, s := range group.list {
			c.printf("%s  %s: %s\n", group.name, s.place(), s.Reason)
		}
	}
}
