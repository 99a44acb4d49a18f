package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// interrupted is a generator that has something happen after its first piece,
// and goes on until it is stopped.
type interrupted struct{ by func() }

func (i *interrupted) Generate(ctx context.Context, _ retrieval.Request, emit func(string)) (retrieval.Answer, error) {
	if emit == nil {
		return retrieval.Answer{}, context.Canceled
	}
	emit("Отправьте ")
	i.by()
	emit("чайник ")
	<-ctx.Done()
	return retrieval.Answer{}, ctx.Err()
}

// doubting is a generator that writes a sentence which no source supports
// between two that one does.
type doubting struct{}

func (doubting) Generate(_ context.Context, r retrieval.Request, emit func(string)) (retrieval.Answer, error) {
	emit("Отправьте чайник.")
	if r.Doubt != nil {
		r.Doubt(" Подарим ваучер.")
	}
	emit(" Всего доброго!")
	return retrieval.Answer{
		Text: "Отправьте чайник. Подарим ваучер. Всего доброго!", Method: "model:m", Unproven: []retrieval.Span{{Start: 18, End: 33}},
		Citations: []retrieval.Citation{{Marker: 1, SourceID: r.Evidence[0].Source.ID, End: 17, To: 1}},
	}, nil
}

// Who puts the pieces of text together never has a sentence that nothing
// supports; it comes apart, in its place.
func TestWhatNoSourceSupportsComesApartInItsPlace(t *testing.T) {
	x := install(t, func(s *api.Server) { s.Answerer.Generator = doubting{} })
	x.stock()
	var got []string
	r := x.send(x.admin, "POST", "/v1/suggestions", `{"text":"Как вернуть чайник?"}`, "Accept", "text/event-stream").want(201)
	for _, e := range r.events(t) {
		switch e.name {
		case "text", "unproven":
			got = append(got, e.name+e.data)
		default:
			got = append(got, e.name)
		}
	}
	want := []string{"sources", `text{"text":"Отправьте чайник."}`, `unproven{"text":" Подарим ваучер."}`, `text{"text":" Всего доброго!"}`, "suggestion"}
	if !slices.Equal(got, want) {
		t.Errorf("the events are %q, want %q", got, want)
	}
}

// A stream that is open when its reader may no longer read ends there, says why,
// and leaves nothing behind; the model is asked for no more.
func TestAStreamEndsWithTheSessionThatAskedForIt(t *testing.T) {
	until := new(interrupted)
	x := install(t, func(s *api.Server) { s.Answerer.Generator = until })
	x.stock()
	for name, end := range map[string]func(b *browser, id string){
		"signed out":    func(b *browser, _ string) { b.send("DELETE", "/v1/session", "").want(204) },
		"shut out":      func(_ *browser, id string) { x.send(x.admin, "PATCH", "/v1/people/"+id, `{"active":false}`).want(200) },
		"another role":  func(_ *browser, id string) { x.send(x.admin, "PATCH", "/v1/people/"+id, `{"role":"lead"}`).want(200) },
		"a reset":       func(_ *browser, id string) { x.send(x.admin, "POST", "/v1/people/"+id+"/reset", "").want(200) },
		"an erased key": nil,
	} {
		email := strings.ReplaceAll(name, " ", "-") + "@acme.test"
		const body = `{"text":"Как вернуть чайник?"}`
		var r reply
		if end == nil {
			secret := x.key("acme", auth.Helpdesk)
			id, _, _ := strings.Cut(secret, ".")
			until.by = func() { x.send(x.admin, "DELETE", "/v1/keys/"+id, "").want(204) }
			r = x.send(secret, "POST", "/v1/suggestions", body, "Accept", "text/event-stream", "Idempotency-Key", name)
		} else {
			who := x.person(email, auth.Operator)
			b := x.browser(email)
			until.by = func() { end(b, who.ID) }
			r = b.send("POST", "/v1/suggestions", body, "Accept", "text/event-stream", "Idempotency-Key", name)
		}
		r.want(201)
		events := r.events(t)
		if len(events) != 3 || events[1].name != "text" || events[2].name != "problem" || !strings.Contains(events[2].data, `"status":401`) {
			t.Errorf("%s: %v", name, events)
		}
	}
	var kept int64
	if err := x.db.Model(new(retrieval.Suggestion)).Count(&kept).Error; err != nil || kept != 0 {
		t.Errorf("%d suggestions are kept: %v", kept, err)
	}
}

