package clash

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

// shared is where the public data is, if it is there at all.
const shared = "../../../shared/data"

// A plant is a statement put into an article that contradicts one of another.
type plant struct {
	of, kind, set, text string
	source              string // what it contradicts; empty: any sentence of the article
	host                string
}

// lines reads a file of testdata, its fields parted by bars.
func lines(t testing.TB, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(b)) {
		out = append(out, strings.Split(strings.TrimSpace(line), "|"))
	}
	return out
}

// own returns the articles written for these tests.
func own(t testing.TB) []Doc {
	var out []Doc
	for _, f := range lines(t, "articles.txt") {
		out = append(out, Doc{ID: f[0], Language: f[1], Title: f[2], Body: f[3], Kind: kb.Article})
	}
	return out
}

// public returns up to n articles of the shared data, Russian and English in
// turn, none of them too long; none where the data is not there.
func public(t testing.TB, n int) []Doc {
	t.Helper()
	var sets [2][]Doc
	for i, name := range [...]string{"rutube-dev/articles.jsonl", "stackfaq-stream-en/articles.jsonl"} {
		b, err := os.ReadFile(filepath.Join(shared, name))
		if err != nil {
			t.Logf("SKIPPED in part: no %s; measuring among the own articles alone", name)
			return nil
		}
		for line := range strings.Lines(string(b)) {
			var d struct{ ID, Title, Body, Locale string }
			if err := json.Unmarshal([]byte(line), &d); err != nil {
				t.Fatal(err)
			}
			if len(d.Body) < 4000 {
				sets[i] = append(sets[i], Doc{ID: fmt.Sprintf("%d-%s", i, d.ID), Title: d.Title, Body: d.Body, Language: d.Locale, Kind: kb.Article})
			}
		}
	}
	var out []Doc
	for i := 0; len(out) < n && (i < len(sets[0]) || i < len(sets[1])); i++ {
		for _, s := range sets {
			if i < len(s) && len(out) < n {
				out = append(out, s[i])
			}
		}
	}
	return out
}

// insert puts a statement between two sentences of a document.
func insert(d *Doc, text string, rnd *rand.Rand) {
	cuts := []int{0, len(d.Body)}
	for _, s := range kb.Sentences(d.Body) {
		cuts = append(cuts, s.End)
	}
	at := cuts[rnd.IntN(len(cuts))]
	if strings.Contains(d.Body, "```") || strings.HasPrefix(d.Body, "---") {
		at = len(d.Body) // not into code or front matter
	}
	d.Body = strings.TrimSpace(d.Body[:at] + "\n\n" + text + "\n\n" + d.Body[at:])
}

// planted returns 200 articles with the plants of the sets, and with
// statements that contradict nothing though they look it.
func planted(t testing.TB, seed uint64, sets ...string) ([]Doc, []plant) {
	rnd := rand.New(rand.NewPCG(seed, 5))
	docs := own(t)
	rest := public(t, 200-len(docs))
	hosts := slices.Concat(docs, rest)
	var plants []plant
	put := func(text, of string) string {
		for {
			d := &hosts[rnd.IntN(len(hosts))]
			cyrillic := strings.ContainsAny(text, "аеиоу")
			if d.ID != of && cyrillic == (d.Language == "ru") {
				insert(d, text, rnd)
				return d.ID
			}
		}
	}
	for _, f := range lines(t, "plants.txt") {
		if slices.Contains(sets, f[2]) {
			plants = append(plants, plant{of: f[0], kind: f[1], set: f[2], text: f[3], host: put(f[3], f[0])})
		}
	}
	for _, f := range lines(t, "innocent.txt") {
		put(f[1], f[0])
	}
	return hosts, plants
}

// norm is a text without its punctuation, for comparing.
func norm(s string) string { return strings.NewReplacer(",", "", ".", "").Replace(s) }

// A result is how well plants were found.
type result struct {
	precision20, recall float64
	missed              []plant
	wrong               []Pair // of all that were told
}

// finds measures pairs against plants. Nothing but a plant counts as right.
func finds(pairs []Pair, plants []plant) result {
	var r result
	found := make([]bool, len(plants))
	right, n := 0, 0
	for _, p := range pairs {
		if p.Kind != Contradiction {
			continue
		}
		hit := false
		for i, x := range plants {
			a, b := p.A, p.B
			if a.DocumentID != x.host || !strings.Contains(a.Quote, x.text) && !strings.Contains(x.text, a.Quote) {
				a, b = b, a
			}
			if a.DocumentID == x.host && (b.DocumentID == x.of || x.source != "" && norm(b.Quote) == norm(x.source)) && (strings.Contains(a.Quote, x.text) || strings.Contains(x.text, a.Quote)) {
				found[i], hit = true, true
			}
		}
		if n < 20 && hit {
			right++
		}
		if !hit {
			r.wrong = append(r.wrong, p)
		}
		n++
	}
	all := 0
	for i, x := range plants {
		if found[i] {
			all++
		} else {
			r.missed = append(r.missed, x)
		}
	}
	r.precision20, r.recall = float64(right)/float64(max(1, min(20, n))), float64(all)/float64(max(1, len(plants)))
	return r
}

// reached reports what fell short of the figures that the queue must reach.
func reached(t *testing.T, name string, pairs []Pair, plants []plant) {
	t.Helper()
	r := finds(pairs, plants)
	t.Logf("%s: %d plants, %d pairs told: precision at 20 %.2f, recall %.2f", name, len(plants), len(pairs), r.precision20, r.recall)
	if testing.Verbose() {
		for _, m := range r.missed {
			t.Logf("missed %s %s %q, put into %s", m.of, m.kind, m.text, m.host)
		}
		for _, w := range r.wrong[:min(len(r.wrong), 20)] {
			t.Logf("not planted %.2f %s: %s %q | %s %q", w.Score, w.What, w.A.DocumentID, w.A.Quote, w.B.DocumentID, w.B.Quote)
		}
	}
	of, missed := make(map[string]int), make(map[string]int)
	for _, p := range plants {
		of[p.set]++
	}
	for _, m := range r.missed {
		missed[m.set]++
	}
	for set, n := range of {
		t.Logf("%s: of %d plants of the set %s, %d are missed", name, n, set, missed[set])
	}
	if r.precision20 < 0.8 || r.recall < 0.8 {
		t.Errorf("%s: precision at 20 %.2f and recall %.2f, want at least 0.8 each", name, r.precision20, r.recall)
	}
}

func TestContradictionsPlantedInOtherWordsAreFound(t *testing.T) {
	for _, sets := range []string{"tune", "held", "fresh", "blind", "tune+held+fresh+blind+cross+crossblind"} {
		draws := uint64(3)
		if testing.Short() {
			draws = 1
		}
		for seed := range draws {
			docs, plants := planted(t, seed, strings.Split(sets, "+")...)
			pairs, err := Find(t.Context(), docs)
			if err != nil {
				t.Fatal(err)
			}
			reached(t, fmt.Sprintf("%s, draw %d, %d articles", sets, seed, len(docs)), pairs, plants)
		}
	}
}
