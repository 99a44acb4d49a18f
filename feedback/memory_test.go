package feedback

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A desk is a workspace with a case memory, for tests.
type desk struct {
	*testing.T
	db     *gorm.DB
	memory *Memory
	store  *kb.Store
	now    time.Time
}

func newDesk(t *testing.T, db *gorm.DB) *desk {
	t.Helper()
	b := kb.New(db)
	if _, err := b.Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	d := &desk{T: t, db: db, store: b.In("shop"), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	d.memory = &Memory{KB: b, DB: db, Now: func() time.Time { return d.now }}
	return d
}

// A told is one suggestion and what became of it.
type told struct {
	id, ticket, operator, question, final, article string

	change func(*retrieval.Suggestion, *Judgement)
}

const (
	howToReturn = "How do I return a kettle that I do not like?"
	returnReply = "Open Orders, choose the order and press Return. A parcel may be sent back within 30 days."
)

// sent is a reply that makes a case.
func sent(id string) told {
	return told{id: id, ticket: "t-" + id, operator: "op-" + id, question: howToReturn, final: returnReply, article: "returns"}
}

func (t told) but(change func(*retrieval.Suggestion, *Judgement)) told {
	t.change = change
	return t
}

func outcome(o Outcome) func(*retrieval.Suggestion, *Judgement) {
	return func(_ *retrieval.Suggestion, j *Judgement) { j.Outcome = o }
}

func (d *desk) consider(t told) {
	d.Helper()
	s := &retrieval.Suggestion{
		WorkspaceID: "shop", ID: t.id, TicketID: t.ticket, OperatorID: t.operator, Mode: retrieval.ForOperator,
		Decision: retrieval.Drafted, Question: t.question, Language: "en", CreatedAt: d.now,
	}
	j := &Judgement{
		WorkspaceID: "shop", SuggestionID: t.id, TicketID: t.ticket, OperatorID: t.operator, Used: Changed,
		Rating: -1, Distance: 0.3, ResolvedWith: t.article, At: d.now,
	}
	if t.change != nil {
		t.change(s, j)
	}
	var n int64
	if err := d.db.Model(s).Where("workspace_id = ? AND id = ?", "shop", s.ID).Count(&n).Error; err != nil {
		d.Fatal(err)
	}
	if n == 0 {
		if err := d.db.Create(s).Error; err != nil {
			d.Fatal(err)
		}
	}
	if err := d.memory.Consider(d.Context(), s, j, t.final); err != nil {
		d.Fatalf("consider %s: %v", t.id, err)
	}
}

func (d *desk) settings(change func(*Settings)) {
	d.Helper()
	set := DefaultSettings()
	change(&set)
	if err := SetSettings(d.Context(), d.db, "shop", set); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) cases() []kb.Document {
	d.Helper()
	ds, err := d.store.List(d.Context(), kb.Page{Kind: kb.Case, Limit: 100})
	if err != nil {
		d.Fatal(err)
	}
	return ds
}

// only returns the one case there is.
func (d *desk) only() kb.Document {
	d.Helper()
	ds := d.cases()
	if len(ds) != 1 {
		d.Fatalf("there are %d cases, want one: %+v", len(ds), ds)
	}
	return ds[0]
}

// wants checks the status and evidence of the one case there is.
func (d *desk) wants(when string, status kb.Status, evidence int64) {
	d.Helper()
	if c := d.only(); c.Status != status || c.Evidence != evidence {
		d.Errorf("%s: the case is %s with an evidence of %d, want %s with %d", when, c.Status, c.Evidence, status, evidence)
	}
}

func each(t *testing.T, test func(d *desk)) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { test(newDesk(t, db)) })
}

func TestTicketsOfCasesMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { sqldbtest.Matches(t, db, caseTicket{}) })
}

func TestAResolvedTicketBecomesACase(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		c := d.only()
		if c.Problem != howToReturn || c.Resolution != returnReply || c.ResolvedWith != "returns" || c.Evidence != 1 ||
			c.Origin != CaseOrigin || c.Locale != "en" || c.Status != kb.Published || c.Audience != kb.Public {
			d.Errorf("the case is %+v", c)
		}
		if c.ResolvedAt == nil || !c.ResolvedAt.Equal(d.now) {
			d.Errorf("resolved at %v, want %v", c.ResolvedAt, d.now)
		}
		d.consider(sent("s1"))
		if again := d.only(); again.Seq != c.Seq || again.Revision != 1 {
			d.Errorf("considered twice, the case went from revision 1 at %d to %d at %d", c.Seq, again.Revision, again.Seq)
		}
	})
}

