package embeddings

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
)

// A VectorStore keeps vectors for good, by model and by the hash of the text.
// Methods may be called from many goroutines.
type VectorStore interface {
	// Load returns those of the vectors that it has, by hash.
	Load(ctx context.Context, model string, hashes []string) (map[string]Vector, error)

	// Save keeps the vectors, by hash. Saving one again does no harm.
	Save(ctx context.Context, model string, vectors map[string]Vector) error
}

// Cached is an Embedder that asks another one only for texts it has not seen.
// Make one with NewCached. The vectors it returns are shared: they must not be
// changed.
type Cached struct {
	inner  Embedder
	store  VectorStore
	report func(error)

	mu     sync.Mutex
	size   int
	byHash map[string]*list.Element // of entries
	recent *list.List               // the latest used first
}

// An entry is what the list of recent vectors holds.
type entry struct {
	hash   string
	vector Vector
}

// NewCached returns a cache before e that keeps up to size vectors in memory
// and all of them in store; a nil store keeps none. Passages, which are
// embedded anew whenever an index is rebuilt, want a store; questions, which
// seldom repeat word for word, want memory alone.
//
// A store that fails costs time and nothing else: the error goes to report,
// unless that is nil, and e is asked.
func NewCached(e Embedder, store VectorStore, size int, report func(error)) *Cached {
	if report == nil {
		report = func(error) {}
	}
	return &Cached{inner: e, store: store, size: size, report: report, byHash: map[string]*list.Element{}, recent: list.New()}
}

// Model implements Embedder.
func (c *Cached) Model() string { return c.inner.Model() }

// Dim implements Embedder.
func (c *Cached) Dim() int { return c.inner.Dim() }

// Embed implements Embedder. Equal texts are embedded once.
func (c *Cached) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	hashes := make([]string, len(texts))
	known := make(map[string]Vector, len(texts))
	missing := make(map[string]string) // hash to text
	for i, text := range texts {
		hashes[i] = TextHash(text)
		if v, ok := c.recall(hashes[i]); ok {
			known[hashes[i]] = v
		} else {
			missing[hashes[i]] = text
		}
	}
	c.load(ctx, known, missing)
	if err := c.embed(ctx, hashes, known, missing); err != nil {
		return nil, err
	}
	out := make([]Vector, len(texts))
	for i, hash := range hashes {
		out[i] = known[hash]
	}
	return out, nil
}

// load moves what the store has from missing to known.
func (c *Cached) load(ctx context.Context, known map[string]Vector, missing map[string]string) {
	if c.store == nil || len(missing) == 0 {
		return
	}
	wanted := make([]string, 0, len(missing))
	for hash := range missing {
		wanted = append(wanted, hash)
	}
	stored, err := c.store.Load(ctx, c.Model(), wanted)
	if err != nil {
		c.report(fmt.Errorf("embeddings: load vectors of %s: %w", c.Model(), err))
		return
	}
	for hash, v := range stored {
		if _, ok := missing[hash]; !ok || len(v) != c.Dim() {
			continue // of another make: it is embedded anew
		}
		delete(missing, hash)
		known[hash] = v
		c.remember(hash, v)
	}
}

// embed has what is missing embedded, in the order of hashes, and keeps it.
func (c *Cached) embed(ctx context.Context, hashes []string, known map[string]Vector, missing map[string]string) error {
	if len(missing) == 0 {
		return nil
	}
	texts := make([]string, 0, len(missing))
	places := make([]string, 0, len(missing))
	for _, hash := range hashes {
		if text, ok := missing[hash]; ok {
			delete(missing, hash)
			texts, places = append(texts, text), append(places, hash)
		}
	}
	vectors, err := c.inner.Embed(ctx, texts)
	if err != nil {
		return err
	}
	fresh := make(map[string]Vector, len(vectors))
	for i, v := range vectors {
		fresh[places[i]], known[places[i]] = v, v
		c.remember(places[i], v)
	}
	if c.store == nil {
		return nil
	}
	if err := c.store.Save(ctx, c.Model(), fresh); err != nil {
		c.report(fmt.Errorf("embeddings: save vectors of %s: %w", c.Model(), err))
	}
	return nil
}

func (c *Cached) recall(hash string) (Vector, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byHash[hash]
	if !ok {
		return nil, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(*entry).vector, true
}

func (c *Cached) remember(hash string, v Vector) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byHash[hash]; ok {
		return
	}
	c.byHash[hash] = c.recent.PushFront(&entry{hash: hash, vector: v})
	if c.recent.Len() > c.size {
		oldest := c.recent.Back()
		delete(c.byHash, oldest.Value.(*entry).hash)
		c.recent.Remove(oldest)
	}
}

// TextHash is how a VectorStore knows a text: the SHA-256 of its bytes, in
// hexadecimal.
func TextHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
