package feedback

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
)

// MaxText is the most that the text of an event may hold, in bytes.
const MaxText = 1 << 20

// Bounds of what an event may say. They are far above what happens and far
// below what would hurt.
const (
	maxOperator = 256 // bytes of a name that is the helpdesk's to choose
	maxShown    = 200 // sources on one screen
	maxSeconds  = 1e9 // thirty years
)

// ScoreOf returns the score, from 0 to 1, of a rating in the words of people:
// up, down, or 1 to 5. Anything else is ErrInvalid.
func ScoreOf(rating string) (float64, error) {
	switch rating {
	case "up":
		return 1, nil
	case "down":
		return 0, nil
	}
	if stars, err := strconv.Atoi(rating); err == nil && stars >= 1 && stars <= 5 {
		return float64(stars-1) / 4, nil
	}
	return 0, fmt.Errorf("%w: rating %.20q: use up, down, or 1 to 5", ErrInvalid, rating)
}

// Validate reports, as an ErrInvalid, the first thing in e that makes no sense.
// Its text never holds an operator's name or what e.Text says. The time of an
// event is never wrong; see [Feed.Record].
func (e *Event) Validate() error {
	switch {
	case !kb.ValidID(e.ID):
		return fmt.Errorf("%w: id %.128q of an event: use letters, digits and . _ : @ -, at most 128", ErrInvalid, e.ID)
	case !kb.ValidID(e.SuggestionID):
		return e.invalid(fmt.Sprintf("suggestion %.128q is no id of a suggestion", e.SuggestionID))
	case e.SourceID != "" && !kb.ValidID(e.SourceID):
		return e.invalid(fmt.Sprintf("source %.128q is no id of a source", e.SourceID))
	case e.Supersedes != "" && !kb.ValidID(e.Supersedes):
		return e.invalid(fmt.Sprintf("supersedes: %.128q is no id of an event", e.Supersedes))
	case e.Supersedes == e.ID:
		return e.invalid("an event cannot supersede itself")
	case len(e.OperatorID) > maxOperator || !plainText(e.OperatorID):
		return e.invalid(fmt.Sprintf("the operator's id is longer than %d bytes or no text", maxOperator))
	case len(e.Text) > MaxText:
		return e.invalid(fmt.Sprintf("text is longer than %d MiB", MaxText>>20))
	case !plainText(e.Text):
		return e.invalid("text is not valid UTF-8 or holds a NUL byte")
	}
	if err := e.validateParts(); err != nil {
		return err
	}
	return e.validateValues()
}

// Nth names the place of an event in a batch of n in an error about it, from 0;
// of one alone there is nothing to tell apart.
func Nth(i, n int, err error) error {
	if err == nil || n == 1 {
		return err
	}
	return fmt.Errorf("event %d of %d: %w", i+1, n, err)
}

func (e *Event) invalid(what string) error {
	return fmt.Errorf("%w: event %s: %s", ErrInvalid, e.ID, what)
}

// plainText reports whether both databases store s as it is.
func plainText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// validateParts holds e to what its kind tells: a part that nobody would read
// is refused rather than forgotten.
func (e *Event) validateParts() error {
	var must, may []string
	switch e.Kind {
	case Displayed:
		if e.Shown == nil { // that nothing was on the screen is something to learn from, and not to guess
			return e.invalid("displayed needs shown: the ids of the sources that were on the screen, and an empty list if there were none")
		}
		may = []string{"shown"}
	case Opened:
		must = []string{"source_id"}
	case Copied:
		may = []string{"source_id"}
	case Sent:
	case Rated:
		may = []string{"rating"} // 0 is one
	case Edited:
		if strings.TrimSpace(e.Text) == "" {
			return e.invalid("the text is empty: say what was sent, or send rejected instead if nothing was")
		}
		must = []string{"text"}
	case Missing:
		must = []string{"text"}
	case Rejected:
		must, may = []string{"reason"}, []string{"text"}
	case Voted:
		must = []string{"source_id", "vote"}
	case Resulted:
		must = []string{"outcome"}
	default:
		return e.invalid(fmt.Sprintf("kind %.40q: use displayed, opened, copied, sent, edited, rejected, rated, source_vote, missing_knowledge or outcome", e.Kind))
	}
	for _, p := range e.parts() {
		switch needed := slices.Contains(must, p.name); {
		case needed && !p.there:
			return e.invalid(fmt.Sprintf("%s needs %s", e.Kind, p.name))
		case p.there && !needed && !slices.Contains(may, p.name):
			return e.invalid(fmt.Sprintf("%s does not belong to %s", p.name, e.Kind))
		}
	}
	return nil
}

// An eventPart is something that events of some kinds tell, by the name that
// whoever tells it knows.
type eventPart struct {
	name  string
	there bool
}

func (e *Event) parts() []eventPart {
	value := "reason or vote"
	switch e.Kind {
	case Rejected:
		value = "reason"
	case Voted:
		value = "vote"
	default:
	}
	return []eventPart{
		{"source_id", e.SourceID != ""},
		{value, e.Value != ""},
		{"rating", e.Score != 0},
		{"text", strings.TrimSpace(e.Text) != ""},
		{"shown", len(e.Shown) > 0},
		{"outcome", e.Outcome != nil},
	}
}

func (e *Event) validateValues() error {
	switch {
	case e.Kind == Rejected && !slices.Contains(rejectionReasons(), e.Value):
		return e.invalid(fmt.Sprintf("reason %.40q: use one of %s", e.Value, strings.Join(rejectionReasons(), ", ")))
	case e.Kind == Voted && !slices.Contains(sourceVotes(), e.Value):
		return e.invalid(fmt.Sprintf("vote %.40q: use one of %s", e.Value, strings.Join(sourceVotes(), ", ")))
	case math.IsNaN(e.Score) || e.Score < 0 || e.Score > 1:
		return e.invalid("rating: use a score from 0 to 1")
	case len(e.Shown) > maxShown:
		return e.invalid(fmt.Sprintf("shown holds more than %d sources", maxShown))
	}
	for i, id := range e.Shown {
		if !kb.ValidID(id) || slices.Contains(e.Shown[:i], id) {
			return e.invalid(fmt.Sprintf("shown: %.128q is no id of a source or is there twice", id))
		}
	}
	if e.Outcome == nil {
		return nil
	}
	if what := e.Outcome.wrong(); what != "" {
		return e.invalid(what)
	}
	return nil
}

func rejectionReasons() []string {
	return []string{Wrong, Outdated, Incomplete, WrongTone, NotNeeded, Other}
}

func sourceVotes() []string { return []string{Relevant, Irrelevant, Outdated, Incorrect} }

// wrong says what makes no sense in o; empty: nothing.
func (o *Outcome) wrong() string {
	seconds := func(v *float64) bool { return v == nil || *v >= 0 && *v <= maxSeconds }
	switch {
	case *o == Outcome{}:
		return "the outcome says nothing"
	case !slices.Contains([]string{"", ResolvedStatus, ReopenedStatus, EscalatedStatus}, o.Status):
		return fmt.Sprintf("status %.40q: use resolved, reopened or escalated", o.Status)
	case o.Satisfaction < 0 || o.Satisfaction > 5:
		return "satisfaction: use 1 to 5"
	case o.NPS != nil && (*o.NPS < 0 || *o.NPS > 10):
		return "nps: use 0 to 10"
	case !seconds(o.FirstResponse) || !seconds(o.Handling):
		return "seconds are at least 0"
	}
	return ""
}
