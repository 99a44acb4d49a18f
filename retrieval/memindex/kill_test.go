package memindex

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// killedDir names, for the process that TestKilled starts, the folder to work
// in.
const killedDir = "MEMINDEX_TEST_KILLED"

// TestWriterToBeKilled is the process that TestKilled kills.
func TestWriterToBeKilled(t *testing.T) {
	dir := os.Getenv(killedDir)
	if dir == "" {
		t.Skip("started by TestKilled alone")
	}
	x, f := openLow(t, dir), newFeed(9, 400)
	for n := int(position(t, x)) + 1; n <= len(f); n++ {
		f.follow(t, x, n)
		if _, err := fmt.Printf("applied %d\n", n); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKilled kills a process that writes, again and again, and looks at what
// it left.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir, f := t.TempDir(), newFeed(9, 400)
	at := int64(0)
	for round := range 5 {
		applied := killAfter(t, dir, 12+7*round)
		x := openLow(t, dir)
		if err := x.Damage(); err != nil {
			t.Fatal(err)
		}
		next := position(t, x)
		// What was in flight when the process died may have come through.
		if next < at || next > applied+2 {
			t.Fatalf("killed after %d the position is %d, and was %d before", applied, next, at)
		}
		at = next
		f.follow(t, x, int(at)+3)
		f.check(t, x, int(at)+3)
		// Closed by the next round's death: only what is on disk counts.
		for _, s := range x.shards {
			s.changed = false
		}
		closeIndex(t, x)
	}
	if at == 0 {
		t.Error("nothing was ever committed")
	}
}

// killAfter starts a writer, kills it once it has reported so many batches and
// returns the last it reported.
func killAfter(t *testing.T, dir string, batches int) (applied int64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWriterToBeKilled$", "-test.v")
	cmd.Env = append(os.Environ(), killedDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		n, ok := appliedLine(lines.Text())
		if !ok {
			continue
		}
		applied = n
		if batches--; batches <= 0 && !killed {
			killed = true
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || !killed {
		t.Errorf("the writer ended by itself after %d batches: %v", applied, err)
	}
	return applied
}

func appliedLine(line string) (int64, bool) {
	const head = "applied "
	if len(line) <= len(head) || line[:len(head)] != head {
		return 0, false
	}
	n, err := strconv.ParseInt(line[len(head):], 10, 64)
	return n, err == nil
}
