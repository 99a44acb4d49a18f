package embeddings

import "testing"

// Stored indexes rest on these numbers. If they change, so must Analyzer and
// the name of Local's model.
func TestTermsAreTheSameForever(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		channel    Channel
		want       uint32
	}{
		{"a stem", "квокками", BodyWords, 0xa3e448cd},
		{"the same in a title", "квокками", TitleWords, 0x71271de4},
		{"a concept", "удаление", BodyWords, 0x7c86d6a6},
		{"a gram", "да", BodyGrams, 0x348014b9},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := QueryTerms(tt.text)[tt.channel].Terms
			if len(got) != 1 || got[0] != tt.want {
				t.Errorf("terms of %q are %#x, want %#x", tt.text, got, tt.want)
			}
		})
	}
}