func TestWhatBecomesACase(t *testing.T) {
	type sj = func(*retrieval.Suggestion, *Judgement)
	used := func(u Use) sj { return func(_ *retrieval.Suggestion, j *Judgement) { j.Used = u } }
	seven := 3
	for _, tt := range []struct {
		name  string
		final string
		is    sj
		want  int
	}{
		{"a draft sent as it was", returnReply, used(Unchanged), 1},
		{"a draft with changes", returnReply, used(Changed), 1},
		{"an operator's own text", returnReply, used(Replaced), 1},
		{"nothing told of the draft, and the ticket resolved", returnReply, func(_ *retrieval.Suggestion, j *Judgement) {
			j.Used, j.Outcome.Status = Unknown, ResolvedStatus
		}, 1},
		{"a low NPS alone", returnReply, outcome(Outcome{NPS: &seven}), 1},
		{"a rating of 3 of 5", returnReply, func(_ *retrieval.Suggestion, j *Judgement) { j.Rating = 0.5 }, 1},
		{"nothing told of the draft", returnReply, used(Unknown), 0},
		{"a rejected suggestion", returnReply, used(Refused), 0},
		{"a rejected suggestion of a resolved ticket", returnReply, func(_ *retrieval.Suggestion, j *Judgement) {
			j.Used, j.Outcome.Status = Refused, ResolvedStatus
		}, 0},
		{"an unattended answer", returnReply, func(s *retrieval.Suggestion, _ *Judgement) { s.Mode = retrieval.ForCustomer }, 0},
		{"a bot's reply", returnReply, outcome(Outcome{Status: ResolvedStatus, Bot: true}), 0},
		{"a private note", returnReply, outcome(Outcome{Status: ResolvedStatus, Private: true}), 0},
		{"a reopened ticket", returnReply, outcome(Outcome{Status: ReopenedStatus}), 0},
		{"an escalated ticket", returnReply, outcome(Outcome{Status: EscalatedStatus}), 0},
		{"a satisfaction of 2", returnReply, outcome(Outcome{Status: ResolvedStatus, Satisfaction: 2}), 0},
		{"a rating of 2 of 5", returnReply, func(_ *retrieval.Suggestion, j *Judgement) { j.Rating = 0.25 }, 0},
		{"no text", "", used(Unchanged), 0},
		{"blanks", " \n\t", used(Changed), 0},
		{"a text of 1 MB", strings.Repeat(returnReply+" ", 12000), used(Changed), 0},
		{"a reply that says nothing", "Thanks, fixed!", used(Changed), 0},
		{"a reply about one account", "I have refunded your order, the money is on its way.", used(Changed), 0},
		{"no question", returnReply, func(s *retrieval.Suggestion, _ *Judgement) { s.Question = " " }, 0},
		{"broken UTF-8 and a NUL byte", "\x00" + returnReply + "\xff", used(Changed), 1},
		{"another language than the question's", "Откройте «Заказы», выберите заказ и нажмите «Вернуть». Срок — 30 дней.", used(Changed), 1},
		{"an article of an impossible id", returnReply, func(_ *retrieval.Suggestion, j *Judgement) { j.ResolvedWith = "a/b" }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, sqldbtest.SQLite(t))
			told := sent("s1")
			told.final = tt.final
			d.consider(told.but(tt.is))
			if got := len(d.cases()); got != tt.want {
				t.Errorf("%d cases, want %d", got, tt.want)
			}
		})
	}
}

func TestNothingIsAddedWhereNoCaseMemoryIsKept(t *testing.T) {
	each(t, func(d *desk) {
		d.consider(sent("s1"))
		d.settings(func(s *Settings) { s.CaseMemory = false })
		d.consider(sent("s2"))
		other := sent("s3")
		other.question = "Where is my invoice kept?"
		d.consider(other)
		d.wants("with the memory off", kb.Published, 1)
		d.consider(sent("s1").but(outcome(Outcome{Status: ReopenedStatus})))
		d.wants("reopened with the memory off", kb.Archived, 0)
		d.consider(sent("s1"))
		d.wants("resolved again with the memory off", kb.Archived, 0)
	})
}

func TestPersonalDataStaysOutOfCases(t *testing.T) {
	each(t, func(d *desk) {
		told := sent("s1")
		told.question = "Call me back on +7 912 345-67-89, anna.petrova@mail.example: how do I return a kettle bought in May?"
		told.final = "Dear Anna Petrova,\nopen Orders and press Return, or write from anna.petrova@mail.example. A parcel may be sent back within 30 days.\n\nBest regards,\nBoris Ivanov"
		d.consider(told)
		c := d.only()
		for _, secret := range []string{"912", "345-67-89", "petrova", "Petrova"} {
			for where, text := range map[string]string{"title": c.Title, "problem": c.Problem, "resolution": c.Resolution, "id": c.ID} {
				if strings.Contains(text, secret) {
					d.Errorf("the %s holds %q: %s", where, secret, text)
				}
			}
		}
		if c.Title == "" || len(c.Originals) > 0 {
			d.Errorf("title %q, originals kept: %v; want a title and none", c.Title, c.Originals)
		}
	})
}

