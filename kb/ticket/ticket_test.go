package ticket_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/ticket"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// A desk is two workspaces of one database at a time that a test sets.
type desk struct {
	*testing.T
	db          *gorm.DB
	all         *ticket.DB
	shop, other *ticket.Store
	now         time.Time
}

func open(t *testing.T, db *gorm.DB) *desk {
	t.Helper()
	for _, id := range []string{"shop", "other"} {
		if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
			t.Fatal(err)
		}
	}
	d := &desk{T: t, db: db, now: noon}
	d.all = ticket.New(db, func() time.Time { return d.now })
	d.shop, d.other = d.all.In("shop"), d.all.In("other")
	return d
}

func each(t *testing.T, test func(d *desk)) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { test(open(t, db)) })
}

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func customer(text string, minutes int) ticket.Message {
	return ticket.Message{Role: ticket.Customer, Text: text, At: at(minutes)}
}

func (d *desk) put(id string, c ticket.Change) ticket.Ticket {
	d.Helper()
	got, _, err := d.shop.Put(d.Context(), id, nil, c)
	if err != nil {
		d.Fatal(err)
	}
	return got
}

func (d *desk) read(id string) ticket.Ticket {
	d.Helper()
	got, err := d.shop.Ticket(d.Context(), id)
	if err != nil {
		d.Fatal(err)
	}
	return got
}

func texts(t *ticket.Ticket) string {
	var out []string
	for _, m := range t.Messages {
		out = append(out, m.Text)
	}
	return strings.Join(out, " | ")
}

func TestModelsMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { sqldbtest.Matches(t, db, &ticket.Ticket{}, &ticket.Message{}) })
}

func TestATicketIsKeptAsItCame(t *testing.T) {
	each(t, func(d *desk) {
		subject, customerID, urgent := "Где мой заказ?", "c1", ticket.Urgent
		got, done, err := d.shop.Put(d.Context(), "T/1 ü", new(int64), ticket.Change{
			Subject: &subject, CustomerID: &customerID, Priority: &urgent, Tags: &[]string{"b", "a", "b"}, Origin: "api",
			Messages: []ticket.Message{customer("Звоните: +7 999 123-45-67\n\nАнна", 0)},
		})
		if err != nil || !done.Created || got.Version != 1 {
			d.Fatalf("%+v %+v %v", got, done, err)
		}
		for name, got := range map[string]ticket.Ticket{"returned": got, "read": d.read("T/1 ü")} {
			if got.Subject != subject || got.CustomerID != "c1" || got.Status != ticket.Open || got.Rank != 0 || strings.Join(got.Tags, " ") != "a b" ||
				len(got.Messages) != 1 || got.Messages[0].Text != "Звоните: +7 999 123-45-67\n\nАнна" || !got.AskedAt.Equal(noon) || got.Origin != "api" {
				d.Errorf("%s: %+v", name, got)
			}
		}
		if _, err := d.other.Ticket(d.Context(), "T/1 ü"); !errors.Is(err, ticket.ErrNotFound) {
			d.Errorf("another workspace reads it: %v", err)
		}
		if _, _, err := d.shop.Put(d.Context(), "T/1 ü", new(int64), ticket.Change{}); !errors.Is(err, ticket.ErrConflict) {
			d.Errorf("there must be none and there is one: %v", err)
		}
		one := int64(1)
		if _, _, err := d.shop.Put(d.Context(), "none", &one, ticket.Change{}); !errors.Is(err, ticket.ErrConflict) {
			d.Errorf("there must be one and there is none: %v", err)
		}
		if _, _, err := d.all.In("nowhere").Put(d.Context(), "T", nil, ticket.Change{}); !errors.Is(err, ticket.ErrNotFound) {
			d.Errorf("a ticket of no workspace: %v", err)
		}
	})
}

func TestOnlyMessagesThatAreNewAreAdded(t *testing.T) {
	each(t, func(d *desk) {
		named := ticket.Message{Name: "m3", Role: ticket.Customer, Text: "Hello?", At: at(2)}
		all := []ticket.Message{customer("Where is my order?", 0), customer("Hello?", 1), named}
		d.put("T", ticket.Change{Messages: all[:2]})
		for _, again := range [][]ticket.Message{all[:2], all, all[2:], all} {
			d.put("T", ticket.Change{Messages: again})
		}
		got := d.read("T")
		if texts(&got) != "Where is my order? | Hello? | Hello?" || got.Version != 2 || got.Preview != "Hello?" || got.Subject != "Where is my order?" {
			d.Errorf("version %d, %q, preview %q, subject %q", got.Version, texts(&got), got.Preview, got.Subject)
		}
		// Without times they are known by what they say, one by one.
		untimed := []ticket.Message{{Role: ticket.Customer, Text: "Hi"}, {Role: ticket.Customer, Text: "Hi"}}
		d.put("U", ticket.Change{Messages: untimed})
		d.put("U", ticket.Change{Messages: untimed})
		if got := d.read("U"); texts(&got) != "Hi | Hi" {
			d.Errorf("got %q", texts(&got))
		}
		// What arrives late stands where it belongs.
		d.put("T", ticket.Change{Messages: []ticket.Message{{Role: ticket.Bot, Text: "We look into it.", At: at(0).Add(time.Second)}}})
		if got := d.read("T"); texts(&got) != "Where is my order? | We look into it. | Hello? | Hello?" || got.Preview != "Hello?" {
			d.Errorf("got %q", texts(&got))
		}
	})
}

