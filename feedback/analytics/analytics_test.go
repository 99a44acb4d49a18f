package analytics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/analytics"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// monday is the first day of the tenth week of 2026.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// judged is a judgement of a draft on which nothing is known but its use.
func judged(use feedback.Use, distance float64, changes ...func(*feedback.Judgement)) feedback.Judgement {
	j := feedback.Judgement{Decision: retrieval.Drafted, Used: use, Distance: distance, Rating: -1, SuggestedAt: monday, At: monday}
	for _, change := range changes {
		change(&j)
	}
	return j
}

func ended(status string, satisfaction int) func(*feedback.Judgement) {
	return func(j *feedback.Judgement) {
		j.Outcome = feedback.Outcome{Status: status, Satisfaction: satisfaction}
	}
}

func rated(score float64) func(*feedback.Judgement) {
	return func(j *feedback.Judgement) { j.Rating = score }
}

func abstained(j *feedback.Judgement) { j.Decision = retrieval.Abstained }

// ten is a workspace whose figures were worked out by hand.
func ten() []feedback.Judgement {
	return []feedback.Judgement{
		judged(feedback.Unchanged, 0, ended(feedback.ResolvedStatus, 5), rated(1)),
		judged(feedback.Unchanged, 0, ended(feedback.ResolvedStatus, 4)),
		judged(feedback.Unchanged, 0, ended(feedback.ReopenedStatus, 0)),
		judged(feedback.Changed, 0.2),
		judged(feedback.Changed, 0.4, rated(0.5)),
		judged(feedback.Replaced, 1, rated(0)),
		judged(feedback.Refused, -1, ended(feedback.EscalatedStatus, 1)), // what was sent is not known
		judged(feedback.Refused, 0.8),
		judged(feedback.Unknown, -1, rated(0.75)), // not known what became of it
		judged(feedback.Replaced, -1, abstained),  // no draft that could be replaced
	}
}

// kept stores judgements of the workspace shop and returns its feed.
func kept(t testing.TB, db *gorm.DB, js []feedback.Judgement) *feedback.Feed {
	t.Helper()
	if _, err := kb.New(db).Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	for i := range js {
		js[i].SuggestionID, js[i].Seq = fmt.Sprintf("s%07d", i), int64(i+1)
	}
	feed := feedback.NewStore(db, nil).In("shop")
	if err := feed.PutJudgements(t.Context(), js); err != nil {
		t.Fatal(err)
	}
	return feed
}

