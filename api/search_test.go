package api_test

import (
	"math"
	"testing"

	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestASearchSaysWhyASourceRanksWhereItDoes(t *testing.T) {
	x := install(t)
	x.stock()
	version := x.learns(useful("returns", 0.03), retrieval.Serving)
	ask := func(unlearned string) found {
		w := x.search(`{"text":"Как вернуть товар?"` + unlearned + `}`)
		if len(w.Sources) == 0 || w.Sources[0].ID != "returns" {
			t.Fatalf("found %+v", w)
		}
		for _, s := range w.Sources {
			p := s.Parts
			sum := p.Title + p.Body + p.Letters + p.Place + p.Meaning + p.Cases + p.Learned + p.Beside
			if math.Abs(min(1, max(0, sum))-s.Score) > 0.001 {
				t.Errorf("the parts of %s come to %.4f, its score is %.4f: %+v", s.ID, sum, s.Score, p)
			}
		}
		return w
	}
	with, without := ask(""), ask(`,"unlearned":true`)
	if with.Ranker != version || with.Sources[0].Parts.Learned != 0.03 {
		t.Errorf("with what was learned: %+v", with)
	}
	if without.Ranker != 0 || without.Sources[0].Parts.Learned != 0 || without.Sources[0].Parts.Title == 0 {
		t.Errorf("without what was learned: %+v", without)
	}
}

func TestATrialIsNotKept(t *testing.T) {
	x := install(t)
	x.stock()
	var tried suggestion
	r := x.send(x.admin, "POST", "/v1/suggestions", `{"text":"Как вернуть товар?","trial":true}`).want(201).into(&tried)
	if tried.Decision != "draft" || r.header.Get("Location") != "" {
		t.Errorf("%+v at %q", tried, r.header.Get("Location"))
	}
	x.send(x.admin, "GET", "/v1/suggestions/"+tried.ID, "").want(404)
	if kept := x.suggest(`{"text":"Как вернуть товар?"}`); kept.ID == tried.ID {
		t.Error("a trial's id is used again")
	}
}
