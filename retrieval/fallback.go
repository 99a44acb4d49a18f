package retrieval

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A Fallback is a Generator that answers with Primary and, where that fails or
// takes too long, with Backup. The answer's Notice then says so. Set its fields
// before first use.
//
// An abstention of Primary is its answer and not a failure. A model that fails
// in the middle has emitted sentences that were checked, and they stay true;
// but they may be half of an advice, so Backup's whole answer is returned and
// takes their place. It is not emitted then: whoever shows what is emitted ends
// by showing the Answer.
type Fallback struct {
	Primary Generator
	Backup  Generator     // must be quick: it begins when Limit has passed
	Limit   time.Duration // what Primary may take; less where the caller's deadline is near
	Report  func(error)   // is told why Primary was passed over; nil: nobody is
}

// errSlow is why the context given to Primary ends.
var errSlow = fmt.Errorf("%w: no answer within the time limit", embeddings.ErrUnavailable)

// Generate implements Generator.
func (f Fallback) Generate(ctx context.Context, r Request, emit func(string)) (Answer, error) {
	answer, emitted, err := f.primary(ctx, r, emit)
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		return Answer{}, ctx.Err()
	}
	if f.Report != nil {
		f.Report(err)
	}
	if emitted {
		emit = nil
	}
	r.Doubt = nil // Backup quotes
	answer, backupErr := f.Backup.Generate(ctx, r, emit)
	if backupErr != nil {
		return Answer{}, backupErr
	}
	if answer.Notice != "" {
		answer.Notice += " "
	}
	answer.Notice += fallbackNotice(err, r.Language)
	return answer, nil
}

// primary asks Primary and waits no longer than may be, even if Primary does
// not notice that its time is up. It reports whether anything was emitted;
// when it has returned, nothing more is.
func (f Fallback) primary(ctx context.Context, r Request, emit func(string)) (Answer, bool, error) {
	limit := f.Limit
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)*9/10) // the rest is for Backup
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errSlow)
	defer cancel()

	type outcome struct {
		answer Answer
		err    error
	}
	done := make(chan outcome, 1)
	g := new(gate)
	emit, r.Doubt = g.before(emit), g.before(r.Doubt)
	go func() {
		var o outcome
		defer func() {
			if fault := recover(); fault != nil {
				o.err = fmt.Errorf("retrieval: the generator panicked: %v", fault)
			}
			done <- o
		}()
		o.answer, o.err = f.Primary.Generate(ctx, r, emit)
	}()

	var o outcome
	select {
	case o = <-done:
	case <-ctx.Done():
		o.err = context.Cause(ctx)
	}
	emitted := g.close()
	if o.err != nil && errors.Is(context.Cause(ctx), errSlow) {
		o.err = errSlow // whatever it made of its context's end
	}
	return o.answer, emitted, o.err
}

// A gate lets emitted text through until it is closed.
type gate struct {
	mu      sync.Mutex
	closed  bool
	emitted bool
}

// before returns emit behind the gate; nil stays nil.
func (g *gate) before(emit func(string)) func(string) {
	if emit == nil {
		return nil
	}
	return func(text string) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.closed {
			return
		}
		g.emitted = true
		emit(text)
	}
}

// close reports whether anything has gone through.
func (g *gate) close() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return g.emitted
}

// fallbackNotice tells the operator, in the ticket's language where that is
// Russian, why the answer is not the model's.
func fallbackNotice(err error, language string) string {
	russian := language == "ru"
	switch {
	case errors.Is(err, errSlow) && russian:
		return "Сервер модели не ответил вовремя: ответ составлен из выдержек."
	case errors.Is(err, errSlow):
		return "The model server did not answer in time: this answer is made of quotations."
	case errors.Is(err, embeddings.ErrUnavailable) && russian:
		return "Сервер модели недоступен: ответ составлен из выдержек."
	case errors.Is(err, embeddings.ErrUnavailable):
		return "The model server is not available: this answer is made of quotations."
	case russian:
		return "Сервер модели настроен неверно или отвечает с ошибкой: ответ составлен из выдержек."
	}
	return "The model server is set up wrongly or answers with an error: this answer is made of quotations."
}
