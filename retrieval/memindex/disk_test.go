package memindex

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/indextest"
)

// low makes everything go to disk early.
var low = limits{commitAt: 30, fileAt: 60}

const shop = "shop"

func openLow(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := open(dir, "model", indextest.Dim, low)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() }) // closing twice does no harm
	return x
}

func closeIndex(t *testing.T, x *Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}

// A feed is a change feed: batch i has the number i+1.
type feed [][]retrieval.Entry

// newFeed makes n batches that put, replace and remove documents.
func newFeed(seed uint64, n int) feed {
	m := indextest.NewMaker(seed, indextest.Dim)
	var f feed
	for range n {
		var batch []retrieval.Entry
		for range 1 + m.IntN(20) {
			e := m.Entry(fmt.Sprint("doc-", m.IntN(120)))
			if m.IntN(5) == 0 {
				e.Points = nil
			}
			batch = append(batch, e)
		}
		f = append(f, batch)
	}
	return f
}

// follow applies the feed from the index's position to batch n.
func (f feed) follow(t *testing.T, x *Index, n int) {
	t.Helper()
	for seq := position(t, x); seq < int64(n); seq++ {
		if err := x.Replace(t.Context(), shop, f[seq]); err != nil {
			t.Fatal(err)
		}
		if err := x.SetPosition(t.Context(), shop, seq+1); err != nil {
			t.Fatal(err)
		}
	}
}

// check compares the index with the first n batches.
func (f feed) check(t *testing.T, x *Index, n int) {
	t.Helper()
	var ref indextest.Reference
	passages := 0
	for _, batch := range f[:n] {
		ref.Replace(batch)
	}
	for _, e := range ref.Entries() {
		passages += len(e.Points)
	}
	if got := x.Len(shop); got != passages {
		t.Errorf("Len is %d, want %d", got, passages)
	}
	m := indextest.NewMaker(uint64(n), indextest.Dim)
	for range 8 {
		q := m.Query()
		q.Workspace = shop
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range ref.Check(q, r) {
			t.Error(fault)
		}
	}
}

func position(t *testing.T, x *Index) int64 {
	t.Helper()
	p, err := x.Position(t.Context(), shop)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// copyDir copies a folder as a crash at this moment would leave it.
func copyDir(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestReopened(t *testing.T) {
	dir, f := t.TempDir(), newFeed(1, 40)
	for n := 0; n <= len(f); n += 4 {
		x := openLow(t, dir)
		if err := x.Damage(); err != nil {
			t.Fatal(err)
		}
		if got := position(t, x); n > 0 && got != int64(n-4) {
			t.Fatalf("position %d after a restart, want %d", got, n-4)
		}
		f.follow(t, x, n)
		f.check(t, x, n)
		closeIndex(t, x)
	}
}

func TestCrashLeavesWhatWasCommitted(t *testing.T) {
	dir, f := t.TempDir(), newFeed(2, 30)
	x := openLow(t, dir)
	committed := int64(0)
	for n := 1; n <= len(f); n++ {
		f.follow(t, x, n)
		after := openLow(t, copyDir(t, dir))
		if err := after.Damage(); err != nil {
			t.Fatal(err)
		}
		at := position(t, after)
		if at > int64(n) || at < committed {
			t.Fatalf("after a crash at %d the position is %d, and was %d before", n, at, committed)
		}
		committed = at
		f.follow(t, after, n)
		f.check(t, after, n)
		closeIndex(t, after)
	}
	if committed < int64(len(f))-8 {
		t.Errorf("only %d of %d batches were committed", committed, len(f))
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	x := openLow(t, dir)
	if _, err := open(dir, "model", indextest.Dim, low); !errors.Is(err, ErrInUse) {
		t.Errorf("a second Open: %v, want ErrInUse", err)
	}
	closeIndex(t, x)
	closeIndex(t, openLow(t, dir))
	if _, err := Open(dir, "model", maxDim+1); !errors.Is(err, embeddings.ErrMisconfigured) {
		t.Errorf("Open with too many dimensions: %v", err)
	}
}

func TestClosed(t *testing.T) {
	x := openLow(t, t.TempDir())
	closeIndex(t, x)
	_, searchErr := x.Search(t.Context(), retrieval.Query{Workspace: shop})
	_, positionErr := x.Position(t.Context(), shop)
	for what, err := range map[string]error{
		"Search": searchErr, "Position": positionErr, "Replace": x.Replace(t.Context(), shop, nil),
		"SetPosition": x.SetPosition(t.Context(), shop, 1), "Drop": x.Drop(t.Context(), shop),
	} {
		if !errors.Is(err, errClosed) {
			t.Errorf("%s after Close: %v", what, err)
		}
	}
}

func TestDropped(t *testing.T) {
	dir, f := t.TempDir(), newFeed(5, 10)
	x := openLow(t, dir)
	f.follow(t, x, len(f))
	if err := x.Drop(t.Context(), shop); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*", "*")); err != nil || len(left) != 0 {
		t.Errorf("Drop left %v, %v", left, err)
	}
	f.follow(t, x, len(f))
	closeIndex(t, x)
	x = openLow(t, dir)
	f.check(t, x, len(f))
}

func TestDiskFull(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("no device that is always full here")
	}
	dir, f := t.TempDir(), newFeed(6, 40)
	x := openLow(t, dir)
	f.follow(t, x, 20)
	s, err := x.shard(shop, false)
	if err != nil {
		t.Fatal(err)
	}
	for n, name := range map[int]string{30: fmt.Sprintf("%08d%s", s.files.next+1, segmentSuffix), 40: manifestName + ".new"} {
		if err := os.Symlink(full, filepath.Join(s.files.dir, name)); err != nil {
			t.Fatalf("%d: %v", n, err)
		}
	}
	failed := 0
	for seq := position(t, x); seq < int64(len(f)); seq++ {
		err := errors.Join(x.Replace(t.Context(), shop, f[seq]), x.SetPosition(t.Context(), shop, seq+1))
		if err != nil {
			failed++
			if !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("a full disk is reported as %v", err)
			}
		}
		f.check(t, x, int(seq)+1)
		if seq%4 == 0 {
			after := openLow(t, copyDirWithoutLinks(t, dir))
			f.follow(t, after, int(seq)+1)
			f.check(t, after, int(seq)+1)
		}
	}
	if failed < 2 {
		t.Errorf("a full disk was reported %d times, want for the segment and the manifest", failed)
	}
	closeIndex(t, x)
	x = openLow(t, dir)
	if err := x.Damage(); err != nil {
		t.Error(err)
	}
	f.check(t, x, len(f))
}

// copyDirWithoutLinks is copyDir without the links to the full device.
func copyDirWithoutLinks(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		return errors.Join(err, os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o700), os.WriteFile(filepath.Join(to, name), b, 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func TestSearchBesideMerges(t *testing.T) {
	dir, f := t.TempDir(), newFeed(7, 40)
	x := openLow(t, dir)
	m := indextest.NewMaker(7, indextest.Dim)
	queries := make([]retrieval.Query, 20)
	for i := range queries {
		queries[i] = m.Query()
		queries[i].Workspace = shop
	}
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				if _, err := x.Search(t.Context(), queries[i%len(queries)]); err != nil && !errors.Is(err, errClosed) {
					t.Error(err)
				}
			}
		})
	}
	f.follow(t, x, len(f))
	f.check(t, x, len(f))
	closeIndex(t, x) // with searches under way
	close(done)
	wg.Wait()
}
