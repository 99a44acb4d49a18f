package retrieval

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// DefaultName is the profile that answers where no other is named.
const DefaultName = "default"

// A Profile says how to answer: it is all in which two ways of answering may
// differ, and it is data, since parts of it are learned.
type Profile struct {
	Name         string      `json:"name,omitempty"`
	Weights      Weights     `json:"weights"`
	Window       float64     `json:"window" minimum:"0"`                    // weight of the question's words that stand together in one place
	Rescored     int         `json:"rescored" minimum:"0" maximum:"200"`    // how many of the best passages are looked at for that
	Meaning      float64     `json:"meaning" minimum:"0" maximum:"1"`       // share of a model server's vectors in the score; the rest is the words'
	Candidates   int         `json:"candidates" minimum:"1" maximum:"1000"` // passages of each way of searching that are ranked
	MinDraft     float64     `json:"min_draft" minimum:"0" maximum:"1"`     // confidence below which an operator gets no draft
	MinAnswer    float64     `json:"min_answer" minimum:"0" maximum:"1"`    // confidence below which nothing is sent unattended
	Calibration  Calibration `json:"calibration"`
	Ranker       string      `json:"ranker,omitempty" maxLength:"20"`         // what was learned: serving (or empty), newest, none, or a version
	Instructions string      `json:"instructions,omitempty" maxLength:"8000"` // how replies of a model server should sound
}

// DefaultProfile is how to answer before anything was learned or set.
func DefaultProfile() Profile {
	return Profile{
		Name: DefaultName,
		Weights: Weights{Dense: 10, Lexical: [embeddings.Channels]float64{
			embeddings.TitleWords: 5, embeddings.TitleGrams: 1.6, embeddings.BodyWords: 3, embeddings.BodyGrams: .85,
		}},
		Window:      6,
		Rescored:    20,
		Meaning:     0.5,
		Candidates:  50,
		MinDraft:    0.20,
		MinAnswer:   0.90,
		Calibration: DefaultCalibration(),
	}
}

// Validate reports, as an ErrInvalid, the first field that makes no sense.
func (p *Profile) Validate() error {
	invalid := func(what string) error { return fmt.Errorf("%w: profile %s: %s", ErrInvalid, p.Name, what) }
	switch {
	case p.Name == "":
		return fmt.Errorf("%w: a profile needs a name", ErrInvalid)
	case p.Candidates < 1 || p.Candidates > 1000:
		return invalid("candidates: use 1 to 1000")
	case p.MinDraft < 0 || p.MinDraft > 1 || p.MinAnswer < 0 || p.MinAnswer > 1:
		return invalid("min_draft and min_answer: use 0 to 1")
	case p.Weights.Dense < 0 || p.Window < 0:
		return invalid("weights are at least 0")
	case p.Rescored < 0 || p.Rescored > 200:
		return invalid("rescored: use 0 to 200")
	case p.Meaning < 0 || p.Meaning > 1:
		return invalid("meaning: use 0 to 1")
	}
	if _, err := strconv.ParseUint(p.Ranker, 10, 63); err != nil && !slices.Contains([]string{"", ServingRanker, NewestRanker, NoRanker}, p.Ranker) {
		return invalid("ranker: use serving, newest, none or a version")
	}
	for _, w := range p.Weights.Lexical {
		if w < 0 {
			return invalid("weights are at least 0")
		}
	}
	return nil
}
