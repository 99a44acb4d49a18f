package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
	"github.com/whetstone-desk/whetstone/training"
)

// Each test says what must not happen. What a package guards by itself is
// tested there; here is what takes the whole of Whetstone.
func TestWhatMustNotHappen(t *testing.T) {
	d := newDesk(t)
	in := d.days(10)
	d.night()
	for _, tt := range []struct {
		name string
		test func(*helpdesk, *inbox)
	}{
		{"one vote reorders unrelated questions", oneVote},
		{"a down-vote of a source nobody voted on does nothing", firstDownVote},
		{"weights are lost on re-index", rebuilt},
		{"feedback for another workspace's suggestion", stranger},
		{"a final text of 1 MB, empty, in another language", anyText},
		{"a rejected suggestion turned into a case", rejected},
		{"a case that leaks a phone number through its title", leaks},
		{"the operator's name in logs", logged},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d.T = t
			tt.test(d, in)
		})
	}
}

// serveLatest makes what rerank learned last serve, whatever the gate says:
// the gate is not what these tests are about.
func (d *helpdesk) serveLatest() retrieval.Learned {
	d.Helper()
	d.digest()
	l := d.app.learning.learner
	for _, job := range []func(context.Context) (string, error){l.Calibrate, l.Rerank} {
		if _, err := job(d.Context()); err != nil {
			d.Fatal(err)
		}
	}
	rs, err := d.app.store.Rankers(d.Context(), "default", 1)
	if err != nil || len(rs) == 0 {
		d.Fatal("nothing was learned", err)
	}
	d.call("POST", fmt.Sprintf("/v1/rankers/%d/serve", rs[0].Version), "", http.StatusOK)
	return rs[0].Learned
}

// score is that of a source, 0 where it was not found.
func (s *stamped) score(id string) float64 {
	for _, c := range s.Sources {
		if c.ID == id {
			return c.Score
		}
	}
	return 0
}

// vote has somebody who never said anything vote on the first source of a
// suggestion.
func (d *helpdesk) vote(s *stamped, vote string) {
	d.Helper()
	d.tell(s.ID, map[string]any{"kind": "source_vote", "source_id": s.Sources[0].ID, "vote": vote, "operator_id": "olga"})
}

func oneVote(d *helpdesk, in *inbox) {
	d.serveLatest()
	d.serveLatest() // with the topics that the first run found: only the vote is to be new
	var probes []string
	for range 40 {
		probes = append(probes, in.other(), in.late())
	}
	was, unrelated := d.answers("letters", probes), 0
	d.vote(in.first["returns"], "incorrect")
	d.serveLatest()
	topic := d.ask("probe", "letters", in.first["returns"].asked).Topic
	for i, is := range d.answers("letters", probes) {
		if is.Topic == topic || strings.Contains(probes[i], "return") {
			continue // questions of no topic are in one together
		}
		unrelated++
		for _, c := range was[i].Sources {
			if score := is.score(c.ID); score < c.Score-hair || score > c.Score+hair {
				d.Errorf("%s: %v became %v", probes[i], was[i].order(), is.order())
				break
			}
		}
	}
	if unrelated < len(probes)/3 {
		d.Errorf("only %d of %d questions are unrelated", unrelated, len(probes))
	}
}

// hair is by how much one judgement may move scores everywhere, through what is
// usual of sources: what lies nearer together was in no order.
const hair = retrieval.MaxBonus / 50

