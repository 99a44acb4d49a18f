package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// An Eraser removes for good what is kept of customers who want to be erased:
// the suggestions made for them, all that was told about those, the cases that
// nothing else stands behind, and what was taken over from any of them. Its
// fields are set before first use; its methods may be called from many
// goroutines and processes.
//
// What was learned by numbers alone, the weights and counts by the ids of
// documents in rankers and beliefs, holds no text. It is fitted again from what
// is left; see Refit. Ids of customers in a helpdesk's own system are not kept
// anywhere else. Indexes follow the knowledge base by themselves. Backups, and
// what the database's files hold of removed rows until they are cleaned, are
// out of reach: see kb.Store.Erase.
type Eraser struct {
	DB          *gorm.DB
	KB          *kb.DB
	Suggestions *retrieval.Store
	Feedback    *Store
	Memory      *Memory

	// Unindex has the index forget cases that were erased. Nil: it follows by
	// itself.
	Unindex func(ctx context.Context) error

	// Refit learns anew from what is left, even if nothing was found: an erasing
	// that was stopped may not have come so far. Nil: the next run of the jobs
	// does.
	Refit func(ctx context.Context) error

	// Patience is how long to wait until what was told before is judged, so
	// that no judgement comes after its suggestion is gone. 0: half a minute.
	Patience time.Duration
}

// Whom names what to erase: a customer, by the helpdesk's id, or tickets, or
// both.
type Whom struct {
	Customer string
	Tickets  []string
}

// Erased counts what was removed, by kind. Cases are those that are gone, and
// Retold those that others stand behind too and that are now told in the words
// of one of those.
type Erased struct {
	Suggestions int64 `json:"suggestions"`
	Events      int64 `json:"events"`
	Judgements  int64 `json:"judgements"`
	Requests    int64 `json:"idempotency_keys"`
	Cases       int64 `json:"cases"`
	Retold      int64 `json:"cases_retold"`
	Vectors     int64 `json:"vectors"`       // kept of the cases' texts, for building an index again
	Tuned       int64 `json:"tuned_vectors"` // moved towards the questions, and now where they were
	Examples    int64 `json:"topic_examples"`
	Failures    int64 `json:"failures"` // evidence of gaps, with what gaps had taken over from it
	Quotes      int64 `json:"quotes"`   // suggestions for others that quoted a case
	Tickets     int64 `json:"tickets"`  // with their dialogues
	Refitted    bool  `json:"refitted"`
}

// ErrBusy is returned where what was told before is still being judged. What
// was erased is gone; erasing the same again removes the rest.
var ErrBusy = errors.New("feedback is still being judged: erase once more in a minute")

// Count returns how many suggestions would be erased.
func (e *Eraser) Count(ctx context.Context, workspace string, who Whom) (int, error) {
	found, err := e.Suggestions.SuggestionsOf(ctx, workspace, who.Customer, who.Tickets)
	return len(found), err
}

// Erase removes what is kept of those named. That there is nothing is no error.
// It can be stopped anywhere: doing it again takes up what is left. The error
// is ErrInvalid where nobody is named, ErrNotFound for a workspace that does
// not exist, and ErrBusy.
func (e *Eraser) Erase(ctx context.Context, workspace string, who Whom) (Erased, error) {
	if who.Customer == "" && len(who.Tickets) == 0 {
		return Erased{}, fmt.Errorf("%w: name a customer or tickets to erase", ErrInvalid)
	}
	x := erasing{Eraser: e, workspace: workspace, who: who}
	for _, step := range []func(context.Context) error{x.find, x.unlearn, x.remove, x.forget, x.finish} {
		if err := step(ctx); err != nil {
			return x.done, err
		}
	}
	return x.done, nil
}

// An erasing is one call of Erase. Each step leaves what the next one needs to
// be found: what was made of the suggestions goes before them, and what was made
// of their cases is noted down until it is gone.
type erasing struct {
	*Eraser
	workspace string
	who       Whom
	found     []retrieval.Suggestion
	begun     unfinished
	told      int64 // the last event of the workspace when they were removed
	done      Erased
}

