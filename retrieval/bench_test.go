package retrieval

import "testing"

// BenchmarkExtract is what a suggestion without a model costs after the search:
// choosing what to quote from five sources, and holding it against them.
func BenchmarkExtract(b *testing.B) {
	var evidence []Evidence
	for i, text := range []string{kettle, kettle + "\n\nMore.", kettle, "Short.", kettle} {
		evidence = append(evidence, articleEvidence("a", "en", text, 1-float64(i)/10))
	}
	for b.Loop() {
		a, err := Extract{}.Generate(b.Context(), Request{Question: "How do I clean the filter, and what does it cost?", Language: "en", Evidence: evidence}, nil)
		if err != nil {
			b.Fatal(err)
		}
		if r := Ground(a.Text, evidence); !r.Supported() {
			b.Fatal("not grounded")
		}
	}
}