// A number that a title is cut within must not come out of its placeholder.
func TestATitleIsCutAroundWhatItLeavesOut(t *testing.T) {
	for n := range 90 {
		letters := strings.Repeat("w", n)
		problem, _ := anonymous(letters+" my number is +7 912 345-67-89 and I want to return the kettle that came yesterday with a dent", "")
		for _, text := range []string{problem, letters + ",⟦phone:A⟧" + letters} {
			title := titleOf(text)
			if strings.Contains(title, "912") || strings.Count(title, "⟦") != strings.Count(title, "⟧") || len([]rune(title)) > longestTitle+1 {
				t.Errorf("with %d letters before it the title is %q", n, title)
			}
		}
	}
}

func TestACaseHoldsTheReplyAlone(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	told := sent("s1")
	told.final = returnReply[:len(returnReply)-1] + " [1].\n\n> my landlord must not know of the kettle\n> please hurry\n"
	d.consider(told)
	if c := d.only(); c.Resolution != returnReply {
		t.Errorf("the resolution is %q, want it without marker and quotation", c.Resolution)
	}
}

func TestASuggestionAndAJudgementBelongTogether(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	s := &retrieval.Suggestion{WorkspaceID: "shop", ID: "s1"}
	for _, j := range []*Judgement{{WorkspaceID: "shop", SuggestionID: "s2"}, {WorkspaceID: "other", SuggestionID: "s1"}} {
		if err := d.memory.Consider(t.Context(), s, j, returnReply); !errors.Is(err, ErrInvalid) {
			t.Errorf("a judgement of %s in %s: %v", j.SuggestionID, j.WorkspaceID, err)
		}
	}
}

func TestAWorkspaceThatIsNotThere(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	s := &retrieval.Suggestion{WorkspaceID: "none", ID: "s1", Question: howToReturn}
	j := &Judgement{WorkspaceID: "none", SuggestionID: "s1", Used: Changed, Rating: -1, At: d.now}
	if err := d.memory.Consider(t.Context(), s, j, returnReply); !errors.Is(err, ErrNotFound) {
		t.Errorf("considering in it: %v", err)
	}
}

func TestLikeIsAskedAndItsErrorsAreTold(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	d.memory.Like = func(context.Context, string, string, string) ([]string, error) { return nil, retrieval.ErrUnavailable }
	s := &retrieval.Suggestion{WorkspaceID: "shop", ID: "s1", Question: howToReturn}
	j := &Judgement{WorkspaceID: "shop", SuggestionID: "s1", Used: Changed, Rating: -1, At: d.now}
	if err := d.memory.Consider(t.Context(), s, j, returnReply); !errors.Is(err, retrieval.ErrUnavailable) {
		t.Errorf("with an index that is away: %v", err)
	}
	first := sent("s0")
	d.memory.Like = nil
	d.consider(first)
	id := d.only().ID
	// So many changes later, only the index knows of the case.
	if err := d.db.Exec("UPDATE workspaces SET changes = changes + ?", 2*recent).Error; err != nil {
		t.Fatal(err)
	}
	near := sent("s2")
	near.question = "How do I return a kettle that I really do not like?"
	d.memory.Like = func(_ context.Context, workspace, question, article string) ([]string, error) {
		if workspace != "shop" || question != near.question || article != "returns" {
			t.Errorf("asked for cases like %q with %q in %q", question, article, workspace)
		}
		return []string{id, "an-article", "tickets:gone"}, nil
	}
	d.consider(near)
	d.wants("after a like question", kb.Published, 2)
}

func TestAReplyFromTheFutureIsFromNow(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	d.consider(sent("s1").but(func(_ *retrieval.Suggestion, j *Judgement) { j.At = d.now.AddDate(10, 0, 0) }))
	if c := d.only(); !c.ResolvedAt.Equal(d.now) {
		t.Errorf("resolved at %v, want now, %v", c.ResolvedAt, d.now)
	}
}

func TestCaseMemoryStaysWithinTheWorkspace(t *testing.T) {
	each(t, func(d *desk) {
		if _, err := d.memory.KB.Create(d.Context(), "other", ""); err != nil {
			d.Fatal(err)
		}
		d.consider(sent("s1"))
		if n, err := d.memory.Withdraw(d.Context(), "other", "op-s1"); n != 0 || err != nil {
			d.Errorf("withdrawn in another workspace: %d, %v", n, err)
		}
		if err := d.memory.Forget(d.Context(), "other", []string{"s1"}); err != nil {
			d.Error(err)
		}
		d.wants("after another workspace's doings", kb.Published, 1)
	})
}

func TestCountingCases(t *testing.T) {
	d := newDesk(t, sqldbtest.SQLite(t))
	for i := range 60 {
		d.consider(sent(fmt.Sprintf("s%03d", i)))
	}
	c := d.only()
	if c.Evidence < 57 || c.Evidence > 60 {
		t.Errorf("an evidence of %d after 60 tickets, want them within a twentieth", c.Evidence)
	}
	if c.Revision >= 50 {
		t.Errorf("%d revisions after 60 tickets", c.Revision)
	}
}
