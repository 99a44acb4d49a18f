package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings/openai/openaitest"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// Two servers share a PostgreSQL, each with an index of its own: what either
// writes both find.
func TestTwoServersOnPostgres(t *testing.T) {
	t.Parallel()
	dsn := sqldbtest.PostgresDSN(t)
	both := []string{"WHETSTONE_DATABASE=" + dsn}
	twoServers(t, newEnvironment(t, both...), newEnvironment(t, both...))
}

// Two servers share a PostgreSQL and a Qdrant: one fills the index, both
// search, and when the one that fills it is gone the other takes over.
func TestTwoServersOnPostgresAndQdrant(t *testing.T) {
	t.Parallel()
	dsn, qdrant := sqldbtest.PostgresDSN(t), startQdrant(t)
	both := []string{"WHETSTONE_DATABASE=" + dsn, "WHETSTONE_QDRANT_URL=" + qdrant, "WHETSTONE_QDRANT_PREFIX=test"}
	twoServers(t, newEnvironment(t, both...), newEnvironment(t, both...))

	// Another model, on one of two, while the other goes on with the old one.
	m := newModelServer(t, new(openaitest.Server))
	old := startServer(t, newEnvironment(t, both...))
	next := startServer(t, newEnvironment(t, append(both, m.embeds()...)...))
	was := dense(old)
	until(t, "the new vectors serve", func() bool { return dense(next) != was })
	next.put("plate", "Washing the plate", "Use sand.")
	for _, p := range []*process{old, next} {
		until(t, "both find what one has written", func() bool { return p.finds("washing the plate with sand", "plate") })
	}
	old.stop()
	next.stop()
}

// twoServers goes through what a demo does on two servers that share what they
// know.
func twoServers(t *testing.T, one, two environment) {
	t.Helper()
	a := startDemo(t, one)
	b := startServer(t, two)
	const question, source = "How do I return an item and get my money back?", "return-how-en"
	for _, p := range []*process{a, b} {
		if r := p.ask(question); r.Decision != "draft" || r.first() != source {
			t.Errorf("the reply is %+v", r)
		}
	}
	b.put("kettle", "Descaling the kettle", "Boil vinegar in it and rinse.")
	a.put("lamp", "Changing the bulb of the lamp", "Turn it to the left.")
	for text, id := range map[string]string{"descaling the kettle with vinegar": "kettle", "changing the bulb of the lamp": "lamp"} {
		for _, p := range []*process{a, b} {
			until(t, "both find what either wrote", func() bool { return p.finds(text, id) })
		}
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"cup.md": "# Washing the cup\n\nUse soap."})
	succeed(t, one.with("WHETSTONE_DATA="+t.TempDir()), "import", dir)
	a.stop()
	until(t, "the one that is left finds what was imported", func() bool { return b.finds("washing the cup with soap", "cup") })
	b.put("fork", "Polishing the fork", "Use chalk.")
	until(t, "and what is written to it", func() bool { return b.finds("polishing the fork", "fork") })
	b.stop()
}

// startQdrant returns the address of a Qdrant for tests, or skips the test.
func startQdrant(t *testing.T) string {
	t.Helper()
	if addr := os.Getenv("WHETSTONE_TEST_QDRANT"); addr != "" {
		return "http://" + addr
	}
	program, err := exec.LookPath("qdrant")
	if err != nil {
		t.Skip("SKIPPED: no Qdrant: put a qdrant program on the PATH, or set WHETSTONE_TEST_QDRANT to host:port")
	}
	dir, ports := t.TempDir(), [2]string{}
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ports[i] = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(context.Background(), program)
	cmd.Dir = dir
	cmd.Env = []string{
		"QDRANT__SERVICE__HOST=127.0.0.1", "QDRANT__SERVICE__HTTP_PORT=" + ports[0], "QDRANT__SERVICE__GRPC_PORT=" + ports[1],
		"QDRANT__STORAGE__STORAGE_PATH=" + filepath.Join(dir, "storage"), "QDRANT__STORAGE__SNAPSHOTS_PATH=" + filepath.Join(dir, "snapshots"),
		"QDRANT__TELEMETRY_DISABLED=true", "QDRANT__STORAGE__PERFORMANCE__MAX_SEARCH_THREADS=2",
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // nothing of it is kept
		_ = cmd.Wait()
	})
	until(t, "Qdrant listens", func() bool {
		c, err := net.Dial("tcp", "127.0.0.1:"+ports[1])
		if err != nil {
			return false
		}
		return c.Close() == nil
	})
	return "http://127.0.0.1:" + ports[1]
}
