package retrieval

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// An Import is how to take a Portable in.
type Import struct {
	// Serve has everything serve at once, also what a confidence means, when
	// answers may go out unattended and how much cases count. Otherwise the ranker is a candidate that
	// must pass the gate by what happens here, and what a confidence means and
	// how much cases count stays what it was: all of it was proven on other data.
	Serve bool
	Now   time.Time
}

// Imported says what became of a Portable.
type Imported struct {
	Ranker     int64        `json:"ranker"`    // version here; 0: none
	Status     RankerStatus `json:"status"`    // of the ranker; empty: none
	Documents  int          `json:"documents"` // that exist here, of those that something was learned of
	Changed    int          `json:"changed"`   // of those, the ones that say something else here: it counts half
	Unknown    int          `json:"unknown"`   // that do not exist here: what was learned of them is left out
	Topics     int          `json:"topics"`    // that were not known here
	Overrides  int          `json:"overrides"`
	Calibrated bool         `json:"calibrated"` // what a confidence means was taken over too
}

// Import takes what was learned elsewhere into the workspace of docs. Topics
// that are not known here are added to those that are, operators and cases are
// believed no further than either side does, and overrides take the place of
// those on the same things. Settings are the caller's to store.
func (s *Store) Import(ctx context.Context, docs *kb.Store, p *Portable, how Import) (Imported, error) {
	if err := p.Validate(); err != nil {
		return Imported{}, err
	}
	x := importing{store: s, docs: docs, portable: p, how: how, here: make(map[string]kb.Document)}
	for part := range slices.Chunk(p.named(), erasedAtOnce) {
		found, err := docs.Documents(ctx, part)
		if err != nil {
			return Imported{}, err
		}
		maps.Copy(x.here, found)
	}
	for _, id := range p.named() {
		d, ok := x.here[id]
		switch origin := p.Documents[id]; {
		case !ok:
			x.done.Unknown++
		case d.Hash != origin.Hash:
			x.done.Changed++
		}
	}
	x.done.Documents = len(x.here)
	for _, step := range []func(context.Context) error{x.overrides, x.beliefs, x.ranker} {
		if err := step(ctx); err != nil {
			return x.done, fmt.Errorf("retrieval: import what was learned: %w", err)
		}
	}
	return x.done, nil
}

// An importing is one call of Import.
type importing struct {
	store    *Store
	docs     *kb.Store
	portable *Portable
	how      Import
	here     map[string]kb.Document // of the documents that are named
	done     Imported
}

func (x *importing) overrides(ctx context.Context) error {
	for _, o := range x.portable.Overrides {
		if _, ok := x.here[o.ID]; !ok && o.Kind == OverSource {
			continue
		}
		row := Override{WorkspaceID: x.docs.Workspace(), Kind: o.Kind, ID: o.ID, Action: o.Action, Author: o.Author, At: o.At}
		if err := x.store.Override(ctx, row); err != nil {
			return err
		}
		x.done.Overrides++
	}
	return nil
}

// beliefs lays what is believed elsewhere over what is believed here.
func (x *importing) beliefs(ctx context.Context) error {
	theirs := &x.portable.Beliefs
	b, err := x.store.Beliefs(ctx, x.docs.Workspace())
	if err != nil {
		return err
	}
	b.Topics = slices.Clone(b.Topics)
	for _, t := range theirs.Topics {
		if !slices.ContainsFunc(b.Topics, func(o Topic) bool { return o.ID == t.ID }) {
			b.Topics = append(b.Topics, t)
			x.done.Topics++
		}
	}
	operators := maps.Clone(theirs.Operators)
	for id, ours := range b.Operators {
		if t, ok := operators[id]; !ok || ours.Weight <= t.Weight {
			if operators == nil {
				operators = make(map[string]Trust)
			}
			operators[id] = ours
		}
	}
	b.Operators = operators
	cases := make(map[string]float64)
	maps.Copy(cases, b.Cases)
	for id, believed := range theirs.Cases {
		if _, ok := x.here[id]; !ok {
			continue
		}
		if ours, ok := cases[id]; !ok || believed < ours {
			cases[id] = believed
		}
	}
	b.Cases = cases
	if x.how.Serve && (len(theirs.Calibration) > 0 || len(theirs.Unattended) > 0 || theirs.CaseWeight != nil) {
		b.Calibration, b.Unattended, b.CaseWeight = theirs.Calibration, theirs.Unattended, theirs.CaseWeight
		x.done.Calibrated = true
	}
	return x.store.SetBeliefs(ctx, x.docs.Workspace(), b)
}

// ranker adds what was learned as the next version. It keeps the time up to
// which it has learned, so that the gate asks it nothing it knows, even where
// it comes back to where it was learned.
func (x *importing) ranker(ctx context.Context) error {
	p := x.portable.Ranker
	if p == nil {
		return nil
	}
	learned := p.Learned
	learned.Sources = make(map[string]Usefulness, len(p.Learned.Sources))
	for id, u := range p.Learned.Sources {
		if d, ok := x.here[id]; ok {
			u.Revision = x.revision(&d, u.Revision)
			learned.Sources[id] = u
		}
	}
	note := fmt.Sprintf("imported: version %d of elsewhere, exported on %s", p.Version, x.portable.ExportedAt.Format(time.DateOnly))
	r := Ranker{
		WorkspaceID: x.docs.Workspace(), Status: Untried, Learned: learned, CreatedAt: x.how.Now, Note: note + "; has not come to the gate here yet",
		Figures: map[string]any{"job": "import", "elsewhere": p.Figures},
	}
	if err := x.store.AddRanker(ctx, &r); err != nil {
		return err
	}
	x.done.Ranker, x.done.Status = r.Version, r.Status
	if !x.how.Serve {
		return nil
	}
	x.done.Status = Serving
	return x.store.Judge(ctx, r.WorkspaceID, r.Version, Ruling{Status: Serving, Note: note + "; serves because a person said so", At: x.how.Now})
}

// revision says which revision of a document here is what was learned from:
// the present one if it says what that said, and an earlier one if not.
func (x *importing) revision(d *kb.Document, learned int64) int64 {
	if o, ok := x.portable.Documents[d.ID]; ok && o.Hash == d.Hash && learned >= o.Revision {
		return d.Revision
	}
	return d.Revision - 1
}
