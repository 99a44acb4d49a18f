package retrieval_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// halved is another model: every second number of the built-in one's vectors.
type halved struct{}

func (halved) Model() string { return "halved" }

func (halved) Dim() int { return embeddings.Local{}.Dim() / 2 }

func (halved) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	whole, err := embeddings.Local{}.Embed(ctx, texts)
	out := make([]embeddings.Vector, len(whole))
	for i, v := range whole {
		for k := 0; k < len(v); k += 2 {
			out[i] = append(out[i], v[k])
		}
		out[i].Unit()
	}
	return out, err
}

// anew answers from an index that was filled by another model from documents
// that were cut in another way: sentence by sentence.
func (d *desk) anew() {
	d.t.Helper()
	model := halved{}
	ix, err := memindex.Open("", model.Model(), model.Dim())
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = ix.Close() })
	docs, err := d.kb.In("shop").Changes(d.t.Context(), 0, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	var entries []retrieval.Entry
	for _, doc := range docs {
		e := retrieval.Entry{Document: retrieval.Source{ID: doc.ID, Kind: doc.Kind, Title: doc.Title, Audience: doc.Audience, Revision: doc.Revision}}
		for i, s := range kb.Sentences(doc.Body) {
			text := doc.Body[s.Start:s.End]
			vectors, err := model.Embed(d.t.Context(), []string{text})
			if err != nil {
				d.t.Fatal(err)
			}
			e.Points = append(e.Points, retrieval.Point{
				Passage: kb.Passage{Ordinal: i, Text: text, Start: len([]rune(doc.Body[:s.Start])), End: len([]rune(doc.Body[:s.End]))},
				Dense:   vectors[0], Sparse: embeddings.PassageTerms(doc.Title, "", text),
			})
		}
		entries = append(entries, e)
	}
	if err := ix.Replace(d.t.Context(), "shop", entries); err != nil {
		d.t.Fatal(err)
	}
	d.answerer.Serve(retrieval.Space{Embedder: model, Index: ix})
}

// bonus is what was learned of a source adds to it for a question.
func (d *desk) bonus(text, id string) float64 {
	d.t.Helper()
	s := d.ask(question(text))
	for _, c := range s.Candidates {
		if c.ID == id {
			return c.Bonus
		}
	}
	d.t.Fatalf("%s is not among the candidates of %q", id, text)
	return 0
}

var exported = time.Date(2026, 4, 5, 6, 7, 8, 0, time.UTC)