// Of an import what was stored stays, and no more comes: here the session is too
// old after some looks at the clock.
func TestAnImportEndsWithTheSessionOfWhoImports(t *testing.T) {
	db := sqldbtest.SQLite(t)
	var looks atomic.Int64
	looks.Store(1 << 40)
	clock := func() time.Time {
		if looks.Add(-1) < 0 {
			return time.Now().Add(auth.SessionLife)
		}
		return time.Now()
	}
	x := installOn(t, db, func(s *api.Server) { s.People = auth.NewPeople(db, clock) })
	x.person("ed@acme.test", auth.Editor)
	b := x.browser("ed@acme.test")
	var file strings.Builder
	for i := range 500 {
		fmt.Fprintf(&file, `{"id":"doc-%d","title":"Kettle %d","body":"Kettle %d holds %d litres."}`+"\n", i, i, i, i)
	}
	looks.Store(4)
	r := b.send("POST", "/v1/import?name=many.jsonl", file.String(), "Content-Type", "application/octet-stream", "Accept", "text/event-stream").want(200)
	events := r.events(t)
	if last := events[len(events)-1]; len(events) < 2 || events[0].name != "progress" || last.name != "problem" || !strings.Contains(last.data, `"status":401`) {
		t.Errorf("%d events, the last %s %.200s", len(events), last.name, last.data)
	}
	x.send(x.admin, "GET", "/v1/articles/doc-0", "").want(200)
	x.send(x.admin, "GET", "/v1/articles/doc-499", "").want(404)
}

// Whoever chooses another password is known in the browser where they did.
func TestANewPasswordKeepsTheBrowserKnown(t *testing.T) {
	x := install(t)
	x.person("anna@acme.test", auth.Admin)
	const before, after, wrong = `{"email":"anna@acme.test","password":"` + passphrase + `"}`, `{"email":"anna@acme.test","password":"another few words"}`, `{"email":"anna@acme.test","password":"wrong password"}`
	in := x.send("", "POST", "/v1/session", before).want(200)
	old := cookieOf(t, in.header, "whetstone_known").Value
	b := x.browserOf(in)
	if r := b.send("PATCH", "/v1/session", `{"name":"Anna"}`).want(200); r.header.Get("Set-Cookie") != "" {
		t.Errorf("another name sets %q", r.header.Get("Set-Cookie"))
	}
	r := b.send("PATCH", "/v1/session", `{"password":{"current":"`+passphrase+`","new":"another few words"}}`).want(200)
	known := cookieOf(t, r.header, "whetstone_known")
	if !known.HttpOnly || known.Path != "/v1/session" || known.Value == old {
		t.Errorf("the cookie is %s", known)
	}
	for range 5 {
		x.send("", "POST", "/v1/session", wrong).want(401)
	}
	x.send("", "POST", "/v1/session", after, "Cookie", "whetstone_known="+old).want(429) // elsewhere, where the old one is kept
	x.send("", "POST", "/v1/session", after, "Cookie", "whetstone_known="+known.Value).want(200)
	if r := b.send("PATCH", "/v1/session", `{"password":{"current":"wrong password","new":"yet another few words"}}`); r.status == 200 || r.header.Get("Set-Cookie") != "" {
		t.Errorf("a wrong password: %d, %q", r.status, r.header.Get("Set-Cookie"))
	}
}
