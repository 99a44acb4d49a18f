package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/training/cluster"
)

// find groups items, or fails the test.
func find(t testing.TB, before []cluster.Group, items []cluster.Item) ([]cluster.Group, []cluster.Change) {
	t.Helper()
	groups, changes, err := cluster.Find(context.Background(), before, items, cluster.Options{})
	if err != nil {
		t.Fatalf("Find: %v", err)
	}
	return groups, changes
}

// items gives texts ids in their order.
func items(prefix string, texts ...string) []cluster.Item {
	out := make([]cluster.Item, len(texts))
	for i, text := range texts {
		out[i] = cluster.Item{ID: fmt.Sprintf("%s%02d", prefix, i), Text: text}
	}
	return out
}

// of returns the id of the group of an item.
func of(groups []cluster.Group, item string) string {
	for _, g := range groups {
		if slices.Contains(g.Members, item) {
			return g.ID
		}
	}
	return ""
}

var (
	refunds = []string{
		"How do I get a refund for my order?",
		"I want a refund of the order I cancelled",
		"Refund for a cancelled order has not arrived",
		"When will the refund for my order arrive?",
	}
	printers = []string{
		"The printer does not print in colour",
		"My printer prints no colour pages",
		"Printer: colour is missing on printed pages",
		"Why is the colour missing when the printer prints?",
	}
)

func TestQuestionsOfTwoTopicsMakeTwoGroups(t *testing.T) {
	groups, changes := find(t, nil, slices.Concat(items("a", refunds...), items("b", printers...)))
	if len(groups) != 2 || len(changes) != 0 {
		t.Fatalf("got %d groups and %d changes, want 2 and none: %+v", len(groups), len(changes), groups)
	}
	for i := range refunds {
		if of(groups, fmt.Sprintf("a%02d", i)) != of(groups, "a00") {
			t.Errorf("%q is not with the first of its topic", refunds[i])
		}
	}
	for _, g := range groups {
		if !strings.Contains(strings.ToLower(g.Label), map[bool]string{true: "refund", false: "colour"}[g.ID == of(groups, "a00")]) {
			t.Errorf("the label of %v is %q", g.Members, g.Label)
		}
	}
	if got := cluster.Noise(groups); got != 0 {
		t.Errorf("noise is %v, want 0", got)
	}
}

func TestTheSameEvidenceGivesTheSameGroups(t *testing.T) {
	all := slices.Concat(items("a", refunds...), items("b", printers...), items("c", "Где мой заказ?", "???", ""))
	first, _ := find(t, nil, all)
	slices.Reverse(all)
	again, changes := find(t, first, all)
	if !reflect.DeepEqual(first, again) || len(changes) > 0 {
		t.Errorf("a second run tells %v and makes\n%+v of\n%+v", changes, again, first)
	}
}

func TestEvidenceThatContradictsItselfIsRefused(t *testing.T) {
	one := items("a", refunds...)
	for name, bad := range map[string]struct {
		before []cluster.Group
		items  []cluster.Item
	}{
		"an item without an id":       {items: []cluster.Item{{Text: "x"}}},
		"an item twice":               {items: append(one, one[0])},
		"a group without an id":       {before: []cluster.Group{{Members: []string{"a00"}}}, items: one},
		"a group twice":               {before: []cluster.Group{{ID: "g"}, {ID: "g"}}, items: one},
		"one item as member of two":   {before: []cluster.Group{{ID: "g", Members: []string{"a00"}}, {ID: "h", Members: []string{"a00"}}}, items: one},
		"one item as member twice":    {before: []cluster.Group{{ID: "g", Members: []string{"a00", "a00"}}}, items: one},
		"a member that is not an id ": {before: []cluster.Group{{ID: "", Members: nil}}, items: nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := cluster.Find(context.Background(), bad.before, bad.items, cluster.Options{}); !errors.Is(err, cluster.ErrInvalid) {
				t.Errorf("got error %v, want ErrInvalid", err)
			}
		})
	}
}

func TestNothingMakesNoGroups(t *testing.T) {
	groups, changes := find(t, nil, nil)
	if len(groups) != 0 || len(changes) != 0 || cluster.Noise(groups) != 0 {
		t.Errorf("got %v and %v of nothing", groups, changes)
	}
}
