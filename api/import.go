package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

const aboutImport = `Reads one file: a page of Markdown, HTML, PDF or DOCX, or records of articles and resolved cases in JSON Lines or CSV. The body is the file as it is, and ` + "`name`" + ` says by its ending what it is. Records with a problem or a reply are cases, others are articles, unless ` + "`kind`" + ` says so. What is there already under the same id gets a new revision. With ` + "`dry_run`" + ` nothing is written, and the report says what would be. With ` + "`Accept: text/event-stream`" + ` the answer is a stream of events: ` + "`progress`" + ` whenever some documents are stored (the report so far, whose lists have what is new in it and nothing left out), and at the end ` + "`report`" + `; who stops listening stops the import, and what was stored stays.`

const (
	importBytes   = 32 << 20 // of one file
	importAtOnce  = 500      // documents that are stored in a group
	importWatched = 50       // the same where somebody watches
	importListed  = 200      // of each list in a report
)

func (r *routes) imports() {
	op := r.op(call{"POST", "/import", "import", "Import a file", auth.WriteArticles, aboutImport})
	op.Middlewares = op.Middlewares[:len(op.Middlewares)-1] // all but textual: a file need not be text
	op.MaxBodyBytes, op.BodyReadTimeout = importBytes, bodyTime
	op.Responses = inBothForms("What became of the file", r.schema(typeOf[importReport]()), "Events progress, any number of times, and report or problem, each with JSON.")
	add(r, op, r.server.importFile)
}

type importIn struct {
	Accept   string `header:"Accept" doc:"text/event-stream: how far it is as it goes on, then the report."`
	Name     string `query:"name" required:"true" minLength:"1" maxLength:"255" example:"prices.csv" doc:"Of the file, with its ending."`
	Kind     string `query:"kind" enum:"article,case" doc:"What its records are; missing: read off each."`
	Locale   string `query:"locale" maxLength:"35" doc:"Language of what names none; missing: found out."`
	Audience string `query:"audience" enum:"public,internal" doc:"Of what names none. Default public."`
	DryRun   bool   `query:"dry_run" doc:"Read and report, write nothing."`
	RawBody  []byte `contentType:"application/octet-stream"`
}

// importReport says what became of a file. A dry run tells new from known
// documents and writes none.
type importReport struct {
	Read      int             `json:"read" doc:"Documents in the file that can be stored."`
	Created   int             `json:"created" doc:"In a dry run: what would be."`
	Updated   int             `json:"updated" doc:"In a dry run: what is here already and would be replaced if it differs."`
	Unchanged int             `json:"unchanged"`
	Skipped   int             `json:"skipped" doc:"Pages and records that made no document."`
	Documents []importedView  `json:"documents" nullable:"false" doc:"The first 200."`
	Problems  []importProblem `json:"problems" nullable:"false" doc:"Why something was skipped; the first 200."`
	Notes     []importProblem `json:"notes" nullable:"false" doc:"What was guessed, repaired or left out; the first 200."`
}

type importedView struct {
	ID     string  `json:"id"`
	Kind   kb.Kind `json:"kind" enum:"article,case"`
	Title  string  `json:"title"`
	Status string  `json:"status" enum:"created,updated,unchanged"`
}

type importProblem struct {
	Line   int    `json:"line,omitempty" doc:"From 1; missing: the file as a whole."`
	Reason string `json:"reason"`
}