// An unfinished is what is left to do about cases, by ids and hashes alone. It
// is kept while an erasing is under way, since once the cases are gone nobody
// else knows which they were.
type unfinished struct {
	Cases  []string `json:"cases"`
	Hashes []string `json:"hashes"` // of what their vectors were made of
}

func (x *erasing) stateName() string { return "erase/" + x.workspace }

// find looks up the suggestions, and what an earlier erasing has left to do.
func (x *erasing) find(ctx context.Context) (err error) {
	if err = x.findTickets(ctx); err != nil {
		return err
	}
	if x.found, err = x.Suggestions.SuggestionsOf(ctx, x.workspace, x.who.Customer, x.who.Tickets); err != nil {
		return err
	}
	left, known, err := sqldb.State(ctx, x.DB, x.stateName())
	if err != nil || !known {
		return err
	}
	if err := json.Unmarshal([]byte(left), &x.begun); err != nil {
		return fmt.Errorf("feedback: what is left to erase: %w", err)
	}
	return nil
}

// unlearn takes the questions out of what was made of them.
func (x *erasing) unlearn(ctx context.Context) error {
	if len(x.found) == 0 {
		return nil
	}
	articles, err := x.articles(ctx) // whose vectors the questions may have moved
	if err != nil {
		return err
	}
	if x.done.Tuned, err = x.Suggestions.Untune(ctx, x.workspace, articles); err != nil {
		return err
	}
	n, err := x.Suggestions.Disbelieve(ctx, x.workspace, x.found, nil)
	if err != nil {
		return err
	}
	x.done.Examples = int64(n)
	if err := x.ungap(ctx, idsOf(x.found)); err != nil {
		return err
	}
	// The latest report of how fast topics are learned names them by words of
	// their questions. Package training, which lies above, makes another.
	return x.dropState(ctx, "progress/"+x.workspace)
}

func (x *erasing) dropState(ctx context.Context, name string) error {
	if err := x.DB.WithContext(ctx).Exec("DELETE FROM state WHERE name = ?", name).Error; err != nil {
		return fmt.Errorf("feedback: erase a report: %w", err)
	}
	return nil
}

// articles are those that the suggestions were resolved with.
func (x *erasing) articles(ctx context.Context) ([]string, error) {
	var out []string
	for part := range slices.Chunk(x.found, forgottenAtOnce) {
		var articles []string
		err := x.DB.WithContext(ctx).Model(&Judgement{}).Where("workspace_id = ? AND resolved_with <> ''", x.workspace).
			Where("suggestion_id IN ?", idsOf(part)).Distinct().Pluck("resolved_with", &articles).Error
		if err != nil {
			return nil, fmt.Errorf("feedback: articles of what is erased: %w", err)
		}
		out = append(out, articles...)
	}
	return out, nil
}

func idsOf(ss []retrieval.Suggestion) []string {
	ids := make([]string, len(ss))
	for i := range ss {
		ids[i] = ss[i].ID
	}
	return ids
}

