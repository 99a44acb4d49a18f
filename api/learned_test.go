package api_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// taught is something of each thing that is learned.
func taught() (retrieval.Learned, retrieval.Beliefs) {
	some := retrieval.Factors{Title: 1.2, Body: 1.2, Grams: 1.2, Place: 1.2, Dense: 1.2, Cases: 1.2}
	p := retrieval.Posterior{Useful: 2, Useless: 2, Kept: 2, Brought: 2, Dropped: 2, Against: 2, Lower: 0.2, Bonus: 0.02, Last: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}
	l := retrieval.Learned{Factors: some, ByTopic: map[string]retrieval.Factors{}, Sources: map[string]retrieval.Usefulness{
		"returns": {Whole: p, ByTopic: map[string]retrieval.Posterior{"t-0": p}, Revision: 1, Kept: 1},
	}}
	weight := 1.0
	centroid, _ := embeddings.Local{}.Embed(context.Background(), []string{"Как вернуть чайник?"}) // it never fails
	known := retrieval.NewKnown("Как вернуть чайник?", "ru", centroid[0], []string{"returns", "c"})
	known.Covered, known.Weight = true, 1
	return l, retrieval.Beliefs{
		Topics:    []retrieval.Topic{{ID: "t-1", Label: "kettle", Centroid: centroid[0], Size: 3}, {ID: "t-0", Label: "pan"}},
		Operators: map[string]retrieval.Trust{"anna": {Weight: 0.5, Agreed: 1, Apart: 1}}, Cases: map[string]float64{}, CaseWeight: &weight,
		Calibration: map[string]retrieval.Curve{"ru": {Points: [][2]float64{{0, 0.91}, {1, 0.99}}}},
		Unattended:  map[string]retrieval.UnattendedRun{"ru": {Threshold: 0.01}},
		Known:       []retrieval.Known{known}, KnownWeight: 1,
	}
}

// ofReturns changes what was learned of the one source.
func ofReturns(l *retrieval.Learned, change func(*retrieval.Usefulness)) {
	u := l.Sources["returns"]
	change(&u)
	l.Sources["returns"] = u
}

// changes are changes of single fields. Each must be seen in what is suggested,
// or in what is explained of a source or operator. A field that has none is
// named in readElsewhere.
func changes() map[string]func(*retrieval.Learned, *retrieval.Beliefs) {
	type (
		l = *retrieval.Learned
		b = *retrieval.Beliefs
	)
	whole := func(change func(*retrieval.Posterior)) func(l, b) {
		return func(l l, _ b) { ofReturns(l, func(u *retrieval.Usefulness) { change(&u.Whole) }) }
	}
	trust := func(t retrieval.Trust) func(l, b) {
		return func(_ l, b b) { b.Operators["anna"] = t }
	}
	return map[string]func(l, b){
		"Learned.Factors":         func(l l, _ b) { l.Factors = retrieval.Factors{} },
		"Learned.ByTopic":         func(l l, _ b) { l.ByTopic["t-1"] = retrieval.Factors{Title: 2} },
		"Learned.Sources":         func(l l, _ b) { l.Sources = nil },
		"Learned.Tuned":           func(l l, _ b) { l.Tuned = true },
		"Factors.Title":           func(l l, _ b) { l.Factors.Title = 1.9 },
		"Factors.Body":            func(l l, _ b) { l.Factors.Body = 1.9 },
		"Factors.Grams":           func(l l, _ b) { l.Factors.Grams = 1.9 },
		"Factors.Place":           func(l l, _ b) { l.Factors.Place = 1.9 },
		"Factors.Dense":           func(l l, _ b) { l.Factors.Dense = 1.9 },
		"Factors.Cases":           func(l l, _ b) { l.Factors.Cases = 1.9 },
		"Usefulness.Whole":        func(l l, _ b) { ofReturns(l, func(u *retrieval.Usefulness) { u.Whole = retrieval.Posterior{} }) },
		"Usefulness.ByTopic":      func(l l, _ b) { l.Sources["returns"].ByTopic["t-1"] = retrieval.Posterior{Bonus: 0.05} },
		"Usefulness.Revision":     func(l l, _ b) { ofReturns(l, func(u *retrieval.Usefulness) { u.Revision = 0 }) },
		"Usefulness.Kept":         func(l l, _ b) { ofReturns(l, func(u *retrieval.Usefulness) { u.Kept = 0.5 }) },
		"Posterior.Useful":        whole(func(p *retrieval.Posterior) { p.Useful = 9 }),
		"Posterior.Useless":       whole(func(p *retrieval.Posterior) { p.Useless = 9 }),
		"Posterior.Kept":          whole(func(p *retrieval.Posterior) { p.Kept = 9 }),
		"Posterior.Brought":       whole(func(p *retrieval.Posterior) { p.Brought = 9 }),
		"Posterior.Dropped":       whole(func(p *retrieval.Posterior) { p.Dropped = 9 }),
		"Posterior.Against":       whole(func(p *retrieval.Posterior) { p.Against = 9 }),
		"Posterior.Lower":         whole(func(p *retrieval.Posterior) { p.Lower = 0.9 }),
		"Posterior.Bonus":         whole(func(p *retrieval.Posterior) { p.Bonus = 0.09 }),
		"Posterior.Last":          whole(func(p *retrieval.Posterior) { p.Last = p.Last.AddDate(0, 0, 1) }),
		"Beliefs.Topics":          func(_ l, b b) { b.Topics = nil },
		"Beliefs.Operators":       func(_ l, b b) { b.Operators = nil },
		"Beliefs.Cases":           func(_ l, b b) { b.Cases["c"] = 0 },
		"Beliefs.CaseWeight":      func(_ l, b b) { *b.CaseWeight = 0.2 },
		"Beliefs.Calibration":     func(_ l, b b) { b.Calibration = nil },
		"Beliefs.Unattended":      func(_ l, b b) { b.Unattended = nil },
		"Beliefs.Known":           func(_ l, b b) { b.Known = nil },
		"Beliefs.KnownWeight":     func(_ l, b b) { b.KnownWeight = 0 },
		"Topic.ID":                func(_ l, b b) { b.Topics[0].ID = "t-2" },
		"Topic.Label":             func(_ l, b b) { b.Topics[1].Label = "pot" },
		"Topic.Centroid":          func(_ l, b b) { b.Topics[0].Centroid = make(embeddings.Vector, len(b.Topics[0].Centroid)) },
		"Curve.Points":            func(_ l, b b) { b.Calibration["ru"].Points[1][1] = 0.95 },
		"UnattendedRun.Threshold": func(_ l, b b) { b.Unattended["ru"] = retrieval.UnattendedRun{Threshold: 1} },
		"Trust.Weight":            trust(retrieval.Trust{Weight: 0.1, Agreed: 1, Apart: 1}),
		"Trust.Agreed":            trust(retrieval.Trust{Weight: 0.5, Agreed: 9, Apart: 1}),
		"Trust.Apart":             trust(retrieval.Trust{Weight: 0.5, Agreed: 1, Apart: 9}),
		"Trust.Listed":            trust(retrieval.Trust{Weight: 0.5, Agreed: 1, Apart: 1, Listed: true}),
	}
}

