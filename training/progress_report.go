package training

import (
	"fmt"
	"math"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/analytics"
	"github.com/whetstone-desk/whetstone/training/curve"
)

// progressLevel is the share of a report's intervals that hold what they are
// about; those of shares are of 95 %.
const progressLevel = 0.8

// A Report is how quickly a workspace's topics are learned. Figures that are
// not known, or would be infinite, are null in JSON.
type Report struct {
	ComputedAt time.Time `json:"computed_at"`
	Level      float64   `json:"level" doc:"Share of the intervals of curves and durations that hold what they are about."`

	Judgements int `json:"judgements" doc:"Suggestions of which anything was told."`
	Encounters int `json:"encounters" doc:"Those of them of which it is known what became of the answer; the rest is of these."`
	Unsorted   int `json:"unsorted" doc:"Encounters that belong to no topic and are in no figure below."`
	LeftOut    int `json:"topics_left_out" doc:"Topics that were met least, beyond the 5000 that are looked at."`

	Whole     Speed        `json:"whole"`
	Topics    []TopicSpeed `json:"topics" nullable:"false" doc:"The slowest first: those not there yet by how often they were met, then the others by how many encounters it took. At most 500."`
	Teams     []GroupSpeed `json:"teams" nullable:"false" doc:"Those with the most encounters first. At most 50."`
	Languages []GroupSpeed `json:"languages" nullable:"false" doc:"Those with the most encounters first. At most 50."`
}

// A Speed is how quickly topics are learned.
type Speed struct {
	Topics      int               `json:"topics"`
	Encounters  int               `json:"encounters"`
	Unchanged   analytics.Share   `json:"accepted_unchanged" doc:"Of encounters, abstentions among them."`
	Edited      analytics.Share   `json:"accepted_edited"`
	AnyUse      analytics.Share   `json:"any_use"`
	Curve       LearningCurve     `json:"curve"`
	Line        []ExpectedQuality `json:"line" nullable:"false" doc:"The curve as points to draw, with the interval in which it lies."`
	ByEncounter []Band            `json:"by_encounter" nullable:"false"`
	ByDay       []Band            `json:"by_day" nullable:"false" doc:"By days since the topic was first seen."`

	Mature       int            `json:"mature_topics" doc:"Topics that have come to rest: at most a fifth of their way lies ahead."`
	MatureLevel  *float64       `json:"mature_level" doc:"Quality at which these come to rest; null: there are none."`
	Target       *float64       `json:"target" doc:"80 % of it: the quality from which a topic is proficient."`
	ToEncounters HowLong        `json:"encounters_to_proficient" doc:"Over topics; one that is not there yet is censored, not left out (Kaplan-Meier)."`
	ToDays       HowLong        `json:"days_to_proficient"`
	Ways         []PartOfTheWay `json:"parts" nullable:"false" doc:"From first seen by way of gap flagged, article published and first accepted to proficient; last the whole."`
}

// A GroupSpeed is how quickly topics are learned as a team or a language meets
// them. Encounters are numbered by topic, whoever met it: what one team has
// taught serves the next. The curve is one for all of the group's encounters;
// how long it takes is over the topics that the group has met.
type GroupSpeed struct {
	Key string `json:"key" doc:"Empty: those that have none."`
	Speed
}

// Where a topic comes from.
const (
	ToldTopic    = "helpdesk" // the helpdesk sorts tickets
	ArticleTopic = "article"  // tickets that were resolved with one article
	FoundTopic   = "found"    // questions that are alike
)