// remove removes the suggestions with all that names them. From then on nothing
// more can be told about them.
func (x *erasing) remove(ctx context.Context) error {
	err := x.Feedback.write(ctx, func(tx *gorm.DB) error {
		// As in Record: whoever tells of a suggestion holds this row, and looks
		// then whether it is there.
		got := tx.Raw("UPDATE workspaces SET events = events WHERE id = ? RETURNING events", x.workspace).Scan(&x.told)
		if got.Error != nil {
			return got.Error
		}
		if got.RowsAffected == 0 {
			return fmt.Errorf("%w: workspace %s", ErrNotFound, x.workspace)
		}
		for part := range slices.Chunk(x.found, forgottenAtOnce) {
			if err := x.removePart(tx, part); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("feedback: erase %d suggestions: %w", len(x.found), err)
	}
	if err == nil {
		err = x.removeTickets(ctx)
	}
	return err
}

func (x *erasing) removePart(tx *gorm.DB, part []retrieval.Suggestion) error {
	ids := idsOf(part)
	in := func(column string) *gorm.DB {
		return tx.Where("workspace_id = ?", x.workspace).Where(column+" IN ?", ids)
	}
	for _, rows := range []struct {
		gone  *gorm.DB
		count *int64
	}{
		{in("suggestion_id").Delete(&Event{}), &x.done.Events},
		{in("suggestion_id").Delete(&Judgement{}), &x.done.Judgements},
		// The table is package api's, which lies above.
		{tx.Exec("DELETE FROM idempotency WHERE workspace_id = ? AND result IN ?", x.workspace, ids), &x.done.Requests},
		{in("id").Delete(&retrieval.Suggestion{}), &x.done.Suggestions},
	} {
		if rows.gone.Error != nil {
			return rows.gone.Error
		}
		*rows.count += rows.gone.RowsAffected
	}
	return nil
}

// forget removes the cases, once nobody can be making one any more.
func (x *erasing) forget(ctx context.Context) error {
	return x.quietly(ctx, func() error {
		gone := x.DB.WithContext(ctx).Exec("DELETE FROM judgements WHERE workspace_id = ? AND "+orphaned("judgements"), x.workspace)
		if gone.Error != nil {
			return fmt.Errorf("feedback: erase judgements: %w", gone.Error)
		}
		x.done.Judgements += gone.RowsAffected
		if err := x.ungap(ctx, nil); err != nil {
			return err
		}
		var ts []caseTicket
		err := x.DB.WithContext(ctx).Where("workspace_id = ? AND "+orphaned("case_tickets"), x.workspace).Find(&ts).Error
		if err != nil {
			return fmt.Errorf("feedback: find cases to erase: %w", err)
		}
		return x.forgetCases(ctx, ts)
	})
}

// finish has the index forget the cases, learns anew, and notes down that nothing
// is left to do.
func (x *erasing) finish(ctx context.Context) error {
	if x.Unindex != nil && len(x.begun.Cases) > 0 {
		if err := x.Unindex(ctx); err != nil {
			return fmt.Errorf("feedback: take erased cases out of the index: %w", err)
		}
	}
	if x.Refit != nil {
		if err := x.Refit(ctx); err != nil {
			return fmt.Errorf("feedback: learn anew after erasing: %w", err)
		}
		x.done.Refitted = true
	}
	return x.dropState(ctx, x.stateName())
}

// orphaned is the condition on rows of a table that their suggestion is gone.
func orphaned(table string) string {
	return "NOT EXISTS (SELECT 1 FROM suggestions s WHERE s.workspace_id = " + table + ".workspace_id AND s.id = " + table + ".suggestion_id)"
}

// lookEvery is how often to look whether what was told is judged.
const lookEvery = 50 * time.Millisecond

// quietly runs do when no digester can be at work on what was removed: it keeps
// them from working meanwhile, or one of another process has come past the last
// event there was.
func (x *erasing) quietly(ctx context.Context, do func() error) error {
	patience := x.Patience
	if patience == 0 {
		patience = leaseTime + leasePatience // by then one that has crashed has lost its lease
	}
	ws, err := x.KB.Workspace(ctx, x.workspace)
	if err != nil {
		return err
	}
	holder, end := ulid.Make().String(), time.After(patience)
	for {
		mine, err := sqldb.Lease(ctx, x.DB, leaseName, holder, eraseTime)
		if err != nil {
			return err
		}
		if mine {
			return errors.Join(do(), sqldb.Release(context.WithoutCancel(ctx), x.DB, leaseName, holder))
		}
		at, err := (&Digester{Store: x.Feedback}).cursor(ctx, ws)
		if err != nil {
			return err
		}
		if at >= x.told {
			return do()
		}
		select {
		case <-time.After(lookEvery):
		case <-end:
			return ErrBusy
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// eraseTime is how long erasing cases may take before others judge again.
const eraseTime = 10 * time.Minute
