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

// Add puts documents into the index as they are, without a knowledge base:
// for measuring. Positions are not touched.
func (x *Indexer) Add(ctx context.Context, workspace string, docs []kb.Document) error {
	for part := range slices.Chunk(docs, batch) {
		entries, err := x.entries(ctx, part)
		for _, kind := range kinds() {
			if err == nil {
				err = x.Index.Replace(ctx, shelf(workspace, kind), of(kind, entries))
			}
		}
		if err != nil {
			return fmt.Errorf("retrieval: add documents: %w", err)
		}
	}
	return nil
}

// of returns the entries of a kind.
func of(kind kb.Kind, entries []Entry) []Entry {
	var out []Entry
	for _, e := range entries {
		if e.Document.Kind == kind {
			out = append(out, e)
		}
	}
	return out
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
