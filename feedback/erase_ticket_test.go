package feedback_test

import (
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/ticket"
)

func TestErasingReachesTickets(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := newErasable(t, db)
		store := ticket.New(db, nil).In("shop")
		for id, customer := range map[string]string{"t-s1": "rose", "t-s2": "", "t-s4": "boris", "new": "rose"} {
			_, _, err := store.Put(t.Context(), id, nil, ticket.Change{
				CustomerID: &customer, Messages: []ticket.Message{{Role: ticket.Customer, Text: secret}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		done, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"})
		if err != nil || done.Tickets != 3 {
			t.Fatalf("%+v %v", done, err)
		}
		left, err := store.List(t.Context(), ticket.Filter{Limit: 9})
		if err != nil || len(left) != 1 || left[0].ID != "t-s4" {
			t.Errorf("left are %+v: %v", left, err)
		}
	})
}
