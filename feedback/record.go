package feedback

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/redact"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Recorded says what became of an event that was told.
type Recorded struct {
	Seq   int64 // its place in the feed
	Known bool  // it had been told before, and counts once
}

// MaxBatch is the most events that one Record takes.
const MaxBatch = 1000

// insertedAtOnce is how many events one statement inserts. SQLite's driver takes
// time with the square of the number of parameters.
const insertedAtOnce = 50

// skew is how far ahead of ours a clock may be before it is not believed.
const skew = 5 * time.Minute

// Record keeps events, in one transaction and in order, and returns for each
// what became of it. It sets what the store knows better: the workspace, the
// place, the time of receipt, the operator where none is named, and the time
// where none is told. Personal data is taken out of texts.
//
// A time is never a reason to refuse: one more than five minutes ahead becomes
// that of receipt, and one before the suggestion was made becomes that of its
// making. An event whose id is known and that says the same, whatever its time,
// is no new event.
//
// The error means that nothing was written: ErrInvalid for an event that makes
// no sense or names a source that does not exist, ErrNotFound for a suggestion
// that does not, ErrConflict for an id that was used for another event,
// ErrTooMany where an operator has told more of one day than the workspace's
// DailyCap.
func (f *Feed) Record(ctx context.Context, events []Event) ([]Recorded, error) {
	if len(events) == 0 {
		return nil, nil
	}
	if len(events) > MaxBatch {
		return nil, fmt.Errorf("%w: %d events at once: send at most %d", ErrInvalid, len(events), MaxBatch)
	}
	for i := range events {
		if err := events[i].Validate(); err != nil {
			return nil, Nth(i, len(events), err)
		}
	}
	r := &recording{feed: f, out: make([]Recorded, len(events))}
	if err := r.prepare(ctx, events); err != nil {
		return nil, err
	}
	err := f.store.write(ctx, r.run)
	switch {
	case err == nil:
		return r.out, nil
	case errors.Is(err, ErrInvalid), errors.Is(err, ErrNotFound), errors.Is(err, ErrConflict), errors.Is(err, ErrTooMany):
		return nil, err
	}
	return nil, fmt.Errorf("feedback: record %d events: %w", len(events), err)
}

// A recording is one transaction's worth of events.
type recording struct {
	feed        *Feed
	events      []Event // as they will be stored
	suggestions []string
	strange     map[int]bool // by place in events: its source does not exist
	cap         int          // events of one operator and day
	out         []Recorded
}

// prepare brings events to the form in which they are compared and stored. It
// is all that can be done before the database is locked.
func (r *recording) prepare(ctx context.Context, events []Event) error {
	settings, err := SettingsOf(ctx, r.feed.store.db, r.feed.workspace)
	if err != nil {
		return err
	}
	r.cap = settings.DailyCap
	r.suggestions = make([]string, len(events))
	for i, e := range events {
		r.suggestions[i] = e.SuggestionID
	}
	slices.Sort(r.suggestions)
	r.suggestions = slices.Compact(r.suggestions)
	columns := []string{"id", "operator_id", "question", "originals", "created_at"}
	if slices.ContainsFunc(events, func(e Event) bool { return e.SourceID != "" }) {
		columns = append(columns, "sources")
	}
	known, err := r.feed.suggestions(ctx, r.suggestions, columns...)
	if err != nil {
		return err
	}
	now := stamp(r.feed.store.now())
	r.events = slices.Clone(events)
	for i := range r.events {
		e := &r.events[i]
		s := known[e.SuggestionID]
		if s == nil {
			return fmt.Errorf("%w: suggestion %s", ErrNotFound, e.SuggestionID)
		}
		e.WorkspaceID, e.ReceivedAt, e.At = r.feed.workspace, now, believable(e.At, s.CreatedAt, now)
		e.Text = withoutPersonal(s, e.Text)
		if e.OperatorID == "" {
			e.OperatorID = s.OperatorID
		}
	}
	return r.recognize(ctx, known)
}

