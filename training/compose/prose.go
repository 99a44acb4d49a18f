package compose

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// style is how a model is to write. What it may say is not its to choose.
func style(lang string) string {
	if lang == "ru" {
		return "Напишите статью базы знаний: нейтрально, для любого клиента, без обращения по имени. Сохраните порядок источников и все шаги."
	}
	return "Write an article of a knowledge base: neutral, for any customer, addressing nobody by name. Keep the order of the sources and every step."
}

// cited is a marker of a source in what a model wrote.
var cited = regexp.MustCompile(`\s*\[\d+\]`)

// reworded has a model put the statements into better words and reports whether
// it did: each of its sentences must rest on statements, and each statement must
// be in it. Conflicts stay the editor's: where there are any, nothing is
// reworded, since the variants would not be found again.
func reworded(ctx context.Context, prose retrieval.Generator, d *gap.Draft, taken []chosen) bool {
	r := retrieval.Request{Question: d.Title, Language: d.Language, Instructions: style(d.Language)}
	for i := range taken {
		if len(taken[i].variants) > 1 {
			return false
		}
		r.Evidence = append(r.Evidence, retrieval.Evidence{
			Source: retrieval.Source{ID: taken[i].tickets[0], Kind: kb.Article}, Text: taken[i].text, End: utf8.RuneCountInString(taken[i].text), Score: 1,
		})
	}
	a, err := prose.Generate(ctx, r, nil)
	if err != nil || a.Abstain != "" || len(a.Unproven) > 0 || !strings.HasPrefix(a.Method, "model:") {
		return false
	}
	used := make(map[int]bool)
	var sentences []gap.Sentence
	body := cited.ReplaceAllString(a.Text, "")
	for _, c := range a.Citations {
		if c.Marker < 1 || c.Marker > len(taken) {
			return false
		}
		used[c.Marker] = true
		text := strings.TrimSpace(cited.ReplaceAllString(stretch(a.Text, c.Start, c.End), ""))
		at := strings.Index(body, text)
		if text == "" || at < 0 {
			return false
		}
		start := utf8.RuneCountInString(body[:at])
		if n := len(sentences); n > 0 && sentences[n-1].Start == start {
			sentences[n-1].Tickets = merged(sentences[n-1].Tickets, taken[c.Marker-1].tickets)
			continue
		}
		sentences = append(sentences, gap.Sentence{Text: text, Start: start, End: start + utf8.RuneCountInString(text), Tickets: taken[c.Marker-1].tickets})
	}
	if len(used) < len(taken) {
		return false // it left something out
	}
	d.Body, d.Sentences, d.Writer = body, sentences, strings.TrimPrefix(a.Method, "model:")
	return true
}

// stretch is the text between two runes.
func stretch(text string, start, end int) string {
	rs := []rune(text)
	return string(rs[min(start, len(rs)):min(end, len(rs))])
}

func merged(a, b []string) []string {
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
