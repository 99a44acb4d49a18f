package gap

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds of what people write on gaps.
const (
	maxName = 256  // bytes of an owner's name
	maxNote = 4096 // bytes of a reason
	// historyMost bounds a gap's history: the first steps and the latest are kept.
	historyMost = 200
)

// CustomersLeast is how many different customers must have asked for a topic
// to be shown as a gap.
const CustomersLeast = 3

// Again is how many times the volume it was dismissed with a dismissed gap must
// reach to come back.
const Again = 2.0

// active are the statuses in which somebody works on a gap or should.
func active() []Status { return []Status{Open, Assigned, Drafted, Published, Verifying, Reopened} }

// Active reports whether somebody works on the gap or should.
func (g *Gap) Active() bool { return slices.Contains(active(), g.Status) }

// step moves the gap on and writes that into its history.
func (g *Gap) step(to Status, author, note string, at time.Time) {
	g.Status = to
	g.Note(string(to), author, note, at)
}

// Note writes something into the gap's history.
func (g *Gap) Note(what, author, note string, at time.Time) {
	g.History = append(g.History, Step{At: at.UTC(), Author: author, What: what, Note: note})
	if over := len(g.History) - historyMost; over > 0 {
		g.History = slices.Delete(g.History, historyMost/2, historyMost/2+over)
	}
}

// refuse is the error of a change that where the gap stands does not allow.
func (g *Gap) refuse(do string) error {
	return fmt.Errorf("%w: gap %s is %s: %s", ErrConflict, g.ID, g.Status, do)
}

// Begin shows the gap to editors, once enough customers have asked.
func (g *Gap) Begin(at time.Time) error {
	if g.Status != Waiting {
		return g.refuse("it was opened before")
	}
	if g.Topic.Customers < CustomersLeast {
		return g.refuse(fmt.Sprintf("%d customers have asked, and %d must", g.Topic.Customers, CustomersLeast))
	}
	at = at.UTC()
	g.OpenedAt = &at
	g.step(Open, Self, fmt.Sprintf("%d customers asked", g.Topic.Customers), at)
	return nil
}

// Assign says who sees to the gap and until when; an empty owner gives it back.
func (g *Gap) Assign(owner string, due *time.Time, author string, at time.Time) error {
	owner = strings.TrimSpace(owner)
	switch {
	case !g.Active():
		return g.refuse("reopen it first")
	case len(owner) > maxName:
		return fmt.Errorf("%w: owner: use at most %d bytes", ErrInvalid, maxName)
	case owner == "" && due != nil:
		return fmt.Errorf("%w: due: a date needs an owner who keeps it", ErrInvalid)
	}
	if due != nil {
		d := due.UTC()
		due = &d
	}
	g.Owner, g.Due = owner, due
	note := "to " + owner
	if owner == "" {
		note = "to nobody"
	}
	if due != nil {
		note += ", due " + due.Format(time.DateOnly)
	}
	switch {
	case owner == "" && g.Status == Assigned:
		g.step(Open, author, note, at)
	case owner != "" && (g.Status == Open || g.Status == Reopened):
		g.step(Assigned, author, note, at)
	default: // it is further on already
		g.Note(string(Assigned), author, note, at)
	}
	return nil
}

// Write gives the gap a draft in place of the one it has.
func (g *Gap) Write(d *Draft, author string, at time.Time) error {
	if !g.Active() && g.Status != Waiting {
		return g.refuse("reopen it first")
	}
	g.Draft = d
	switch g.Status {
	case Published, Verifying, Waiting: // it stays where it is
		g.Note(string(Drafted), author, "", at)
	default:
		g.step(Drafted, author, "", at)
	}
	return nil
}

// Publish says which article closes the gap. Whether it does is for
// verification to show.
func (g *Gap) Publish(article, author string, at time.Time) error {
	switch {
	case !g.Active():
		return g.refuse("reopen it first")
	case article == "":
		return fmt.Errorf("%w: article_id: say which article is to close the gap", ErrInvalid)
	}
	g.ArticleID, g.Proof = article, nil
	g.step(Published, author, "article "+article, at)
	return nil
}

