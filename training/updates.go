package training

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// updatesAtOnce is how many changes are looked at together: for all of them
	// the knowledge base is read once.
	updatesAtOnce = 200

	// straggling is how much later than it is stamped a change may come out: a
	// writer takes the time first and then waits for those before it.
	straggling = 5 * time.Minute

	// byItself is the author of what nobody but the program has decided.
	byItself = "whetstone"
)

// Updates follows what changes in the knowledge base. Documents that rest on
// passages of an article that it does not say any more, or that a new release
// note contradicts, are put in quarantine, and whoever wants to know is told.
// Those whose ground is back, or that were brought in line, are lifted. What
// was there before the first run is taken as it is. It does nothing where DB is
// nil.
func (l *Learner) Updates(ctx context.Context) (note string, err error) {
	if l.DB == nil {
		return "nothing to do", nil
	}
	return l.each(ctx, l.updates)
}

// A followed is how far a workspace's changes were followed.
type followed struct {
	Seq    int64               `json:"seq"`              // of the last change that was looked at
	At     time.Time           `json:"at"`               // the latest time that any of them was stamped with
	Recent map[string]lookedAt `json:"recent,omitempty"` // articles that changed shortly before At
}

// A lookedAt is the version of an article that was looked at last.
type lookedAt struct {
	Revision int64     `json:"revision"`
	At       time.Time `json:"at"`
}

func stateOfUpdates(workspace string) string { return "updates/" + workspace }

func (l *Learner) updates(ctx context.Context, workspace string) (string, error) {
	f, known, err := l.followed(ctx, workspace)
	if err != nil {
		return "", err
	}
	if !known {
		return "begun", l.follow(ctx, workspace)
	}
	changes, opened := 0, 0
	for {
		docs, err := l.KB.In(workspace).Changes(ctx, f.Seq, updatesAtOnce)
		if err != nil {
			return "", err
		}
		if len(docs) == 0 {
			break
		}
		n, err := l.update(ctx, workspace, &f, docs)
		if err != nil {
			return "", err
		}
		changes, opened = changes+len(docs), opened+n
	}
	switch {
	case opened > 0:
		return "with new quarantines", nil
	case changes > 0:
		return "with changes", nil
	}
	return "as before", nil
}

// followed reads how far the job came.
func (l *Learner) followed(ctx context.Context, workspace string) (f followed, known bool, err error) {
	text, known, err := sqldb.State(ctx, l.DB, stateOfUpdates(workspace))
	if err == nil && known {
		err = json.Unmarshal([]byte(text), &f)
	}
	if err != nil {
		return f, known, fmt.Errorf("how far changes were followed: %w", err)
	}
	return f, known, nil
}

// follow begins at what there is now.
func (l *Learner) follow(ctx context.Context, workspace string) error {
	var last []kb.Document
	err := l.DB.WithContext(ctx).Select("seq", "updated_at").Where("workspace_id = ?", workspace).Order("seq DESC").Limit(1).Find(&last).Error
	if err != nil {
		return err
	}
	var f followed
	if len(last) == 1 {
		f.Seq, f.At = last[0].Seq, last[0].UpdatedAt.UTC()
	}
	return f.keep(ctx, l.DB, workspace)
}

// keep remembers how far the job came.
func (f *followed) keep(ctx context.Context, db *gorm.DB, workspace string) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return sqldb.SetState(ctx, db, stateOfUpdates(workspace), string(text))
}

// pass notes that changes were looked at.
func (f *followed) pass(docs []kb.Document) {
	if f.Recent == nil {
		f.Recent = make(map[string]lookedAt)
	}
	for i := range docs {
		d := &docs[i]
		f.Seq = d.Seq
		if at := d.UpdatedAt.UTC(); at.After(f.At) {
			f.At = at
		}
		// What has no earlier version is found by its time.
		if d.Kind == kb.Article && d.Revision > 1 {
			f.Recent[d.ID] = lookedAt{d.Revision, d.UpdatedAt.UTC()}
		}
	}
	since := f.At.Add(-straggling)
	if len(f.Recent) > recentMost { // after a large import
		since = f.At
	}
	for id, r := range f.Recent {
		if r.At.Before(since) {
			delete(f.Recent, id)
		}
	}
}

// recentMost bounds how many articles are remembered by their revision: what is
// remembered is written with each step.
const recentMost = 1000

// before returns the version of an article that was looked at last; ok is false
// if there is none.
func (f *followed) before(versions []kb.Revision, d *kb.Document) (v kb.Revision, ok bool) {
	is := func(fits func(*kb.Revision) bool) bool {
		for i := range versions {
			if versions[i].Revision < d.Revision && fits(&versions[i]) {
				v = versions[i]
				return true
			}
		}
		return false
	}
	if r, known := f.Recent[d.ID]; known {
		return v, is(func(v *kb.Revision) bool { return v.Revision == r.Revision })
	}
	for _, until := range []time.Time{f.At.Add(-straggling), f.At} {
		if is(func(v *kb.Revision) bool { return !v.At.After(until) }) {
			return v, true
		}
	}
	return v, false
}

