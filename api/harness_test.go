package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// An installation is a whole small Whetstone that answers over HTTP.
type installation struct {
	t      *testing.T
	url    string
	db     *gorm.DB
	kb     *kb.DB
	keys   *auth.Keys
	people *auth.People
	store  *retrieval.Store
	log    *logged
	admin  string // a key of the workspace acme
	audits bool   // the server keeps who changed what
}

// logged is what the server has logged so far.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// install starts a server on an empty SQLite database with one workspace. The
// changes are made before it starts.
func install(t *testing.T, changes ...func(*api.Server)) *installation {
	return installOn(t, sqldbtest.SQLite(t), changes...)
}

func installOn(t *testing.T, db *gorm.DB, changes ...func(*api.Server)) *installation {
	t.Helper()
	x := &installation{t: t, db: db, kb: kb.New(db), keys: auth.NewKeys(db), people: auth.NewPeople(db, time.Now), log: new(logged)}
	if _, err := x.kb.Create(t.Context(), "acme", "Acme"); err != nil {
		t.Fatal(err)
	}
	x.admin = x.key("acme", auth.Admin)
	log := slog.New(slog.NewTextHandler(x.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	local := embeddings.Local{}
	index, err := memindex.Open("", local.Model(), local.Dim())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &retrieval.Follower{
		Indexer: &retrieval.Indexer{KB: x.kb, Embedder: local, Index: index}, KB: x.kb, Every: time.Hour, Log: log,
	}
	store := retrieval.NewStore(db)
	x.store = store
	s := &api.Server{
		KB: x.kb, Keys: x.keys, People: x.people, Audit: auth.NewAudit(db, time.Now), Store: store, Pilots: experiment.NewStore(db), Feedback: feedback.NewStore(db, time.Now), Replies: api.NewReplies(db), Log: log, Version: "test", MaxBody: 1 << 20,
		Answerer: &retrieval.Answerer{KB: x.kb, Store: store, Generator: retrieval.Extract{}, Log: log},
		Caught: func(ctx context.Context, workspace string, seq int64) bool {
			return f.Wait(ctx, workspace, seq, 20*time.Second)
		},
	}
	s.Answerer.Serve(retrieval.Space{Embedder: local, Index: index})
	x.digests(s)
	for _, change := range changes {
		change(s)
	}
	x.audits = s.Audit != nil
	// The follower stops before the database is closed.
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { f.Run(ctx) })
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		web.Close()
		stop()
		running.Wait()
	})
	x.url = web.URL
	return x
}

// digests has what is told judged, and made a case of, before the response.
func (x *installation) digests(s *api.Server) {
	s.Memory = &feedback.Memory{KB: x.kb, DB: x.db, Now: time.Now}
	d := &feedback.Digester{Store: s.Feedback, KB: x.kb, Log: s.Log, Memory: s.Memory}
	d.Search = func(ctx context.Context, workspace, text string) ([]retrieval.Cited, error) {
		found, err := s.Answerer.Search(ctx, retrieval.Ask{
			Workspace: workspace, Unlearned: true, Messages: []retrieval.Message{{Role: retrieval.Customer, Text: text}},
		})
		return found.Sources, err
	}
	var one sync.Mutex
	s.Told = func() {
		one.Lock()
		defer one.Unlock()
		if err := d.Catch(context.Background()); err != nil {
			x.t.Error(err)
		}
	}
}

func (x *installation) key(workspace string, role auth.Role) string {
	x.t.Helper()
	_, secret, err := x.keys.Issue(x.t.Context(), workspace, "test "+string(role), role)
	if err != nil {
		x.t.Fatal(err)
	}
	return secret
}

// A reply is a response read to its end.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// send makes a request with the headers given as name and value in turn.
func (x *installation) send(key, method, path, body string, headers ...string) reply {
	x.t.Helper()
	req, err := http.NewRequestWithContext(x.t.Context(), method, x.url+path, strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		x.t.Fatal(err)
	}
	defer func() {
		if err := resp.Body.Close(); err != nil {
			x.t.Error(err)
		}
	}()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	r := reply{x.t, resp.StatusCode, resp.Header, got}
	if r.status >= 400 && method != http.MethodHead {
		r.isProblem()
	}
	if r.header.Get("X-Request-Id") == "" {
		x.t.Errorf("%s %s: no X-Request-Id", method, path)
	}
	x.audited(method, path, r)
	return r
}

