package feedback

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// inUse returns the resolutions of the cases that are searched.
func (d *desk) inUse() []string {
	d.Helper()
	var out []string
	for _, c := range d.cases() {
		if c.Status == kb.Published {
			out = append(out, c.Resolution)
		}
	}
	return out
}

// edits puts what an editor makes of the one case there is.
func (d *desk) edits(change func(*kb.Document)) {
	d.Helper()
	c := d.only()
	c.Author = "vera"
	change(&c)
	if _, err := d.store.Put(d.Context(), &c); err != nil {
		d.Fatal(err)
	}
}

func TestTheSameQuestionRaisesTheEvidence(t *testing.T) {
	for _, tt := range []struct {
		name            string
		question, final string
		article         string
		want            int // cases
	}{
		{"the same words", howToReturn, returnReply, "returns", 1},
		{"other case, stops and a greeting", "hello! how do i RETURN a kettle, that I do not like", returnReply, "returns", 1},
		{"nearly the same words and the same article", "How do I return a kettle that I really do not like?", "Press Return in Orders; 30 days are given.", "returns", 1},
		{"the same words and a like reply of another article", howToReturn, "Open Orders, choose the order and press Return. A parcel may be sent back within 30 days!", "orders", 1},
		{"nearly the same words and another article", "How do I return a kettle that I really do not like?", returnReply, "orders", 2},
		{"nearly the same words and no article", "How do I return a kettle that I really do not like?", returnReply, "", 2},
		{"nearly the same words, but one that turns them round", "How do I return a kettle that I like?", returnReply, "returns", 2},
		{"another question with the same article", "Who pays for sending a parcel back?", returnReply, "returns", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, sqldbtest.SQLite(t))
			d.consider(sent("s1"))
			second := sent("s2")
			second.question, second.final, second.article = tt.question, tt.final, tt.article
			d.consider(second)
			cs := d.cases()
			if len(cs) != tt.want {
				t.Fatalf("%d cases, want %d", len(cs), tt.want)
			}
			if tt.want == 1 && (cs[0].Evidence != 2 || cs[0].Resolution != returnReply) {
				t.Errorf("evidence %d, reply %q; want 2 and the first one's", cs[0].Evidence, cs[0].Resolution)
			}
		})
	}
}

func TestOneTicketIsEvidenceOnce(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		again := sent("s2")
		again.ticket = "t-s1"
		d.consider(again)
		d.wants("two replies in one ticket", kb.Published, 1)
	})
}

func TestTheLastReplyOfATicketCounts(t *testing.T) {
	each(t, func(d *desk) {
		last := sent("s2")
		last.ticket, last.question, last.final, last.article = "t-s1", "And who pays for the parcel?", "You do not: the label is free of charge.", "labels"
		for range 2 {
			d.consider(sent("s1"))
			d.consider(last)
		}
		if got := d.inUse(); !slices.Equal(got, []string{last.final}) {
			d.Errorf("in use are %q, want the last reply alone", got)
		}
	})
}

func TestABadOutcomeTakesACaseOutOfUseAndAGoodOneBackIn(t *testing.T) {
	for name, bad := range map[string]func(*retrieval.Suggestion, *Judgement){
		"reopened":           outcome(Outcome{Status: ReopenedStatus}),
		"escalated":          outcome(Outcome{Status: EscalatedStatus}),
		"a satisfaction 1":   outcome(Outcome{Status: ResolvedStatus, Satisfaction: 1}),
		"rated worst":        func(_ *retrieval.Suggestion, j *Judgement) { j.Rating = 0 },
		"rejected after all": func(_ *retrieval.Suggestion, j *Judgement) { j.Used = Refused },
		"a note after all":   outcome(Outcome{Private: true}),
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(d *desk) {
				d.consider(sent("s1"))
				d.consider(sent("s1").but(bad))
				d.wants(name, kb.Archived, 0)
				d.consider(sent("s1").but(bad))
				d.consider(sent("s1").but(outcome(Outcome{Status: ResolvedStatus})))
				d.wants("resolved again", kb.Published, 1)
				d.consider(sent("s2"))
				d.consider(sent("s1").but(bad))
				d.wants(name+" with another ticket behind it", kb.Published, 1)
			})
		})
	}
}

func TestACorrectedReplyTakesThePlaceOfWhatWasSent(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		corrected := sent("s1")
		corrected.final, corrected.article = "Kettles cannot be sent back once water has been in them.", "kettles"
		d.consider(corrected)
		if c := d.only(); c.Resolution != corrected.final || c.ResolvedWith != "kettles" || c.Evidence != 1 || c.Status != kb.Published {
			d.Errorf("the case is %+v", c)
		}
		d.consider(sent("s1"))
		d.consider(sent("s2"))
		d.consider(corrected)
		if got := d.inUse(); len(got) != 1 {
			d.Errorf("in use are %q, want one of two rivals", got)
		}
		for _, c := range d.cases() {
			if c.Evidence != 1 {
				d.Errorf("%q has an evidence of %d, want 1", c.Resolution, c.Evidence)
			}
		}
	})
}

// stays is a reply that says something else than returnReply.
const stays = "Open Orders, choose the order and press Return. A parcel may be sent back within 14 days."

func rival(id string) told {
	r := sent(id)
	r.final = stays
	return r
}

