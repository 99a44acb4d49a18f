package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/training/cluster"
)

// subjects are the words of topics that questions are made of.
var subjects = []string{
	"refund cancelled order money returned", "printer colour cartridge paper jam",
	"password reset link login email", "parcel courier delivery address tracking",
	"subtitles video playback buffering player", "invoice tax company billing period",
	"камера микрофон звук трансляция экран", "верификация паспорт документы заявка канал",
}

// asked makes n questions, each of four words of one subject and one of its
// own, in an order that depends on the seed.
func asked(n int, seed uint64) []cluster.Item {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]cluster.Item, n)
	for i := range out {
		words := strings.Fields(subjects[r.IntN(len(subjects))])
		r.Shuffle(len(words), func(a, b int) { words[a], words[b] = words[b], words[a] })
		text := fmt.Sprintf("%s %c%c%c%c", strings.Join(words[:4], " "), 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26))
		out[i] = cluster.Item{ID: fmt.Sprintf("q%03d", i), Text: text}
	}
	return out
}

func byID(groups []cluster.Group) map[string]cluster.Group {
	out := make(map[string]cluster.Group, len(groups))
	for _, g := range groups {
		out[g.ID] = g
	}
	return out
}

func TestGrowingEvidenceKeepsGroupsUnlessItTellsOfAChange(t *testing.T) {
	for seed := range uint64(4) {
		all := asked(70, seed)
		var before []cluster.Group
		for n := 1; n <= len(all); n++ {
			groups, changes := find(t, before, all[:n])
			told := make(map[string]bool)
			for _, c := range changes {
				for _, id := range slices.Concat(c.From, c.Into) {
					told[id] = true
				}
			}
			now, joined := byID(groups), of(groups, all[n-1].ID)
			for _, g := range before {
				is, ok := now[g.ID]
				switch {
				case told[g.ID]:
				case !ok:
					t.Fatalf("seed %d, item %d: group %s is gone and nothing tells of it", seed, n, g.ID)
				case g.ID != joined && (!reflect.DeepEqual(is.Members, g.Members) || is.Label != g.Label):
					t.Fatalf("seed %d, item %d joined %s, but %+v became %+v", seed, n, joined, g, is)
				case g.ID == joined && len(is.Members) != len(g.Members)+1:
					t.Fatalf("seed %d, item %d: %v became %v", seed, n, g.Members, is.Members)
				}
			}
			before = groups
		}
		once, _ := find(t, nil, all)
		if a, b := len(before), len(once); a > b+2 || b > a+2 || b < len(subjects) {
			t.Errorf("seed %d: one by one there are %d groups, at once %d, of %d subjects", seed, a, b, len(subjects))
		}
		again, changes := find(t, before, all)
		if !reflect.DeepEqual(again, before) || len(changes) > 0 {
			t.Errorf("seed %d: the same evidence gives other groups: %v", seed, changes)
		}
	}
}

func TestAGroupThatTurnsOutToBeAnotherMergesIntoTheLarger(t *testing.T) {
	all := slices.Concat(items("a", refunds...), items("b", printers...))
	before := []cluster.Group{
		{ID: "small", Label: "money, order", Members: []string{"a00"}},
		{ID: "large", Label: "refund, order", Members: []string{"a01", "a02"}},
		{ID: "other", Label: "printer, colour", Members: []string{"b00", "b01", "b02", "b03"}},
	}
	groups, changes := find(t, before, all)
	want := []cluster.Change{{Kind: cluster.Merged, From: []string{"large", "small"}, Into: []string{"large"}}}
	if !reflect.DeepEqual(changes, want) {
		t.Errorf("got changes %v, want %v", changes, want)
	}
	now := byID(groups)
	if got := now["large"]; len(got.Members) != 4 || got.Label != "refund, order" {
		t.Errorf("the merged group is %+v", got)
	}
	if got := now["other"]; len(got.Members) != 4 || got.Label != "printer, colour" {
		t.Errorf("the group that nothing joined is %+v", got)
	}
}

func TestAGroupOfTwoTopicsIsSplitWhenMoreComes(t *testing.T) {
	all := slices.Concat(items("a", refunds...), items("b", printers...))
	mixed := cluster.Group{ID: "mixed", Label: "refund, order"}
	for _, it := range all[1:] {
		mixed.Members = append(mixed.Members, it.ID)
	}
	groups, changes := find(t, []cluster.Group{mixed}, all[1:])
	if len(groups) != 1 || len(changes) != 0 {
		t.Fatalf("with nothing new, got %v and %v", groups, changes)
	}
	groups, changes = find(t, []cluster.Group{mixed}, all)
	if len(groups) != 2 || len(changes) != 1 || changes[0].Kind != cluster.Split || len(changes[0].Into) != 2 {
		t.Fatalf("got changes %v and groups %+v", changes, groups)
	}
	if got := of(groups, "b00"); got != "mixed" {
		t.Errorf("the larger part of the last run is now %s", got)
	}
	if got := byID(groups)["mixed"].Label; got == "refund, order" {
		t.Errorf("the part about printers is still called %q", got)
	}
}

func TestEvidenceThatIsGoneLeavesItsGroup(t *testing.T) {
	all := slices.Concat(items("a", refunds...), items("b", printers...))
	before, _ := find(t, nil, all)
	groups, changes := find(t, before, all[2:4])
	if len(groups) != 1 || groups[0].ID != of(before, "a02") || len(changes) != 0 {
		t.Errorf("got %+v and %v", groups, changes)
	}
	if want := []string{"a02", "a03"}; !slices.Equal(groups[0].Members, want) {
		t.Errorf("got members %v, want %v", groups[0].Members, want)
	}
}

func TestALabelStaysWhileItIsTrue(t *testing.T) {
	all := items("a", refunds...)
	for name, tt := range map[string]struct {
		was  string
		kept bool
	}{
		"most members speak of it": {"refund money", true},
		"nobody speaks of it":      {"bicycle", false},
		"there was none":           {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			groups, _ := find(t, []cluster.Group{{ID: "g", Label: tt.was, Members: []string{"a00", "a01", "a02"}}}, all)
			if got := groups[0].Label; (got == tt.was) != tt.kept || got == "" {
				t.Errorf("%q became %q", tt.was, got)
			}
		})
	}
}

func TestAnEndedContextEndsTheSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := cluster.Find(ctx, nil, items("a", refunds...), cluster.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}
