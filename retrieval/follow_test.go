package retrieval_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// A followed is a knowledge base with an index that follows it.
type followed struct {
	*retrieval.Follower
	kb    *kb.DB
	index *memindex.Index
	model *model
	log   *bytes.Buffer // to be read after Run has ended
}

// A model is the built-in one, until it is told to fail.
type model struct {
	embeddings.Embedder
	fails error
	calls int
}

func (m *model) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	m.calls++
	if m.fails != nil {
		return nil, m.fails
	}
	return m.Embedder.Embed(ctx, texts)
}

func newFollowed(t *testing.T) *followed {
	t.Helper()
	f := &followed{kb: kb.New(sqldbtest.SQLite(t)), model: &model{Embedder: embeddings.Local{}}, log: new(bytes.Buffer)}
	var err error
	if f.index, err = memindex.Open("", f.model.Model(), f.model.Dim()); err != nil {
		t.Fatal(err)
	}
	f.Follower = &retrieval.Follower{
		Indexer: &retrieval.Indexer{KB: f.kb, Embedder: f.model, Index: f.index},
		KB:      f.kb, Every: time.Hour, Log: slog.New(slog.NewTextHandler(f.log, nil)),
	}
	f.add(t, "shop")
	return f
}

func (f *followed) add(t *testing.T, workspace string) {
	t.Helper()
	if _, err := f.kb.Create(t.Context(), workspace, workspace); err != nil {
		t.Fatal(err)
	}
}

// put writes n articles and returns the number of the last change.
func (f *followed) put(t *testing.T, workspace string, n int) int64 {
	t.Helper()
	var seq int64
	for i := range n {
		d := &kb.Document{ID: fmt.Sprintf("a%d", i), Kind: kb.Article, Content: kb.Content{Title: "Kettle", Body: "How to descale it."}}
		if _, err := f.kb.In(workspace).Put(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		seq = d.Seq
	}
	return seq
}

func (f *followed) caught(t *testing.T) {
	t.Helper()
	if err := f.Catch(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (f *followed) holds(t *testing.T, workspace string, want int) {
	t.Helper()
	if got := f.index.Len(workspace); got != want {
		t.Errorf("the index holds %d passages of %s, want %d", got, workspace, want)
	}
}

func TestCatch(t *testing.T) {
	f := newFollowed(t)
	seq := f.put(t, "shop", 3)
	f.caught(t)
	f.holds(t, "shop", 3)
	if !f.Wait(t.Context(), "shop", seq, time.Hour) {
		t.Error("what was caught up with is waited for")
	}
	calls := f.model.calls
	f.caught(t)
	f.put(t, "shop", 3) // the same again: it takes numbers and changes nothing
	f.caught(t)
	if f.model.calls != calls {
		t.Error("what has not changed was embedded again")
	}
}

func TestARemovedWorkspaceLeavesTheIndex(t *testing.T) {
	f := newFollowed(t)
	f.add(t, "other")
	f.put(t, "shop", 3)
	f.put(t, "other", 2)
	f.caught(t)
	if err := f.kb.Remove(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	f.caught(t)
	f.holds(t, "shop", 0)
	f.holds(t, "other", 2)

	f.add(t, "shop")
	f.put(t, "shop", 1)
	f.caught(t)
	f.holds(t, "shop", 1)
}

func TestAWorkspaceThatWasMadeAgainIsIndexedAnew(t *testing.T) {
	for _, tt := range []struct {
		name    string
		restart bool
		writes  int
	}{{"between two looks", false, 1}, {"and is as far as the old one was", false, 3}, {"while nobody followed", true, 1}} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFollowed(t)
			f.put(t, "shop", 3)
			f.caught(t)
			if err := f.kb.Remove(t.Context(), "shop"); err != nil {
				t.Fatal(err)
			}
			f.add(t, "shop")
			f.put(t, "shop", tt.writes)
			if tt.restart {
				f.Follower = &retrieval.Follower{Indexer: f.Indexer, KB: f.kb, Every: time.Hour, Log: f.Log}
			}
			calls := f.model.calls
			f.caught(t)
			f.holds(t, "shop", tt.writes)
			if f.model.calls == calls {
				t.Error("what stands in the index is of the old workspace")
			}
		})
	}
}

func TestOneWorkspaceThatFailsDoesNotHinderTheOthers(t *testing.T) {
	f := newFollowed(t)
	f.add(t, "away")
	f.put(t, "away", 1)
	f.put(t, "shop", 1)
	f.caught(t)
	f.put(t, "shop", 2)
	if err := f.kb.In("away").Delete(t.Context(), "a0", "me"); err != nil {
		t.Fatal(err)
	}
	f.model.fails = errors.New("no answer") // a removal needs no vectors
	if err := f.Catch(t.Context()); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("error %v", err)
	}
	f.holds(t, "away", 0)
	f.holds(t, "shop", 1)
	f.model.fails = nil
	f.caught(t)
	f.holds(t, "shop", 2)
}

func TestWhoIsNotAllowedWritesNothingAndWaitsForTheOther(t *testing.T) {
	f := newFollowed(t)
	allowed := true
	f.Allowed = func(context.Context) bool { return allowed }
	f.caught(t)
	allowed = false
	seq := f.put(t, "shop", 2)
	f.caught(t)
	f.holds(t, "shop", 0)
	if f.Wait(t.Context(), "shop", seq, time.Millisecond) {
		t.Error("what nobody has indexed passes for found")
	}
	other := retrieval.Indexer{KB: f.kb, Embedder: f.model, Index: f.index}
	if _, err := other.Sync(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	f.caught(t)
	if !f.Wait(t.Context(), "shop", seq, time.Hour) {
		t.Error("what another process has indexed is waited for")
	}
}

func TestWaitWakesRunAndRunLogsOnce(t *testing.T) {
	f := newFollowed(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.Run(ctx)
	}()
	seq := f.put(t, "shop", 1)
	if !f.Wait(ctx, "shop", seq, time.Hour) {
		t.Error("a write was not followed")
	}
	cancel()
	<-done
	if f.log.Len() > 0 {
		t.Errorf("the log says %s", f.log)
	}

	// What fails in the same way again and again is one line, and its end is.
	f.model.fails = errors.New("no answer")
	f.put(t, "shop", 2)
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	f.Every = time.Microsecond
	rounds := 0
	f.Allowed = func(context.Context) bool {
		switch rounds++; rounds {
		case 10:
			f.model.fails = nil
		case 20:
			cancel()
		}
		return true
	}
	f.Run(ctx)
	if n := strings.Count(f.log.String(), "no answer"); n != 1 {
		t.Errorf("one fault is logged %d times:\n%s", n, f.log)
	}
	if n := strings.Count(f.log.String(), "in step again"); n != 1 {
		t.Errorf("its end is logged %d times:\n%s", n, f.log)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	f := newFollowed(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f.Wait(ctx, "shop", 1, time.Hour) {
		t.Error("what was never written was caught up with")
	}
}