// importFile answers POST /v1/import, as JSON or as a stream of events.
func (s *Server) importFile(ctx context.Context, in *importIn) (*huma.StreamResponse, error) {
	name := filepath.Base(path.Base(strings.ReplaceAll(in.Name, `\`, "/")))
	if len(in.RawBody) == 0 || strings.HasPrefix(name, ".") || name == "/" {
		return nil, fmt.Errorf("%w: send a file and its name", kb.ErrInvalid)
	}
	// The readers work on files, since some of them seek.
	dir, err := os.MkdirTemp("", "whetstone-import-")
	if err != nil {
		return nil, fmt.Errorf("api: import: %w", err)
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, in.RawBody, 0o600); err != nil {
		return nil, fmt.Errorf("api: import: %w", errors.Join(err, os.RemoveAll(dir)))
	}
	im := &importing{server: s, key: caller(ctx), dry: in.DryRun, report: emptyReport()}
	if strings.Contains(in.Accept, "text/event-stream") {
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			e, ctx := s.begin(ctx, hc, http.StatusOK)
			defer e.end()
			im.step, im.tells = emptyReport(), func(r importReport) { e.send("progress", r) }
			err := errors.Join(im.all(ctx, file, in), os.RemoveAll(dir))
			e.finish(err, "report", im.report)
		}}, nil
	}
	if err := errors.Join(im.all(ctx, file, in), os.RemoveAll(dir)); err != nil {
		return nil, err
	}
	return whole(im.report), nil
}

func emptyReport() importReport {
	return importReport{Documents: []importedView{}, Problems: []importProblem{}, Notes: []importProblem{}}
}

// An importing is one file on its way in.
type importing struct {
	server  *Server
	key     auth.Key
	dry     bool
	merged  map[string]string // ids of articles that are out of use
	report  importReport
	pending []source.Item
	seq     int64 // of the latest write

	// tells is told of each group as soon as it is stored, with all that became
	// of it, and step is what that will be. Nil: nobody listens.
	tells func(importReport)
	step  importReport
}

// all reads a file, stores what is in it and waits until it is found.
func (im *importing) all(ctx context.Context, file string, in *importIn) (err error) {
	s, name := im.server, filepath.Base(file)
	if s.Upkeep != nil {
		if im.merged, err = s.Upkeep.In(im.key.WorkspaceID).Redirects(ctx); err != nil {
			return err
		}
	}
	err = im.read(ctx, file, source.Options{
		Kind: kb.Kind(in.Kind), Origin: "import:" + name, Locale: in.Locale, Audience: kb.Audience(in.Audience), Detect: languageOf,
	})
	if err != nil {
		return err
	}
	if !in.DryRun {
		s.caughtUp(ctx, im.key.WorkspaceID, im.seq)
	}
	noted(ctx, name, fmt.Sprintf("%d created, %d updated, %d skipped", im.report.Created, im.report.Updated, im.report.Skipped))
	return nil
}

// group is how many documents are stored at once: fewer where somebody watches.
func (im *importing) group() int {
	if im.tells != nil {
		return importWatched
	}
	return importAtOnce
}

func (im *importing) read(ctx context.Context, file string, o source.Options) error {
	var unread source.Unread
	for item, err := range source.Files(file, o) {
		var skip *source.Skip
		switch {
		case errors.As(err, &skip):
			im.skip(skip.Line, skip.Reason)
			continue
		case err != nil:
			return err
		}
		if into := im.merged[item.Document.ID]; into != "" {
			im.skip(item.Line, fmt.Sprintf("article %s was merged into %s: change that one", item.Document.ID, into))
			continue
		}
		unread.Add(&item)
		for _, note := range item.Notes {
			im.note(importProblem{item.Line, note})
		}
		if im.pending = append(im.pending, item); len(im.pending) >= im.group() {
			if err := im.store(ctx); err != nil {
				return err
			}
		}
	}
	im.leftOut(&unread)
	return im.store(ctx)
}

// leftOut notes what was left out of many records before what was of one: the
// report has no room for all.
func (im *importing) leftOut(unread *source.Unread) {
	var first []importProblem
	for _, n := range unread.Notes() {
		first = append(first, importProblem{n.Line, n.Reason})
	}
	notes := append(first, im.report.Notes...)
	im.report.Notes = append([]importProblem{}, notes[:min(importListed, len(notes))]...)
	if im.tells != nil {
		im.step.Notes = append(im.step.Notes, first...)
	}
}

func (im *importing) skip(line int, reason string) {
	im.report.Skipped++
	if len(im.report.Problems) < importListed {
		im.report.Problems = append(im.report.Problems, importProblem{line, reason})
	}
	if im.tells != nil {
		im.step.Problems = append(im.step.Problems, importProblem{line, reason})
	}
}

func (im *importing) note(n importProblem) {
	if len(im.report.Notes) < importListed {
		im.report.Notes = append(im.report.Notes, n)
	}
	if im.tells != nil {
		im.step.Notes = append(im.step.Notes, n)
	}
}

// told tells of the group that was stored: the counts of all so far, and the
// lists of this one.
func (im *importing) told() {
	if im.tells == nil {
		return
	}
	r, all := im.step, &im.report
	r.Read, r.Created, r.Updated, r.Unchanged, r.Skipped = all.Read, all.Created, all.Updated, all.Unchanged, all.Skipped
	im.step = emptyReport()
	im.tells(r)
}

// store writes what is pending, or looks up what is there.
func (im *importing) store(ctx context.Context) error {
	docs, ids := make([]*kb.Document, len(im.pending)), make([]string, len(im.pending))
	for i := range im.pending {
		docs[i] = &im.pending[i].Document
		docs[i].Author, ids[i] = authorOf(im.key), docs[i].ID
	}
	store := im.server.KB.In(im.key.WorkspaceID)
	var outs []kb.Outcome
	if im.dry {
		there, err := store.Documents(ctx, ids)
		if err != nil {
			return err
		}
		outs = make([]kb.Outcome, len(docs))
		for i, id := range ids {
			was, known := there[id]
			outs[i] = kb.Outcome{Created: !known, Changed: true}
			if known && was.Kind != docs[i].Kind {
				outs[i].Err = fmt.Errorf("%w: %s is a %s here", kb.ErrConflict, id, was.Kind)
			}
		}
	} else {
		var err error
		if outs, err = store.PutAll(ctx, docs); err != nil {
			return err
		}
	}
	for i, out := range outs {
		im.tell(&im.pending[i], out)
		im.seq = max(im.seq, docs[i].Seq)
	}
	im.pending = nil
	im.told()
	return nil
}

func (im *importing) tell(item *source.Item, out kb.Outcome) {
	r, d := &im.report, &item.Document
	if out.Err != nil {
		im.skip(item.Line, out.Err.Error())
		return
	}
	r.Read++
	status := outcome(out)
	switch status {
	case "created":
		r.Created++
	case "updated":
		r.Updated++
	default:
		r.Unchanged++
	}
	view := importedView{d.ID, d.Kind, d.Title, status}
	if len(r.Documents) < importListed {
		r.Documents = append(r.Documents, view)
	}
	if im.tells != nil {
		im.step.Documents = append(im.step.Documents, view)
	}
}

// languageOf is the language of a text, empty if it cannot be told.
func languageOf(text string) string {
	if lang := embeddings.Language(text); lang != "und" {
		return lang
	}
	return ""
}
