package training

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval/clash"
)

const (
	// attendedFor is how long what operators made of an article counts for or
	// against it: two intervals of verification.
	attendedFor = 2 * upkeep.DefaultInterval * 24 * time.Hour

	// pairsMost bounds the duplicates and the contradictions that are listed,
	// the surest: nobody works through more before the next night.
	pairsMost = 250

	// pairsRead is the version of what finds pairs. Another one looks at the
	// same texts again.
	pairsRead = "2"

	// pairedMost bounds the articles, and the cases, that are compared with
	// each other: the first by id. More of them would take minutes and gigabytes.
	pairedMost = 2000

	// clashLeast is the clash.Pair.Score from which a contradiction is listed.
	// Of contradictions planted in real articles nine in ten have more; most of
	// what has less is none.
	clashLeast = 0.55
)

// Upkeep finds what editors should look at: duplicates, contradictions, articles
// that are stale, that operators keep correcting, that are never used or never
// sent as they are. Chores that no longer hold are done; what was dismissed
// stays so until a text changes. An article that operators keep sending as it is
// counts as verified, by "whetstone". It does nothing where DB is nil.
func (l *Learner) Upkeep(ctx context.Context) (note string, err error) {
	if l.DB == nil {
		return "nothing to do", nil
	}
	return l.each(ctx, l.upkeep)
}

// A tidying is one look at the knowledge base of a workspace.
type tidying struct {
	*Learner
	lesson *lesson // without judgements
	store  *upkeep.Store
	docs   *kb.Store
	now    time.Time

	texts    []clash.Doc           // of what is in use, to be compared
	read     map[kb.Kind]int       // documents in use
	learned  map[string]bool       // cases that were made of tickets, by id
	mark     string                // of the texts
	articles map[string]*attention // articles in use, by id
	found    []upkeep.Chore
	looked   []upkeep.Kind // what kinds were looked for
}

// An attention is what is known of one article.
type attention struct {
	doc kb.Document // without its body

	uses    map[string]bool // tickets that a draft resting on it was offered for and something was sent; true: edited
	kept    map[string]bool // tickets that it was sent to as it is, since it was last verified
	against bool            // somebody has corrected it since, or said that it is outdated or incorrect
	fixes   []string        // suggestions in which what was sent contradicts it, the latest last
	voted   map[string][]string
	used    bool // a draft or a reply rested on it, ever since that is counted
	holds   time.Time
}

func (l *Learner) upkeep(ctx context.Context, workspace string) (string, error) {
	s, err := l.begin(ctx, workspace)
	if err != nil {
		return "", err
	}
	t := &tidying{
		Learner: l, lesson: s, store: upkeep.New(l.DB, l.now).In(workspace), docs: l.KB.In(workspace), now: l.now().UTC(),
		articles: make(map[string]*attention), learned: make(map[string]bool), read: make(map[kb.Kind]int),
	}
	for _, step := range []func(context.Context) error{
		t.load, t.attend, t.verify, t.pairs, t.stale, t.facts, t.habits, t.unused,
	} {
		if err := step(ctx); err != nil {
			return "", err
		}
	}
	return t.keep(ctx)
}

// load reads all that is in use.
func (t *tidying) load(ctx context.Context) error {
	mark := sha256.New()
	err := eachPublished(ctx, t.docs, func(d *kb.Document) error {
		if t.read[d.Kind]++; t.read[d.Kind] <= pairedMost {
			c := clashing(d)
			t.texts = append(t.texts, c)
			if d.Kind == kb.Case && d.Evidence > 0 {
				t.learned[d.ID] = true
			}
			if err := json.NewEncoder(mark).Encode([]string{pairsRead, c.ID, c.Title, c.Body, c.Language, c.Product, c.Region}); err != nil {
				return err
			}
		}
		if d.Kind == kb.Article {
			a := &attention{doc: *d, uses: make(map[string]bool), kept: make(map[string]bool), voted: make(map[string][]string), holds: d.UpdatedAt.UTC()}
			a.doc.Body = ""
			t.articles[d.ID] = a
		}
		return nil
	})
	t.mark = hex.EncodeToString(mark.Sum(nil))
	return err
}

// looksFor notes that chores of a kind are looked for: those that are not found
// again are done.
func (t *tidying) looksFor(kind upkeep.Kind) { t.looked = append(t.looked, kind) }

func stateOfPairs(workspace string) string { return "pairs/" + workspace }

