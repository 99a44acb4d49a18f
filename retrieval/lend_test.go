package retrieval

import (
	"math"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// wished is a question whose every term is worth 1.
func wished(text string) []wish {
	q := Query{Lexical: Lexical(embeddings.QueryTerms(text))}
	var r Result
	for c := range q.Lexical {
		for range q.Lexical[c].Terms {
			r.IDF[c] = append(r.IDF[c], 1)
		}
	}
	t := task{profile: Profile{Weights: Weights{Lexical: [embeddings.Channels]float64{embeddings.BodyWords: 1}}}}
	return t.wishes(&q, &r, &r, 1)
}

// said is a passage of a source.
func said(id, text string) ranked {
	return ranked{Hit: Hit{Source: Source{ID: id}, Passage: kb.Passage{Text: text}}}
}

// lentTo is what cases with these words lend to an article.
func lentTo(question, article string, believed float64, cases ...string) float64 {
	v := new(votes)
	for _, text := range cases {
		from := said("case", text)
		v.lenders = append(v.lenders, lender{&from, believed})
	}
	lend(wished(question), []ranked{said("article", article)}, map[string]*votes{"article": v})
	return v.lent
}

func TestCasesLendTheirWordsToAnArticleThatLacksThem(t *testing.T) {
	const question, article = "Does the telly app freeze?", "The application for televisions stops when its memory is full."
	one := lentTo(question, article, 1, "my telly is slow")
	if one <= 0 {
		t.Fatalf("a word that only a case has adds %v", one)
	}
	if both := lentTo(question, article, 1, "my telly is slow", "films freeze"); both <= one {
		t.Errorf("two cases with a word each add %v, one of them %v", both, one)
	}
	if again := lentTo(question, article, 1, "my telly is slow", "my telly is slow"); again != one {
		t.Errorf("the same case again adds %v, and once %v", again, one)
	}
	if half := lentTo(question, article, 0.5, "my telly is slow"); math.Abs(half-one/2) > 1e-9 {
		t.Errorf("a case that is half believed adds %v, and believed %v", half, one)
	}
	if none := lentTo(question, article, 0, "my telly is slow"); none != 0 {
		t.Errorf("a case that nobody believes adds %v", none)
	}
}

func TestWordsThatTheArticleHasGainNothingByCases(t *testing.T) {
	const article = "A telly can freeze."
	if got := lentTo("Does the telly freeze?", article, 1, "A telly can freeze."); got != 0 {
		t.Errorf("a case that says what the article says adds %v", got)
	}
	if got := lentTo("Does the telly freeze?", article, 1, "Where is my parcel?"); got != 0 {
		t.Errorf("a case without any of the question's words adds %v", got)
	}
}

func TestWhatAllCustomersSayIsWorthAsLittleAsInCases(t *testing.T) {
	q := Query{Lexical: Lexical(embeddings.QueryTerms("telly"))}
	var articles, cases Result
	for c := range q.Lexical {
		for range q.Lexical[c].Terms {
			articles.IDF[c], cases.IDF[c] = append(articles.IDF[c], 5), append(cases.IDF[c], 0.1)
		}
	}
	tk := task{profile: DefaultProfile()}
	common := tk.wishes(&q, &articles, &cases, 10)
	rare := tk.wishes(&q, &articles, &articles, 10)
	if len(common) == 0 || len(common) != len(rare) {
		t.Fatalf("%d and %d terms are looked for", len(common), len(rare))
	}
	for i := range common {
		if got, want := common[i].worth, rare[i].worth/50; math.Abs(got-want) > 1e-9 {
			t.Errorf("a term that is rare in articles alone is worth %v, want %v", got, want)
		}
	}
	tk.semantic = true
	for i, w := range tk.wishes(&q, &articles, &cases, 10) {
		if want := common[i].worth * (1 - tk.profile.Meaning); math.Abs(w.worth-want) > 1e-9 {
			t.Errorf("where vectors have their share of the score, a word is worth %v, want %v", w.worth, want)
		}
	}
}