func TestAReplyIsSentOnce(t *testing.T) {
	each(t, func(d *desk) {
		hook := notice.Hook{WorkspaceID: "shop", URL: "https://desk.example/hook", Kinds: []string{"ticket.*"}, Active: true}
		store := notice.NewStore(d.db)
		if err := store.Put(d.Context(), &hook); err != nil {
			d.Fatal(err)
		}
		d.put("T", ticket.Change{Messages: []ticket.Message{customer("Where?", 0)}})
		d.now = at(3)
		r := ticket.Reply{Key: "k1", Text: "On its way.", Author: "vera", SuggestionID: "s1", Version: 1}
		var wg sync.WaitGroup
		var mu sync.Mutex
		fresh := 0
		for range 4 {
			wg.Go(func() {
				got, sent, err := d.shop.Reply(d.Context(), "T", r)
				if err != nil || got.Version != 2 || got.Status != ticket.Pending || sent.Message.Place != 2 || sent.Message.Version != 2 {
					d.Errorf("%+v %+v %v", got, sent, err)
				}
				mu.Lock()
				defer mu.Unlock()
				if !sent.Known {
					fresh++
				}
			})
		}
		wg.Wait()
		got := d.read("T")
		if fresh != 1 || texts(&got) != "Where? | On its way." || got.Assignee != "vera" || !got.AnsweredAt.Equal(at(3)) || got.Messages[1].SuggestionID != "s1" {
			d.Errorf("%d were fresh: %+v", fresh, got)
		}
		if ns, err := store.Notices(d.Context(), "shop", "ticket.", notice.Page{Limit: 9}); err != nil || len(ns) != 1 || strings.Contains(string(ns[0].Data), "way") {
			d.Errorf("told %+v %v", ns, err)
		}
		r.Text = "Something else."
		if _, _, err := d.shop.Reply(d.Context(), "T", r); !errors.Is(err, ticket.ErrInvalid) {
			d.Errorf("another text under the same key: %v", err)
		}
		// The helpdesk tells of the reply that came from here, at a time of its own.
		d.put("T", ticket.Change{Messages: []ticket.Message{customer("Where?", 0), {Name: "m2", Role: ticket.Operator, Text: "On its  way.", At: at(4)}}})
		if got := d.read("T"); len(got.Messages) != 2 {
			d.Errorf("the reply is there twice: %q", texts(&got))
		}
	})
}

func TestAReplyToADialogueThatHasGoneOnIsNotSent(t *testing.T) {
	each(t, func(d *desk) {
		d.put("T", ticket.Change{Messages: []ticket.Message{customer("Where?", 0)}})
		if _, err := d.shop.Assign(d.Context(), "T", 1, "vera"); err != nil {
			d.Fatal(err)
		}
		d.put("T", ticket.Change{Messages: []ticket.Message{customer("It came, thanks.", 2)}})
		r := ticket.Reply{Key: "k", Text: "On its way.", Author: "vera", Version: 2}
		if _, _, err := d.shop.Reply(d.Context(), "T", r); !errors.Is(err, ticket.ErrNewer) || !strings.Contains(err.Error(), "the customer") {
			d.Errorf("sent past the customer: %v", err)
		}
		if got := d.read("T"); len(got.Messages) != 2 || got.Status != ticket.Open {
			d.Errorf("%+v", got)
		}
		// That somebody else was given the ticket is no hindrance.
		if _, err := d.shop.Assign(d.Context(), "T", 0, "boris"); err != nil {
			d.Fatal(err)
		}
		r.Version, r.Close = 3, true
		got, _, err := d.shop.Reply(d.Context(), "T", r)
		if err != nil || got.Status != ticket.Solved || got.Assignee != "boris" {
			d.Fatalf("%+v %v", got, err)
		}
		r.Key, r.Author = "k2", "boris"
		if _, _, err := d.shop.Reply(d.Context(), "T", r); !errors.Is(err, ticket.ErrNewer) || !strings.Contains(err.Error(), "vera") {
			d.Errorf("two answer at once: %v", err)
		}
		r.Version = 99
		if _, _, err := d.shop.Reply(d.Context(), "T", r); !errors.Is(err, ticket.ErrConflict) {
			d.Errorf("a version that never was: %v", err)
		}
		if _, _, err := d.shop.Reply(d.Context(), "none", r); !errors.Is(err, ticket.ErrNotFound) {
			d.Errorf("no ticket: %v", err)
		}
		for _, wrong := range []ticket.Reply{{Key: "k", Text: " "}, {Text: "x"}, {Key: "k", Text: "a\x00b"}} {
			if _, _, err := d.shop.Reply(d.Context(), "T", wrong); !errors.Is(err, ticket.ErrInvalid) {
				d.Errorf("%+v: %v", wrong, err)
			}
		}
	})
}