// pairs looks for duplicates and contradictions, unless no text has changed
// since it last did.
func (t *tidying) pairs(ctx context.Context) error {
	before, known, err := sqldb.State(ctx, t.DB, stateOfPairs(t.lesson.workspace))
	if err != nil || known && before == t.mark {
		return err
	}
	pairs, err := clash.Find(ctx, t.texts)
	if err != nil {
		return err
	}
	hashes := make(map[string]string, len(t.texts))
	for i := range t.texts {
		d := &t.texts[i]
		sum := sha256.Sum256([]byte(d.Title + "\n" + d.Body))
		hashes[d.ID] = hex.EncodeToString(sum[:8])
	}
	t.looksFor(upkeep.Duplicate)
	t.looksFor(upkeep.Contradiction)
	listed := make(map[clash.Kind]int)
	for i := range pairs {
		if p := &pairs[i]; listed[p.Kind] < pairsMost && t.listable(p) {
			listed[p.Kind]++
			t.found = append(t.found, pairChore(p, hashes))
		}
	}
	return nil
}

// listable reports whether a pair is worth an editor's time. Cases that were
// made of tickets are many alike by design, and looked after by themselves.
func (t *tidying) listable(p *clash.Pair) bool {
	if p.Kind == clash.Contradiction {
		return p.Score >= clashLeast
	}
	return !t.learned[p.A.DocumentID] || !t.learned[p.B.DocumentID]
}

// pairChore is a pair as a chore. Hashes are of the documents' texts.
func pairChore(p *clash.Pair, hashes map[string]string) upkeep.Chore {
	a, b := upkeep.Passage(p.A), upkeep.Passage(p.B)
	saysA, saysB := upkeep.Part{DocumentID: a.DocumentID, Text: a.Quote}, upkeep.Part{DocumentID: b.DocumentID, Text: b.Quote}
	kind := upkeep.Contradiction
	if p.Kind == clash.Duplicate {
		kind = upkeep.Duplicate
		saysA.Text, saysB.Text = hashes[a.DocumentID], hashes[b.DocumentID]
	}
	return upkeep.Chore{
		ID: upkeep.ChoreID(kind, saysA, saysB), Kind: kind, DocumentID: a.DocumentID, OtherID: b.DocumentID, Score: p.Score,
		Data: upkeep.Evidence{What: p.What, Why: p.Why, Passages: []upkeep.Passage{a, b}, Words: p.Words},
	}
}

// stale looks for articles that nobody has verified within their interval.
func (t *tidying) stale(ctx context.Context) error {
	overdue, err := t.store.Stale(ctx, t.now)
	if err != nil {
		return err
	}
	t.looksFor(upkeep.Stale)
	for i := range overdue {
		o := &overdue[i]
		why := fmt.Sprintf("Nobody has said since %s that it holds.", o.Since.Format(time.DateOnly))
		if o.VerifiedAt == nil {
			why = fmt.Sprintf("It was last changed on %s, and nobody has said since that it holds.", o.Since.Format(time.DateOnly))
		}
		days := t.now.Sub(o.Due).Hours() / 24
		t.found = append(t.found, upkeep.Chore{
			// Verified again and stale again is another chore.
			ID:   upkeep.ChoreID(upkeep.Stale, upkeep.Part{DocumentID: o.DocumentID, Text: o.Hash + o.Since.Format(time.RFC3339)}),
			Kind: upkeep.Stale, DocumentID: o.DocumentID, Owner: o.Owner, Score: 0.3 + 0.5*min(1, days/365),
			Data: upkeep.Evidence{Why: why, Counts: map[string]int64{"overdue_days": int64(days)}},
		})
	}
	return nil
}

// keep stores what was found, and closes what no longer holds.
func (t *tidying) keep(ctx context.Context) (string, error) {
	opened, err := t.store.Put(ctx, t.found)
	if err != nil {
		return "", err
	}
	ids := make([]string, len(t.found))
	for i := range t.found {
		ids[i] = t.found[i].ID
	}
	gone, err := t.store.CloseGone(ctx, t.looked, ids)
	if err != nil {
		return "", err
	}
	if err := sqldb.SetState(ctx, t.DB, stateOfPairs(t.lesson.workspace), t.mark); err != nil {
		return "", err
	}
	switch {
	case opened > 0:
		return "with new chores", nil
	case len(gone) > 0:
		return "with chores done", nil
	}
	return "as before", nil
}
