package ticket_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb/ticket"
)

func TestListsAreReadPageByPage(t *testing.T) {
	each(t, func(d *desk) {
		vera, nobody := "vera", ""
		for i := range 12 {
			status := ticket.Statuses()[i%3]
			priority := []ticket.Priority{ticket.Low, ticket.Urgent, "", ticket.High}[i%4]
			c := ticket.Change{Status: &status, Priority: &priority, Messages: []ticket.Message{customer(fmt.Sprintf("Ёлка %d_%%", i), i/2)}}
			if i%2 == 0 {
				c.Assignee = &vera
			}
			if i < 6 {
				topic := "trees"
				c.Topic = &topic
			}
			if i%5 == 0 {
				tone := "angry"
				c.Tone = &tone
			}
			d.put(fmt.Sprintf("T%02d", i), c)
		}
		for _, tt := range []struct {
			f    ticket.Filter
			want string
		}{
			{ticket.Filter{}, "11 10 09 08 07 06 05 04 03 02 01 00"},
			{ticket.Filter{Sort: ticket.Oldest}, "00 01 02 03 04 05 06 07 08 09 10 11"},
			{ticket.Filter{Sort: ticket.ByPriority}, "01 05 09 03 07 11 02 06 10 00 04 08"},
			{ticket.Filter{Statuses: []ticket.Status{ticket.Open, ticket.Solved}}, "11 09 08 06 05 03 02 00"},
			{ticket.Filter{Assignee: &vera, Sort: ticket.Oldest}, "00 02 04 06 08 10"},
			{ticket.Filter{Assignee: &nobody, Topic: "trees"}, "05 03 01"},
			{ticket.Filter{Priority: ticket.High}, "11 07 03"},
			{ticket.Filter{Tone: "angry", Sort: ticket.ByPriority}, "05 10 00"},
			{ticket.Filter{Query: "ЕЛКА 7"}, "07"},
			{ticket.Filter{Query: "t1"}, "11 10"},
			{ticket.Filter{Query: "_%"}, "11 10 09 08 07 06 05 04 03 02 01 00"},
			{ticket.Filter{Query: "%ка"}, ""},
		} {
			var got []string
			for tt.f.Limit = 5; ; {
				page, err := d.shop.List(d.Context(), tt.f)
				if err != nil {
					d.Fatal(err)
				}
				for i := range page {
					got = append(got, page[i].ID[1:])
				}
				if len(page) < tt.f.Limit {
					break
				}
				tt.f.After = page[len(page)-1].Mark()
			}
			if strings.Join(got, " ") != tt.want {
				d.Errorf("%+v lists %s, want %s", tt.f, strings.Join(got, " "), tt.want)
			}
		}
		if ts, err := d.other.List(d.Context(), ticket.Filter{Limit: 5}); err != nil || len(ts) != 0 {
			d.Errorf("another workspace lists %d: %v", len(ts), err)
		}
		if n, err := d.shop.Count(d.Context()); err != nil || n[ticket.Open] != 4 || n[ticket.Pending] != 4 || n[ticket.Solved] != 4 {
			d.Errorf("counts %v: %v", n, err)
		}
	})
}

func TestErasingACustomerLeavesNothing(t *testing.T) {
	each(t, func(d *desk) {
		rose, ann := "rose", "ann"
		d.put("T1", ticket.Change{CustomerID: &rose, Messages: []ticket.Message{customer("heliotrope", 0)}})
		d.put("T2", ticket.Change{CustomerID: &ann, Messages: []ticket.Message{customer("kettle", 0)}})
		ids, err := d.shop.Of(d.Context(), "rose")
		if err != nil || strings.Join(ids, " ") != "T1" {
			d.Fatalf("%v %v", ids, err)
		}
		if ids, err := d.shop.Of(d.Context(), ""); err != nil || len(ids) > 0 {
			d.Errorf("nobody has %v: %v", ids, err)
		}
		if n, err := d.other.Erase(d.Context(), ids); n != 0 || err != nil {
			d.Errorf("another workspace erases %d: %v", n, err)
		}
		for _, want := range []int64{1, 0} {
			if n, err := d.shop.Erase(d.Context(), ids); n != want || err != nil {
				d.Errorf("erased %d, want %d: %v", n, want, err)
			}
		}
		var left []ticket.Message
		if err := d.db.Find(&left).Error; err != nil || len(left) != 1 || left[0].TicketID != "T2" {
			d.Errorf("left are %+v: %v", left, err)
		}
	})
}

func TestTextsOfSolvedTicketsAreForgotten(t *testing.T) {
	each(t, func(d *desk) {
		solved, subject := ticket.Solved, "Heliotrope"
		for _, id := range []string{"Old", "new", "open"} {
			if id == "new" {
				d.now = at(60)
			}
			c := ticket.Change{Subject: &subject, Messages: []ticket.Message{customer("My heliotrope kettle", -5)}}
			if id != "open" {
				c.Status = &solved
			}
			d.put(id, c)
		}
		for _, want := range []int64{1, 0} {
			if n, err := d.all.Forget(d.Context(), at(30)); n != want || err != nil {
				d.Errorf("forgot %d, want %d: %v", n, want, err)
			}
		}
		if got := d.read("Old"); !got.Forgotten || got.Subject+got.Preview != "" || len(got.Messages) != 0 || got.Words != "old" || got.Status != solved || got.Version != 2 {
			d.Errorf("%+v", got)
		}
		for _, id := range []string{"new", "open"} {
			if got := d.read(id); len(got.Messages) != 1 || got.Subject == "" {
				d.Errorf("%+v", got)
			}
		}
		// The helpdesk tells all of it again, and the customer writes again.
		if got := d.put("Old", ticket.Change{Messages: []ticket.Message{customer("My heliotrope kettle", -5)}}); got.Status != solved || got.Forgotten {
			d.Errorf("%+v", got)
		}
		if got := d.put("Old", ticket.Change{Messages: []ticket.Message{customer("It is broken", 61)}}); got.Status != ticket.Open || len(got.Messages) != 2 {
			d.Errorf("%+v", got)
		}
	})
}
