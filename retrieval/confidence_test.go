package retrieval

import (
	"cmp"
	"context"
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
	good := Features{Apart: 3, Asked: 3, Title: 0.8, Agree: 0.7, Coverage: 0.9, Score: 0.7, Words: 4}
	for _, tt := range []struct {
		name     string
		features Features
		least    float64
		want     Reason
	}{
		{"a question that one source covers is answered", good, 0.8, ""},
		{"a question without words has no evidence", Features{Coverage: 1, Score: 1, Apart: 4, Agree: 1}, 0.1, NoEvidence},
		{"words that stand nowhere are no evidence", Features{Words: 3, Score: 0.2}, 0.1, NoEvidence},
		{"a number in common is no evidence", Features{Words: 4, Coverage: 0.2, Score: 0.08, Agree: 0.7}, 0.1, NoEvidence},
		{"a word of four is little", Features{Coverage: 0.2, Score: 0.12, Apart: -1, Asked: 3, Agree: 0.2, Words: 4}, 0.5, LowConfidence},
		{"the unattended reader asks for more", Features{Coverage: 0.6, Score: 0.35, Apart: 0.5, Asked: 3, Title: 0.4, Agree: 0.3, Words: 4}, 0.9, LowConfidence},
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
	f := Features{Apart: 1, Asked: 2, Title: 0.4, Agree: 0.4, Coverage: 0.5, Score: 0.3, Words: 3}
	base := c.Assess(f).Confidence
	for name, more := range map[string]func(f Features) Features{
		"apart": func(f Features) Features { f.Apart++; return f },
		"asked": func(f Features) Features { f.Asked++; return f },
		"title": func(f Features) Features { f.Title += 0.2; return f },
		"form":  func(f Features) Features { f.Form += 0.5; return f },
		"told":  func(f Features) Features { f.Told += 0.2; return f },
		"agree": func(f Features) Features { f.Agree += 0.2; return f },
	} {
		if got := c.Assess(more(f)).Confidence; got <= base {
			t.Errorf("more %s takes the confidence from %.3f to %.3f", name, base, got)
		}
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
				if a.Judge(DefaultProfile().MinDraft) != "" {
					nothing++
				}
			}
			slices.Sort(wrong)
			for _, share := range []float64{0.05, 0.10} {
				least := wrong[int(float64(len(wrong))*(1-share))]
				t.Logf("answering %.2f of what has no answer abstains wrongly from %.3f", share, below(right, least))
			}
			t.Logf("at MinDraft: right ones lost %.3f, strange ones abstained from %.2f", below(right, DefaultProfile().MinDraft), float64(nothing)/float64(asked))
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
		if a := c.Assess(f); a.Judge(DefaultProfile().MinDraft) != "" {
			t.Errorf("%q has %+v, judged %q with confidence %.2f, want an answer", q, f, a.Judge(DefaultProfile().MinDraft), a.Confidence)
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
	doc, title string
	passage    kb.Passage
	terms      embeddings.Sparse
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
		l.passages = append(l.passages, labPassage{d.ID, d.Title, p, embeddings.PassageTerms(d.Title, p.Heading, p.Text)})
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
	hits, m := make(map[int]*Hit), &measure{match: embeddings.NewMatcher(question, l.idf)}
	m.asked, m.mass = m.match.Words(), m.match.Mass()
	m.full = p.Window * m.mass
	for c, terms := range embeddings.QueryTerms(question) {
		for i, term := range terms.Terms {
			m.rarest = max(m.rarest, l.idf(term))
			v := float64(terms.Weights[i]) * l.idf(term)
			m.full += p.Weights.Lexical[c] * v
			for _, x := range l.postings[term] {
				at := &l.passages[x.passage]
				if without && relevant[at.doc] {
					continue
				}
				h := hits[x.passage]
				if h == nil {
					h = &Hit{Source: Source{ID: at.doc, Title: at.title, Kind: kb.Article}, Passage: at.passage}
					hits[x.passage] = h
				}
				h.Lexical[c] += v * x.weight
				h.Score += p.Weights.Lexical[c] * v * x.weight
			}
		}
	}
	best := make([]Hit, 0, len(hits))
	for _, h := range hits {
		best = append(best, *h)
	}
	slices.SortFunc(best, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Source.ID, b.Source.ID), a.Passage.Ordinal-b.Passage.Ordinal)
	})
	t := &task{profile: p, search: question}
	groups := bySource(t.scored(m, best[:min(len(best), p.Rescored)]))
	t.weighed(groups, nil)
	if len(groups) == 0 {
		return Features{Words: m.asked}, false
	}
	f := findings{asked: m.asked, weight: m.mass * inverse(m.rarest), ranked: groups, best: groups[:min(kept, len(groups))], coverage: groups[0].coverage()}
	var err error
	if f.standing, err = t.stand(context.Background(), &f); err != nil {
		panic(err) // the context does not end
	}
	return f.features(), relevant[groups[0].Source.ID]
}