func firstDownVote(d *helpdesk, _ *inbox) {
	d.call("PUT", "/v1/articles/sizes", `{"title":"Shoe sizes","body":"Our shoe sizes are European. A size chart is beside each pair of shoes."}`, http.StatusCreated)
	d.index("default")
	const question = "Which shoe sizes do you have, is there a size chart?"
	ask := func() stamped {
		body := map[string]any{"text": question, "topic": "shoes"}
		return read[stamped](d.T, d.call("POST", "/v1/suggestions", asJSON(d.T, body), http.StatusCreated))
	}
	d.serveLatest()
	was := ask()
	if was.score("sizes") == 0 {
		d.Fatal("the article is not found: ", was.order())
	}
	clock := d.clock
	d.clock = time.Date(2026, 1, 5, 9, 30, 0, 0, time.UTC) // of which candidates learn already
	asked := ask()
	d.vote(&asked, "irrelevant")
	d.clock = clock
	u := d.serveLatest().Sources["sizes"]
	if u.Whole.Against != 1 {
		d.Errorf("learned of it: %+v", u)
	}
	if is := ask(); is.score("sizes") >= was.score("sizes") {
		d.Errorf("its score was %v and is %v", was.score("sizes"), is.score("sizes"))
	}
}

// mirrored is another model: what Local makes, with each vector turned round.
type mirrored struct{ embeddings.Local }

func (mirrored) Model() string { return "mirrored" }

func (m mirrored) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	vs, err := m.Local.Embed(ctx, texts)
	for _, v := range vs {
		slices.Reverse(v)
	}
	return vs, err
}

// rebuilt gives what is known another index, another model and another way of
// being cut into passages, and looks for what was learned.
func rebuilt(d *helpdesk, in *inbox) {
	d.serveLatest()
	question := in.late()
	bonuses := func() string {
		d.Helper()
		made := d.ask("probe", "letters", question)
		s, err := d.app.store.Suggestion(d.Context(), "default", made.ID)
		if err != nil {
			d.Fatal(err)
		}
		got := make(map[string]float64)
		for _, c := range s.Candidates {
			if c.Bonus != 0 {
				got[c.ID] = c.Bonus
			}
		}
		if got["lost-parcel"] <= 0 {
			d.Errorf("what was learned of the article that operators use adds %v to its score", got["lost-parcel"])
		}
		return fmt.Sprint(made.Ranker, got)
	}
	was := bonuses()
	same := func(when string) {
		d.Helper()
		if is := bonuses(); is != was {
			d.Errorf("%s: bonuses were %s and are %s", when, was, is)
		}
	}
	d.index("default")
	same("another index")
	ix, err := memindex.Open(d.TempDir(), mirrored{}.Model(), mirrored{}.Dim())
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() {
		if err := ix.Close(); err != nil {
			d.Error(err)
		}
	})
	x := &retrieval.Indexer{KB: d.app.kb, Embedder: mirrored{}, Index: ix}
	if _, err := x.Sync(d.Context(), "default"); err != nil {
		d.Fatal(err)
	}
	d.app.answerer.Serve(retrieval.Space{Embedder: mirrored{}, Index: ix, Semantic: true})
	same("another model, on disk")
	d.index("default")
	// The same sentences under headings of their own are cut otherwise.
	article := read[struct{ Title, Body string }](d.T, d.call("GET", "/v1/articles/lost-parcel", "", http.StatusOK))
	article.Body = strings.ReplaceAll(article.Body, ". ", ".\n\n## Next\n\n")
	d.call("PUT", "/v1/articles/lost-parcel", asJSON(d.T, map[string]string{"title": article.Title, "body": article.Body}), http.StatusOK)
	d.index("default")
	if u := d.serveLatest().Sources["lost-parcel"]; u.Kept < 0.95 || u.Revision != 2 {
		d.Errorf("an article that says the same in other passages has %v of its weight, learned of revision %d", u.Kept, u.Revision)
	}
}