func report(t *testing.T, feed *feedback.Feed, q analytics.Query) analytics.Report {
	t.Helper()
	r, err := analytics.Acceptance(t.Context(), feed, q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// count counts judgements that no store holds.
func count(t *testing.T, js []feedback.Judgement, by analytics.By) analytics.Report {
	t.Helper()
	r, err := analytics.Count(func(yield func(feedback.Judgement, error) bool) {
		for i := range js {
			if js[i].SuggestionID == "" {
				js[i].SuggestionID = fmt.Sprint("s", i)
			}
			if !yield(js[i], nil) {
				return
			}
		}
	}, analytics.Query{By: by})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shown is every figure in a line: "3/8 .375".
func shown(f analytics.Figures) map[string]string {
	out := map[string]string{"suggestions": strconv.Itoa(f.Suggestions), "drafts": strconv.Itoa(f.Drafts)}
	for name, s := range map[string]analytics.Share{
		"abstained": f.Abstained, "unchanged": f.Unchanged, "edited": f.Edited, "any use": f.AnyUse, "replaced": f.Replaced,
		"rejected": f.Rejected, "resolved": f.Resolved, "reopened": f.Reopened, "escalated": f.Escalated,
	} {
		out[name] = fmt.Sprintf("%d/%d", s.Count, s.Of)
	}
	for name, s := range map[string]analytics.Spread{"distance": f.Distance, "rating": f.Rating, "satisfaction": f.Satisfaction} {
		out[name] = strconv.Itoa(s.Count)
		if s.Count > 0 {
			out[name] += fmt.Sprintf(" mean %.3f median %.3f", *s.Mean, *s.Median)
		}
	}
	return out
}

func TestTheFiguresAreThoseWorkedOutByHand(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		got := shown(report(t, kept(t, db, ten()), analytics.Query{}).Whole)
		for name, want := range map[string]string{
			"suggestions": "10", "drafts": "8", "abstained": "1/10",
			"unchanged": "3/8", "edited": "2/8", "any use": "5/8", "replaced": "1/8", "rejected": "2/8",
			"distance":     "7 mean 0.343 median 0.200", // 0 0 0 .2 .4 .8 1
			"rating":       "4 mean 0.562 median 0.625", // 0 .5 .75 1
			"resolved":     "2/4",
			"reopened":     "1/4",
			"escalated":    "1/4",
			"satisfaction": "3 mean 3.333 median 4.000", // 1 4 5
		} {
			if got[name] != want {
				t.Errorf("%s is %s, want %s", name, got[name], want)
			}
		}
	})
}

// A figure that nothing can move says nothing.
func TestEachFigureMovesWithWhatItIsAboutAndTheThreeUsesApart(t *testing.T) {
	before := shown(count(t, ten(), analytics.Nothing).Whole)
	for _, tt := range []struct {
		name   string
		change func(*feedback.Judgement) // of the fourth: edited by a fifth
		moves  []string
	}{
		{"one sent as it was", func(j *feedback.Judgement) { j.Used, j.Distance = feedback.Unchanged, 0 }, []string{"distance", "edited", "unchanged"}},
		{"one replaced", func(j *feedback.Judgement) { j.Used = feedback.Replaced }, []string{"any use", "edited", "replaced"}},
		{"one rejected", func(j *feedback.Judgement) { j.Used = feedback.Refused }, []string{"any use", "edited", "rejected"}},
		{"one edited more", func(j *feedback.Judgement) { j.Distance = 0.9 }, []string{"distance"}},
		{"one rated", rated(0.1), []string{"rating"}},
		{"one resolved", ended(feedback.ResolvedStatus, 0), []string{"escalated", "reopened", "resolved"}},
		{"one reopened by a customer who is satisfied", ended(feedback.ReopenedStatus, 2), []string{"escalated", "reopened", "resolved", "satisfaction"}},
		{"one abstained from", abstained, []string{"abstained", "any use", "distance", "drafts", "edited", "rejected", "replaced", "unchanged"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			js := ten()
			tt.change(&js[3])
			after := shown(count(t, js, analytics.Nothing).Whole)
			var moved []string
			for name := range after {
				if after[name] != before[name] {
					moved = append(moved, name)
				}
			}
			slices.Sort(moved)
			if got, want := strings.Join(moved, ", "), strings.Join(tt.moves, ", "); got != want {
				t.Errorf("it moves %s, want %s", got, want)
			}
		})
	}
}

func TestSuggestionsAreGroupedByEach(t *testing.T) {
	in := func(change func(*feedback.Judgement), n int) []feedback.Judgement {
		js := make([]feedback.Judgement, n)
		for i := range js {
			js[i] = judged(feedback.Unchanged, 0, change)
		}
		return js
	}
	for _, tt := range []struct {
		by         analytics.By
		some, most func(*feedback.Judgement)
		want       string
	}{
		{analytics.Team, func(j *feedback.Judgement) { j.OperatorGroup = "night" }, func(j *feedback.Judgement) { j.OperatorGroup = "day" }, "day:3 night:2 :1"},
		{analytics.Operator, func(j *feedback.Judgement) { j.OperatorID = "anna" }, func(j *feedback.Judgement) { j.OperatorID = "boris" }, "boris:3 anna:2 :1"},
		{analytics.Arm, func(j *feedback.Judgement) { j.Pilot, j.Arm = "new", "pilot" }, func(j *feedback.Judgement) { j.Pilot, j.Arm = "new", "control" }, "new/control:3 new/pilot:2 :1"},
		{analytics.Profile, func(j *feedback.Judgement) { j.Profile = "short" }, func(j *feedback.Judgement) { j.Profile = "default" }, "default:3 short:2 :1"},
		{analytics.Ranker, func(j *feedback.Judgement) { j.Ranker = 9 }, func(j *feedback.Judgement) { j.Ranker = 10 }, "0:1 9:2 10:3"},
		{analytics.Language, func(j *feedback.Judgement) { j.Language = "ru" }, func(j *feedback.Judgement) { j.Language = "en" }, "en:3 ru:2 :1"},
		{analytics.Topic, func(j *feedback.Judgement) { j.Topic = "refunds" }, func(j *feedback.Judgement) { j.Topic = "t-1" }, "t-1:3 refunds:2 :1"},
		{analytics.Sure, func(j *feedback.Judgement) { j.Confidence = 0.8 }, func(j *feedback.Judgement) { j.Confidence = 1 }, "0.0:1 0.8:2 0.9:3"},
		{analytics.Week, func(j *feedback.Judgement) { j.SuggestedAt = monday.AddDate(0, 0, -1) }, func(j *feedback.Judgement) { j.SuggestedAt = monday.AddDate(0, 0, 7) }, "2026-W09:2 2026-W10:1 2026-W11:3"},
	} {
		t.Run(string(tt.by), func(t *testing.T) {
			js := append(append(in(tt.some, 2), in(tt.most, 3)...), judged(feedback.Refused, -1))
			r := count(t, js, tt.by)
			var got []string
			for _, g := range r.Groups {
				got = append(got, fmt.Sprintf("%s:%d", g.Key, g.Suggestions))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("groups %v, want %s", got, tt.want)
			}
			if r.Whole.Suggestions != 6 || r.Whole.Unchanged.Count != 5 || r.Whole.Rejected.Count != 1 {
				t.Errorf("the whole is %+v", r.Whole)
			}
		})
	}
	if len(analytics.Bys()) != 9 {
		t.Errorf("%d groupings, and 9 are tried", len(analytics.Bys()))
	}
}

func TestSuggestionsOutsideOfTheRangeDoNotCount(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		js := make([]feedback.Judgement, 5) // monday to friday
		for i := range js {
			js[i] = judged(feedback.Unchanged, 0)
			js[i].SuggestedAt = monday.AddDate(0, 0, i)
			js[i].At = monday.AddDate(1, 0, 0) // when it was judged is of no matter
		}
		feed := kept(t, db, js)
		for _, tt := range []struct {
			name        string
			from, until time.Time
			want        int
		}{
			{"all of the time", time.Time{}, time.Time{}, 5},
			{"from a moment, with it", monday.AddDate(0, 0, 1), time.Time{}, 4},
			{"to a moment, without it", time.Time{}, monday.AddDate(0, 0, 1), 1},
			{"between two", monday.AddDate(0, 0, 1), monday.AddDate(0, 0, 3), 2},
			{"when there was nothing", monday.AddDate(1, 0, 0), time.Time{}, 0},
		} {
			if got := report(t, feed, analytics.Query{From: tt.from, Until: tt.until}).Whole.Suggestions; got != tt.want {
				t.Errorf("%s: %d suggestions, want %d", tt.name, got, tt.want)
			}
		}
	})
}