// readElsewhere names what the next run of a job reads, and what only people
// read, in `whetstone learning export`.
func readElsewhere() map[string]string {
	const job, people = "the next run of a job", "people"
	return map[string]string{
		"Learned.Through": job, "Beliefs.Through": job, "Topic.Size": job, "Topic.Examples": people, "Beliefs.Figures": people, "Curve.Kind": people,
		"Curve.Labels": people, "UnattendedRun.Risk": people, "UnattendedRun.Delta": people, "UnattendedRun.Labels": people,
		"UnattendedRun.Upper": people, "UnattendedRun.Note": people,
	}
}

// seen is all that what was learned can be seen in.
func (x *installation) seen(l retrieval.Learned, b retrieval.Beliefs) string {
	x.t.Helper()
	r := retrieval.Ranker{WorkspaceID: "acme", Status: retrieval.Untried, Learned: l, CreatedAt: time.Now()}
	doc, err := x.kb.In("acme").Document(x.t.Context(), "returns")
	if err != nil {
		x.t.Fatal(err)
	}
	var moved []retrieval.Tuned
	for _, p := range kb.Split(&doc) {
		v := make(embeddings.Vector, embeddings.Local{}.Dim())
		v[0] = 1
		moved = append(moved, retrieval.Tuned{Document: doc.ID, Passage: retrieval.PassageHash(doc.Title, &p), Vector: v})
	}
	err = errors.Join(x.store.AddTuned(x.t.Context(), &r, embeddings.Local{}.Model(), moved),
		x.store.Judge(x.t.Context(), "acme", r.Version, retrieval.Ruling{Status: retrieval.Serving, At: time.Now()}),
		x.store.SetBeliefs(x.t.Context(), "acme", b))
	if err != nil {
		x.t.Fatal(err)
	}
	var all strings.Builder
	for _, body := range []string{`{"text":"Как вернуть чайник? Возврат товара."}`, `{"text":"Как вернуть чайник?","mode":"answer"}`} {
		s := x.suggest(body)
		reason := ""
		if s.AbstainReason != nil {
			reason = *s.AbstainReason
		}
		kept, err := x.store.Suggestion(x.t.Context(), "acme", s.ID)
		if err != nil {
			x.t.Fatal(err)
		}
		fmt.Fprintln(&all, s.Decision, reason, s.Confidence, s.Topic, s.Sources, kept.Candidates)
	}
	about := x.learning("returns")
	about.Usage = feedback.Usage{} // it is counted, not learned
	about.Ranker = 0
	fmt.Fprintln(&all, about, x.operators())
	return all.String()
}

// A learned field nobody reads would be work for nothing, and a promise that is
// not kept.
func TestEachLearnedFieldIsRead(t *testing.T) {
	x := install(t)
	x.stock()
	c := kb.Document{ID: "c", Kind: kb.Case, Content: kb.Content{ResolvedWith: "returns", Evidence: 1,
		Title: "Как вернуть чайник?", Problem: "Как вернуть чайник?", Resolution: "Отправьте чайник обратно.", Locale: "ru", Status: kb.Published, Audience: kb.Public,
	}}
	if _, err := x.kb.In("acme").Put(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	x.put("/v1/articles/other", `{"title":"Замок","body":"Ключ хранится у консьержа."}`) // once it is found, so is the case
	l, b := taught()
	was := x.seen(l, b)
	if again := x.seen(l, b); again != was {
		t.Fatalf("nothing was changed, and\n%s\nbecame\n%s", was, again)
	}
	probes, elsewhere := changes(), readElsewhere()
	for _, of := range []any{retrieval.Learned{}, retrieval.Beliefs{}, retrieval.Factors{}, retrieval.Usefulness{}, retrieval.Posterior{}, retrieval.Trust{}, retrieval.Topic{}, retrieval.Curve{}, retrieval.UnattendedRun{}} {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(of)) {
			name := reflect.TypeOf(of).Name() + "." + f.Name
			change := probes[name]
			if (change == nil) == (elsewhere[name] == "") {
				t.Errorf("%s: nobody reads it, or it is not said who does", name)
			}
			if change == nil {
				continue
			}
			l, b := taught()
			if change(&l, &b); x.seen(l, b) == was {
				t.Errorf("%s: nobody sees that it was changed", name)
			}
		}
	}
}
