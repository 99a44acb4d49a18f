package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts the program on the path twice: whetstone, built as it is
// released, and the test binary itself under the name of checked, with the race
// detector if the tests have it.
func TestMain(m *testing.M) {
	testscript.Main(built{m}, map[string]func(){checked: main})
}

// checked is what servers run as: that is where goroutines meet. Commands run
// as what is released, which starts several times as fast.
const checked = "whetstone-checked"

// built are tests that need the program.
type built struct{ *testing.M }

// Run builds the program and runs the tests.
func (b built) Run() int {
	dir, err := os.MkdirTemp("", "whetstone-built-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left is in the system's temporary folder
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "whetstone"), ".")
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	if err := os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH")); err != nil {
		panic(err)
	}
	return b.M.Run()
}

// patienceOfTests is how long a test waits for what must come. It is only
// waited out by a test that fails.
const patienceOfTests = time.Minute

// shorter is how much of its full measure a test does: less where the race
// detector slows it down, since make test also runs it without.
func shorter(full, short int) int {
	if testing.Short() {
		return short
	}
	return full
}

// until waits for something to come true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patienceOfTests); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// An environment is that of the processes of one test.
type environment []string

// newEnvironment has its own data folder and takes nothing from outside.
func newEnvironment(t *testing.T, more ...string) environment {
	dir := t.TempDir()
	return append(environment{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + t.TempDir(), "WHETSTONE_CONFIG=" + os.DevNull,
		"WHETSTONE_DATA=" + filepath.Join(dir, "data"), "WHETSTONE_ADDR=127.0.0.1:0", "WHETSTONE_LOG=warn",
	}, more...)
}

// with is e with settings laid over.
func (e environment) with(more ...string) environment {
	return append(append(environment(nil), e...), more...)
}

// data is the data folder.
func (e environment) data() (dir string) {
	for _, v := range e {
		if rest, ok := strings.CutPrefix(v, "WHETSTONE_DATA="); ok {
			dir = rest
		}
	}
	return dir
}

// A screen is what a process prints, while it prints.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A process is a whetstone that a test started.
type process struct {
	t        *testing.T
	cmd      *exec.Cmd
	out, err screen
	ended    chan struct{}
	env      environment
	url, key string // of a server
}

// begin starts a command; it is killed if it outlives the test.
func begin(t *testing.T, env environment, args ...string) *process {
	t.Helper()
	name := "whetstone"
	if args[0] == "serve" || args[0] == "demo" {
		name = checked
	}
	p := &process{t: t, cmd: exec.Command(name, args...), ended: make(chan struct{}), env: env}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr, p.cmd.Dir = env, &p.out, &p.err, t.TempDir()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // its status is read from ProcessState
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it has most often ended by itself
		<-p.ended
		if strings.Contains(p.err.String(), "DATA RACE") {
			t.Error(p.err.String())
		}
		if t.Failed() && p.err.String() != "" {
			t.Logf("whetstone %s said:\n%s", strings.Join(args, " "), p.err.String())
		}
	})
	return p
}

// end waits until the process has ended and returns its exit status, -1 if it
// was killed.
func (p *process) end() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patienceOfTests):
		p.t.Fatalf("%v does not end", p.cmd.Args)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// stop ends a server the way a service manager does.
func (p *process) stop() {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		p.t.Errorf("the server ended with status %d", code)
	}
}

func (p *process) kill() {
	p.t.Helper()
	p.signal(syscall.SIGKILL)
	p.end()
}

// command runs a command to its end and returns what it printed.
func command(t *testing.T, env environment, args ...string) (out, errs string, code int) {
	t.Helper()
	p := begin(t, env, args...)
	code = p.end()
	return p.out.String(), p.err.String(), code
}

