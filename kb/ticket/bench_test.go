package ticket_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/ticket"
)

// many is how many tickets the lists are read of.
const many = 100_000

// BenchmarkList reads pages of a queue of 100,000 tickets, in each order and
// with each filter, from its start and from its middle.
func BenchmarkList(b *testing.B) {
	db := sqldbtest.SQLite(b)
	if _, err := kb.New(db).Create(b.Context(), "shop", "shop"); err != nil {
		b.Fatal(err)
	}
	ranks := []ticket.Priority{ticket.Urgent, ticket.High, ticket.Normal, ticket.Low}
	for from := 0; from < many; from += 1000 {
		ts := make([]ticket.Ticket, 1000)
		for i := range ts {
			n := from + i
			subject := fmt.Sprintf("где мой заказ %d из магазина на углу", n)
			ts[i] = ticket.Ticket{
				WorkspaceID: "shop", ID: fmt.Sprintf("T%06d", n), Version: 1, Subject: subject, Topic: fmt.Sprintf("t-%d", n%40), Priority: ranks[n%4],
				Rank: int64(n % 4), Status: ticket.Statuses()[n%7%3], Assignee: []string{"", "vera", "boris", "anna"}[n%11%4], Tags: []string{},
				Preview: subject + " подскажите пожалуйста когда его привезут потому что я жду его уже неделю", AskedAt: noon.Add(time.Duration(n) * time.Minute),
				Words: fmt.Sprintf("t%06d ", n) + subject + " подскажите пожалуйста когда его привезут потому что я жду его уже неделю", CreatedAt: noon, UpdatedAt: noon,
			}
		}
		if err := db.CreateInBatches(ts, 50).Error; err != nil {
			b.Fatal(err)
		}
	}
	shop := ticket.New(db, nil).In("shop")
	vera, nobody := "vera", ""
	middle := &ticket.Mark{Rank: 1, At: noon.Add(many / 2 * time.Minute), ID: "T050000"}
	active := []ticket.Status{ticket.Open, ticket.Pending}
	for name, f := range map[string]ticket.Filter{
		"newest": {}, "newest middle": {After: middle}, "oldest open": {Sort: ticket.Oldest, Statuses: active},
		"priority": {Sort: ticket.ByPriority}, "priority middle": {Sort: ticket.ByPriority, After: middle, Statuses: active},
		"mine by priority": {Assignee: &vera, Sort: ticket.ByPriority, Statuses: active}, "nobody's": {Assignee: &nobody, Statuses: active, After: middle},
		"one word by priority": {Query: "43217", Sort: ticket.ByPriority}, "topic": {Topic: "t-7", Statuses: active}, "my topic": {Topic: "t-7", Assignee: &vera},
		"one word of all": {Query: "заказ"}, "one word of one": {Query: "43217"}, "a word of none": {Query: "самокат"},
	} {
		f.Limit = 50
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := shop.List(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if _, err := shop.Count(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
