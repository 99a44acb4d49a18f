package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// found waits until every one of the articles is the first source for its own
// word, and none stands in the way half-written.
func (p *process) found(ids ...int) {
	p.t.Helper()
	for _, n := range ids {
		until(p.t, fmt.Sprintf("article %d is found", n), func() bool { return p.finds(word(n)+" does not start", fmt.Sprintf("a%d", n)) })
		if r := p.ask(word(n) + " does not start, what to do?"); !strings.Contains(r.Answer.Text, "red button twice") {
			p.t.Errorf("article %d is there by half: %+v", n, r)
		}
	}
}

// sampleOf is some of the numbers below n.
func sampleOf(n int) []int {
	return []int{0, n / 3, n / 2, n - 1}
}

func TestABulkImportThatIsKilled(t *testing.T) {
	t.Parallel()
	env := newEnvironment(t)
	p := startServer(t, env)
	pr, pw := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/v1/articles/bulk", pr)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.key)
	req.Header.Set("Content-Type", "application/x-ndjson")
	sent := make(chan int)
	go func() { // until the server is gone
		n := 0
		for ; ; n++ {
			if _, err := io.WriteString(pw, lineOf(n)); err != nil {
				break
			}
		}
		sent <- n
	}()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	reports := bufio.NewScanner(resp.Body)
	for reports.Scan() {
		r := read[struct {
			ID, Status string
		}](t, reports.Bytes())
		if r.Status != "created" || r.ID != fmt.Sprintf("a%d", acknowledged) {
			t.Fatalf("line %d: %s", acknowledged, reports.Text())
		}
		if acknowledged++; acknowledged == 1000 {
			p.signal(os.Kill)
		}
	}
	_ = resp.Body.Close() // it broke off
	_ = pr.Close()        // never fails
	p.end()
	if n := <-sent; acknowledged < 1000 || acknowledged > n {
		t.Fatalf("%d lines were acknowledged of %d", acknowledged, n)
	}

	again := startServer(t, env)
	again.found(sampleOf(acknowledged)...)
	articles, after := 0, ""
	for {
		status, body := again.call(http.MethodGet, "/v1/articles?limit=200"+after, "")
		page := read[struct {
			Articles []struct{ Title, Body string }
			Next     string `json:"next_cursor"`
		}](t, body)
		if status != http.StatusOK {
			t.Fatalf("status %d: %s", status, body)
		}
		for _, a := range page.Articles {
			if a.Title == "" || a.Body == "" {
				t.Errorf("half an article: %+v", a)
			}
		}
		articles += len(page.Articles)
		if page.Next == "" {
			break
		}
		after = "&cursor=" + page.Next
	}
	if articles < acknowledged {
		t.Errorf("%d articles are there, and %d were acknowledged", articles, acknowledged)
	}
	again.stop()
}

// folder makes a folder with n articles in one file.
func folder(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		b.WriteString(lineOf(i))
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"articles.jsonl": b.String()})
	return dir
}

// stored is how many articles the workspace has.
func stored(t *testing.T, env environment) int {
	t.Helper()
	list := read[[]struct{ Articles int }](t, []byte(succeed(t, env, "workspace", "list", "--json")))
	if len(list) == 0 {
		return 0
	}
	return list[0].Articles
}

func TestAnImportThatIsKilled(t *testing.T) {
	t.Parallel()
	const all = 6000
	env, dir := newEnvironment(t), folder(t, all)
	p := begin(t, env, "import", dir)
	until(t, "a part is stored", func() bool {
		info, err := os.Stat(filepath.Join(env.data(), "whetstone.db-wal"))
		return err == nil && info.Size() > 1<<20
	})
	p.kill()
	n := stored(t, env)
	if n == 0 || n%writeAtOnce != 0 && n != all {
		t.Errorf("%d articles are stored: not whole transactions of %d", n, writeAtOnce)
	}
	server := startServer(t, env)
	server.found(sampleOf(n)...)
	server.stop()
	again := read[importReport](t, []byte(succeed(t, env, "import", dir, "--json")))
	if again.Unchanged != n || again.Created != all-n {
		t.Errorf("the import took up at %d and reports %+v", n, again)
	}
	server = startServer(t, env)
	server.found(sampleOf(all)...)
	server.stop()
}

func TestAReindexThatIsInterrupted(t *testing.T) {
	t.Parallel()
	const all = 4000
	env, dir := newEnvironment(t), folder(t, all)
	succeed(t, env, "import", dir)
	index := filepath.Join(env.data(), "index")
	before := filesIn(index)
	p := begin(t, env, "reindex", "--all")
	until(t, "the index is being built again", func() bool { return filesIn(index) != before })
	p.signal(os.Interrupt)
	switch code := p.end(); {
	case code == 0: // it was faster
	case code != 130 || !strings.Contains(p.err.String(), "stopped"):
		t.Errorf("Ctrl-C ends reindex with status %d: %s", code, p.err.String())
	}
	succeed(t, env, "reindex")
	server := startServer(t, env)
	server.found(sampleOf(all)...)
	server.stop()
	got := read[struct{ Passages int }](t, []byte(succeed(t, env, "reindex", "--all", "--json")))
	if got.Passages != all {
		t.Errorf("%d passages are indexed again, want %d", got.Passages, all)
	}
	got = read[struct{ Passages int }](t, []byte(succeed(t, env, "reindex", "--json")))
	if got.Passages != 0 {
		t.Errorf("%d passages are indexed again where nothing has changed", got.Passages)
	}
}

// filesIn counts the files below a folder.
func filesIn(dir string) (n int) {
	_ = filepath.WalkDir(dir, func(string, os.DirEntry, error) error { // files come and go
		n++
		return nil
	})
	return n
}
