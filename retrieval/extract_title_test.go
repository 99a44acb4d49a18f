package retrieval

import (
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

// titled is evidence of an article with a title that is not its id.
func titled(id, title, text string, score float64) Evidence {
	e := articleEvidence(id, "en", text, score)
	e.Source.Title = title
	return e
}

func TestExtractAnswersATitlesQuestionFromTheTop(t *testing.T) {
	const title = "Hiring a cargo bike"
	text := "A cargo bike is yours for a day. Bring a card with a photo.\n\n## Getting one\n\n1. Choose a day in the calendar.\n2. Pick the bike up at the gate.\n\n" +
		"## Yard\n\n" + sorting + "\n\n## After a fall\n\nHiring ends at once when a cargo bike has fallen. Tell us about the bike."
	for _, tt := range []struct{ name, question, want, not string }{
		{"who asks what the title says is told how it begins", "How do I hire a cargo bike?", "yours for a day", "has fallen"},
		{"and the steps, if steps are asked for", "How do I hire a cargo bike?", "Choose a day", "has fallen"},
		{"who asks for more than the title says is told that", "What if the cargo bike has fallen?", "Hiring ends at once", "Choose a day"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := drafted(t, tt.question, "en", []Evidence{titled("bike", title, text, 0.8)})
			if !strings.Contains(a.Text, tt.want) || strings.Contains(a.Text, tt.not) {
				t.Errorf("got %q, want %q without %q", a.Text, tt.want, tt.not)
			}
		})
	}
}

func TestExtractKnowsATitleThatTurnsTheQuestionRound(t *testing.T) {
	never := titled("never", "What you cannot compost", "Compost takes no glass, no metal and no paint.", 0.8)
	ever := titled("ever", "What you can compost at home", "Peel, tea and leaves are welcome.", 0.75)
	for _, tt := range []struct {
		question, want string
		evidence       []Evidence
	}{
		{"What can I compost?", "ever", []Evidence{never, ever}},
		{"What can I not compost?", "never", []Evidence{never, ever}},
		{"What can I not compost?", "never", []Evidence{ever, never}},
	} {
		a := drafted(t, tt.question, "en", tt.evidence)
		if len(a.Citations) == 0 || a.Citations[0].SourceID != tt.want {
			t.Errorf("%s: got %q, want what %q says", tt.question, a.Text, tt.want)
		}
	}
}

func TestACaseVouchesForTheArticleItWasResolvedWith(t *testing.T) {
	solved := caseEvidence("case", "My violin strings squeak when it rains", "Rub them with a cloth, as you did last time.", 0.9)
	article := titled("damp", "Damp weather", "Loosen the bow and keep the instrument in its box.", 0.3)
	other := titled("other", "Shop hours", "We open at nine.", 0.3)
	const question = "Why do strings squeak in wet weather at night?"
	for _, tt := range []struct {
		name, resolved string
		score          float64 // of the case
		want           string
	}{
		{"the article that the nearest case was resolved with is quoted", "damp", 0.9, "damp"},
		{"another one is not", "elsewhere", 0.9, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			solved.Source.ResolvedWith, solved.Score = tt.resolved, tt.score
			a := drafted(t, question, "en", []Evidence{solved, other, article})
			if got := len(a.Citations) > 0 && a.Citations[0].SourceID == tt.want; got != (tt.want != "") {
				t.Errorf("got %q, %q, want what %q says", a.Text, a.Abstain, tt.want)
			}
		})
	}
	if got := vouched([]Evidence{{Source: Source{ID: "damp", Kind: kb.Article, ResolvedWith: "damp"}, Score: 1}}, "damp"); got != 0 {
		t.Errorf("an article vouches for itself with %v", got)
	}
}
