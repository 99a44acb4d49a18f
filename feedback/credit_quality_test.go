package feedback

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

// readLines decodes a file of JSON lines of a public data set, or skips the
// test. The sets are no part of the project.
func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	root := os.Getenv("WHETSTONE_TEST_DATA")
	if root == "" {
		root = "../../shared/data"
	}
	f, err := os.Open(filepath.Join(root, name))
	if err != nil {
		t.Skipf("no data set to measure with: %v", err)
	}
	defer func() { _ = f.Close() }()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

type streamArticle struct{ ID, Title, Body string }

type streamTicket struct {
	Text, Reply string
	SourceID    string `json:"source_id"`
	Also        []string
}

func setOf(text string) map[uint64]bool {
	set := make(map[uint64]bool)
	for _, w := range hashWords(text) {
		set[w] = true
	}
	return set
}

// offers pairs a ticket with its right article and the four wrong ones that
// have most of the words asked.
func offers(articles []streamArticle, words []map[uint64]bool, k *streamTicket, asked map[uint64]bool) []Offered {
	type scored struct {
		at    int
		score float64
	}
	var wrong []scored
	var out []Offered
	for n, a := range articles {
		if a.ID == k.SourceID {
			out = append(out, Offered{ID: a.ID, Kind: kb.Article, Title: a.Title, Text: a.Body})
			continue
		}
		if slices.Contains(k.Also, a.ID) {
			continue
		}
		has := 0
		for w := range asked {
			if words[n][w] {
				has++
			}
		}
		wrong = append(wrong, scored{n, float64(has) / float64(max(1, len(asked)))})
	}
	slices.SortStableFunc(wrong, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	for _, x := range wrong[:4] {
		a := articles[x.at]
		out = append(out, Offered{ID: a.ID, Kind: kb.Article, Title: a.Title, Text: a.Body})
	}
	for i := range out {
		out[i].Place = len(out) - i // the right one last: places must not matter
	}
	return out
}

// TestCreditFindsTheArticleAnOperatorWroteFrom measures with real replies,
// without a draft. The bounds hold what was reached. The replies of stackfaq are
// bodies of its articles, which anything finds; rutube's were written by
// people. Of its articles many are near copies, so that some of the wrong ones
// are not.
func TestCreditFindsTheArticleAnOperatorWroteFrom(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	for _, tt := range []struct {
		name, set    string
		byReply      bool    // wrong ones are near to the reply and not to the question
		right, wrong float64 // share of tickets where the right one, a wrong one, has the largest Share
		raised       float64 // share of wrong articles that are credited
	}{
		{"rutube, wrong ones like the question", "rutube-dev", false, 0.87, 0.035, 0.03},
		{"rutube, wrong ones like the reply", "rutube-dev", true, 0.815, 0.105, 0.075},
		{"stackfaq, wrong ones like the question", "stackfaq-stream-en", false, 0.98, 0.005, 0.01},
	} {
		t.Run(tt.name, func(t *testing.T) {
			articles := readLines[streamArticle](t, tt.set+"/articles.jsonl")
			tickets := readLines[streamTicket](t, tt.set+"/tickets.jsonl")
			var words []map[uint64]bool
			for _, a := range articles {
				words = append(words, setOf(a.Title+" "+a.Body))
			}
			var right, wrong, none, plus, plusWrong, anyWrong, minus, n float64
			for i := range tickets {
				if i%(1+len(tickets)/500) != 0 {
					continue // five hundred say as much, and sooner
				}
				k := &tickets[i]
				near := k.Text
				if tt.byReply {
					near = k.Reply
				}
				n++
				credits := CreditsOf(&Reply{Final: k.Reply, Offered: offers(articles, words, k, setOf(near))})
				best, share, some := -1, 0., false
				for j, c := range credits {
					switch {
					case c.Share > share+1e-9:
						best, share = j, c.Share
					case c.Share > share-1e-9:
						best = -1 // a tie finds nothing
					}
					switch own := c.SourceID == k.SourceID; {
					case own && c.Amount > 0:
						plus++
					case own && c.Amount < 0:
						minus++
					case c.Amount > 0:
						plusWrong++
						some = true
					}
				}
				if some {
					anyWrong++
				}
				switch {
				case best < 0:
					none++
				case credits[best].SourceID == k.SourceID:
					right++
				default:
					wrong++
				}
			}
			t.Logf("largest share: right %.3f, wrong %.3f, none %.3f; right one credited %.3f, blamed %.3f; a wrong one credited %.3f of tickets, %.3f of wrong ones (%.0f tickets)",
				right/n, wrong/n, none/n, plus/n, minus/n, anyWrong/n, plusWrong/n/4, n)
			if right/n < tt.right || wrong/n > tt.wrong || plusWrong/n/4 > tt.raised {
				t.Errorf("want right at least %.3f, wrong at most %.3f, wrong ones credited at most %.3f", tt.right, tt.wrong, tt.raised)
			}
		})
	}
}