// recognize finds the events whose source is neither a source of the suggestion
// nor a document of the workspace, be it a deleted one.
func (r *recording) recognize(ctx context.Context, known map[string]*retrieval.Suggestion) error {
	r.strange = make(map[int]bool)
	var ids []string
	for i := range r.events {
		e := &r.events[i]
		own := func(c retrieval.Cited) bool { return c.ID == e.SourceID }
		if e.SourceID != "" && !slices.ContainsFunc(known[e.SuggestionID].Sources, own) {
			r.strange[i] = true
			ids = append(ids, e.SourceID)
		}
	}
	slices.Sort(ids)
	there := make(map[string]bool)
	for part := range slices.Chunk(slices.Compact(ids), 500) {
		var found []string
		if err := r.feed.read(ctx).Model(&kb.Document{}).Where("id IN ?", part).Pluck("id", &found).Error; err != nil {
			return fmt.Errorf("look for %d sources: %w", len(part), err)
		}
		for _, id := range found {
			there[id] = true
		}
	}
	maps.DeleteFunc(r.strange, func(i int, _ bool) bool { return there[r.events[i].SourceID] })
	return nil
}

// believable returns when something happened that is said to have happened at t.
func believable(t, made, now time.Time) time.Time {
	if t.IsZero() || t.After(now.Add(skew)) {
		t = now
	}
	if t.Before(made) {
		t = made
	}
	return stamp(t)
}

// stamp brings a time to what both databases keep exactly.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func (r *recording) run(tx *gorm.DB) error {
	// Taking numbers locks the counter's row until commit, so numbers become
	// visible in order and a reader cannot skip one; it also keeps two from
	// telling one event at the same time.
	var last int64
	n := len(r.events)
	got := tx.Raw("UPDATE workspaces SET events = events + ? WHERE id = ? RETURNING events", n, r.feed.workspace).Scan(&last)
	if got.Error != nil {
		return got.Error
	}
	if got.RowsAffected == 0 {
		return fmt.Errorf("%w: workspace %s", ErrNotFound, r.feed.workspace)
	}
	if err := r.check(tx); err != nil {
		return err
	}
	fresh, err := r.fresh(tx, last-int64(n)+1)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if err := r.allow(tx, fresh); err != nil {
		return err
	}
	return tx.CreateInBatches(fresh, insertedAtOnce).Error
}

// check looks once more that the suggestions are there, since one may have been
// erased while its events were made ready.
func (r *recording) check(tx *gorm.DB) error {
	var ids []string
	err := r.feed.rows(tx).Model(&retrieval.Suggestion{}).Where("id IN ?", r.suggestions).Pluck("id", &ids).Error
	if err != nil || len(ids) == len(r.suggestions) {
		return err
	}
	for _, id := range r.suggestions {
		if !slices.Contains(ids, id) {
			return fmt.Errorf("%w: suggestion %s", ErrNotFound, id)
		}
	}
	return nil
}

// fresh gives numbers, from next on, to the events that were not told before
// and returns them.
func (r *recording) fresh(tx *gorm.DB, next int64) ([]Event, error) {
	told, err := r.told(tx)
	if err != nil {
		return nil, err
	}
	var fresh []Event
	for i, e := range r.events {
		if was, known := told[e.ID]; known {
			if !same(was, &e) {
				return nil, fmt.Errorf("%w: event %s was told before and said something else: send a new one that supersedes it", ErrConflict, e.ID)
			}
			r.out[i] = Recorded{was.Seq, true}
			continue
		}
		if r.strange[i] {
			what := fmt.Sprintf("source %s is neither a source of the suggestion nor a document of the workspace", e.SourceID)
			return nil, Nth(i, len(r.events), e.invalid(what))
		}
		if was, known := told[e.Supersedes]; known && was.SuggestionID != e.SuggestionID {
			return nil, e.invalid(fmt.Sprintf("supersedes: event %s is about another suggestion", e.Supersedes))
		}
		e.Seq, next = next, next+1
		r.out[i] = Recorded{Seq: e.Seq}
		told[e.ID] = &e
		fresh = append(fresh, e)
	}
	return fresh, nil
}

