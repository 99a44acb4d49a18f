package retrieval

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

func TestAssess(t *testing.T) {
	c := DefaultCalibration()
	good := Features{Coverage: 0.9, Score: 0.7, Margin: 0.5, Gap: 0.6, Rarity: 2, Words: 4}
	for _, tt := range []struct {
		name     string
		features Features
		least    float64
		want     Reason
	}{
		{"a question that one source covers is answered", good, 0.8, ""},
		{"a question without words has no evidence", Features{Coverage: 1, Score: 1, Margin: 1, Gap: 1}, 0.1, NoEvidence},
		{"words that stand nowhere are no evidence", Features{Words: 3, Score: 0.2}, 0.1, NoEvidence},
		{"a number in common is no evidence", Features{Words: 4, Coverage: 0.2, Score: 0.08, Gap: 0.7}, 0.1, NoEvidence},
		{"a word of four is little", Features{Coverage: 0.2, Score: 0.12, Margin: 0.1, Gap: 0.2, Rarity: 0.6, Words: 4}, 0.3, LowConfidence},
		{"the unattended reader asks for more", Features{Coverage: 0.6, Score: 0.35, Margin: 0.1, Gap: 0.2, Rarity: 1.2, Words: 4}, 0.8, LowConfidence},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := c.Assess(tt.features)
			if got := a.Judge(tt.least); got != tt.want {
				t.Errorf("got %q with confidence %.2f, want %q", got, a.Confidence, tt.want)
			}
			if a.Confidence < 0 || a.Confidence > 1 {
				t.Errorf("the confidence is %v", a.Confidence)
			}
		})
	}
}

func TestAssessGrowsWithEveryFeature(t *testing.T) {
	c := DefaultCalibration()
	f := Features{Coverage: 0.5, Score: 0.3, Margin: 0.2, Gap: 0.3, Rarity: 1, Words: 3}
	base := c.Assess(f).Confidence
	for name, more := range map[string]func(f Features) Features{
		"coverage": func(f Features) Features { f.Coverage += 0.2; return f },
		"score":    func(f Features) Features { f.Score += 0.2; return f },
		"margin":   func(f Features) Features { f.Margin += 0.2; return f },
		"gap":      func(f Features) Features { f.Gap += 0.2; return f },
		"rarity":   func(f Features) Features { f.Rarity++; return f },
		"words":    func(f Features) Features { f.Words++; return f },
	} {
		if got := c.Assess(more(f)).Confidence; got <= base {
			t.Errorf("more %s takes the confidence from %.3f to %.3f", name, base, got)
		}
	}
}

func TestLeads(t *testing.T) {
	for _, tt := range []struct {
		name        string
		scores      []float64
		margin, gap float64
	}{
		{"nothing found", nil, 0, 0},
		{"one source", []float64{3}, 1, 1},
		{"two sources", []float64{4, 3}, 0.25, 0.25},
		{"only six count", []float64{10, 8, 6, 6, 5, 5, 0, 0}, 0.2, 0.4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if margin, gap := Leads(tt.scores); math.Abs(margin-tt.margin) > 1e-9 || math.Abs(gap-tt.gap) > 1e-9 {
				t.Errorf("got %v, %v, want %v, %v", margin, gap, tt.margin, tt.gap)
			}
		})
	}
}

// TestConfidenceOnPublicData asks every fourteenth question of four sets, as it
// is and with its answers left out, and mixes in questions of another set.
func TestConfidenceOnPublicData(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement on data: make test runs it in full, without the race detector")
	}
	for _, tt := range []struct {
		set, strange string
		auroc        float64 // of right first sources against all that should be abstained from
	}{
		{"stackfaq-en", "xquad-en", 0.80},
		{"rutube-dev", "xquad-ru", 0.78},
		{"xquad-en", "stackfaq-en", 0.90},
		{"xquad-ru", "rutube-dev", 0.90},
	} {
		t.Run(tt.set, func(t *testing.T) {
			l := newLab(t, tt.set)
			c := DefaultCalibration()
			var right, answerable, wrong []float64
			for i, q := range l.queries {
				if i%14 != 0 {
					continue
				}
				f, hit := l.ask(q.Text, l.relevant[q.ID], false)
				confidence := c.Assess(f).Confidence
				answerable = append(answerable, confidence)
				if hit {
					right = append(right, confidence)
				} else {
					wrong = append(wrong, confidence)
				}
				f, _ = l.ask(q.Text, l.relevant[q.ID], true)
				wrong = append(wrong, c.Assess(f).Confidence)
			}
			nothing, asked, strangers := 0, 0, readLines[labText](t, tt.strange+"/queries.jsonl")
			for i, q := range strangers[:min(700, len(strangers))] {
				if i%14 != 0 {
					continue
				}
				f, _ := l.ask(q.Text, nil, false)
				a := c.Assess(f)
				wrong = append(wrong, a.Confidence)
				asked++
				if a.Judge(0.3) != "" {
					nothing++
				}
			}
			slices.Sort(wrong)
			for _, share := range []float64{0.05, 0.10} {
				least := wrong[int(float64(len(wrong))*(1-share))]
				t.Logf("answering %.2f of what has no answer abstains wrongly from %.3f", share, below(right, least))
			}
			t.Logf("at .30: right ones lost %.3f, strange ones abstained from %.2f", below(right, 0.3), float64(nothing)/float64(asked))
			t.Logf("mean confidence %.3f, right at first %.3f", mean(answerable), float64(len(right))/float64(len(answerable)))
			got := auroc(right, wrong)
			t.Logf("AUROC %.3f", got)
			if got < tt.auroc {
				t.Errorf("the AUROC is %.3f, want at least %.2f", got, tt.auroc)
			}
		})
	}
}

