package retrieval

import "time"

// Learned is how feedback taught to rank: one version of it, which must prove
// itself before it serves. It is declared here, where it is read, and written
// by package training. The zero Learned ranks as if there had been no feedback.
//
// Everything in it is kept by the ids of documents and in words, and nothing by
// passages or vectors, so it outlives a new index, another way of cutting
// documents and another embedding model. Only moved vectors are of one model,
// and they are found anew.
type Learned struct {
	Factors Factors               `json:"factors"`            // everywhere
	ByTopic map[string]Factors    `json:"by_topic,omitempty"` // by topic, where one has taught enough
	Sources map[string]Usefulness `json:"sources,omitempty"`  // by document id
	Tuned   bool                  `json:"tuned,omitempty"`    // vectors were moved: see Store.TunedOf
	Through time.Time             `json:"through"`            // of the last judgement that was learned from
}

// Factors say how much each signal counts beside its usual weight: 1 as usual.
// They lie between MinFactor and MaxFactor; 0 counts as 1, so that the zero
// Factors change nothing.
type Factors struct {
	Title float64 `json:"title,omitempty"`
	Body  float64 `json:"body,omitempty"`
	Grams float64 `json:"grams,omitempty"`
	Place float64 `json:"place,omitempty"`
	Dense float64 `json:"dense,omitempty"`
	Cases float64 `json:"cases,omitempty"`
}

// used is a factor as it is used.
func used(factor float64) float64 {
	if factor == 0 {
		return 1
	}
	return factor
}

// own is what a candidate's own signals come to.
func (f *Factors) own(c *Candidate) float64 {
	return used(f.Title)*c.Title + used(f.Body)*c.Body + used(f.Grams)*c.Grams + used(f.Place)*c.Place + used(f.Dense)*c.Dense
}

// For returns the factors of a topic.
func (l *Learned) For(topic string) Factors {
	if f, ok := l.ByTopic[topic]; ok {
		return f
	}
	return l.Factors
}

// changed is how much of what was learned of a source counts after the source
// was changed and before anybody has looked at how much.
const changed = 0.5

// Bonus returns what operators made of a source in a topic adds to its score,
// from -MaxBonus to MaxBonus. What was learned of an earlier revision counts
// half until it is known how much of that still stands.
func (l *Learned) Bonus(id, topic string, revision int64) float64 {
	u, ok := l.Sources[id]
	if !ok {
		return 0
	}
	return u.bonus(topic, revision)
}

func (u *Usefulness) bonus(topic string, revision int64) float64 {
	bonus := u.Whole.Bonus
	if p, ok := u.ByTopic[topic]; ok {
		bonus = p.Bonus
	}
	bonus *= u.Kept
	if revision > u.Revision {
		bonus *= changed
	}
	return max(-MaxBonus, min(MaxBonus, bonus))
}

// Bounds of what is learned. No amount of feedback may silence a way of
// searching, bury a source or make it win every question.
const (
	MinFactor = 0.5
	MaxFactor = 2.0
	MaxBonus  = 0.1 // of a score from 0 to 1
)

// A Usefulness is what operators made of a source: over all topics and in each
// that it was judged in.
type Usefulness struct {
	Whole    Posterior            `json:"whole"`
	ByTopic  map[string]Posterior `json:"by_topic,omitempty"` // by Topic.ID
	Revision int64                `json:"revision"`           // of the source that it was learned from
	Kept     float64              `json:"kept"`               // share of what was learned that still stands in the source, from 0 to 1
}

// A Posterior is what is believed of how often a source is of use: a Beta
// distribution over what has faded with time and was weighed by trust.
type Posterior struct {
	Useful  float64   `json:"useful"`         // weighed count of times it was kept or brought in
	Useless float64   `json:"useless"`        // weighed count of times it was dropped, contradicted or voted down
	Kept    int       `json:"kept"`           // plain counts, for explaining
	Brought int       `json:"brought"`        //
	Dropped int       `json:"dropped"`        //
	Against int       `json:"against"`        // contradicted or voted down
	Lower   float64   `json:"lower"`          // lower bound of its usefulness
	Bonus   float64   `json:"bonus"`          // what it adds to a score, from -MaxBonus to MaxBonus
	Last    time.Time `json:"last,omitempty"` // of the latest judgement
}
