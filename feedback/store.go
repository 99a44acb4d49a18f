package feedback

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Store is the feedback of every workspace. Its methods may be called from
// many goroutines.
type Store struct {
	db  *gorm.DB
	now func() time.Time

	// SQLite has one writer at a time, and who finds it busy looks again ever
	// more rarely. The writers of this process queue here instead, and wait no
	// longer than they must. Nil where the database has a queue of its own.
	turn chan struct{}
}

// NewStore returns the feedback kept in db, whose schema must be current. Now
// tells the time at which events are received; nil: time.Now.
func NewStore(db *gorm.DB, now func() time.Time) *Store {
	s := &Store{db: db, now: now}
	if now == nil {
		s.now = time.Now
	}
	if db.Name() == "sqlite" {
		s.turn = make(chan struct{}, 1)
	}
	return s
}

// In returns the feedback of one workspace.
func (s *Store) In(workspace string) *Feed { return &Feed{store: s, workspace: workspace} }

// write runs do in a transaction, after the writers that came before.
func (s *Store) write(ctx context.Context, do func(tx *gorm.DB) error) error {
	if s.turn != nil {
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.db.WithContext(ctx).Transaction(do)
}

// A Feed is the feedback of one workspace and can reach no other. Its methods
// may be called from many goroutines.
type Feed struct {
	store     *Store
	workspace string
}

// rows returns a query bound to the feed's workspace.
func (f *Feed) rows(db *gorm.DB) *gorm.DB { return db.Where("workspace_id = ?", f.workspace) }

func (f *Feed) read(ctx context.Context) *gorm.DB { return f.rows(f.store.db.WithContext(ctx)) }

// Events returns what was told about a suggestion, in the order in which it was
// told: superseded events too, and none for a suggestion that does not exist.
func (f *Feed) Events(ctx context.Context, suggestion string) ([]Event, error) {
	var es []Event
	if err := f.read(ctx).Where("suggestion_id = ?", suggestion).Order("seq").Find(&es).Error; err != nil {
		return nil, fmt.Errorf("feedback: events of %s: %w", suggestion, err)
	}
	return es, nil
}

// heads returns up to limit events that were told after the given place in the
// feed, in order. A reader that remembers the last Seq it handled misses
// nothing: numbers become visible in order, though some may be left out. Only
// Seq and SuggestionID are set: texts may be long, and a thousand of them are a
// lot to hold.
func (f *Feed) heads(ctx context.Context, seq int64, limit int) ([]Event, error) {
	var es []Event
	err := f.read(ctx).Select("seq", "suggestion_id").Where("seq > ?", seq).Order("seq").Limit(limit).Find(&es).Error
	if err != nil {
		return nil, fmt.Errorf("feedback: events after %d: %w", seq, err)
	}
	return es, nil
}

// eventsOf returns what was told up to seq about each of the suggestions, of
// which there may be 1000.
func (f *Feed) eventsOf(ctx context.Context, suggestions []string, seq int64) (map[string][]Event, error) {
	var es []Event
	err := f.read(ctx).Where("suggestion_id IN ? AND seq <= ?", suggestions, seq).Order("seq").Find(&es).Error
	if err != nil {
		return nil, fmt.Errorf("feedback: events of %d suggestions: %w", len(suggestions), err)
	}
	out := make(map[string][]Event, len(suggestions))
	for _, e := range es {
		out[e.SuggestionID] = append(out[e.SuggestionID], e)
	}
	return out, nil
}

// suggestions returns those of the suggestions that exist, of which there may
// be 1000, with the given columns; none: all.
func (f *Feed) suggestions(ctx context.Context, ids []string, columns ...string) (map[string]*retrieval.Suggestion, error) {
	var ss []retrieval.Suggestion
	q := f.read(ctx).Where("id IN ?", ids)
	if len(columns) > 0 {
		q = q.Select(columns)
	}
	if err := q.Find(&ss).Error; err != nil {
		return nil, fmt.Errorf("feedback: read %d suggestions: %w", len(ids), err)
	}
	out := make(map[string]*retrieval.Suggestion, len(ss))
	for i := range ss {
		out[ss[i].ID] = &ss[i]
	}
	return out, nil
}

// Judgement returns what the events of a suggestion come to, or ErrNotFound if
// nothing was told about it, or nothing has been made of that yet.
func (f *Feed) Judgement(ctx context.Context, suggestion string) (Judgement, error) {
	var j Judgement
	err := f.read(ctx).Where("suggestion_id = ?", suggestion).Take(&j).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Judgement{}, fmt.Errorf("%w: judgement of suggestion %s", ErrNotFound, suggestion)
	}
	if err != nil {
		return Judgement{}, fmt.Errorf("feedback: judgement of %s: %w", suggestion, err)
	}
	return j, nil
}

