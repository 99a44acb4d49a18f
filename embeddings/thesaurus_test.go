package embeddings

import (
	"slices"
	"strings"
	"testing"
)

// words returns the hashes of the words channel of a text, sorted.
func words(text string) []uint32 {
	hashes := wordHashes(nil, Analyze(text).Tokens)
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

func TestWordsOfOneConceptAreOne(t *testing.T) {
	for _, tt := range []struct{ name, one, other string }{
		{"two English verbs", "delete", "erase"},
		{"two Russian verbs", "удалить", "стереть"},
		{"a verb in two languages", "deleting", "удаление"},
		{"a phrase and a word", "sign up", "registration"},
		{"a Russian phrase and a word", "личный кабинет профиль", "профиль"},
		{"an inflected service", "в телеграме", "Telegram"},
		{"two ways to ask how much", "how many", "сколько"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			one, other := words(tt.one), words(tt.other)
			if !slices.ContainsFunc(one, func(h uint32) bool { return slices.Contains(other, h) }) {
				t.Errorf("%q and %q share nothing: %v, %v", tt.one, tt.other, one, other)
			}
		})
	}
}

func TestWordsOfTwoConceptsStayApart(t *testing.T) {
	for _, tt := range []struct{ name, one, other string }{
		{"to pay and a platform", "плата", "платформа"},
		{"a part of a word is no beginning", "меня", "менять"},
		{"what is no entry stays itself", "quokka", "zebra"},
		{"a risk is no drawing", "риск", "рисунок"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			one, other := words(tt.one), words(tt.other)
			if slices.ContainsFunc(one, func(h uint32) bool { return slices.Contains(other, h) }) {
				t.Errorf("%q and %q share a term", tt.one, tt.other)
			}
		})
	}
}

func TestThesaurusIsSound(t *testing.T) {
	names := make(map[string]bool)
	for line := range strings.Lines(thesaurusText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		entries := strings.Fields(line)
		if names[entries[0]] {
			t.Errorf("two concepts are named %q", entries[0])
		}
		names[entries[0]] = true
		for i, e := range entries {
			if slices.Contains(entries[:i], e) {
				t.Errorf("concept %q has %q twice", entries[0], e)
			}
			if p, ok := strings.CutSuffix(e, "*"); ok && len([]rune(p)) < 2 {
				t.Errorf("concept %q: the beginning %q is too short to mean anything", entries[0], e)
			}
			if fold(e) != e {
				t.Errorf("concept %q: %q is not as tokens are: %q", entries[0], e, fold(e))
			}
		}
	}
	if len(names) < 200 {
		t.Errorf("%d concepts, want at least 200", len(names))
	}
}
