package retrieval

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// scripted is a Generator that emits, waits and ends as it is told.
type scripted struct {
	pieces []string      // one behind a ? is doubted
	each   time.Duration // before each piece
	deaf   bool          // does not notice that its context has ended
	answer Answer
	err    error
	panics bool
}

func (s scripted) Generate(ctx context.Context, r Request, emit func(string)) (Answer, error) {
	for _, piece := range s.pieces {
		heard := ctx.Done()
		if s.deaf {
			heard = nil
		}
		select {
		case <-time.After(s.each):
		case <-heard:
			return Answer{}, ctx.Err()
		}
		doubted, doubts := strings.CutPrefix(piece, "?")
		switch {
		case doubts && r.Doubt != nil:
			r.Doubt(doubted)
		case !doubts && emit != nil:
			emit(piece)
		}
	}
	if s.panics {
		panic("fault")
	}
	return s.answer, s.err
}

func TestFallback(t *testing.T) {
	whole := Answer{Text: "a b", Method: "model:m"}
	extracted := Answer{Text: "x", Method: "extract"}
	backup := scripted{pieces: []string{"x"}, answer: extracted}
	for _, tt := range []struct {
		name    string
		primary scripted
		text    string // of the answer
		emitted string
		notice  string // a part of it
		took    time.Duration
	}{
		{"the model's answer", scripted{pieces: []string{"a", " b"}, each: time.Second, answer: whole}, "a b", "a b", "", 2 * time.Second},
		{"the model's abstention", scripted{answer: Answer{Abstain: NotGrounded}}, "", "", "", 0},
		{"a model that is down", scripted{err: embeddings.ErrUnavailable}, "x", "x", "not available", 0},
		{"a model with a bad key", scripted{err: embeddings.ErrMisconfigured}, "x", "x", "set up wrongly", 0},
		{"a slow model", scripted{pieces: []string{"a"}, each: time.Minute}, "x", "x", "in time", 5 * time.Second},
		{"a slow model that does not listen", scripted{pieces: []string{"a"}, each: time.Minute, deaf: true}, "x", "x", "in time", 5 * time.Second},
		{"a model that dies in the middle", scripted{pieces: []string{"a"}, err: embeddings.ErrUnavailable}, "x", "a", "not available", 0},
		{"a model too slow in the middle", scripted{pieces: []string{"a", "b", "c"}, each: 2 * time.Second, deaf: true}, "x", "ab", "in time", 5 * time.Second},
		{"a model that writes what no source supports", scripted{pieces: []string{"a", "?b", "c"}, answer: whole}, "a b", "a{b}c", "", 0},
		{"a model too slow before that", scripted{pieces: []string{"a", "b", "?c"}, each: 2 * time.Second, deaf: true}, "x", "ab", "in time", 5 * time.Second},
		{"a model that panics", scripted{panics: true}, "x", "x", "error", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var emitted strings.Builder
				var told error
				f := Fallback{Primary: tt.primary, Backup: backup, Limit: 5 * time.Second, Report: func(err error) { told = err }}
				start := time.Now()
				got, err := f.Generate(t.Context(), Request{Doubt: func(s string) { emitted.WriteString("{" + s + "}") }}, func(s string) { emitted.WriteString(s) })
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				time.Sleep(time.Hour) // let a deaf generator try to emit
				synctest.Wait()
				if got.Text != tt.text || emitted.String() != tt.emitted {
					t.Errorf("answer %q, emitted %q; want %q and %q", got.Text, emitted.String(), tt.text, tt.emitted)
				}
				if !strings.Contains(got.Notice, tt.notice) || (tt.notice == "") != (got.Notice == "") {
					t.Errorf("notice %q, want one with %q", got.Notice, tt.notice)
				}
				if (told != nil) != (tt.notice != "") {
					t.Errorf("reported %v, want a report with every notice", told)
				}
			})
		})
	}
}

func TestFallbackDeadline(t *testing.T) {
	slow := scripted{pieces: []string{"a"}, each: time.Minute}
	t.Run("the backup comes before the caller's own deadline", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			got, err := Fallback{Primary: slow, Backup: scripted{answer: Answer{Text: "x"}}, Limit: time.Hour}.Generate(ctx, Request{Language: "ru"}, nil)
			if err != nil || got.Text != "x" || !strings.Contains(got.Notice, "вовремя") {
				t.Errorf("answer %+v, error %v", got, err)
			}
		})
	})
	t.Run("a caller who leaves gets neither", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, err := Fallback{Primary: slow, Backup: scripted{answer: Answer{Text: "x"}}, Limit: time.Hour}.Generate(ctx, Request{}, nil)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want context.Canceled", err)
			}
		})
	})
	t.Run("a backup that fails is an error", func(t *testing.T) {
		broken := errors.New("broken")
		f := Fallback{Primary: scripted{err: embeddings.ErrUnavailable}, Backup: scripted{err: broken}, Limit: time.Hour}
		if _, err := f.Generate(t.Context(), Request{}, nil); !errors.Is(err, broken) {
			t.Errorf("error %v, want the backup's", err)
		}
	})
}