// stranger tells of a suggestion of this workspace with a key of another.
func stranger(d *helpdesk, in *inbox) {
	if _, err := d.app.kb.Create(d.Context(), "rival", "Rival"); err != nil {
		d.Fatal(err)
	}
	_, key, err := d.app.keys.Issue(d.Context(), "rival", "test", auth.Admin)
	if err != nil {
		d.Fatal(err)
	}
	s := d.ask("probe", "letters", in.late())
	rival := *d
	rival.key = key
	rival.call("POST", "/v1/suggestions/"+s.ID+"/feedback", `{"kind":"sent"}`, http.StatusNotFound)
	rival.call("GET", "/v1/suggestions/"+s.ID+"/feedback", "", http.StatusNotFound)
	lines := rival.call("POST", "/v1/feedback/bulk", `{"suggestion_id":"`+s.ID+`","kind":"sent"}`, http.StatusOK)
	if !strings.Contains(string(lines), `"failed"`) {
		d.Errorf("in bulk it is %s", lines)
	}
	d.digest()
	for _, workspace := range []string{"default", "rival"} {
		es, err := d.app.learning.events.In(workspace).Events(d.Context(), s.ID)
		if err != nil || len(es) != 0 {
			d.Errorf("%s keeps %+v, %v", workspace, es, err)
		}
	}
}

func anyText(d *helpdesk, in *inbox) {
	million := strings.Repeat("We start a search with the carrier and write to you. ", 1<<20/53)
	for name, tt := range map[string]struct {
		text   string
		status int
		used   string
	}{
		"a megabyte":           {million, http.StatusCreated, "edited replaced"},
		"more than a megabyte": {million + million, http.StatusUnprocessableEntity, ""},
		"nothing":              {"", http.StatusUnprocessableEntity, ""},
		"blanks":               {" \n\t", http.StatusUnprocessableEntity, ""},
		"another language":     {"Мы начинаем розыск посылки и пишем вам о каждом шаге.", http.StatusCreated, "replaced"},
		"no letters":           {"🙂🙂🙂", http.StatusCreated, "replaced"},
	} {
		s := d.ask("probe", "letters", in.late())
		d.call("POST", "/v1/suggestions/"+s.ID+"/feedback", asJSON(d.T, map[string]any{"kind": "edited", "text": tt.text}), tt.status)
		d.digest()
		got := read[struct{ Feedback *struct{ Used string } }](d.T, d.call("GET", "/v1/suggestions/"+s.ID, "", http.StatusOK))
		switch {
		case tt.used == "" && got.Feedback != nil:
			d.Errorf("%s was refused and counts as %s", name, got.Feedback.Used)
		case tt.used != "" && (got.Feedback == nil || !strings.Contains(tt.used, got.Feedback.Used)):
			d.Errorf("%s counts as %+v, want %s", name, got.Feedback, tt.used)
		}
	}
}

// remembers turns the case memory on and returns the cases there are once a
// suggestion was told of.
func (d *helpdesk) remembers(question string, events ...map[string]any) string {
	d.Helper()
	set := d.call("GET", "/v1/settings", "", http.StatusOK)
	d.call("PUT", "/v1/settings", strings.Replace(string(set), `"case_memory":false`, `"case_memory":true`, 1), http.StatusOK)
	s := d.ask("natalia-0", "letters", question)
	for _, e := range events {
		d.tell(s.ID, e)
	}
	d.digest()
	d.call("PUT", "/v1/settings", string(set), http.StatusOK)
	return string(d.call("GET", "/v1/cases", "", http.StatusOK))
}

func rejected(d *helpdesk, in *inbox) {
	resolved := map[string]any{"kind": "outcome", "outcome": map[string]any{"status": "resolved", "satisfaction": 5}}
	for _, reason := range []string{"wrong", "outdated", "incomplete", "wrong_tone", "not_needed", "other"} {
		got := d.remembers(in.late(), map[string]any{"kind": "sent"}, map[string]any{"kind": "rejected", "reason": reason}, resolved)
		if !strings.Contains(got, `"cases":[]`) {
			d.Errorf("rejected as %s it became %s", reason, got)
		}
	}
	const reply = "Put the kettle on its base, fill it with vinegar and water, and boil it twice."
	if got := d.remembers("How is the copper kettle descaled?", map[string]any{"kind": "edited", "text": reply}, resolved); strings.Contains(got, `"cases":[]`) {
		d.Error("what was not rejected became no case either")
	}
}