func TestNonsenseHasNoEvidence(t *testing.T) {
	l := &lab{}
	for item, err := range source.Files("../cmd/whetstone/sample/articles", source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		l.add(labDoc{item.Document.ID, item.Document.Title, item.Document.Body})
	}
	l.finish()
	c, p := DefaultCalibration(), DefaultProfile()
	for _, q := range []string{
		"zxqv blorp 77 snarfle", "👍👍👍", "", "hello, how are you?", "كيف يمكنني إرجاع المنتج؟", "ыва фыв апролд", "и но да",
	} {
		f, _ := l.ask(q, nil, false)
		if a := c.Assess(f); a.Judge(p.MinDraft) != NoEvidence {
			t.Errorf("%q has %+v, judged %q with confidence %.2f, want no evidence", q, f, a.Judge(p.MinDraft), a.Confidence)
		}
	}
	for _, q := range []string{"Как вернуть товар и когда придут деньги?", "How do I return an item and get my money back?"} {
		f, _ := l.ask(q, nil, false)
		if a := c.Assess(f); a.Judge(0.3) != "" {
			t.Errorf("%q has %+v, judged %q with confidence %.2f, want an answer", q, f, a.Judge(0.3), a.Confidence)
		}
	}
}

func below(xs []float64, least float64) float64 {
	n := 0
	for _, x := range xs {
		if x < least {
			n++
		}
	}
	return float64(n) / float64(max(1, len(xs)))
}

func mean(xs []float64) float64 {
	sum := 0.
	for _, x := range xs {
		sum += x
	}
	return sum / float64(max(1, len(xs)))
}

// auroc is the chance that one of a is greater than one of b.
func auroc(a, b []float64) float64 {
	n := 0.
	for _, x := range a {
		for _, y := range b {
			if x > y {
				n++
			} else if x == y {
				n += 0.5
			}
		}
	}
	return n / float64(len(a)*len(b))
}

// A lab ranks as an Answerer does, by brute force.
type lab struct {
	queries  []labText
	relevant map[string]map[string]bool
	passages []labPassage
	postings map[uint32][]posting
}

type labDoc struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

type labText struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

type labPassage struct {
	doc, text string
	terms     embeddings.Sparse
}

type posting struct {
	passage int
	weight  float64
}

func newLab(t *testing.T, set string) *lab {
	l := &lab{relevant: make(map[string]map[string]bool)}
	for _, d := range readLines[labDoc](t, set+"/corpus.jsonl") {
		l.add(d)
	}
	l.finish()
	l.queries = readLines[labText](t, set+"/queries.jsonl")
	for _, line := range readTable(t, set+"/qrels.tsv") {
		if l.relevant[line[0]] == nil {
			l.relevant[line[0]] = make(map[string]bool)
		}
		l.relevant[line[0]][line[1]] = true
	}
	return l
}

func (l *lab) add(d labDoc) {
	for _, p := range kb.Split(&kb.Document{Kind: kb.Article, Content: kb.Content{Title: d.Title, Body: d.Text}}) {
		l.passages = append(l.passages, labPassage{d.ID, d.Title + "\n" + p.Text, embeddings.PassageTerms(d.Title, p.Heading, p.Text)})
	}
}

func (l *lab) finish() {
	l.postings = make(map[uint32][]posting)
	for i, p := range l.passages {
		for j, term := range p.terms.Terms {
			l.postings[term] = append(l.postings[term], posting{i, float64(p.terms.Weights[j])})
		}
	}
}

func (l *lab) idf(term uint32) float64 {
	all, n := float64(len(l.passages)), float64(len(l.postings[term]))
	return math.Log((all-n+0.5)/(n+0.5) + 1)
}

// ask returns the features of a question, and whether the first source is one
// of the relevant. The relevant are left out if without says so.
func (l *lab) ask(question string, relevant map[string]bool, without bool) (Features, bool) {
	p := DefaultProfile()
	scores, mass, rarest := make(map[int]float64), 0., 0.
	for c, terms := range embeddings.QueryTerms(question) {
		for i, term := range terms.Terms {
			rarest = max(rarest, l.idf(term))
			v := p.Weights.Lexical[c] * float64(terms.Weights[i]) * l.idf(term)
			mass += v
			for _, x := range l.postings[term] {
				if !without || !relevant[l.passages[x.passage].doc] {
					scores[x.passage] += v * x.weight
				}
			}
		}
	}
	m := embeddings.NewMatcher(question, l.idf)
	order := make([]int, 0, len(scores))
	for i := range scores {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), a-b) })
	type source struct {
		doc           string
		score, window float64
	}
	best := make(map[string]source)
	for _, i := range order[:min(len(order), p.Rescored)] {
		window := m.Best(l.passages[i].text).Score
		s := source{l.passages[i].doc, scores[i] + p.Window*window, window}
		if s.score > best[s.doc].score {
			best[s.doc] = s
		}
	}
	var ranked []source
	for _, s := range best {
		ranked = append(ranked, s)
	}
	slices.SortFunc(ranked, func(a, b source) int { return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.doc, b.doc)) })
	f := Features{Words: m.Words()}
	if len(ranked) == 0 {
		return f, false
	}
	var all []float64
	for _, s := range ranked {
		all = append(all, s.score)
	}
	f.Margin, f.Gap = Leads(all)
	f.Score = ranked[0].score / max(mass+p.Window*m.Mass(), 1e-9)
	f.Coverage = ranked[0].window / max(m.Mass(), 1e-9)
	f.Rarity = ranked[0].window / max(rarest, 1e-9)
	return f, relevant[ranked[0].doc]
}
