// Package analytics says in figures what operators made of suggestions.
//
// [Acceptance] reads the judgements of a workspace and counts them, over all
// and by group. Accepted unchanged, accepted edited and any use are three
// figures and are nowhere mixed; beside each share stands of how many it is
// one, and the interval that so few allow. [Count] is the same without a store.
//
// The package counts and explains nothing: how quickly answers get better is
// for package training to say.
package analytics

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
)

// A By says what suggestions are grouped by.
type By string

// What suggestions are grouped by.
const (
	Nothing  By = ""
	Team     By = "team"     // the operator's group
	Operator By = "operator" // who judged
	Arm      By = "arm"      // of a pilot: the pilot's name, a slash and the arm
	Profile  By = "profile"
	Ranker   By = "ranker" // version of what was learned; 0: nothing
	Language By = "language"
	Topic    By = "topic"      // as it was stamped on the suggestion: the helpdesk's, or the id of one that was found
	Sure     By = "confidence" // that operators were told, by tenths: 0.8 is from 80 to 90 %
	Week     By = "week"       // of the suggestion, in UTC, as ISO 8601 counts them: 2026-W07
)

// Bys lists what suggestions may be grouped by.
func Bys() []By {
	return []By{Team, Operator, Arm, Profile, Ranker, Language, Topic, Sure, Week}
}

// A Query says what to count.
type Query struct {
	By    By
	From  time.Time // suggestions made not before; zero: from the start
	Until time.Time // suggestions made before; zero: to the end

	// Labels says, by key, what groups are called. Nil: as their keys.
	Labels map[string]string
}

// Validate reports, as a feedback.ErrInvalid, why nothing can be counted.
func (q *Query) Validate() error {
	if q.By != Nothing && !slices.Contains(Bys(), q.By) {
		return fmt.Errorf("%w: by %.20q: use one of %v", feedback.ErrInvalid, q.By, Bys())
	}
	if !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until) {
		return fmt.Errorf("%w: from must lie before to", feedback.ErrInvalid)
	}
	return nil
}

// A Report is what Acceptance counts.
type Report struct {
	By     By        `json:"by,omitempty"`
	From   time.Time `json:"from,omitzero"`
	Until  time.Time `json:"to,omitzero"`
	Whole  Figures   `json:"whole" doc:"Over all groups."`
	Groups []Group   `json:"groups" nullable:"false" doc:"Weeks and rankers in their order, others with the most suggestions first."`
}

// A Group is the figures of one group. Its key is empty where suggestions have
// nothing to group them by: without a team, outside of pilots, of no topic.
type Group struct {
	Key   string `json:"key" doc:"Empty: those that have none."`
	Label string `json:"label,omitempty" doc:"What it is called, if otherwise than its key."`
	Figures
}

// Figures are what suggestions came to.
//
// All are of suggestions of which something was told; the others leave no
// judgement. Whether that was what became of the draft, or only a rating, is
// told by the number that each figure is of.
type Figures struct {
	Suggestions int   `json:"suggestions" doc:"Of which anything was told."`
	Abstained   Share `json:"abstained" doc:"Of all of these, those without a draft."`

	Drafts    int   `json:"drafts" doc:"Drafts of which it is known what became of them; the following shares are of these."`
	Unchanged Share `json:"accepted_unchanged" doc:"Sent as they were."`
	Edited    Share `json:"accepted_edited" doc:"Sent with changes."`
	AnyUse    Share `json:"any_use" doc:"Either of the two."`
	Replaced  Share `json:"replaced" doc:"Something else was written."`
	Rejected  Share `json:"rejected"`

	Distance Spread `json:"edit_distance" doc:"Between draft and what was sent, normalised: 0 for nothing changed, 1 for everything. Of drafts of which it is known what was sent."`

	Rating       Spread `json:"rating" doc:"From 0 to 1."`
	Resolved     Share  `json:"resolved" doc:"Of suggestions whose ticket's end was told: resolved and not opened again."`
	Reopened     Share  `json:"reopened"`
	Escalated    Share  `json:"escalated"`
	Satisfaction Spread `json:"satisfaction" doc:"From 1 to 5."`
}

// Acceptance counts the judgements of a workspace. It fails with
// feedback.ErrInvalid for a query that makes no sense.
//
// Nothing is left out: neither judgements of operators that learning does not
// heed, nor old ones. What is judged while it reads may be counted as it was
// or as it is, and is counted once.
func Acceptance(ctx context.Context, feed *feedback.Feed, q Query) (Report, error) {
	if err := q.Validate(); err != nil {
		return Report{}, err
	}
	return Count(feed.Judgements(ctx, feedback.Filter{From: q.From, Until: q.Until}), q)
}

// Count counts judgements, which must lie in the query's range. One of a
// suggestion that was there before does not count. It returns the first error
// among them.
func Count(judgements iter.Seq2[feedback.Judgement, error], q Query) (Report, error) {
	whole, groups := new(counter), make(map[string]*counter)
	// Hashes, because ids of a million suggestions would fill memory. That two
	// of a million have the same hash happens once in thirty million reports.
	seed, seen := maphash.MakeSeed(), make(map[uint64]struct{})
	for j, err := range judgements {
		if err != nil {
			return Report{}, err
		}
		h := maphash.String(seed, j.SuggestionID)
		if _, again := seen[h]; again {
			continue
		}
		seen[h] = struct{}{}
		whole.add(&j)
		if q.By == Nothing {
			continue
		}
		key := q.By.of(&j)
		if groups[key] == nil {
			groups[key] = new(counter)
		}
		groups[key].add(&j)
	}
	r := Report{By: q.By, From: q.From, Until: q.Until, Whole: whole.figures(), Groups: make([]Group, 0, len(groups))}
	for key, c := range groups {
		r.Groups = append(r.Groups, Group{Key: key, Label: q.Labels[key], Figures: c.figures()})
	}
	q.By.sort(r.Groups)
	return r, nil
}

// tenth is the tenth that a confidence lies in, from 0 to 9; certainty is of the
// highest.
func tenth(confidence float64) int {
	return int(min(9, max(0, math.Floor(confidence*10))))
}

// of returns the key of the group that a judgement belongs to.
func (b By) of(j *feedback.Judgement) string {
	switch b {
	case Team:
		return j.OperatorGroup
	case Operator:
		return j.OperatorID
	case Arm:
		if j.Pilot == "" {
			return ""
		}
		return j.Pilot + "/" + j.Arm
	case Profile:
		return j.Profile
	case Ranker:
		return strconv.FormatInt(j.Ranker, 10)
	case Language:
		return j.Language
	case Topic:
		return j.Topic
	case Sure:
		return strconv.FormatFloat(float64(tenth(j.Confidence))/10, 'f', 1, 64)
	case Week:
		year, week := j.SuggestedAt.UTC().ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	}
	return ""
}
