package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/embeddings/openai"
	"github.com/whetstone-desk/whetstone/embeddings/vectorstore"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
	"github.com/whetstone-desk/whetstone/retrieval/qdrantindex"
)

// A space is one model's vectors with what it takes to build, serve and put
// them away.
type space struct {
	retrieval.Space
	passages embeddings.Embedder // as Space.Embedder, and remembers in the database
	made     model
	dir      string             // of an in-process index on disk; empty: none
	shared   bool               // other processes use the same index
	lead     *lead              // who fills it; nil unless shared
	qdrant   *qdrantindex.Index // nil: in process
	local    *memindex.Index    // nil: in Qdrant
	next     *model             // the model to change to, if the settings name another
}

// A model says who makes vectors. It is remembered beside the index, so that
// the old vectors can serve while those of another model are built.
type model struct {
	URL  string `json:"url,omitempty"` // empty: built in
	Name string `json:"name,omitempty"`
	Dim  int    `json:"dim,omitempty"`
}

// wanted is the model that the settings name.
func (c *config) wanted() model { return model{URL: c.EmbedURL, Name: c.EmbedModel, Dim: c.EmbedDim} }

// recent is how many vectors of questions are kept in memory.
const recent = 4096

// embedder opens what makes the model's vectors. A server that is away is no
// hindrance where the length of its vectors is known: questions are searched
// by words until it is back.
func (a *app) embedder(ctx context.Context, m model) (embeddings.Embedder, error) {
	if m.URL == "" {
		return embeddings.Local{}, nil
	}
	o := openai.Options{BaseURL: m.URL, Model: m.Name, Dim: m.Dim}
	if m.URL == a.cfg.EmbedURL { // the key is nobody else's business
		o.Key = a.cfg.EmbedKey
	}
	e, err := openai.Open(ctx, o)
	away := errors.Is(err, embeddings.ErrUnavailable)
	if away && m.Dim > 0 {
		a.log.Warn("the model server is away; searching by words until it is back", "error", err)
		e, err = openai.New(o)
	} else if away {
		err = fmt.Errorf("%w\nstart it, or correct WHETSTONE_EMBEDDINGS_URL; where WHETSTONE_EMBEDDINGS_DIM is set, Whetstone starts without it and searches by words", err)
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// remembering lays caches before the embedder: one in memory for questions,
// and one in the database for passages, so that none is paid for twice.
func (a *app) remembering(e embeddings.Embedder) (questions, passages embeddings.Embedder) {
	if _, local := e.(embeddings.Local); local {
		return e, e // it is faster than any cache
	}
	report := func(err error) { a.log.Warn("vector cache", "error", err) }
	return embeddings.NewCached(e, nil, recent, report), embeddings.NewCached(e, vectorstore.New(a.db), 0, report)
}

// openSpace opens the vectors that serve and makes the answerer search in
// them. If the settings name another model than the one that serves, its
// vectors are built by keep. A command that must not wait for another
// process's lock asks for a private index, which is filled from the database.
func (a *app) openSpace(ctx context.Context, private bool) (*space, error) {
	want := a.cfg.wanted()
	serving, known, err := a.serving(ctx)
	if err != nil {
		return nil, err
	}
	if known && !serving.same(want) {
		// Settings that can never work are told at once and not in the log.
		if _, err := a.embedder(ctx, want); errors.Is(err, embeddings.ErrMisconfigured) {
			return nil, err
		}
		s, err := a.build(ctx, serving, private)
		if err == nil {
			s.next = &want
			a.answerer.Serve(s.Space)
			return s, nil
		}
		if !errors.Is(err, embeddings.ErrUnavailable) && !errors.Is(err, embeddings.ErrMisconfigured) {
			return nil, err
		}
		a.log.Warn("the vectors that served cannot be searched any more; building new ones", "model", serving.Name, "error", err)
	}
	if known && want.Dim == 0 && serving.same(want) {
		want.Dim = serving.Dim
	}
	s, err := a.build(ctx, want, private)
	if err != nil {
		return nil, err
	}
	if err := a.promote(ctx, s); err != nil {
		return nil, err
	}
	a.answerer.Serve(s.Space)
	return s, nil
}

// same reports whether vectors of m and n can be compared. A dimension of 0
// means whatever the model has.
func (m model) same(n model) bool {
	return m.URL == n.URL && m.Name == n.Name && (m.Dim == n.Dim || m.Dim == 0 || n.Dim == 0)
}

// build opens the model and its index.
func (a *app) build(ctx context.Context, m model, private bool) (*space, error) {
	e, err := a.embedder(ctx, m)
	if err != nil {
		return nil, err
	}
	m.Dim = e.Dim()
	s := &space{made: m}
	s.Embedder, s.passages = a.remembering(e)
	s.Semantic = m.URL != ""
	name := indexed(e)
	if a.cfg.QdrantURL != "" {
		ix, err := qdrantindex.Open(ctx, qdrantindex.Options{
			URL: a.cfg.QdrantURL, APIKey: a.cfg.QdrantKey, Prefix: a.cfg.QdrantPrefix, Model: name, Dim: e.Dim(), Log: a.log,
		})
		if err != nil {
			return nil, err
		}
		s.Index, s.qdrant, s.shared = ix, ix, true
		s.lead = &lead{db: a.db, name: "index/" + ix.Collection()}
		a.onClose(ix.Close)
		return s, nil
	}
	if !private {
		s.dir = a.indexDir(name, e.Dim())
	}
	ix, err := memindex.Open(s.dir, name, e.Dim())
	if err != nil {
		return nil, err
	}
	if err := ix.Damage(); err != nil {
		a.log.Warn("a part of the index was damaged and is built again", "error", err)
	}
	s.Index, s.local = ix, ix
	a.onClose(ix.Close)
	return s, nil
}

// indexed is what the index of a model is called. Another analyzer makes other
// terms, and other records hold other fields, so both are a part of the name.
func indexed(e embeddings.Embedder) string {
	return e.Model() + "/" + embeddings.Analyzer + "/" + retrieval.Records
}

// indexDir is where an in-process index is kept.
func (a *app) indexDir(name string, dim int) string {
	return filepath.Join(a.cfg.Data, "index", slug(name, dim))
}

// slug is a folder's name for a model.
func slug(model string, dim int) string {
	sum := sha256.Sum256([]byte(model))
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(model))
	return fmt.Sprintf("%.40s-%d-%s", plain, dim, hex.EncodeToString(sum[:4]))
}

// servingName is the state under which the serving model is remembered: one
// for all processes that share a Qdrant, one in each data folder otherwise.
const servingName = "serving"

// serving returns the model whose vectors serve, if any do.
func (a *app) serving(ctx context.Context) (m model, known bool, err error) {
	var text string
	if a.cfg.QdrantURL != "" {
		text, known, err = sqldb.State(ctx, a.db, servingName)
	} else {
		var b []byte
		b, err = os.ReadFile(a.servingFile())
		if known = err == nil; errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		text = string(b)
	}
	if err != nil || !known {
		return m, false, err
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		a.log.Warn("what served before cannot be told", "error", err)
		return m, false, nil
	}
	return m, true, nil
}

func (a *app) servingFile() string { return filepath.Join(a.cfg.Data, "index", "serving.json") }

// promote remembers the space as the one that serves.
func (a *app) promote(ctx context.Context, s *space) error {
	b, err := json.Marshal(s.made)
	if err != nil {
		return err
	}
	if s.qdrant != nil {
		if err := s.qdrant.Promote(ctx); err != nil {
			return err
		}
		return sqldb.SetState(ctx, a.db, servingName, string(b))
	}
	if s.dir == "" {
		return nil // a private index serves nobody else
	}
	tmp := a.servingFile() + ".tmp"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, a.servingFile())
}

// indexer fills the space from the database.
func (a *app) indexer(s *space) *retrieval.Indexer {
	return &retrieval.Indexer{KB: a.kb, Embedder: s.passages, Index: s.Index}
}