func TestRivalsAreElected(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		d.consider(sent("s2"))
		d.now = d.now.Add(time.Hour)
		d.consider(rival("s3"))
		if got := d.inUse(); !slices.Equal(got, []string{returnReply}) {
			d.Fatalf("in use are %q, want the reply of two and not the newer one of one", got)
		}
		d.now = d.now.Add(time.Hour)
		d.consider(rival("s4"))
		d.consider(rival("s5"))
		if got := d.inUse(); !slices.Equal(got, []string{stays}) {
			d.Fatalf("in use are %q, want the reply of three", got)
		}
		for _, id := range []string{"s4", "s5"} {
			d.consider(rival(id).but(outcome(Outcome{Status: ReopenedStatus})))
		}
		if got := d.inUse(); !slices.Equal(got, []string{returnReply}) {
			d.Errorf("in use are %q, want the one with two behind it again", got)
		}
		if n := len(d.cases()); n != 2 {
			d.Errorf("%d cases, want two", n)
		}
	})
}

func TestOfTwoEqualRivalsTheLaterIsInUse(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		d.now = d.now.Add(time.Minute)
		d.consider(rival("s2"))
		if got := d.inUse(); !slices.Equal(got, []string{stays}) {
			d.Errorf("in use are %q, want the later", got)
		}
	})
}

// Many of one operator's tickets count alike, however late they are.
func TestOfTwoThatOneOperatorEachStandsBehindTheLaterIsInUse(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	for i := range 8 {
		for _, r := range []told{sent(fmt.Sprint("x", i)), rival(fmt.Sprint("y", i))} {
			r.operator = "op-" + r.id[:1]
			d.consider(r)
			d.now = d.now.Add(time.Second)
		}
	}
	if got := d.inUse(); !slices.Equal(got, []string{stays}) {
		t.Errorf("in use are %q, want the later", got)
	}
}

func TestANewPolicyWinsOverAnOldOneInTime(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	for i := range 6 {
		d.consider(sent(fmt.Sprint("a", i)))
	}
	d.now = d.now.AddDate(2, 0, 0)
	d.consider(rival("b1"))
	if got := d.inUse(); !slices.Equal(got, []string{stays}) {
		t.Errorf("two years later in use are %q, want the new reply", got)
	}
}

func TestOneOperatorDoesNotOutvoteOthers(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	for i := range 3 {
		d.consider(sent(fmt.Sprint("a", i)))
	}
	for i := range 20 {
		flood := rival(fmt.Sprint("b", i))
		flood.operator = "mallory"
		d.consider(flood)
	}
	if got := d.inUse(); !slices.Equal(got, []string{returnReply}) {
		t.Errorf("in use are %q, want the reply of three operators", got)
	}
}

func TestARewordedCaseIsElectedAnew(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	d.consider(sent("s1"))
	d.consider(sent("s2"))
	d.consider(rival("s3"))
	corrected := rival("s3")
	corrected.final, corrected.article = returnReply, "returns"
	d.consider(corrected)
	if got := d.inUse(); !slices.Equal(got, []string{returnReply}) || d.evidence(howToReturn) < 0 {
		t.Errorf("in use are %q, want one reply", got)
	}
	var sum int64
	for _, c := range d.cases() {
		sum += c.Evidence
	}
	if sum != 3 {
		t.Errorf("an evidence of %d in all, want 3", sum)
	}
}

func TestNoMoreRepliesThanRivalsAreKeptToAQuestion(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	for i := range 2 * rivals {
		r := sent(fmt.Sprintf("s%02d", i))
		r.final = fmt.Sprintf("Parcels of that size are sent back within %d days.", i+1)
		d.consider(r)
	}
	if n := len(d.cases()); n != rivals {
		t.Errorf("%d cases, want %d", n, rivals)
	}
}

func TestCasesWaitForApproval(t *testing.T) {
	each(t, func(d *desk) {
		d.settings(func(s *Settings) { s.ApproveCases = true })
		d.consider(sent("s1"))
		d.consider(sent("s2"))
		d.wants("with two tickets", kb.Draft, 2)
		d.consider(sent("s1").but(outcome(Outcome{Status: ReopenedStatus})))
		d.consider(sent("s2").but(outcome(Outcome{Status: ReopenedStatus})))
		d.wants("reopened", kb.Archived, 0)
		d.consider(sent("s1"))
		d.wants("resolved again", kb.Draft, 1)
		d.edits(func(c *kb.Document) { c.Status = kb.Published })
		d.consider(sent("s3"))
		d.wants("published by an editor", kb.Published, 2)
	})
}

func TestAnEditorsWordStays(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		d.edits(func(c *kb.Document) {
			c.Resolution = "Press Return. You have 30 days, and the label is free."
			c.Evidence = 0
		})
		d.consider(sent("s2"))
		if c := d.only(); c.Resolution != "Press Return. You have 30 days, and the label is free." || c.Evidence != 2 {
			d.Errorf("after more evidence the edited case is %+v", c)
		}
		for i := range 3 {
			d.consider(rival(fmt.Sprint("r", i)))
		}
		for _, c := range d.cases() {
			if edited := c.Resolution != stays; edited != (c.Status == kb.Published) {
				d.Errorf("beside rivals %q is %s", c.Resolution, c.Status)
			}
		}
	})
}

func TestWhatAnEditorArchivesOrDeletesStaysSo(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		d.edits(func(c *kb.Document) { c.Status = kb.Archived })
		d.consider(sent("s2"))
		d.consider(sent("s1").but(outcome(Outcome{Status: ReopenedStatus})))
		d.consider(sent("s1"))
		if c := d.only(); c.Status != kb.Archived || c.Author != "vera" {
			d.Errorf("a case archived by an editor is %s, by %s", c.Status, c.Author)
		}
		if err := d.store.Delete(d.Context(), d.only().ID, "vera"); err != nil {
			d.Fatal(err)
		}
		d.consider(sent("s3"))
		d.consider(sent("s1").but(outcome(Outcome{Status: ReopenedStatus})))
		d.consider(sent("s1"))
		if cs := d.cases(); len(cs) != 0 {
			d.Errorf("after an editor has deleted it, the case is back: %+v", cs)
		}
	})
}
