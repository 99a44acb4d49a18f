package cluster_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"github.com/whetstone-desk/whetstone/training/cluster"
)

// What is held here is a little less than what was measured, so that a change
// for the worse is seen and one of rounding is not.
func TestGroupsAgreeWithLabelsNobodyTold(t *testing.T) {
	measure(t)
	train := tickets(t, "banking77-en/train.jsonl")
	faq, ru := tickets(t, "stackfaq-stream-en/tickets.jsonl"), tickets(t, "rutube-dev/tickets.jsonl")
	for _, tt := range []struct {
		name            string
		list            []ticket
		replies         bool
		nmi, ari, noise float64
	}{
		{"77 intents of bank customers", tickets(t, "banking77-en/test.jsonl"), false, .70, .35, .05},
		{"3,000 others of them", drawn(train, 3000, 1), false, .69, .32, .06},
		{"3,000 others again", drawn(train, 3000, 2), false, .69, .32, .06},
		{"3,000 others once more", drawn(train, 3000, 3), false, .69, .32, .06},
		{"125 frequent questions", faq, false, .88, .55, .06},
		{"125 frequent questions with replies", faq, true, .95, .75, .01},
		{"137 topics in Russian", ru, false, .85, .25, .45},
		{"137 topics in Russian with replies", ru, true, .92, .57, .27},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items, topics := evidence(tt.list, tt.replies)
			groups, _ := find(t, nil, items)
			a, noise := agree(groups, topics), cluster.Noise(groups)
			t.Logf("NMI %.3f, ARI %.3f, noise %.3f, %d groups", a.nmi, a.ari, noise, len(groups))
			if a.nmi < tt.nmi || a.ari < tt.ari || noise > tt.noise {
				t.Errorf("want NMI %.2f, ARI %.2f, noise %.2f", tt.nmi, tt.ari, tt.noise)
			}
		})
	}
}

// What a desk has of topics nobody wrote about is ten to a hundred questions,
// three of a topic. There it is worse to join what is not one than to leave
// apart what is.
func TestLittleEvidenceIsJoinedWithCare(t *testing.T) {
	measure(t)
	faq, ru := tickets(t, "stackfaq-stream-en/tickets.jsonl"), tickets(t, "rutube-dev/tickets.jsonl")
	bank := tickets(t, "banking77-en/train.jsonl")
	for _, tt := range []struct {
		name              string
		all               []ticket
		topics, single    int
		replies, known    bool
		precision, recall float64
	}{
		{"12 frequent questions", faq, 3, 3, false, false, .85, .40},
		{"50 frequent questions", faq, 10, 20, false, false, .80, .40},
		{"50 frequent questions, background", faq, 10, 20, false, true, .70, .50},
		{"50 frequent questions, replies", faq, 10, 20, true, false, .95, .97},
		{"12 in Russian", ru, 3, 3, false, false, .70, .20},
		{"50 in Russian", ru, 10, 20, false, false, .60, .20},
		{"50 in Russian, replies", ru, 10, 20, true, false, .80, .75},
		{"12 of a bank", bank, 3, 3, false, false, .80, .30},
		{"50 of a bank", bank, 10, 20, false, false, .50, .25},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 9))
			var sum agreement
			for range 10 {
				some, rest := little(tt.all, tt.topics, tt.single, r)
				var o cluster.Options
				if tt.known {
					o.Background = rest[:min(len(rest), 500)]
				}
				items, topics := evidence(some, tt.replies)
				groups, _, err := cluster.Find(context.Background(), nil, items, o)
				if err != nil {
					t.Fatal(err)
				}
				a := agree(groups, topics)
				sum.right, sum.joined, sum.true = sum.right+a.right, sum.joined+a.joined, sum.true+a.true
			}
			t.Logf("of pairs, precision %.2f, recall %.2f", sum.precision(), sum.recall())
			if sum.precision() < tt.precision || sum.recall() < tt.recall {
				t.Errorf("want precision %.2f, recall %.2f", tt.precision, tt.recall)
			}
		})
	}
}

