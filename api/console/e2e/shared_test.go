package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// shared is what all tests use: the programs are built once, and there is one
// browser, in which each test has a window with cookies of its own.
var shared = newHouse()

// A house holds what is made when it is first asked for and taken down when the
// tests are over.
type house struct {
	folder      func() (string, error)
	screenshots func() (string, error) // these stay

	mu      sync.Mutex
	built   map[string]string
	browser context.Context
	kill    context.CancelFunc // of the browser
}

func newHouse() *house {
	return &house{
		folder: sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "whetstone-e2e-") }),
		screenshots: sync.OnceValues(func() (string, error) {
			dir := os.Getenv("WHETSTONE_SCREENSHOTS")
			if dir != "" {
				return dir, os.MkdirAll(dir, 0o755)
			}
			dir, err := os.MkdirTemp("", "whetstone-screenshots-")
			fmt.Println("screenshots are in", dir)
			return dir, err
		}),
		built: make(map[string]string),
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// close ends the browser and removes what was built.
func (h *house) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.browser != nil && h.browser.Err() == nil {
		ctx, stop := context.WithTimeout(h.browser, patience)
		defer stop()
		if err := chromedp.Cancel(ctx); err != nil {
			return fmt.Errorf("closing the browser: %w", err)
		}
	}
	dir, err := h.folder()
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// build makes a program of a package in a folder, once, and returns its path.
func (h *house) build(t *testing.T, folder, pkg string) string {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if path, ok := h.built[folder]; ok {
		return path
	}
	dir, err := h.folder()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("program-%d", len(h.built)))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, pkg)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	h.built[folder] = path
	return path
}

// chromium returns the browser's context, which windows are made from.
func (h *house) chromium(t *testing.T) context.Context {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.browser != nil && h.browser.Err() == nil { // one that has crashed fails one test
		return h.browser
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.WindowSize(1440, 900), chromedp.Flag("lang", "en-GB"), chromedp.Flag("hide-scrollbars", true))
	alloc, end := chromedp.NewExecAllocator(context.Background(), options...)          // close ends it with its browser
	ctx, _ := chromedp.NewContext(alloc, chromedp.WithErrorf(func(string, ...any) {})) // it does not know every event of a newer Chromium
	late := time.AfterFunc(patience, end)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("browser: %v", err)
	}
	late.Stop()
	h.browser, h.kill = ctx, end
	return ctx
}

// control has the browser itself, and not a page, do something. One that does
// not answer is ended, and the next test has another.
func (h *house) control(t *testing.T, do func(ctx context.Context) error) error {
	t.Helper()
	ctx, stop := context.WithTimeout(h.chromium(t), patience)
	defer stop()
	err := do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	if errors.Is(err, context.DeadlineExceeded) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.kill()
	}
	return err
}