// told returns the events that are stored under an id that matters here.
func (r *recording) told(tx *gorm.DB) (map[string]*Event, error) {
	ids := make([]string, 0, len(r.events))
	for _, e := range r.events {
		ids = append(ids, e.ID)
		if e.Supersedes != "" {
			ids = append(ids, e.Supersedes)
		}
	}
	var es []Event
	if err := r.feed.rows(tx).Where("id IN ?", ids).Find(&es).Error; err != nil {
		return nil, err
	}
	out := make(map[string]*Event, len(r.events))
	for i := range es {
		out[es[i].ID] = &es[i]
	}
	return out, nil
}

// tags are what stands for personal data. Which of them stands for what
// depends on what is still known of the question, so they do not tell one event
// from another.
var tags = regexp.MustCompile(`⟦[a-z]+:[A-Z]+⟧`)

// same reports whether two events say the same, apart from when.
func same(a, b *Event) bool {
	x, y := *a, *b
	for _, e := range []*Event{&x, &y} {
		e.Seq, e.At, e.ReceivedAt = 0, time.Time{}, time.Time{}
		e.Text = tags.ReplaceAllLiteralString(e.Text, "")
		if len(e.Shown) == 0 {
			e.Shown = nil
		}
	}
	return reflect.DeepEqual(x, y)
}

// A day is what the cap is counted by: one operator's, in UTC. It is the day on
// which things happened, so that years of history can be told in an hour.
type day struct {
	operator string
	start    time.Time
}

// allow counts what the operators have told. Events of nobody in particular are
// not counted: there is no one to hold back.
func (r *recording) allow(tx *gorm.DB, fresh []Event) error {
	told := make(map[day]int64)
	for _, e := range fresh {
		if e.OperatorID != "" {
			told[day{e.OperatorID, e.At.Truncate(24 * time.Hour)}]++
		}
	}
	for _, d := range slices.SortedFunc(maps.Keys(told), func(a, b day) int { return strings.Compare(a.operator, b.operator) }) {
		var before int64
		err := r.feed.rows(tx).Model(&Event{}).
			Where("operator_id = ? AND at >= ? AND at < ?", d.operator, d.start, d.start.AddDate(0, 0, 1)).
			Count(&before).Error
		if err != nil {
			return err
		}
		if before+told[d] > int64(r.cap) {
			return fmt.Errorf("%w: one operator told more than %d of %s", ErrTooMany, r.cap, d.start.Format(time.DateOnly))
		}
	}
	return nil
}

// withoutPersonal takes personal data out of a text about s. What the question
// has a placeholder for gets the same one, so that the text can be compared
// with the draft.
func withoutPersonal(s *retrieval.Suggestion, text string) string {
	if text == "" {
		return ""
	}
	r := new(redact.Redactor)
	tokens := slices.Sorted(maps.Keys(s.Originals))
	r.Redact(strings.Join(tokens, " ")) // they are taken: nothing else may get one
	r.Redact(redact.Restore(s.Question, s.Originals))
	clean := r.Redact(redact.Restore(text, s.Originals))
	was := make(map[string]string, len(tokens)) // by kind and original
	for _, token := range tokens {
		was[kindOf(token)+s.Originals[token]] = token
	}
	var swap []string
	for token, original := range r.Originals() {
		if known, ok := was[kindOf(token)+original]; ok {
			swap = append(swap, token, known)
		} else if kindOf(token) == string(redact.Literal) {
			swap = append(swap, token, original) // a placeholder already, and no personal data
		}
	}
	return strings.NewReplacer(swap...).Replace(clean)
}

// kindOf returns the kind of a placeholder.
func kindOf(token string) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(token, "⟦"), ":")
	return kind
}
