package feedback

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

const (
	// sameWords is the least that two questions have in common that are one, of
	// all that both say (Jaccard), where both were resolved with one article.
	sameWords = 0.8

	// sameReply is the least that two replies have in common that say the same
	// though they rest on different articles or on none.
	sameReply = 0.6

	// rivals is how many replies that say different things the memory keeps to one
	// question. With more, the question is not what decides the reply.
	rivals = 8

	// recent is how far back in the change feed cases are looked through for
	// questions that are nearly the same: further than any index lags behind.
	recent = 2000
)

// A wording is what a question or a reply says, without order, inflection,
// greetings and repeats.
type wording map[string]bool

// wordingOf reads a text.
func wordingOf(text string) wording {
	w := make(wording)
	for _, t := range embeddings.Analyze(standIns.ReplaceAllString(text, " ")).Tokens {
		if !t.Part && !addressing().has(t.Norm) {
			w[t.Stem] = true
		}
	}
	return w
}

// addressing are the words that only address somebody.
var addressing = listed(`hello hi hey dear please pls plz thanks thank thx regards good morning afternoon evening
	здравствуйте здравствуй привет добрый доброе доброго день утро вечер пожалуйста спасибо благодарю уважаемые
	подскажите скажите извините простите`)

// likeness returns how much two wordings have in common, from 0 to 1.
func (w wording) likeness(v wording) float64 {
	both := 0
	for k := range w {
		if v[k] {
			both++
		}
	}
	if all := len(w) + len(v) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 1
}

// negations of a wording.
func (w wording) negations() (n int) {
	for _, k := range []string{"не", "нет", "нельзя", "без", "no", "not", "can't", "cannot", "don't", "doesn't", "without"} {
		if w[k] {
			n++
		}
	}
	return n
}

// sameQuestion reports whether two cases ask the same: in the same words, or
// nearly so and with the same article as the answer.
func sameQuestion(a, b *kb.Document) bool {
	v, w := wordingOf(a.Problem), wordingOf(b.Problem)
	like := v.likeness(w)
	return like == 1 ||
		like >= sameWords && a.ResolvedWith != "" && a.ResolvedWith == b.ResolvedWith && v.negations() == w.negations()
}

// agree reports whether the replies of two cases say the same: neither gives a
// number in place of the other's, and they rest on one article or have most
// words in common.
func agree(a, b *kb.Document) bool {
	m, n := numbersOf(a.Resolution), numbersOf(b.Resolution)
	if beyond(m, n) && beyond(n, m) {
		return false
	}
	return a.ResolvedWith != "" && a.ResolvedWith == b.ResolvedWith ||
		wordingOf(a.Resolution).likeness(wordingOf(b.Resolution)) >= sameReply
}

// numbersOf returns the numbers of a text.
func numbersOf(text string) map[string]bool {
	out := make(map[string]bool)
	for _, t := range embeddings.Analyze(text).Tokens {
		if t.Kind == embeddings.Number && !t.Part {
			out[t.Norm] = true
		}
	}
	return out
}

// beyond reports whether a holds what b does not.
func beyond(a, b map[string]bool) bool {
	for k := range a {
		if !b[k] {
			return true
		}
	}
	return false
}

// caseIDs returns the ids under which the cases of a question are kept, the
// first one first: made from the question's words, so that the same question
// leads to its case at any time, in whatever state that is, by one look.
func caseIDs(workspace, problem string) []string {
	w := wordingOf(problem)
	words := make([]string, 0, len(w))
	for k := range w {
		words = append(words, k)
	}
	slices.Sort(words)
	if len(words) == 0 {
		words = []string{problem}
	}
	sum := sha256.Sum256([]byte(workspace + "\x00" + strings.Join(words, " ")))
	first := CaseOrigin + ":" + hex.EncodeToString(sum[:12])
	ids := []string{first}
	for i := 2; i <= rivals; i++ {
		ids = append(ids, first+":"+strconv.Itoa(i))
	}
	return ids
}

// alike returns the cases of the memory that ask what d asks, d itself among
// them, by id. like are the ids of more to look at.
func (b *book) alike(ctx context.Context, d *kb.Document, like []string) ([]*kb.Document, error) {
	ids := slices.Concat(caseIDs(b.workspace, d.Problem), like, []string{d.ID})
	if d.ResolvedWith != "" {
		var near []string
		err := b.tx.Model(&kb.Document{}).
			Where("workspace_id = ? AND resolved_with = ? AND kind = ? AND deleted = ?", b.workspace, d.ResolvedWith, kb.Case, false).
			Where("seq > (SELECT changes FROM workspaces WHERE id = ?) - ?", b.workspace, recent).
			Pluck("id", &near).Error
		if err != nil {
			return nil, err
		}
		ids = append(ids, near...)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return !strings.HasPrefix(id, CaseOrigin+":") })
	slices.Sort(ids)
	ids = slices.Compact(ids)
	found, err := b.store.Documents(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []*kb.Document
	for _, id := range ids {
		if c, ok := found[id]; ok && c.Kind == kb.Case && (c.ID == d.ID || sameQuestion(&c, d)) {
			out = append(out, &c)
		}
	}
	return out, nil
}
