package openai

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
)

const (
	breakAfter = 3                // failures in a row; fewer may be a hiccup
	breakFor   = 5 * time.Second  // the first break; each further one is twice as long
	breakMost  = 60 * time.Second // no server is forgotten for longer
)

// An outcome says what a call taught about the server.
type outcome int

const (
	unknown  outcome = iota // the caller left before the server could answer
	answered                // it is alive, whatever it said
	failed
)

// outcomeOf judges a call from its failure and the error of its ended context.
func outcomeOf(f *failure, ended error) outcome {
	switch {
	case errors.Is(ended, context.DeadlineExceeded):
		return failed // too slow for whoever waited, and as bad as none
	case ended != nil:
		return unknown
	case f != nil && errors.Is(f.kind, embeddings.ErrUnavailable):
		return failed
	}
	return answered
}

// A breaker keeps callers from waiting for a dead server. After some failures
// in a row it lets nobody in for a while, then one caller to find out.
type breaker struct {
	now func() time.Time

	mu      sync.Mutex
	fails   int
	until   time.Time
	probing bool
}

// enter reports whether the server may be called, and if not, how long it will
// be left alone. Whoever enters must leave.
func (b *breaker) enter() (time.Duration, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until.IsZero() {
		return 0, true
	}
	if wait := b.until.Sub(b.now()); wait > 0 || b.probing {
		return max(wait, time.Second), false
	}
	b.probing = true
	return 0, true
}

// leave records how a call ended. The server may have asked for a pause.
func (b *breaker) leave(o outcome, pause time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
	switch o {
	case answered:
		b.fails, b.until = 0, time.Time{}
	case failed:
		b.fails++
		if over := b.fails - breakAfter; over >= 0 {
			pause = max(pause, breakFor<<min(over, 8))
		}
		if pause > 0 {
			b.until = b.now().Add(min(pause, breakMost))
		}
	}
}
