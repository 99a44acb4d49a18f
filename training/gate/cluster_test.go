package gate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestClusters(t *testing.T) {
	for _, tt := range []struct {
		name  string
		texts []string
		want  []int
	}{
		{"none", nil, []int{}},
		{"case, order, repetition and punctuation do not count",
			[]string{"Where is my parcel?", "my parcel: where, where is", "Refund, please"}, []int{0, 0, 1}},
		{"ё is е", []string{"Где мой счёт", "где мой СЧЕТ"}, []int{0, 0}},
		{"three of five words are enough", []string{"a b c d", "a b c e"}, []int{0, 0}},
		{"five of nine are not", []string{"a b c d e f g", "a b c d e h i"}, []int{0, 1}},
		{"a chain is one group", []string{"a b c d e", "c d e f g", "b c d e f"}, []int{0, 0, 0}},
		{"a longer text is found from a shorter one", []string{"a b c d e", "a b c"}, []int{0, 0}},
		{"no words, no group", []string{"?!", "...", "?!"}, []int{0, 1, 2}},
		{"numbers are words", []string{"error 1402", "error 1403"}, []int{0, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clusters(tt.texts); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// Against all pairs compared one by one.
func TestClustersMissNoPair(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	joined := 0
	for round := range 30 {
		texts := corpus(r, 150, 20+10*round)
		sets := wordSets(texts)
		want := newForest(len(texts))
		for i := range sets {
			for j := range i {
				if len(sets[i]) > 0 && len(sets[j]) > 0 && alike(shared(sets[i], sets[j]), len(sets[i]), len(sets[j])) {
					want.join(i, j)
					joined++
				}
			}
		}
		if got := Clusters(texts); !slices.Equal(got, want.numbers()) {
			t.Fatalf("round %d: got %v, want %v", round, got, want.numbers())
		}
	}
	if joined < 100 {
		t.Errorf("only %d pairs are near-duplicates: the texts test nothing", joined)
	}
}

// corpus makes questions of words that are as unevenly spread as real ones; a
// fifth are copies with a word changed.
func corpus(r *rand.Rand, n, words int) []string {
	zipf := rand.NewZipf(r, 1.1, 8, uint64(words-1))
	texts := make([]string, 0, n)
	for i := range n {
		var fields []string
		if i > 0 && r.IntN(5) == 0 {
			fields = strings.Fields(texts[r.IntN(i)])
			fields[r.IntN(len(fields))] = fmt.Sprintf("w%d", zipf.Uint64())
		} else {
			for range 3 + r.IntN(12) {
				fields = append(fields, fmt.Sprintf("w%d", zipf.Uint64()))
			}
		}
		texts = append(texts, strings.Join(fields, " "))
	}
	return texts
}

func TestClustersOfRealQuestions(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	for _, tt := range []struct {
		file     string
		fraction float64 // the largest group may have no more of the questions
	}{
		{"stackfaq-stream-en/tickets.jsonl", .02},
		{"rutube-dev/tickets.jsonl", .05},
		{"banking77-en/train.jsonl", .25},
	} {
		t.Run(tt.file, func(t *testing.T) {
			f, err := os.Open("../../../shared/data/" + tt.file)
			if err != nil {
				t.Skip("the data set is not here")
			}
			defer func() { _ = f.Close() }()
			var texts []string
			for lines := bufio.NewScanner(f); lines.Scan(); {
				var line struct{ Text string }
				if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
					t.Fatal(err)
				}
				texts = append(texts, line.Text)
			}
			got := Clusters(texts)
			sizes := make(map[int]int)
			largest := 0
			for _, c := range got {
				sizes[c]++
				largest = max(largest, sizes[c])
			}
			t.Logf("%d questions, %d groups, the largest of %d", len(texts), len(sizes), largest)
			if float64(largest) > tt.fraction*float64(len(texts)) || len(sizes) == len(texts) {
				t.Errorf("%d groups, the largest of %d", len(sizes), largest)
			}
		})
	}
}

func TestSplitLeavesNoNearDuplicateInLater(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	items := []Item{{day(5), 1}, {day(1), 1}, {day(2), 2}, {day(3), 3}, {day(4), 4}, {day(3), 2}}
	for _, tt := range []struct {
		name string
		cut  time.Time
		want Parts
	}{
		{"in the middle", day(3), Parts{Training: []int{1, 2}, Later: []int{3, 4}, Leaking: 2}},
		{"before all", day(1), Parts{Later: []int{0, 1, 2, 3, 4, 5}}},
		{"after all", day(6), Parts{Training: []int{0, 1, 2, 3, 4, 5}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Split(items, tt.cut)
			if !slices.Equal(got.Training, tt.want.Training) || !slices.Equal(got.Later, tt.want.Later) || got.Leaking != tt.want.Leaking {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	for share, want := range map[float64]time.Time{0: day(1), .5: day(3), .9: day(5), 1: day(5), -1: day(1)} {
		if got := Cut(items, share); !got.Equal(want) {
			t.Errorf("Cut at %v is %v, want %v", share, got, want)
		}
	}
	if got := Cut(nil, .5); !got.IsZero() {
		t.Errorf("nothing is cut at %v", got)
	}
}

// Whatever is judged by has no near-duplicate among what was trained on,
// compared one by one.
func TestNothingLaterRepeatsTraining(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	texts := corpus(r, 600, 200)
	groups := Clusters(texts)
	items := make([]Item, len(texts))
	for i := range items {
		items[i] = Item{At: time.Unix(int64(r.IntN(1000)), 0), Cluster: groups[i]}
	}
	p := Split(items, Cut(items, .6))
	sets := wordSets(texts)
	for _, i := range p.Later {
		for _, j := range p.Training {
			if alike(shared(sets[i], sets[j]), len(sets[i]), len(sets[j])) {
				t.Fatalf("%q is judged by, %q was trained on", texts[i], texts[j])
			}
		}
	}
	if len(p.Later) < 50 || p.Leaking < 20 || len(p.Training)+len(p.Later)+p.Leaking != len(items) {
		t.Errorf("%d for training, %d later, %d leaking", len(p.Training), len(p.Later), p.Leaking)
	}
}

func BenchmarkClusters(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		texts := corpus(rand.New(rand.NewPCG(1, 1)), n, 20_000)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				Clusters(texts)
			}
		})
	}
	// The worst case: everything is opened by the same words.
	r := rand.New(rand.NewPCG(2, 2))
	few := corpus(r, 100_000, 40)
	b.Run("100000 of 40 words", func(b *testing.B) {
		for b.Loop() {
			Clusters(few)
		}
	})
}