func leaks(d *helpdesk, _ *inbox) {
	got := d.remembers("+7 912 345-67-89 is my number, anna.petrova@mail.example: where can I read how a violin is tuned?",
		map[string]any{"kind": "edited", "text": "Dear Anna Petrova, a violin is tuned in fifths: begin with the second string. Call +7 912 345-67-89 to hear it."})
	if !strings.Contains(got, "violin") {
		d.Errorf("there is no case that could leak: %s", got)
	}
	for _, secret := range []string{"912", "345-67-89", "petrova", "Petrova"} {
		if strings.Contains(got, secret) {
			d.Errorf("%q is in %s", secret, got)
		}
	}
}

// logged runs last: all that the other tests did is in the log.
func logged(d *helpdesk, _ *inbox) {
	d.call("PUT", "/v1/operators/natalia-3/override", `{"action":"exclude"}`, http.StatusNoContent)
	d.call("PUT", "/v1/operators/natalia-3/override", `{"action":"pin"}`, http.StatusUnprocessableEntity)
	d.night()
	d.call("DELETE", "/v1/operators/natalia-3/override", "", http.StatusNoContent)
	got := d.log.String()
	if !strings.Contains(got, "/v1/operators/") {
		d.Fatalf("the log has no requests: %.300s", got)
	}
	for _, name := range []string{"natalia", "olga"} {
		if at := strings.Index(got, name); at >= 0 {
			d.Errorf("the log names an operator: %s", got[max(0, at-200):min(len(got), at+50)])
		}
	}
}

// Two servers that let a candidate serve at the same time leave one that
// serves, and none that was proven behind as rejected.
func TestTwoReplicasPromoteAtOnce(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { twoReplicas(t) })
	t.Run("postgres", func(t *testing.T) { twoReplicas(t, "WHETSTONE_DATABASE="+sqldbtest.PostgresDSN(t)) })
}

func twoReplicas(t *testing.T, settings ...string) {
	d := newDesk(t, settings...)
	d.days(shorter(28, 18))
	d.digest()
	l := d.app.learning.learner
	for _, job := range []func(context.Context) (string, error){l.Calibrate, l.Rerank} {
		if _, err := job(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	other, err := open(t.Context(), d.app.cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer other.closing(&err)
	space, _ := d.app.answerer.Serves()
	other.answerer.Serve(space)
	replicas := []*training.Learner{l, other.learns(func() time.Time { return d.clock }).learner}
	for round := range 5 {
		at := retrieval.Ruling{Status: retrieval.Untried, Note: "again", At: d.clock}
		if err := d.app.store.Judge(t.Context(), "default", 1, at); err != nil {
			t.Fatal(err)
		}
		var both sync.WaitGroup
		for _, r := range replicas {
			both.Go(func() {
				if _, err := r.Promote(context.WithoutCancel(t.Context())); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		both.Wait()
		rs, err := other.store.Rankers(t.Context(), "default", 10)
		if err != nil || len(rs) != 1 || rs[0].Status != retrieval.Serving {
			t.Fatalf("round %d: %+v, %v", round, rs, err)
		}
	}
	ranked(t, replicas, other)
}

// ranked has both replicas learn a candidate at the same time.
func ranked(t *testing.T, replicas []*training.Learner, a *app) {
	t.Helper()
	var both sync.WaitGroup
	for _, r := range replicas {
		both.Go(func() {
			if _, err := r.Rerank(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	rs, err := a.store.Rankers(t.Context(), "default", 10)
	if err != nil || len(rs) != 3 {
		t.Fatalf("%d rankers, want one that serves and a candidate of each: %v", len(rs), err)
	}
	seen := make(map[int64]bool)
	for _, r := range rs {
		if seen[r.Version] = true; len(r.Learned.Sources) == 0 {
			t.Errorf("version %d has learned nothing", r.Version)
		}
	}
	if s, err := a.store.ServingRanker(t.Context(), "default"); err != nil || s.Version != 1 || len(seen) != 3 {
		t.Errorf("version %d serves of %v, %v", s.Version, seen, err)
	}
}