func TestNothingOfAnotherWorkspaceCounts(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		kept(t, db, ten())
		r := report(t, feedback.NewStore(db, nil).In("bank"), analytics.Query{By: analytics.Team})
		if r.Whole.Suggestions != 0 || len(r.Groups) != 0 {
			t.Errorf("the bank has %+v", r)
		}
	})
}

func TestOfNothingThereIsNoShareAndJSONSaysSo(t *testing.T) {
	b, err := json.Marshal(count(t, nil, analytics.Team))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"accepted_unchanged":{"count":0,"of":0,"value":null,"low":null,"high":null}`,
		`"edit_distance":{"count":0,"mean":null,"median":null}`, `"groups":[]`,
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s is not in %s", want, b)
		}
	}
}

func TestAShareHasWilsonsInterval(t *testing.T) {
	for _, tt := range []struct {
		count, of int
		low, high float64 // to three digits, worked out apart from this code
	}{
		{0, 10, 0, 0.278}, {1, 10, 0.018, 0.404}, {5, 10, 0.237, 0.763}, {10, 10, 0.722, 1}, {50, 1000, 0.038, 0.065}, {1, 1, 0.207, 1},
	} {
		s := analytics.ShareOf(tt.count, tt.of)
		if math.Abs(*s.Low-tt.low) > 0.0006 || math.Abs(*s.High-tt.high) > 0.0006 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.3f to %.3f", tt.count, tt.of, *s.Low, *s.High, tt.low, tt.high)
		}
		if *s.Low > *s.Value || *s.High < *s.Value || *s.Value != float64(tt.count)/float64(tt.of) {
			t.Errorf("%d of %d: %v beside %v to %v", tt.count, tt.of, *s.Value, *s.Low, *s.High)
		}
	}
}

func TestWhatIsJudgedAgainMeanwhileCountsOnce(t *testing.T) {
	js := ten()
	again := js[0]
	again.Used = feedback.Refused
	for i := range js {
		js[i].SuggestionID = fmt.Sprint("s", i)
	}
	again.SuggestionID = "s0"
	r := count(t, append(js, again), analytics.Nothing)
	if r.Whole.Suggestions != 10 || r.Whole.Unchanged.Count != 3 || r.Whole.Rejected.Count != 2 {
		t.Errorf("counted %+v", r.Whole)
	}
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	for _, q := range []analytics.Query{{By: "weather"}, {From: monday, Until: monday}, {From: monday, Until: monday.Add(-1)}} {
		if _, err := analytics.Acceptance(t.Context(), nil, q); !errors.Is(err, feedback.ErrInvalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	broken := errors.New("broken")
	_, err := analytics.Count(func(yield func(feedback.Judgement, error) bool) {
		_ = yield(judged(feedback.Unchanged, 0), nil) && yield(feedback.Judgement{}, broken)
	}, analytics.Query{})
	if !errors.Is(err, broken) {
		t.Errorf("half of the judgements are a report: %v", err)
	}
}

// BenchmarkAcceptance counts 100,000 judgements in a store.
func BenchmarkAcceptance(b *testing.B) {
	js := make([]feedback.Judgement, 100_000)
	uses := []feedback.Use{feedback.Unchanged, feedback.Changed, feedback.Replaced, feedback.Refused}
	credits := make([]feedback.Credit, 5)
	for i := range credits {
		credits[i] = feedback.Credit{SourceID: fmt.Sprint("source-", i), Kind: kb.Article, Place: i + 1, Verdict: feedback.Kept, Share: 0.5, Amount: 0.5, Why: "Half of what was sent rests on it."}
	}
	for i := range js {
		js[i] = judged(uses[i%4], float64(i%100)/100)
		js[i].OperatorGroup, js[i].Credits = fmt.Sprint("team ", i%20), credits
	}
	feed := kept(b, sqldbtest.SQLite(b), js)
	b.ResetTimer()
	for b.Loop() {
		r, err := analytics.Acceptance(b.Context(), feed, analytics.Query{By: analytics.Team})
		if err != nil || r.Whole.Suggestions != len(js) || len(r.Groups) != 20 {
			b.Fatalf("%d suggestions, %v", r.Whole.Suggestions, err)
		}
	}
}