func TestWhoseTurnItIs(t *testing.T) {
	each(t, func(d *desk) {
		solved := ticket.Solved
		operator := func(text string, minutes int) ticket.Message {
			return ticket.Message{Role: ticket.Operator, Text: text, At: at(minutes)}
		}
		for _, step := range []struct {
			c    ticket.Change
			want ticket.Status
		}{
			{ticket.Change{Messages: []ticket.Message{customer("a", -50)}}, ticket.Open},
			{ticket.Change{Messages: []ticket.Message{operator("b", -40)}}, ticket.Pending},
			{ticket.Change{Messages: []ticket.Message{customer("c", -30)}}, ticket.Open},
			{ticket.Change{Messages: []ticket.Message{customer("d", -20), operator("e", -10)}}, ticket.Pending},
			{ticket.Change{Status: &solved}, ticket.Solved},
			{ticket.Change{Messages: []ticket.Message{customer("late", -45), operator("too", -9)}}, ticket.Solved},
			{ticket.Change{Messages: []ticket.Message{customer("again", -5)}}, ticket.Open},
			{ticket.Change{Messages: []ticket.Message{customer("bye", -1)}, Status: &solved}, ticket.Solved},
		} {
			if got := d.put("T", step.c); got.Status != step.want {
				d.Errorf("after %+v it is %s, want %s", step.c, got.Status, step.want)
			}
		}
		if got, err := d.shop.Reopen(d.Context(), "T", 0); err != nil || got.Status != ticket.Open {
			d.Errorf("%+v %v", got, err)
		}
		if got, err := d.shop.Wait(d.Context(), "T", 0); err != nil || got.Status != ticket.Pending {
			d.Errorf("%+v %v", got, err)
		}
		if _, err := d.shop.Solve(d.Context(), "T", 1); !errors.Is(err, ticket.ErrConflict) {
			d.Errorf("solved by who has read an old version: %v", err)
		}
		if got, err := d.shop.Claim(d.Context(), "T", "vera"); err != nil || got.Assignee != "vera" {
			d.Errorf("%+v %v", got, err)
		}
		if _, err := d.shop.Claim(d.Context(), "T", "boris"); !errors.Is(err, ticket.ErrConflict) || !strings.Contains(err.Error(), "vera") {
			d.Errorf("two have it: %v", err)
		}
	})
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	each(t, func(d *desk) {
		d.put("T", ticket.Change{})
		status, priority, long := ticket.Status("closed"), ticket.Priority("p1"), strings.Repeat("x", 300)
		for name, c := range map[string]ticket.Change{
			"a status": {Status: &status}, "a priority": {Priority: &priority}, "a topic": {Topic: &long}, "tags": {Tags: &[]string{long}},
			"a role": {Messages: []ticket.Message{{Role: "admin", Text: "x"}}}, "no text": {Messages: []ticket.Message{{Role: ticket.Bot, Text: "\n"}}},
			"no UTF-8": {Messages: []ticket.Message{{Role: ticket.Bot, Text: "\xff"}}},
		} {
			for _, id := range []string{"T", "new"} {
				if _, _, err := d.shop.Put(d.Context(), id, nil, c); !errors.Is(err, ticket.ErrInvalid) {
					d.Errorf("%s of %s: %v", name, id, err)
				}
			}
		}
		for _, id := range []string{"", " x", "a\nb", "\xff", strings.Repeat("x", 129)} {
			if _, _, err := d.shop.Put(d.Context(), id, nil, ticket.Change{}); !errors.Is(err, ticket.ErrInvalid) {
				d.Errorf("id %q: %v", id, err)
			}
		}
		if _, err := d.shop.Ticket(d.Context(), "new"); !errors.Is(err, ticket.ErrNotFound) {
			d.Errorf("what was refused is there: %v", err)
		}
	})
}

func TestTheLatestSuggestionIsKnown(t *testing.T) {
	each(t, func(d *desk) {
		d.put("T", ticket.Change{})
		for _, s := range []string{"01B", "01A"} {
			if err := d.shop.Suggested(d.Context(), "T", s, "topic of "+s); err != nil {
				d.Fatal(err)
			}
		}
		if got := d.read("T"); got.SuggestionID != "01B" || got.Topic != "topic of 01B" || got.Version != 1 {
			d.Errorf("%+v", got)
		}
		if err := d.shop.Suggested(d.Context(), "none", "01C", ""); err != nil {
			d.Error(err)
		}
	})
}

func TestTwoWhoAddTheSameTicketBothSucceed(t *testing.T) {
	each(t, func(d *desk) {
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				_, _, err := d.shop.Put(d.Context(), "T", nil, ticket.Change{Messages: []ticket.Message{customer(strconv.Itoa(i), i)}})
				if err != nil {
					d.Error(err)
				}
			})
		}
		wg.Wait()
		got := d.read("T")
		var places []int64
		for _, m := range got.Messages {
			places = append(places, m.Place)
		}
		slices.Sort(places)
		if len(places) != 6 || places[5] != 6 || got.Version != 6 {
			d.Errorf("version %d, places %v", got.Version, places)
		}
	})
}