// succeed is command for one that must succeed.
func succeed(t *testing.T, env environment, args ...string) string {
	t.Helper()
	out, errs, code := command(t, env, args...)
	if code != 0 {
		t.Fatalf("whetstone %s: status %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out
}

// fail is command for one that must fail with a sentence that has these parts.
func fail(t *testing.T, env environment, args []string, want ...string) {
	t.Helper()
	_, errs, code := command(t, env, args...)
	if code != 1 {
		t.Errorf("whetstone %s: status %d, want 1\n%s", strings.Join(args, " "), code, errs)
	}
	for _, part := range want {
		if !strings.Contains(errs, part) {
			t.Errorf("whetstone %s says\n%s\nwithout %q", strings.Join(args, " "), errs, part)
		}
	}
	if strings.Contains(errs, "panic") || strings.Contains(errs, "goroutine ") {
		t.Errorf("whetstone %s breaks off:\n%s", strings.Join(args, " "), errs)
	}
}

var (
	demoURL  = regexp.MustCompile(`(?m)^WHETSTONE_URL=(\S+)$`)
	demoKey  = regexp.MustCompile(`(?m)^WHETSTONE_KEY=(\S+)$`)
	serveURL = regexp.MustCompile(`serves (http://[^\s,]+),`)
)

// startDemo starts a demo and waits until it is ready.
func startDemo(t *testing.T, env environment, flags ...string) *process {
	t.Helper()
	p := begin(t, env, append([]string{"demo", "--print-env"}, flags...)...)
	p.comesUp(&p.out, demoURL)
	p.key = demoKey.FindStringSubmatch(p.out.String())[1]
	return p
}

// startServer starts a server and waits until it is ready. Its key is that of
// an administrator.
func startServer(t *testing.T, env environment) *process {
	t.Helper()
	p := begin(t, env, "serve")
	p.comesUp(&p.err, serveURL)
	p.key = strings.TrimSpace(succeed(t, env, "key", "add"))
	return p
}

func (p *process) comesUp(on *screen, line *regexp.Regexp) {
	p.t.Helper()
	until(p.t, "the server is ready", func() bool {
		select {
		case <-p.ended:
			p.t.Fatalf("the server ended: %s", p.err.String())
		default:
		}
		m := line.FindStringSubmatch(on.String())
		if m == nil || !strings.HasSuffix(on.String(), "\n") {
			return false
		}
		p.url = m[1]
		status, _ := p.call(http.MethodGet, "/readyz", "")
		return status == http.StatusOK
	})
}

// call makes a request and returns the status and the body; 0 if the server is
// away.
func (p *process) call(method, path, body string) (int, []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), patienceOfTests)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Error(err)
		return 0, nil
	}
	req.Header.Set("Authorization", "Bearer "+p.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	return resp.StatusCode, b
}

// A reply is what these tests read of a suggestion.
type reply struct {
	Decision      string
	AbstainReason string `json:"abstain_reason"`
	Answer        struct {
		Text, Method, Notice string
		Citations            []struct {
			SourceID string `json:"source_id"`
		}
	}
	Sources []struct {
		ID, Title string
		Signals   map[string]float64
	}
}

func (r *reply) first() string {
	if len(r.Sources) == 0 {
		return ""
	}
	return r.Sources[0].ID
}

// ask asks a question.
func (p *process) ask(text string) reply {
	p.t.Helper()
	status, body := p.call(http.MethodPost, "/v1/suggestions", asJSON(p.t, map[string]string{"text": text}))
	if status != http.StatusCreated {
		p.t.Fatalf("suggestion for %q: status %d: %s", text, status, body)
	}
	return read[reply](p.t, body)
}

// finds reports whether the document is the first source for a question.
func (p *process) finds(text, id string) bool {
	status, body := p.call(http.MethodPost, "/v1/search", asJSON(p.t, map[string]string{"text": text}))
	if status != http.StatusOK {
		return false
	}
	r := read[reply](p.t, body)
	return r.first() == id
}

// put writes an article and fails the test if that is refused.
func (p *process) put(id, title, text string) {
	p.t.Helper()
	status, body := p.call(http.MethodPut, "/v1/articles/"+id, asJSON(p.t, map[string]string{"title": title, "body": text}))
	if status != http.StatusOK && status != http.StatusCreated {
		p.t.Fatalf("put article %s: status %d: %s", id, status, body)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func read[T any](t *testing.T, b []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %.300s", err, b)
	}
	return v
}

// write makes files below a folder.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600))
		if err != nil {
			t.Fatal(err)
		}
	}
}

// word is a made-up word that no other number has: what a test can search for.
func word(n int) string {
	const syllables = "bakelomidurosatinezuvoripa"
	out := "q"
	for range 5 {
		k := 2 * (n % (len(syllables) / 2))
		out, n = out+syllables[k:k+2], n/(len(syllables)/2)
	}
	return out
}

// lineOf is an article of a bulk request.
func lineOf(n int) string {
	return fmt.Sprintf(`{"id":"a%d","title":"About %s","body":"What to do when %s does not start: press the red button twice."}`+"\n", n, word(n), word(n))
}