// lessons is a desk that has learned that "parcel-late" is of use for late
// parcels.
func lessons(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, shelf()...)
	vectors, err := embeddings.Local{}.Embed(t.Context(), []string{lateQuestion})
	if err != nil {
		t.Fatal(err)
	}
	weight := 0.7
	d.believe(retrieval.Beliefs{
		Topics:    []retrieval.Topic{{ID: "t-late", Label: "late parcel", Examples: []string{lateQuestion}, Centroid: vectors[0], Size: 9}},
		Operators: map[string]retrieval.Trust{"anna": {Weight: 0.4, Listed: true}}, Cases: map[string]float64{"gone-case": 0.1},
		CaseWeight: &weight, Through: exported,
		Calibration: map[string]retrieval.Curve{"": {Kind: "platt", Labels: 50, Points: [][2]float64{{0, 0.2}, {1, 0.8}}}},
		Unattended:  map[string]retrieval.UnattendedRun{"en": {Threshold: 0.6, Risk: 0.1, Delta: 0.1}},
	})
	d.teach(retrieval.Learned{
		Factors: retrieval.Factors{Title: 1.25}, ByTopic: map[string]retrieval.Factors{"t-late": {Body: 0.75}}, Through: exported, Tuned: true,
		Sources: map[string]retrieval.Usefulness{
			"parcel-late": {Revision: 1, Kept: 1, ByTopic: map[string]retrieval.Posterior{"t-late": {Useful: 14, Useless: 2, Kept: 14, Dropped: 2, Lower: 0.7, Bonus: 0.08, Last: exported}}},
			"thrown-away": {Revision: 3, Kept: 1, Whole: retrieval.Posterior{Bonus: -0.05}},
		},
	})
	for _, o := range []retrieval.Override{
		{Kind: retrieval.OverSource, ID: "courier", Action: retrieval.Pin, Author: "eva"},
		{Kind: retrieval.OverSource, ID: "thrown-away", Action: retrieval.Exclude, Author: "eva"},
		{Kind: retrieval.OverOperator, ID: "mallory", Action: retrieval.Exclude, Author: "eva"},
	} {
		o.WorkspaceID, o.At = "shop", exported
		if err := d.store.Override(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// file is the desk's knowledge as it is written.
func (d *desk) file() []byte {
	d.t.Helper()
	p, err := d.store.Export(d.t.Context(), d.kb.In("shop"), exported)
	if err != nil {
		d.t.Fatal(err)
	}
	b, err := json.Marshal(p)
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *desk) take(file []byte, serve bool) retrieval.Imported {
	d.t.Helper()
	p, err := retrieval.ReadPortable(bytes.NewReader(file))
	if err != nil {
		d.t.Fatal(err)
	}
	got, err := d.store.Import(d.t.Context(), d.kb.In("shop"), p, retrieval.Import{Serve: serve, Now: exported})
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

func TestWhatWasLearnedSurvivesTheWayElsewhere(t *testing.T) {
	a := lessons(t)
	want := a.bonus(lateQuestion, "parcel-late")
	if want != 0.08 {
		t.Fatalf("the bonus is %v to begin with", want)
	}
	a.anew()
	if got := a.bonus(lateQuestion, "parcel-late"); got != want {
		t.Errorf("with another index, model and way of cutting the bonus is %v, want %v", got, want)
	}
	// Elsewhere the same documents have another history.
	first := shelf()
	for _, doc := range first {
		doc.Body += " Revised."
	}
	b := newDesk(t, first...)
	b.put(shelf()...)
	if got := b.bonus(lateQuestion, "parcel-late"); got != 0 {
		t.Fatalf("before the import the bonus is %v", got)
	}
	report := retrieval.Imported{Ranker: 1, Status: retrieval.Serving, Documents: 2, Unknown: 2, Topics: 1, Overrides: 2, Calibrated: true}
	if got := b.take(a.file(), true); got != report {
		t.Errorf("the import comes to %+v, want %+v", got, report)
	}
	if got := b.bonus(lateQuestion, "parcel-late"); got != want {
		t.Errorf("elsewhere the bonus is %v, want %v", got, want)
	}
	b.anew()
	if got := b.bonus(lateQuestion, "parcel-late"); got != want {
		t.Errorf("elsewhere, with another index, model and way of cutting, the bonus is %v, want %v", got, want)
	}
	if got := b.bonus("when does the courier come", "courier"); got != retrieval.MaxBonus {
		t.Errorf("what was pinned has a bonus of %v", got)
	}
	// And the same comes out again.
	x, y := read(t, a.file()), read(t, b.file())
	delete(x.Ranker.Learned.Sources, "thrown-away")
	late := y.Ranker.Learned.Sources["parcel-late"]
	late.Revision = 1
	y.Ranker.Learned.Sources["parcel-late"] = late
	x.Overrides, x.Beliefs.Cases, x.Beliefs.Through = append(x.Overrides[:2:2], x.Overrides[3:]...), nil, y.Beliefs.Through
	x.Documents, y.Documents, x.Ranker.Figures, y.Ranker.Figures = nil, nil, nil, nil
	if got, want := jsonOf(t, y), jsonOf(t, x); got != want {
		t.Errorf("exported once more it is\n%s\nwant\n%s", got, want)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func read(t *testing.T, file []byte) *retrieval.Portable {
	t.Helper()
	p, err := retrieval.ReadPortable(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatWasProvenElsewhereIsACandidateHere(t *testing.T) {
	a, b := lessons(t), newDesk(t, shelf()...)
	b.believe(retrieval.Beliefs{Operators: map[string]retrieval.Trust{"anna": {Weight: 0.2}, "ben": {Weight: 0.9}}})
	got := b.take(a.file(), false)
	if got.Status != retrieval.Untried || got.Calibrated {
		t.Errorf("the import comes to %+v", got)
	}
	r, err := b.store.RankerVersion(t.Context(), "shop", got.Ranker)
	if err != nil || r.Status != retrieval.Untried || r.Learned.Tuned || !r.Learned.Through.Equal(exported) {
		t.Errorf("the candidate is %+v, %v", r, err)
	}
	if got := b.bonus(lateQuestion, "parcel-late"); got != 0 {
		t.Errorf("it ranks already, with a bonus of %v", got)
	}
	beliefs, err := b.store.Beliefs(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	if len(beliefs.Unattended) != 0 || len(beliefs.Calibration) != 0 || beliefs.CaseWeight != nil {
		t.Errorf("confidence and cases count as they did elsewhere: %+v", beliefs)
	}
	if beliefs.Operators["anna"].Weight != 0.2 || beliefs.Operators["ben"].Weight != 0.9 || len(beliefs.Topics) != 1 {
		t.Errorf("believed are %+v", beliefs)
	}
}

func TestWhatSaysSomethingElseHereCountsHalf(t *testing.T) {
	a := lessons(t)
	docs := shelf()
	for _, doc := range docs {
		if doc.ID == "parcel-late" {
			doc.Body = "When the courier is late with a parcel, call us: the rule of two days is gone."
		}
	}
	b := newDesk(t, docs...)
	if got := b.take(a.file(), true); got.Changed != 1 {
		t.Errorf("the import comes to %+v", got)
	}
	if got := b.bonus(lateQuestion, "parcel-late"); got != 0.04 {
		t.Errorf("the bonus is %v, want half", got)
	}
}

func TestBadFilesAreRefusedWithTheField(t *testing.T) {
	good := string(lessons(t).file())
	for _, tt := range []struct{ name, old, new, field string }{
		{"a factor beyond its bounds", `"title":1.25`, `"title":9`, "ranker.learned.factors.title: 9 lies outside of 0.5 to 2"},
		{"a topic's factor beyond its bounds", `"body":0.75`, `"body":-1`, "ranker.learned.by_topic[t-late].body"},
		{"a bonus beyond its bounds", `"bonus":0.08`, `"bonus":0.5`, "ranker.learned.sources[parcel-late].by_topic[t-late].bonus"},
		{"a share beyond its bounds", `"revision":1,"kept":1}`, `"revision":1,"kept":7}`, "sources[parcel-late].kept"},
		{"moved vectors", `"factors"`, `"tuned":true,"factors"`, "ranker.learned.tuned"},
		{"an operator who counts more than others", `"weight":0.4`, `"weight":4`, "beliefs.operators[anna].weight"},
		{"a case that counts more than itself", `"gone-case":0.1`, `"gone-case":3`, "beliefs.cases[gone-case]"},
		{"confidence that falls", `[1,0.8]`, `[1,0.1]`, "beliefs.calibration[].points"},
		{"a promise beyond all", `"threshold":0.6`, `"threshold":-6`, "beliefs.unattended[en].threshold"},
		{"a centroid of another length", `"centroid":[`, `"centroid":[5,`, "beliefs.topics[0].centroid"},
		{"an action that is none", `"action":"pin"`, `"action":"boost"`, "overrides[1]"},
		{"a field nobody knows", `"ranker":`, `"rankers":`, `unknown field "rankers"`},
		{"a word for a number", `"title":1.25`, `"title":"much"`, "ranker.learned.factors.title"},
		{"another version", `"whetstone_learning":1`, `"whetstone_learning":2`, "whetstone_learning is 2"},
		{"something else", good, `{"articles":[]}`, "whetstone_learning is 0"},
		{"no JSON", good, `id,title`, "no export"},
		{"half a file", good, good[:len(good)/2], "no export"},
		{"two files", good, good + good, "no export"},
	} {
		bad := strings.Replace(good, tt.old, tt.new, 1)
		if bad == good {
			t.Fatalf("%s: %s is not in the file:\n%s", tt.name, tt.old, good)
		}
		_, err := retrieval.ReadPortable(strings.NewReader(bad))
		if !errors.Is(err, retrieval.ErrInvalid) || !strings.Contains(err.Error(), tt.field) {
			t.Errorf("%s: %v, want one that names %s", tt.name, err, tt.field)
		}
	}
}

func TestAWorkspaceThatHasLearnedNothingIsExportedToo(t *testing.T) {
	d := newDesk(t, library()...)
	if got := d.take(d.file(), false); got != (retrieval.Imported{}) {
		t.Errorf("the import comes to %+v", got)
	}
}