// The third ticket of a topic nobody wrote about must be found to belong with
// the first two. Tickets come one at a time here, and each is answered.
func TestTheThirdTicketFindsTheFirstTwo(t *testing.T) {
	measure(t)
	for _, tt := range []struct {
		name    string
		file    string
		replies bool
		whole   float64
	}{
		{"frequent questions", "stackfaq-stream-en/tickets.jsonl", false, .30},
		{"frequent questions, replies", "stackfaq-stream-en/tickets.jsonl", true, .95},
		{"Russian", "rutube-dev/tickets.jsonl", false, .12},
		{"Russian, replies", "rutube-dev/tickets.jsonl", true, .80},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := tickets(t, tt.file)
			r := rand.New(rand.NewPCG(4, 4))
			whole, topicsSeen := 0, 0
			var sum agreement
			for range 5 {
				some, _ := little(all, 10, 20, r)
				r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
				items, topics := evidence(some, tt.replies)
				var groups []cluster.Group
				for n := range items {
					groups, _ = find(t, groups, items[:n+1])
				}
				members := make(map[string][]string)
				for id, topic := range topics {
					members[topic] = append(members[topic], of(groups, id))
				}
				for _, ids := range members {
					if len(ids) == 3 {
						topicsSeen++
						if ids[0] == ids[1] && ids[1] == ids[2] {
							whole++
						}
					}
				}
				a := agree(groups, topics)
				sum.right, sum.joined, sum.true = sum.right+a.right, sum.joined+a.joined, sum.true+a.true
			}
			t.Logf("%d of %d topics are whole; of pairs, precision %.2f, recall %.2f", whole, topicsSeen, sum.precision(), sum.recall())
			if float64(whole) < tt.whole*float64(topicsSeen) {
				t.Errorf("want %.2f of them", tt.whole)
			}
		})
	}
}

func TestGroupsFoundDayByDayAreAsGoodAsThoseFoundAtOnce(t *testing.T) {
	measure(t)
	for _, tt := range []struct {
		name    string
		file    string
		replies bool
		day     int
	}{
		{"frequent questions", "stackfaq-stream-en/tickets.jsonl", false, 125},
		{"Russian with replies", "rutube-dev/tickets.jsonl", true, 40},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items, topics := evidence(tickets(t, tt.file), tt.replies)
			var groups []cluster.Group
			var changes []cluster.Change
			renamed := 0
			for n := tt.day; n < len(items)+tt.day; n += tt.day {
				was := byID(groups)
				var told []cluster.Change
				groups, told = find(t, groups, items[:min(n, len(items))])
				changes = append(changes, told...)
				for _, g := range groups {
					if before, ok := was[g.ID]; ok && before.Label != g.Label {
						renamed++
					}
				}
			}
			again, more := find(t, groups, items)
			if !reflect.DeepEqual(again, groups) || len(more) > 0 {
				t.Errorf("a day without news changes %v", more)
			}
			once, _ := find(t, nil, items)
			a, b := agree(groups, topics), agree(once, topics)
			t.Logf("day by day NMI %.3f, ARI %.3f; at once NMI %.3f, ARI %.3f; %d changes, %d renamed", a.nmi, a.ari, b.nmi, b.ari, len(changes), renamed)
			if a.nmi < b.nmi-.02 || a.ari < b.ari-.04 {
				t.Error("day by day is worse")
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	train := tickets(b, "banking77-en/train.jsonl")
	for _, n := range []int{200, 2000, 20000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var list []ticket
			for len(list) < n {
				list = append(list, drawn(train, min(n-len(list), len(train)), uint64(len(list)))...)
			}
			items, _ := evidence(list, false)
			for b.Loop() {
				find(b, nil, items)
			}
		})
	}
}
