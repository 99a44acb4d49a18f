package api_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestRepliesMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { sqldbtest.Matches(t, db, &api.Row{}) })
}

func TestOneOfManyClaimsAKey(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		for _, id := range []string{"acme", "other"} {
			if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
				t.Fatal(err)
			}
		}
		r := api.NewReplies(db)
		var claimed sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 8 {
			claimed.Go(func() {
				id, err := r.Begin(t.Context(), "acme", "k", []byte("body"))
				mu.Lock()
				defer mu.Unlock()
				if err == nil && id == "" {
					won++
				}
			})
		}
		claimed.Wait()
		if won != 1 {
			t.Errorf("%d claimed the key", won)
		}
		if _, err := r.Begin(t.Context(), "acme", "k", []byte("another")); err == nil || !strings.Contains(err.Error(), "another request") {
			t.Errorf("another body under the key: %v", err)
		}
		if id, err := r.Begin(t.Context(), "other", "k", []byte("another")); id != "" || err != nil {
			t.Errorf("another workspace's key: %q, %v", id, err)
		}
		// A request that failed gives its key up; one that was answered does not.
		if err := r.End(t.Context(), "acme", "k", ""); err != nil {
			t.Error(err)
		}
		if id, err := r.Begin(t.Context(), "acme", "k", []byte("body")); id != "" || err != nil {
			t.Errorf("a key given up: %q, %v", id, err)
		}
		if err := r.End(t.Context(), "acme", "k", "s-1"); err != nil {
			t.Error(err)
		}
		if id, err := r.Begin(t.Context(), "acme", "k", []byte("body")); id != "s-1" || err != nil {
			t.Errorf("a key that was answered: %q, %v", id, err)
		}
		// A request that was never answered does not block its key for ever.
		if err := db.Model(&api.Row{}).Where("workspace_id = ?", "other").Update("created_at", time.Now().UTC().Add(-time.Hour)).Error; err != nil {
			t.Fatal(err)
		}
		if id, err := r.Begin(t.Context(), "other", "k", []byte("another")); id != "" || err != nil {
			t.Errorf("an abandoned key: %q, %v", id, err)
		}
		if n, err := r.Forget(t.Context(), time.Now().Add(time.Minute)); n != 2 || err != nil {
			t.Errorf("forgot %d: %v", n, err)
		}
	})
}

func TestARequestSentTwiceIsAnsweredOnce(t *testing.T) {
	x := install(t)
	x.stock()
	body := `{"text":"Как вернуть чайник?"}`
	first := x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", "k-1").want(201)
	again := x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", "k-1").want(201)
	if first.header.Get("Idempotency-Replayed") != "" || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("Idempotency-Replayed is %q, then %q", first.header.Get("Idempotency-Replayed"), again.header.Get("Idempotency-Replayed"))
	}
	if string(first.body) != string(again.body) {
		t.Errorf("answered with\n%s\nand\n%s", first.body, again.body)
	}
	events, r := x.stream(body, "Idempotency-Key", "k-1")
	var s suggestion
	first.into(&s)
	if len(events) != 2 || events[0].name != "sources" || !strings.Contains(events[1].data, s.ID) || r.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("streamed again as %v", events)
	}
	x.send(x.admin, "POST", "/v1/suggestions", `{"text":"Другое"}`, "Idempotency-Key", "k-1").want(422).has("Idempotency-Key")
	// What was refused may be sent again.
	x.send(x.admin, "POST", "/v1/suggestions", `{"messages":[]}`, "Idempotency-Key", "k-2").want(422)
	x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", "k-2").want(201)
	x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", strings.Repeat("k", 201)).want(422)
	x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", "k\xff").want(400)
}

// held is a generator that waits until it is let go.
type held struct {
	entered, release chan struct{}
}

func (h held) Generate(ctx context.Context, r retrieval.Request, emit func(string)) (retrieval.Answer, error) {
	h.entered <- struct{}{}
	<-h.release
	return retrieval.Extract{}.Generate(ctx, r, emit)
}

func TestOneKeySentManyTimesAtOnceMakesOneSuggestion(t *testing.T) {
	h := held{make(chan struct{}, 8), make(chan struct{})}
	x := install(t, func(s *api.Server) { s.Answerer.Generator = h })
	x.stock()
	body := `{"text":"Как вернуть чайник?"}`
	var first reply
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		first = x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", "k")
	}()
	select {
	case <-h.entered:
	case <-answered:
		t.Fatalf("answered without the generator: %s", first.body)
	}
	for range 4 {
		x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", "k").want(409).has("in a moment")
	}
	close(h.release)
	<-answered
	first.want(201)
	x.send(x.admin, "POST", "/v1/suggestions", body, "Idempotency-Key", "k").want(201)
	var n int64
	if err := x.db.Table("suggestions").Count(&n).Error; err != nil || n != 1 {
		t.Errorf("%d suggestions: %v", n, err)
	}
}

// panicking is a generator with a fault in it.
type panicking struct{}

func (panicking) Generate(context.Context, retrieval.Request, func(string)) (retrieval.Answer, error) {
	panic(fmt.Sprint("index out of range ", 7))
}

func TestAPanicIsAProblemAndGivesTheKeyUp(t *testing.T) {
	x := install(t, func(s *api.Server) { s.Answerer.Generator = panicking{} })
	x.stock()
	for range 2 {
		x.send(x.admin, "POST", "/v1/suggestions", `{"text":"Как вернуть чайник?"}`, "Idempotency-Key", "k", "X-Request-Id", "r-1").
			want(500).hasNot("index out of range").has("r-1")
	}
	if log := x.log.String(); !strings.Contains(log, "index out of range 7") || !strings.Contains(log, "request=r-1") || strings.Contains(log, "чайник") {
		t.Errorf("log:\n%s", log)
	}
}
