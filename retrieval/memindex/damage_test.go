package memindex

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/retrieval/indextest"
)

func TestDamage(t *testing.T) {
	dir, f := t.TempDir(), newFeed(3, 16)
	x := openLow(t, dir)
	f.follow(t, x, len(f))
	closeIndex(t, x)
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) < 4 || filepath.Base(files[len(files)-1]) != manifestName {
		t.Fatalf("found %v, %v", files, err)
	}
	shard := filepath.Base(filepath.Dir(files[0]))
	// Two segments stand for all.
	for _, path := range append(files[:2:2], files[len(files)-1]) {
		name, size := filepath.Base(path), fileSize(t, path)
		does := func(what string, damage func(path string) error) {
			t.Run(name+" "+what, func(t *testing.T) {
				repairs(t, f, dir, func(dir string) error { return damage(filepath.Join(dir, shard, name)) })
			})
		}
		for _, n := range []int64{0, 7, size / 3, max(size-int64(footerSize), 1), size - 1} {
			does(fmt.Sprintf("cut to %d of %d bytes", n, size), func(path string) error { return os.Truncate(path, n) })
		}
		for i := range int64(7) {
			at := (size - 1) * i / 6
			does(fmt.Sprintf("changed at %d of %d", at, size), func(path string) error { return flip(path, at) })
		}
		does("swapped for another", func(path string) error {
			b, err := os.ReadFile(filepath.Join(filepath.Dir(path), filepath.Base(files[2])))
			return errors.Join(err, os.WriteFile(path, b, 0o600))
		})
		if name != manifestName {
			does("removed", os.Remove)
		}
	}
}

// repairs damages a copy of dir, which must be noticed and repaired by
// following the feed.
func repairs(t *testing.T, f feed, dir string, damage func(dir string) error) {
	dir = copyDir(t, dir)
	if err := damage(dir); err != nil {
		t.Fatal(err)
	}
	for _, again := range []bool{false, true} {
		x, err := open(dir, "model", indextest.Dim, limits{commitAt: 1000, fileAt: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Damage(); !errors.Is(err, errDamaged) && !again {
			t.Errorf("Damage is %v", err)
		}
		if p := position(t, x); p != 0 {
			t.Errorf("the position is %d, want 0", p)
		}
		if again {
			f.follow(t, x, len(f))
			f.check(t, x, len(f))
		}
		// Not to be written by Close: the process may crash here too.
		for _, s := range x.shards {
			s.changed = s.changed && again
		}
		closeIndex(t, x)
	}
	x := openLow(t, dir)
	if err := x.Damage(); err != nil {
		t.Errorf("after the repair: %v", err)
	}
	f.check(t, x, len(f))
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func flip(path string, at int64) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b[at] ^= 0x10
	return os.WriteFile(path, b, 0o600)
}

func TestMissingManifest(t *testing.T) {
	dir, f := t.TempDir(), newFeed(3, 10)
	x := openLow(t, dir)
	f.follow(t, x, len(f))
	closeIndex(t, x)
	manifests, err := filepath.Glob(filepath.Join(dir, "*", manifestName))
	if err != nil || len(manifests) != 1 {
		t.Fatal(manifests, err)
	}
	if err := os.Remove(manifests[0]); err != nil {
		t.Fatal(err)
	}
	x = openLow(t, dir)
	if p := position(t, x); p != 0 || x.Len(shop) != 0 {
		t.Errorf("position %d, %d passages, want none", p, x.Len(shop))
	}
	f.follow(t, x, len(f))
	f.check(t, x, len(f))
}

func TestAnotherModel(t *testing.T) {
	dir, f := t.TempDir(), newFeed(4, 5)
	x := openLow(t, dir)
	f.follow(t, x, len(f))
	closeIndex(t, x)
	for _, tt := range []struct {
		model string
		dim   int
	}{{"model", indextest.Dim + 1}, {"another", indextest.Dim}} {
		x, err := open(copyDir(t, dir), tt.model, tt.dim, low)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Damage(); err == nil || !strings.Contains(err.Error(), fmt.Sprint("with ", tt.dim)) {
			t.Errorf("Damage is %v", err)
		}
		if p := position(t, x); p != 0 || x.Len(shop) != 0 {
			t.Errorf("position %d, %d passages, want none", p, x.Len(shop))
		}
		closeIndex(t, x)
	}
}