// Verify says that the questions are being asked again.
func (g *Gap) Verify(author string, at time.Time) error {
	switch {
	case g.Status != Published && g.Status != Verifying && g.Status != Closed && g.Status != Reopened:
		return g.refuse("publish an article for it first")
	case g.ArticleID == "":
		return g.refuse("publish an article for it first")
	}
	if g.Status != Closed { // one that is closed stays so while it is proven again
		g.step(Verifying, author, "", at)
	}
	return nil
}

// Needed is the share of a gap's questions that must be answered for it to
// close.
const Needed = 0.8

// Prove takes the outcome of a verification: the gap closes, or says which
// questions still fail. One that was closed and fails now is reopened.
func (g *Gap) Prove(p *Proof, at time.Time) error {
	if g.Status != Verifying && g.Status != Closed {
		return g.refuse("verify it first")
	}
	at = at.UTC()
	p.Needed = Needed
	if p.Share = 0; p.Asked > 0 {
		p.Share = float64(p.Answered) / float64(p.Asked)
	}
	was := g.Status
	g.Proof = p
	note := fmt.Sprintf("%d of %d questions are answered", p.Answered, p.Asked)
	switch proven := p.Asked > 0 && p.Share >= p.Needed; {
	case proven && was == Closed: // it holds
	case proven:
		g.ClosedAt = &at
		g.step(Closed, Self, note, at)
	case was == Closed:
		g.step(Reopened, Self, note, at)
	default: // it failed, and is published all the same
		g.Status = Published
		g.Note("not proven", Self, note, at)
	}
	return nil
}

// Reopen makes the gap one to work on again: because questions fail that were
// answered, because a dismissed topic has grown, or because somebody says so.
func (g *Gap) Reopen(author, why string, at time.Time) error {
	if g.Active() || g.Status == Waiting || g.Status == Merged {
		return g.refuse("there is nothing to reopen")
	}
	g.step(Reopened, author, why, at)
	return nil
}

// Dismiss says that the gap is none. It stays dismissed until its volume has
// doubled.
func (g *Gap) Dismiss(reason, author string, at time.Time) error {
	reason = strings.TrimSpace(reason)
	switch {
	case !g.Active() && g.Status != Waiting:
		return g.refuse("there is nothing to dismiss")
	case reason == "":
		return fmt.Errorf("%w: reason: say why it is no gap, for those who come after", ErrInvalid)
	case len(reason) > maxNote:
		return fmt.Errorf("%w: reason: use at most %d bytes", ErrInvalid, maxNote)
	}
	g.Dismissal = &Dismissal{Reason: reason, Volume: g.Topic.Factors.Volume, Author: author, At: at.UTC()}
	g.step(Dismissed, author, reason, at)
	return nil
}

// Grown reports whether a dismissed gap has to come back.
func (g *Gap) Grown() bool {
	return g.Status == Dismissed && g.Dismissal != nil &&
		g.Topic.Factors.Volume >= Again*max(g.Dismissal.Volume, CustomersLeast)
}

// Join makes the gap a part of another. What somebody has put into it, an owner
// or a draft, goes over where the other has none.
func (g *Gap) Join(into *Gap, at time.Time) {
	if into.Owner == "" {
		into.Owner, into.Due = g.Owner, g.Due
	}
	if into.Draft == nil {
		into.Draft = g.Draft
	}
	g.MergedInto = into.ID
	g.step(Merged, Self, "into "+into.ID, at)
	into.Topic.From = append(into.Topic.From, g.ID)
	into.Note("merged", Self, g.Label+" ("+g.ID+") is a part of it", at)
}

// Rename gives the gap another name, since what it was called is no longer true
// of most of its questions.
func (g *Gap) Rename(label string, at time.Time) {
	if label == g.Label || label == "" {
		return
	}
	if g.Label != "" {
		g.Note("renamed", Self, "from "+g.Label+" to "+label, at)
	}
	g.Label = label
}