// A Filter chooses judgements. Its zero value chooses all.
type Filter struct {
	After      int64     // those with a greater Seq
	From       time.Time // SuggestedAt not before; zero: from the start
	Until      time.Time // SuggestedAt before; zero: to the end
	OperatorID string    // who judged; empty: anyone
	TicketID   string    // empty: any
	Limit      int       // at most; 0: no limit
}

// judgementsAtOnce is how many judgements are held in memory while reading.
const judgementsAtOnce = 1000

// Judgements reads the chosen judgements in order of Seq, a batch at a time, so
// that any number may be read. One that is made anew meanwhile may come twice,
// the later one last. An error ends the reading.
func (f *Feed) Judgements(ctx context.Context, want Filter) iter.Seq2[Judgement, error] {
	return func(yield func(Judgement, error) bool) {
		left := want.Limit
		for {
			n := judgementsAtOnce
			if want.Limit > 0 {
				n = min(n, left)
			}
			var js []Judgement
			if err := f.chosen(ctx, want).Order("seq").Limit(n).Find(&js).Error; err != nil {
				yield(Judgement{}, fmt.Errorf("feedback: judgements after %d: %w", want.After, err))
				return
			}
			for i := range js {
				if !yield(js[i], nil) {
					return
				}
			}
			if left -= len(js); len(js) < n || want.Limit > 0 && left <= 0 {
				return
			}
			want.After = js[len(js)-1].Seq
		}
	}
}

func (f *Feed) chosen(ctx context.Context, want Filter) *gorm.DB {
	q := f.read(ctx).Where("seq > ?", want.After)
	if !want.From.IsZero() {
		q = q.Where("suggested_at >= ?", want.From.UTC())
	}
	if !want.Until.IsZero() {
		q = q.Where("suggested_at < ?", want.Until.UTC())
	}
	if want.OperatorID != "" {
		q = q.Where("operator_id = ?", want.OperatorID)
	}
	if want.TicketID != "" {
		q = q.Where("ticket_id = ?", want.TicketID)
	}
	return q
}

// writtenAtOnce is how many judgements are written in one transaction. A rating
// that waits for one waits a few milliseconds.
const writtenAtOnce = 20

// PutJudgements stores judgements in place of earlier ones of the same
// suggestions. One that looked at fewer events than what is stored is passed
// over: of two that judge at the same time, the one that knew more is believed.
func (f *Feed) PutJudgements(ctx context.Context, js []Judgement) error {
	newer := clause.OnConflict{UpdateAll: true, Where: clause.Where{Exprs: []clause.Expression{
		clause.Expr{SQL: "judgements.seq <= excluded.seq"},
	}}}
	for from := 0; from < len(js); from += writtenAtOnce {
		part := js[from:min(from+writtenAtOnce, len(js))]
		for i := range part {
			part[i].WorkspaceID = f.workspace
		}
		err := f.store.write(ctx, func(tx *gorm.DB) error { return tx.Clauses(newer).Create(part).Error })
		if err != nil {
			return fmt.Errorf("feedback: put %d judgements: %w", len(js), err)
		}
	}
	return nil
}
