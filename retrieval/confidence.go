package retrieval

import "math"

// Features are what the confidence in a suggestion rests on. All of them are
// shares of what the question asked for, so that they mean the same in a small
// knowledge base and a large one, in Russian and in English.
type Features struct {
	Coverage float64 // share of the question's words, by rarity, that stand in one place of the best source: embeddings.Match.Score over the Matcher's Mass
	Score    float64 // the best source's score by words, as a share of what the question could have had at most
	Margin   float64 // by what share of its score the best source leads the second; 1 where there is none
	Gap      float64 // by what share it leads the mean of the second to the sixth; 1 where there is none
	Rarity   float64 // Match.Score over the greatest IDF of the question's terms: about how many rare words were found
	Words    int     // how many words of the question are looked for: the Matcher's Words
	Dense    float64 // the best cosine, from -1 to 1; 0 without vectors
	Lead     float64 // log odds of the best source among all that were found, where cases spoke for any; else 0
}

// Leads returns the Margin and the Gap of the sources' scores, best first.
func Leads(scores []float64) (margin, gap float64) {
	if len(scores) == 0 || scores[0] <= 0 {
		return 0, 0
	}
	if len(scores) == 1 {
		return 1, 1
	}
	rest := scores[1:min(len(scores), 6)]
	sum := 0.
	for _, s := range rest {
		sum += s
	}
	return (scores[0] - rest[0]) / scores[0], (scores[0] - sum/float64(len(rest))) / scores[0]
}

// A Calibration turns Features into a confidence: weights of a logistic
// regression, and the floors below which nothing counts as evidence. It is
// data, since it is learned; [DefaultCalibration] is where learning starts.
type Calibration struct {
	Bias     float64 `json:"bias"`
	Coverage float64 `json:"coverage"`
	Score    float64 `json:"score"`
	Margin   float64 `json:"margin"`
	Gap      float64 `json:"gap"`
	Rarity   float64 `json:"rarity"`
	Words    float64 `json:"words"` // times ln(1 + Words)
	Dense    float64 `json:"dense"` // 0 unless learned: what a cosine means differs from model to model
	Lead     float64 `json:"lead"`

	MinCoverage float64 `json:"min_coverage"` // there is no evidence where Coverage is below this
	MinScore    float64 `json:"min_score"`    // and Score below this,
	MinDense    float64 `json:"min_dense"`    // unless the cosine reaches this; above 1: it never counts alone
}

// DefaultCalibration was fitted on five sets of questions in Russian and
// English, four of them public, each asked as it is, asked again with its
// answers taken out of the knowledge base, and mixed with questions on other
// subjects. The confidence is the chance that the first source answers, where
// three questions in four have an answer.
func DefaultCalibration() Calibration {
	return Calibration{
		Bias: -6.97, Coverage: 3.14, Score: 4.57, Margin: 2.56, Gap: 1.34, Rarity: 0.57, Words: 1.71, Lead: 0.5,
		MinCoverage: 0.25, MinScore: 0.10, MinDense: 1.1,
	}
}

// An Assessment says how far a suggestion may be trusted.
type Assessment struct {
	Confidence float64 // from 0 to 1: the chance that the best source answers
	Reason     Reason  // NoEvidence where nothing shares the question's subject; else empty
}

// hardly is the Coverage that counts as none: a word that resembles another.
const hardly = 0.05

// Assess judges the features of a search. A question without a word to look
// for has no evidence, whatever was found.
func (c *Calibration) Assess(f Features) Assessment {
	strange := f.Words == 0 || f.Coverage < hardly || f.Coverage < c.MinCoverage && f.Score < c.MinScore
	if strange && f.Dense < c.MinDense {
		return Assessment{Reason: NoEvidence}
	}
	z := c.Bias + c.Coverage*min(f.Coverage, 1) + c.Score*min(f.Score, 1) + c.Margin*f.Margin + c.Gap*f.Gap +
		c.Rarity*f.Rarity + c.Words*math.Log1p(float64(f.Words)) + c.Dense*f.Dense + c.Lead*f.Lead
	return Assessment{Confidence: 1 / (1 + math.Exp(-z))}
}

// Judge turns an assessment into the reason to abstain, empty for none, given
// the least confidence that the reader of the suggestion accepts.
func (a Assessment) Judge(least float64) Reason {
	switch {
	case a.Reason != "":
		return a.Reason
	case a.Confidence < least:
		return LowConfidence
	}
	return ""
}
