package eval

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func set(ids ...string) map[string]bool {
	m := make(map[string]bool)
	for _, id := range ids {
		m[id] = true
	}
	return m
}

func TestScore(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    Ranked
		want []float64
	}{
		{"the only right one first", Ranked{Found: []string{"a", "b"}, Relevant: set("a")}, []float64{1, 1, 1, 1, 1, 1, 1}},
		{"the only right one third", Ranked{Found: []string{"x", "y", "a"}, Relevant: set("a")}, []float64{0, 1, 1, 1. / 3, .5, 1. / 3, 1}},
		{"one of two right ones found second", Ranked{Found: []string{"x", "a"}, Relevant: set("a", "b")},
			[]float64{0, 1, 1, .5, (1 / math.Log2(3)) / (1 + 1/math.Log2(3)), .25, .5}},
		{"nothing found", Ranked{Relevant: set("a")}, []float64{0, 0, 0, 0, 0, 0, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for j, got := range tt.r.Score() {
				if math.Abs(got-tt.want[j]) > 1e-12 {
					t.Errorf("%s %v, want %v", Names()[j], got, tt.want[j])
				}
			}
		})
	}
}

func TestMeasureGivesAnIntervalAroundTheMean(t *testing.T) {
	var rs []Ranked
	for i := range 100 {
		r := Ranked{Found: []string{"a"}, Relevant: set("a"), Language: "ru"}
		if i%4 == 0 {
			r.Found, r.Language = []string{"x"}, "en"
		}
		rs = append(rs, r)
	}
	v := Measure(rs)["hit@1"]
	if math.Abs(v.Value-.75) > 1e-9 || v.Low >= .75 || v.High <= .75 || v.Low < .6 || v.High > .9 {
		t.Errorf("hit@1 %+v, want .75 within about ±.09", v)
	}
	if by := ByLanguage(rs); by["ru"]["hit@1"].Value < 1-1e-9 || by["en"]["hit@1"].Value != 0 {
		t.Errorf("by language %+v", by)
	}
}

func TestCompareTellsABetterRankingFromChance(t *testing.T) {
	var a, b, c []Ranked
	for i := range 200 {
		good, bad := Ranked{Found: []string{"a"}, Relevant: set("a")}, Ranked{Found: []string{"x"}, Relevant: set("a")}
		pick := func(right bool) Ranked {
			if right {
				return good
			}
			return bad
		}
		a, b, c = append(a, pick(i%2 == 0)), append(b, pick(i%4 != 1)), append(c, pick(i%2 == 1))
	}
	if d := Compare(a, b)["hit@1"]; d.Low <= 0 || d.P > .01 {
		t.Errorf("a clear gain gives %+v", d)
	}
	if d := Compare(a, c)["hit@1"]; d.Low > 0 || d.High < 0 || d.P < .2 {
		t.Errorf("no gain gives %+v", d)
	}
}

func TestReadNamesTheLineAtFault(t *testing.T) {
	good := map[string]string{
		"corpus.jsonl":  `{"_id":"d1","title":"T","text":"x"}` + "\n",
		"queries.jsonl": `{"_id":"q1","text":"?"}` + "\n" + `{"_id":"q2","text":"no judgement"}` + "\n",
		"qrels.tsv":     "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n",
	}
	for _, tt := range []struct{ name, file, text, want string }{
		{"all in order", "", "", ""},
		{"a line that is no JSON", "corpus.jsonl", "{}\n{", "corpus.jsonl:1: no _id"},
		{"two columns", "qrels.tsv", "q1\td1\t1\nq1 d1\n", "qrels.tsv:2"},
		{"no question judged", "qrels.tsv", "q9\td1\t1\n", "no question"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range good {
				if name == tt.file {
					text = tt.text
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			d, err := Read(dir)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil || len(d.Queries) != 1 || len(d.Queries[0].Relevant) != 1 || len(d.Docs) != 1 {
				t.Errorf("read %+v, %v", d, err)
			}
		})
	}
}
