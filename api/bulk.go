package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/whetstone-desk/whetstone/kb"
)

type articleLine struct {
	ID string `json:"id" maxLength:"128"`
	Article
}

type caseLine struct {
	ID string `json:"id" maxLength:"128"`
	Case
}

// A lineReport says what became of one line of a bulk request.
type lineReport struct {
	Line     int    `json:"line" doc:"Counts the lines of the request from 1, blank ones included."`
	ID       string `json:"id,omitempty"`
	Status   string `json:"status" enum:"created,updated,unchanged,recorded,known,failed" doc:"Of documents: created, updated or unchanged. Of feedback: recorded, or known if it had been told before. failed: not stored."`
	Revision int64  `json:"revision,omitempty"`
	Error    string `json:"error,omitempty" doc:"Why the line was not stored."`
}

// bulkLines is how many lines are stored, and then reported, at once.
const bulkLines = 200

// bulkBytes is how much text is held before it is stored, however few lines
// that are.
const bulkBytes = 8 << 20

// A lines is what a bulk request of one kind does with its lines.
type lines[T any] struct {
	// decode reads a line. Where it fails it returns the id that the line names
	// all the same, if there is one.
	decode func(line []byte) (id string, item T, err error)

	// put stores a group, in order, and reports each. The error means that
	// nothing was stored.
	put func(ctx context.Context, items []T) ([]lineReport, error)

	// end is called when all lines are stored.
	end func(ctx context.Context)
}

func (s *Server) bulkArticles(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	merges, err := s.merges(ctx)
	if err != nil {
		return nil, err
	}
	return bulk(ctx, s, s.documentLines(func(line []byte) (*kb.Document, error) {
		var in articleLine
		err := strict(line, &in)
		if into := merges[in.ID]; into != "" && err == nil {
			err = mergedError(in.ID, into)
		}
		return in.document(in.ID), err
	}))
}

func (s *Server) bulkCases(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	return bulk(ctx, s, s.documentLines(func(line []byte) (*kb.Document, error) {
		var in caseLine
		err := strict(line, &in)
		return in.document(in.ID), err
	}))
}

// documentLines stores documents, and waits at the end until they are found.
func (s *Server) documentLines(decode func(line []byte) (*kb.Document, error)) lines[*kb.Document] {
	seq := int64(0) // of the latest write
	return lines[*kb.Document]{
		decode: func(line []byte) (string, *kb.Document, error) {
			d, err := decode(line)
			return d.ID, d, err
		},
		put: func(ctx context.Context, docs []*kb.Document) ([]lineReport, error) {
			key := caller(ctx)
			for _, d := range docs {
				d.Origin, d.Author = "api", authorOf(key)
				identify(d)
			}
			outs, err := s.KB.In(key.WorkspaceID).PutAll(ctx, docs)
			reports := make([]lineReport, len(outs))
			for i := range outs {
				reports[i] = lineReport{Status: outcome(outs[i]), Revision: docs[i].Revision}
				if outs[i].Err != nil {
					reports[i] = lineReport{Status: "failed", Error: outs[i].Err.Error()}
				}
				seq = max(seq, docs[i].Seq)
			}
			return reports, err
		},
		end: func(ctx context.Context) { s.caughtUp(ctx, caller(ctx).WorkspaceID, seq) },
	}
}

// bulk answers with one report a line, in order, while the body still arrives.
func bulk[T any](ctx context.Context, s *Server, l lines[T]) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humagin.Unwrap(hc)
		// Reports go out before the body has been read to its end. HTTP/2 has
		// this anyway, and says that it cannot be asked for.
		_ = http.NewResponseController(c.Writer).EnableFullDuplex()
		hc.SetHeader("Content-Type", "application/x-ndjson")
		hc.SetStatus(http.StatusOK)
		b := &bulkRun[T]{
			server: s, ctx: ctx, lines: l, ids: make(map[string]bool), out: json.NewEncoder(c.Writer), flush: c.Writer.Flush,
			// One line, and not the whole body, must arrive in time.
			patience: func(t time.Time) { _ = hc.SetReadDeadline(t) },
		}
		b.out.SetEscapeHTML(false)
		b.run(c.Request.Body)
	}}, nil
}

// A bulkRun is one bulk request.
type bulkRun[T any] struct {
	server   *Server
	ctx      context.Context
	lines    lines[T]
	out      *json.Encoder
	flush    func()
	patience func(time.Time)

	reports []lineReport // of the lines since the last store
	items   []T
	at      []int // the report of each item
	ids     map[string]bool
	bytes   int // of the lines since the last store
}

func (b *bulkRun[T]) run(body io.Reader) {
	r := bufio.NewReaderSize(body, 64<<10)
	for number := 1; ; number++ {
		b.patience(time.Now().Add(bodyTime))
		line, err := readLine(r, b.server.MaxBody)
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if !b.line(number, bytes.TrimSpace(line), err) {
			return
		}
		if err != nil && !errors.Is(err, errLong) {
			break
		}
	}
	b.patience(time.Time{})
	if b.store() {
		b.lines.end(b.ctx)
	}
}

// line takes one line in, or notes why not. It returns false when there is no
// use in going on.
func (b *bulkRun[T]) line(number int, text []byte, err error) bool {
	var item T
	report := lineReport{Line: number, Status: "failed"}
	switch {
	case errors.Is(err, errLong):
		report.Error = fmt.Sprintf("%v: %d bytes", errLong, b.server.MaxBody)
	case err != nil && !errors.Is(err, io.EOF):
		report.Error = "the body broke off in this line"
	case len(text) == 0:
		return true
	default:
		if report.ID, item, err = b.lines.decode(text); err != nil {
			report.Error = err.Error()
		}
	}
	// Of two items with one id the earlier must be stored first.
	full := len(b.reports) >= bulkLines || b.bytes+len(text) > bulkBytes
	if (report.Error == "" && b.ids[report.ID] || full) && !b.store() {
		return false
	}
	b.bytes += len(text)
	b.reports = append(b.reports, report)
	if report.Error == "" {
		b.items, b.at = append(b.items, item), append(b.at, len(b.reports)-1)
		b.ids[report.ID] = report.ID != ""
	}
	return true
}

// store writes what was gathered and reports it. It returns false when there
// is no use in going on.
func (b *bulkRun[T]) store() bool {
	outs, err := b.lines.put(b.ctx, b.items)
	failure := ""
	if err != nil {
		failure = "not stored: " + b.server.problem(b.ctx, err).Error()
	}
	for i, at := range b.at {
		r := &b.reports[at]
		if err != nil {
			r.Error = failure
			continue
		}
		r.Status, r.Revision, r.Error = outs[i].Status, outs[i].Revision, outs[i].Error
	}
	for i := range b.reports {
		if b.out.Encode(&b.reports[i]) != nil {
			return false // the client is gone
		}
	}
	b.flush()
	b.reports, b.items, b.at, b.ids, b.bytes = nil, nil, nil, make(map[string]bool), 0
	return err == nil && b.ctx.Err() == nil
}

func outcome(o kb.Outcome) string {
	switch {
	case o.Created:
		return "created"
	case o.Changed:
		return "updated"
	}
	return "unchanged"
}

var errLong = errors.New("the line is longer than this service takes")

// readLine reads up to and with the next line end. A line longer than most is
// passed over to its end and is an errLong. At the end of r it returns io.EOF
// with what stood after the last line end, if anything.
func readLine(r *bufio.Reader, most int64) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if int64(len(line)+len(part)) > most {
			long, line = true, nil
		}
		if !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errLong // the next call finds the end of r again
		default:
			return line, err
		}
	}
}
