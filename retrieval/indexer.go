package retrieval

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// An Indexer follows the changes of workspaces into an index. Its fields are
// set before first use; its methods may be called from many goroutines, though
// two that sync one workspace at once do the same work twice.
type Indexer struct {
	KB       *kb.DB
	Embedder embeddings.Embedder
	Index    Index

	// Progress, if not nil, is called after each batch with the number of
	// passages that were indexed since the last call.
	Progress func(passages int)
}

// batch is how many documents are read, embedded and written together: enough
// to fill a model server's batches, few enough to lose little when stopped.
const batch = 256

// Sync indexes what has changed in the workspace since the index's position,
// and moves that on. It returns the last change that the index now holds. When
// it is stopped half-way the position says how far it came, and the next call
// takes up there.
func (x *Indexer) Sync(ctx context.Context, workspace string) (int64, error) {
	at, err := x.Index.Position(ctx, workspace)
	if err != nil {
		return 0, fmt.Errorf("retrieval: sync %s: %w", workspace, err)
	}
	store := x.KB.In(workspace)
	for {
		docs, err := store.Changes(ctx, at, batch)
		if err != nil || len(docs) == 0 {
			return at, err
		}
		entries, err := x.entries(ctx, docs)
		if err != nil {
			return at, fmt.Errorf("retrieval: sync %s after %d: %w", workspace, at, err)
		}
		if err := x.Index.Replace(ctx, workspace, entries); err != nil {
			return at, fmt.Errorf("retrieval: sync %s after %d: %w", workspace, at, err)
		}
		at = docs[len(docs)-1].Seq
		if err := x.Index.SetPosition(ctx, workspace, at); err != nil {
			return at, fmt.Errorf("retrieval: sync %s: %w", workspace, err)
		}
		if x.Progress != nil {
			n := 0
			for _, e := range entries {
				n += len(e.Points)
			}
			x.Progress(n)
		}
	}
}

// Add puts documents into the index as they are, without a knowledge base:
// for measuring. Positions are not touched.
func (x *Indexer) Add(ctx context.Context, workspace string, docs []kb.Document) error {
	for part := range slices.Chunk(docs, batch) {
		entries, err := x.entries(ctx, part)
		if err == nil {
			err = x.Index.Replace(ctx, workspace, entries)
		}
		if err != nil {
			return fmt.Errorf("retrieval: add documents: %w", err)
		}
	}
	return nil
}

// entries cuts documents into passages and finds the passages' places.
func (x *Indexer) entries(ctx context.Context, docs []kb.Document) ([]Entry, error) {
	entries := make([]Entry, len(docs))
	texts := make([][]string, len(docs))
	g := new(errgroup.Group)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range docs {
		g.Go(func() error {
			entries[i], texts[i] = x.entry(&docs[i])
			return nil
		})
	}
	_ = g.Wait() // the functions return no error
	var all []string
	for _, ts := range texts {
		all = append(all, ts...)
	}
	if len(all) == 0 {
		return entries, nil
	}
	vectors, err := x.Embedder.Embed(ctx, all)
	if err != nil {
		return nil, err
	}
	n := 0
	for i := range entries {
		for j := range entries[i].Points {
			entries[i].Points[j].Dense = vectors[n]
			n++
		}
	}
	return entries, nil
}

// entry returns the document, and the texts to make its vectors from unless
// it has them already. What is not published leaves the index.
func (x *Indexer) entry(d *kb.Document) (Entry, []string) {
	e := Entry{Document: sourceOf(d)}
	if d.Deleted || d.Status != kb.Published {
		return e, nil
	}
	var texts []string
	title := TitleOf(d)
	at, once := x.Embedder.(embeddings.PassageEmbedder)
	for _, p := range kb.Split(d) {
		text, heading := kb.Plain(p.Text), kb.Plain(p.Heading)
		if once {
			terms, vector := at.Passage(title, heading, text)
			e.Points = append(e.Points, Point{Passage: p, Sparse: terms, Dense: vector})
			continue
		}
		e.Points = append(e.Points, Point{Passage: p, Sparse: embeddings.PassageTerms(title, heading, text)})
		texts = append(texts, joined(title, heading, text))
	}
	return e, texts
}

// TitleOf is the title that a document is found by. That of a case often only
// begins its problem again: then it says nothing more, and would make words that
// many customers use look common in titles, where they are rare.
func TitleOf(d *kb.Document) string {
	begins := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if d.Kind == kb.Case && strings.Contains(begins(d.Problem), begins(strings.TrimSuffix(d.Title, "…"))) {
		return ""
	}
	return d.Title
}

// joined is what a dense vector is made of: all that a reader of the passage
// knows.
func joined(title, heading, text string) string {
	out := title
	for _, s := range []string{heading, text} {
		if out != "" && s != "" {
			out += "\n"
		}
		out += s
	}
	return out
}

// sourceOf returns what an index keeps of a document.
func sourceOf(d *kb.Document) Source {
	return Source{
		ID: d.ID, Kind: d.Kind, Title: d.Title, URL: d.URL, Locale: d.Locale, Product: d.Product,
		Region: d.Region, Tags: d.Tags, Audience: d.Audience, Revision: d.Revision,
		ResolvedWith: d.ResolvedWith, Evidence: d.Evidence,
	}
}
