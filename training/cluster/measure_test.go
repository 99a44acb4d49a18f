package cluster_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/whetstone-desk/whetstone/training/cluster"
)

// A ticket is a question of the data to measure with.
type ticket struct {
	ID     string
	Text   string
	Reply  string
	Label  string
	Source string `json:"source_id"`
	Labels map[string]string
}

// topic is what tickets are of one topic by.
func (x ticket) topic() string { return x.Label + x.Source }

// measure skips a measurement where only faults are looked for.
func measure(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("a measurement: make test runs it in full, without the race detector")
	}
}

// tickets reads a file of the data to measure with, or skips the test.
func tickets(t testing.TB, name string) []ticket {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no data to measure with: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []ticket
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var x ticket
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, x)
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// drawn are n tickets at random.
func drawn(all []ticket, n int, seed uint64) []ticket {
	out := make([]ticket, n)
	for at, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(all))[:n] {
		out[at] = all[i]
	}
	return out
}

// evidence makes items of tickets and tells the topic of each.
func evidence(list []ticket, replies bool) ([]cluster.Item, map[string]string) {
	out, topics := make([]cluster.Item, len(list)), make(map[string]string, len(list))
	for i, x := range list {
		out[i] = cluster.Item{ID: fmt.Sprintf("%s/%05d", x.ID, i), Text: x.Text}
		if replies {
			out[i].Reply = x.Reply
		}
		topics[out[i].ID] = x.topic()
	}
	return out, topics
}

// An agreement is how well groups agree with topics.
type agreement struct {
	nmi float64 // normalised mutual information, by the arithmetic mean
	ari float64 // adjusted Rand index

	// Of pairs of items: those of one topic and group, of one group, of one topic.
	right, joined, true float64
}

func (a agreement) precision() float64 { return a.right / max(a.joined, 1) }
func (a agreement) recall() float64    { return a.right / max(a.true, 1) }

func pairs(n float64) float64 { return n * (n - 1) / 2 }

func agree(groups []cluster.Group, topics map[string]string) agreement {
	n := float64(len(topics))
	sizes := make(map[string]float64)
	for _, topic := range topics {
		sizes[topic]++
	}
	var a agreement
	var mutual, ofGroups, ofTopics float64
	for _, size := range sizes {
		ofTopics -= size / n * math.Log(size/n)
		a.true += pairs(size)
	}
	for _, g := range groups {
		size := float64(len(g.Members))
		ofGroups -= size / n * math.Log(size/n)
		a.joined += pairs(size)
		both := make(map[string]float64)
		for _, m := range g.Members {
			both[topics[m]]++
		}
		for topic, x := range both {
			mutual += x / n * math.Log(x*n/size/sizes[topic])
			a.right += pairs(x)
		}
	}
	chance := a.joined * a.true / pairs(n)
	a.nmi = 2 * mutual / (ofGroups + ofTopics)
	a.ari = (a.right - chance) / ((a.joined+a.true)/2 - chance)
	return a
}

// little draws evidence as a desk has it: some topics with three tickets each,
// and single tickets of other topics. The rest are texts of tickets of
// topics that are not in it.
func little(all []ticket, topics, single int, r *rand.Rand) (some []ticket, rest []string) {
	by := make(map[string][]ticket)
	var order []string
	for _, i := range r.Perm(len(all)) {
		topic := all[i].topic()
		if by[topic] == nil {
			order = append(order, topic)
		}
		by[topic] = append(by[topic], all[i])
	}
	for _, topic := range order {
		list := by[topic]
		switch {
		case topics > 0 && len(list) >= 3:
			topics--
			some = append(some, list[:3]...)
		case single > 0:
			single--
			some = append(some, list[0])
		default:
			for _, x := range list {
				rest = append(rest, x.Text)
			}
		}
	}
	return some, rest
}
