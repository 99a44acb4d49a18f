package retrieval

import "math"

// Features are what the confidence in a suggestion rests on. None of them
// depends on how large the knowledge base is, and Form alone on its language:
// the words that ask are known in Russian and English, elsewhere it is 0.
type Features struct {
	Apart float64 // log odds of the best source among all that were found, those like it left out; from -4 to 4
	Asked float64 // the weight of the question's words over that of the rarest: about how many rare words it has
	Title float64 // share of the question's words, by rarity, that the best source's title or its likest case has
	Agree float64 // how much of their choice the ways of searching give to the best source or to one like it, from 0 to 1
	Form  float64 // how far the best source's title asks what the question asks (how many, why, where, ...), from 0 to 1; 0 without a title
	Told  float64 // greatest share of a found source's title, by how rare its words are among those titles, that the question has

	Coverage float64 // share of the question's words, by rarity, that stand in one place of the best source: embeddings.Match.Score over the Matcher's Mass
	Score    float64 // the best source's score by words, as a share of what the question could have had at most
	Words    int     // how many words of the question are looked for: the Matcher's Words
	Dense    float64 // the best source's cosine, from -1 to 1; 0 without vectors
}

// A Calibration turns Features into a confidence: weights of a logistic
// regression, and the floors below which nothing counts as evidence. It is
// data, since it is learned; [DefaultCalibration] is where learning starts.
type Calibration struct {
	Bias  float64 `json:"bias"`
	Apart float64 `json:"apart"`
	Asked float64 `json:"asked"` // times ln(1 + Asked)
	Title float64 `json:"title"`
	Agree float64 `json:"agree"`
	Form  float64 `json:"form"`
	Told  float64 `json:"told"`
	Lacks float64 `json:"lacks"` // at least 0, taken off where there is no evidence
	Dense float64 `json:"dense"` // 0 unless learned: what a cosine means differs from model to model

	MinCoverage float64 `json:"min_coverage"` // there is no evidence where Coverage is below this
	MinScore    float64 `json:"min_score"`    // and Score below this,
	MinDense    float64 `json:"min_dense"`    // unless the cosine reaches this; above 1: it never counts alone
}

// DefaultCalibration was fitted on four public sets of questions in Russian and
// English, two of which have been asked of a helpdesk, with a fifth of the
// topics taken out of the knowledge base, many times over, each kind of set
// counting the same: its direction to tell questions that are covered from
// others, and then its bias and scale to the chance that the first source
// answers, where four questions in five are covered.
func DefaultCalibration() Calibration {
	return Calibration{
		Bias: -5.41, Apart: 0.49, Asked: 1.47, Title: 3.63, Agree: 2.94, Form: 0.73, Told: 1.49, Lacks: 1.61,
		MinCoverage: 0.25, MinScore: 0.10, MinDense: 1.1,
	}
}

// An Assessment says how far a suggestion may be trusted.
type Assessment struct {
	Confidence float64 // from 0 to 1: the chance that the knowledge base covers the question and what was found first answers it
	Reason     Reason  // NoEvidence where nothing shares the question's subject; else empty
}

// hardly is the Coverage that counts as none: a word that resembles another.
const hardly = 0.05

// Assess judges the features of a search. A question without a word to look
// for has no evidence, whatever was found, and a confidence of 0. Where what
// was found shares too little the confidence is low but tells more from less.
func (c *Calibration) Assess(f Features) Assessment {
	strange := f.Words == 0 || f.Coverage < hardly || f.Coverage < c.MinCoverage && f.Score < c.MinScore
	z := c.Bias + c.Apart*f.Apart + c.Asked*math.Log1p(max(0, f.Asked)) + c.Title*min(f.Title, 1) +
		c.Agree*f.Agree + c.Form*f.Form + c.Told*f.Told + c.Dense*f.Dense
	switch {
	case !strange || f.Dense >= c.MinDense:
		return Assessment{Confidence: 1 / (1 + math.Exp(-z))}
	case f.Words == 0:
		return Assessment{Reason: NoEvidence}
	}
	return Assessment{Confidence: 1 / (1 + math.Exp(c.Lacks-z)), Reason: NoEvidence}
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