// isProblem checks what holds for every error.
func (r reply) isProblem() {
	r.t.Helper()
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("status %d with Content-Type %q: %s", r.status, got, r.body)
	}
	var p struct {
		Title, Detail string
		Status        int
	}
	if err := json.Unmarshal(r.body, &p); err != nil || p.Title == "" || p.Detail == "" || p.Status != r.status {
		r.t.Errorf("status %d is no whole problem (%v): %s", r.status, err, r.body)
	}
}

func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("got %d, want %d: %s", r.status, status, r.body)
	}
	return r
}

// has checks that the body says text.
func (r reply) has(text string) reply {
	r.t.Helper()
	if !bytes.Contains(r.body, []byte(text)) {
		r.t.Errorf("%q is not in %s", text, r.body)
	}
	return r
}

func (r reply) hasNot(text string) reply {
	r.t.Helper()
	if bytes.Contains(r.body, []byte(text)) {
		r.t.Errorf("%q is in %s", text, r.body)
	}
	return r
}

// into decodes the body and fails on anything that v does not know.
func (r reply) into(v any) reply {
	r.t.Helper()
	dec := json.NewDecoder(bytes.NewReader(r.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		r.t.Fatalf("%v: %s", err, r.body)
	}
	return r
}

// A document is an article or a case as the API shows it.
type document struct {
	ID, Title, Locale, Product, Region, Body, Problem, Resolution, Audience, URL, Status, Author, Origin string

	Tags       []string
	Revision   int64
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
	ResolvedAt *time.Time `json:"resolved_at"`
}

type source struct {
	ID, Kind, Title, URL, Locale, Audience, Heading, Quote string

	Revision   int64
	Start, End int
	Score      float64
	Signals    map[string]float64
	Resolved   string `json:"resolved_with"`
}

type suggestion struct {
	ID            string
	TicketID      string `json:"ticket_id"`
	Decision      string
	AbstainReason *string `json:"abstain_reason"`
	Confidence    float64
	Language      string
	Answer        *struct {
		Text      string
		Citations []struct {
			Marker     int
			SourceID   string `json:"source_id"`
			Start, End int
			From, To   int
		}
		Unproven       []struct{ Start, End int }
		Method, Notice string
	}
	Sources           []source
	Profile           string
	Pilot, Arm, Topic string
	Ranker            int64
	CreatedAt         time.Time          `json:"created_at"`
	TookMS            map[string]float64 `json:"took_ms"`
}

type found struct {
	Language, Profile string
	Ranker            int64
	Sources           []struct {
		source
		Parts retrieval.Parts
	}
	TookMS map[string]float64 `json:"took_ms"`
}

func (x *installation) put(path, body string) document {
	x.t.Helper()
	var d document
	r := x.send(x.admin, "PUT", path, body).into(&d)
	if r.status != 200 && r.status != 201 {
		x.t.Fatalf("PUT %s: %d %s", path, r.status, r.body)
	}
	return d
}

func (x *installation) search(body string) found {
	x.t.Helper()
	var f found
	x.send(x.admin, "POST", "/v1/search", body).want(200).into(&f)
	return f
}

func (f found) ids() string {
	var ids []string
	for _, s := range f.Sources {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " ")
}

func (x *installation) suggest(body string, headers ...string) suggestion {
	x.t.Helper()
	var s suggestion
	x.send(x.admin, "POST", "/v1/suggestions", body, headers...).want(201).into(&s)
	return s
}

// lines splits NDJSON into values.
func lines[T any](t *testing.T, b []byte) []T {
	t.Helper()
	var out []T
	scanner := bufio.NewScanner(bytes.NewReader(b))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var v T
		if err := json.Unmarshal(scanner.Bytes(), &v); err != nil {
			t.Fatalf("%v: %s", err, scanner.Bytes())
		}
		out = append(out, v)
	}
	return out
}

// quoted returns s as JSON.
func quoted(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// decode reads JSON of which only a part is looked at.
func decode(t *testing.T, b []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