// A TopicSpeed is how quickly one topic is learned.
type TopicSpeed struct {
	Kind  string `json:"kind" enum:"helpdesk,article,found" doc:"Where it comes from: the helpdesk said it, the article that tickets were resolved with, or questions that are alike."`
	ID    string `json:"id"`
	Label string `json:"label" doc:"The article's title, or words that set the topic apart."`

	Encounters  int               `json:"encounters"`
	Unchanged   analytics.Share   `json:"accepted_unchanged"`
	Edited      analytics.Share   `json:"accepted_edited"`
	AnyUse      analytics.Share   `json:"any_use"`
	Curve       LearningCurve     `json:"curve"`
	Line        []ExpectedQuality `json:"line" nullable:"false"`
	ByEncounter []Band            `json:"by_encounter" nullable:"false"`
	ByDay       []Band            `json:"by_day" nullable:"false"`

	Reached      bool     `json:"reached" doc:"Proficient within the encounters there were; if not, it is censored: it takes more than these."`
	ToEncounters Estimate `json:"encounters_to_proficient" doc:"null: it never gets there as it goes."`
	ToDays       Estimate `json:"days_to_proficient" doc:"null: later than it was met."`

	FirstSeen        time.Time  `json:"first_seen"`
	LastSeen         time.Time  `json:"last_seen"`
	GapFlagged       *time.Time `json:"gap_flagged" doc:"null: not yet."`
	ArticlePublished *time.Time `json:"article_published" doc:"When the article was written that most of it is resolved with; null: it was there before, or there is none."`
	FirstAccepted    *time.Time `json:"first_accepted" doc:"null: not yet."`
	Proficient       *time.Time `json:"proficient" doc:"null: not yet."`
}

// An Estimate is a figure and the interval around it; nil where it is not
// known or infinite.
type Estimate struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

func estimateOf(e curve.Estimate) Estimate {
	return Estimate{finite(e.Value), finite(e.Low), finite(e.High)}
}

// finite is x as JSON can say it.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// A LearningCurve is end − (end − first)·exp(−(n−1)/rate) over encounters n.
type LearningCurve struct {
	First Estimate `json:"first" doc:"Quality at the first encounter, from 0 to 1: 1 for sent unchanged, 1 less the edit distance for edited, else 0."`
	End   Estimate `json:"end" doc:"Quality in the end."`
	Rate  Estimate `json:"rate" doc:"Encounters that leave 1/e of the way ahead."`

	Exponential *float64 `json:"aicc_exponential" doc:"Akaike's corrected criterion of this curve; the lower describes better. null: too few encounters to tell."`
	Power       *float64 `json:"aicc_power" doc:"That of a power law."`
	Better      string   `json:"better,omitempty" enum:"exponential,power"`
}

// An ExpectedQuality is a point of a curve.
type ExpectedQuality struct {
	N float64 `json:"n"`
	Estimate
}

// A Band is encounters of like numbers or days.
type Band struct {
	From      int              `json:"from"`
	To        int              `json:"to" doc:"With it; 0: to the end."`
	Mean      float64          `json:"mean" doc:"Of the encounters' numbers or days."`
	Unchanged analytics.Share  `json:"accepted_unchanged"`
	Edited    analytics.Share  `json:"accepted_edited"`
	AnyUse    analytics.Share  `json:"any_use"`
	Quality   analytics.Spread `json:"quality"`
}

// HowLong is how long something takes, over topics.
type HowLong struct {
	Count    int      `json:"count"`
	Ended    int      `json:"ended"`
	Censored int      `json:"censored" doc:"Those that are not there yet: they take longer than they have taken so far."`
	Median   Estimate `json:"median" doc:"By when half are there; null: less than half are."`
}

func howLong(s curve.Survival) HowLong {
	return HowLong{s.Count, s.Ended, s.Count - s.Ended, estimateOf(s.Median)}
}

// A PartOfTheWay is how long topics take from one stage to another.
type PartOfTheWay struct {
	From string  `json:"from"`
	To   string  `json:"to"`
	Days HowLong `json:"days"`
}

// Groupings of a report.
const (
	ByTopic    = "topic"
	ByTeam     = "team"
	ByLanguage = "language"
)

// By returns the report with one grouping, the others being empty. It fails
// with feedback.ErrInvalid for a grouping that there is not.
func (r Report) By(grouping string) (Report, error) {
	switch grouping {
	case ByTopic:
		r.Teams, r.Languages = []GroupSpeed{}, []GroupSpeed{}
	case ByTeam:
		r.Topics, r.Languages = []TopicSpeed{}, []GroupSpeed{}
	case ByLanguage:
		r.Topics, r.Teams = []TopicSpeed{}, []GroupSpeed{}
	default:
		return Report{}, fmt.Errorf("%w: by %.20q: use topic, team or language", feedback.ErrInvalid, grouping)
	}
	return r, nil
}