// An updating is one look at a few changes.
type updating struct {
	*Learner
	workspace string
	docs      *kb.Store
	fresh     map[string]*kb.Document // what has changed, by id
	moved     map[string]string       // merged documents, with where they lead
	changes   []*change
	notes     []*kb.Document // release notes that are new
}

// update looks at changes, the oldest first, and returns how many documents are
// in quarantine that were not. All that it comes to is written together, so
// that a run that is killed is done again and tells nothing twice.
func (l *Learner) update(ctx context.Context, workspace string, f *followed, docs []kb.Document) (opened int, err error) {
	u := &updating{Learner: l, workspace: workspace, docs: l.KB.In(workspace), fresh: make(map[string]*kb.Document, len(docs))}
	for i := range docs {
		u.fresh[docs[i].ID] = &docs[i]
	}
	if u.moved, err = upkeep.New(l.DB, l.now).In(workspace).Redirects(ctx); err != nil {
		return 0, err
	}
	for i := range docs {
		if err := u.look(ctx, f, &docs[i]); err != nil {
			return 0, err
		}
	}
	if err := u.search(ctx); err != nil {
		return 0, err
	}
	var drafts []retrieval.Suggestion
	if len(u.changes) > 0 {
		if drafts, err = l.openDrafts(ctx, workspace); err != nil {
			return 0, err
		}
	}
	f.pass(docs)
	err = l.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		opened = 0
		store := upkeep.New(tx, l.now).In(workspace)
		if err := u.lift(ctx, store); err != nil {
			return err
		}
		for _, c := range u.changes {
			n, err := store.Quarantine(ctx, c.resting)
			if err != nil {
				return err
			}
			opened += n
			open := c.draftsOn(drafts)
			if n == 0 && (len(c.resting) > 0 || len(open) == 0) {
				continue
			}
			if err := notice.Add(ctx, tx, c.notice(workspace, open, l.now())); err != nil {
				return err
			}
		}
		return f.keep(ctx, tx, workspace)
	})
	return opened, err
}

// look notes what a document that has changed may bring down.
func (u *updating) look(ctx context.Context, f *followed, d *kb.Document) error {
	if d.Kind != kb.Article {
		return nil
	}
	if into, merged := u.moved[d.ID]; merged {
		return u.archive(ctx, d, into)
	}
	var old kb.Revision
	if d.Revision > 1 {
		versions, err := u.docs.Revisions(ctx, d.ID)
		if err != nil {
			return err
		}
		old, _ = f.before(versions, d)
	}
	was := spoken(&old.Content, old.Deleted)
	if was == "" && announces(d) {
		ok, err := u.established(ctx, d)
		if ok {
			u.notes = append(u.notes, d)
		}
		return err
	}
	if c := changeOf(d, &old, was); c != nil {
		u.changes = append(u.changes, c)
	}
	return nil
}

// archive takes a merged article out of use again that whoever does not know of
// the merge, such as a source that still has it, has written anew.
func (u *updating) archive(ctx context.Context, d *kb.Document, into string) error {
	if d.Deleted || d.Status == kb.Archived {
		return nil
	}
	again := *d
	again.Status, again.Author = kb.Archived, byItself
	again.After(d.Revision) // who has written since is looked at next
	outcomes, err := u.docs.PutAll(ctx, []*kb.Document{&again})
	if err == nil && outcomes[0].Err == nil {
		u.Log.InfoContext(ctx, "merged article archived again", "workspace", u.workspace, "article", d.ID, "into", into)
	}
	return err
}

// spoken is what a version of an article says to those who ask; empty: nothing.
func spoken(c *kb.Content, deleted bool) string {
	if deleted || c.Status != kb.Published {
		return ""
	}
	return c.Body
}

// search holds every document against the changes and the release notes.
func (u *updating) search(ctx context.Context) error {
	if len(u.changes)+len(u.notes) == 0 {
		return nil
	}
	var all []kb.Document
	err := eachPublished(ctx, u.docs, func(d *kb.Document) error {
		x := tenantOf(d, u.fresh[d.ID] != nil)
		for _, c := range u.changes {
			c.hold(x)
		}
		if len(u.notes) > 0 {
			all = append(all, *d)
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	for _, n := range u.notes {
		c, err := announced(ctx, n, all)
		if err != nil {
			return err
		}
		if len(c.resting) > 0 {
			u.changes = append(u.changes, c)
		}
	}
	return nil
}
