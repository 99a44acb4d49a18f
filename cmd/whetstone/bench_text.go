package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// A phrasebook makes texts of any number out of real sentences. The same
// number gives the same text.
type phrasebook struct {
	byLanguage [][]string // sentences of at least a few words; texts do not mix languages
}

// readPhrases takes the sentences of the Markdown in a folder, or of the demo.
func readPhrases(dir string) (*phrasebook, error) {
	files := fs.FS(sample)
	if dir != "" {
		files = os.DirFS(dir)
	}
	groups := make(map[string][]string)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		text := kb.Plain(string(b))
		language := languageOf(text)
		for _, s := range kb.Sentences(text) {
			sentence := strings.Join(strings.Fields(text[s.Start:s.End]), " ")
			if n := len(strings.Fields(sentence)); n >= 5 && n <= 40 {
				groups[language] = append(groups[language], sentence)
			}
		}
		return nil
	})
	p := new(phrasebook)
	for _, sentences := range groups {
		if len(sentences) >= 100 {
			p.byLanguage = append(p.byLanguage, sentences)
		}
	}
	if err == nil && len(p.byLanguage) == 0 {
		err = fmt.Errorf("%s: fewer than a hundred sentences of Markdown in one language", dir)
	}
	return p, err
}

// draw returns sentences of one language until there are so many words.
func (p *phrasebook) draw(rng *rand.Rand, words int) string {
	sentences := p.byLanguage[rng.IntN(len(p.byLanguage))]
	var b strings.Builder
	for n := 0; n < words; {
		s := sentences[rng.IntN(len(sentences))]
		n += len(strings.Fields(s))
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

// article returns the i-th article: sections that are a passage each.
func (p *phrasebook) article(i int) *kb.Document {
	rng := rand.New(rand.NewPCG(1, uint64(i)))
	title := p.draw(rng, 5)
	var body strings.Builder
	for s := range perDocument {
		fmt.Fprintf(&body, "## %s\n\n%s\n\n", p.draw(rng, 4), p.draw(rng, 60+20*s))
	}
	return &kb.Document{
		ID: fmt.Sprintf("bench-%d", i), Kind: kb.Article, Origin: "bench",
		Content: kb.Content{Title: fmt.Sprintf("%s (%d)", title, i), Body: body.String(), Locale: languageOf(body.String())},
	}
}

// question returns the i-th question: a sentence with a part of its words.
func (p *phrasebook) question(i int) string {
	rng := rand.New(rand.NewPCG(2, uint64(i)))
	var kept []string
	for _, w := range strings.Fields(p.draw(rng, 8)) {
		if rng.Float64() < 0.6 {
			kept = append(kept, w)
		}
	}
	return strings.Join(append(kept, "?"), " ")
}

// standIn serves vectors of length dim like a model server would, so that the
// path through one can be measured where there is none. A vector is a random
// direction that depends on the text alone.
func standIn(ctx context.Context, dim int) (url string, stop func(), err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Input []string `json:"input"`
			Model string   `json:"model"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		type item struct {
			Object    string    `json:"object"`
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		items := make([]item, len(in.Input))
		for i, text := range in.Input {
			items[i] = item{"embedding", i, direction(text, dim)}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "model": in.Model, "data": items}) // the client may be gone
	})}
	go func() { _ = srv.Serve(l) }() // it ends when stopped
	return "http://" + l.Addr().String() + "/v1", func() { _ = srv.Close() }, nil
}

func direction(text string, dim int) []float32 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	rng := rand.New(rand.NewPCG(h.Sum64(), 3))
	v := make([]float32, dim)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}
