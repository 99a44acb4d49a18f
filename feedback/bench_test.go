package feedback_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// BenchmarkRecord tells ratings at 200 a second, from as many writers as wait
// for an answer at that time, and reports how long the slowest hundredth took.
// Run it with -benchtime 3000x.
func BenchmarkRecord(b *testing.B) {
	d := newDesk(b, sqldbtest.SQLite(b))
	rate(b, d)
}

// BenchmarkRecordWhileJudging does so while each of them is judged at once.
func BenchmarkRecordWhileJudging(b *testing.B) {
	d, digester := newJudged(b, sqldbtest.SQLite(b))
	ctx, cancel := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	digester.Every = time.Millisecond
	wg.Go(func() { digester.Run(ctx) })
	rate(b, d)
	cancel()
	wg.Wait()
}

func rate(b *testing.B, d *desk) {
	b.Helper()
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = fmt.Sprint("s", i)
	}
	d.suggest(b, "shop", ids...)
	took := make([]time.Duration, b.N)
	var wg sync.WaitGroup
	pace := time.NewTicker(time.Second / 200)
	defer pace.Stop()
	b.ResetTimer()
	for i := range b.N {
		<-pace.C
		wg.Go(func() {
			start := time.Now()
			e := feedback.Event{
				ID: fmt.Sprint("e", i), SuggestionID: ids[i%len(ids)], OperatorID: fmt.Sprint("o", i%40),
				Kind: feedback.Rated, Score: 1, At: noon,
			}
			if _, err := d.feed.Record(b.Context(), []feedback.Event{e}); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(start)
		})
	}
	wg.Wait()
	slices.Sort(took)
	at := func(share float64) float64 { return float64(took[int(share*float64(len(took)-1))]) / 1e6 }
	b.ReportMetric(at(.5), "p50-ms")
	b.ReportMetric(at(.99), "p99-ms")
	b.ReportMetric(at(1), "max-ms")
}

// BenchmarkRecordAtOnce tells ratings as fast as 8 writers can.
func BenchmarkRecordAtOnce(b *testing.B) {
	d := newDesk(b, sqldbtest.SQLite(b))
	d.suggest(b, "shop", "s")
	var mu sync.Mutex
	n := 0
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.Lock()
			n++
			e := feedback.Event{ID: fmt.Sprint("e", n), SuggestionID: "s", OperatorID: fmt.Sprint("o", n%400), Kind: feedback.Rated, At: noon}
			mu.Unlock()
			if _, err := d.feed.Record(b.Context(), []feedback.Event{e}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ratings/s")
}

// BenchmarkCatch digests a rating and a reply for each of many suggestions: a
// third sent as they were, a third edited, a third rewritten from another
// article, which is searched for.
func BenchmarkCatch(b *testing.B) {
	d, digester := newJudged(b, sqldbtest.SQLite(b))
	digester.Search = finds("warranty")
	d.told(b, b.N)
	b.ResetTimer()
	caught(b, digester)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "suggestions/s")
}

// told makes n suggestions and tells of each of them what became of it.
func (d *desk) told(b *testing.B, n int) {
	b.Helper()
	ids := make([]string, n)
	var es []feedback.Event
	for i := range ids {
		ids[i] = fmt.Sprint("s", i)
		reply := feedback.Event{ID: fmt.Sprint("e", i), SuggestionID: ids[i], Kind: feedback.Sent, At: made}
		if i%3 > 0 {
			reply.Kind, reply.Text = feedback.Edited, []string{"", returnsText + " Thank you for asking.", warrantyText}[i%3]
		}
		es = append(es, reply, feedback.Event{ID: fmt.Sprint("r", i), SuggestionID: ids[i], OperatorID: fmt.Sprint("o", i%400), Kind: feedback.Rated, At: made})
	}
	d.suggest(b, "shop", ids...)
	if err := feedback.SetSettings(b.Context(), d.db, "shop", generous()); err != nil {
		b.Fatal(err)
	}
	for part := range slices.Chunk(es, feedback.MaxBatch) {
		d.record(b, part...)
	}
}

func generous() feedback.Settings {
	s := feedback.DefaultSettings()
	s.DailyCap = 1 << 40
	return s
}

// BenchmarkJudgements reads judgements, of which each has two credits.
func BenchmarkJudgements(b *testing.B) {
	d := newDesk(b, sqldbtest.SQLite(b))
	js := make([]feedback.Judgement, b.N)
	for i := range js {
		c := feedback.Credit{SourceID: "returns", Kind: kb.Article, Article: "returns", Place: 1, Verdict: feedback.Kept, Share: .5, Amount: .6, Why: "Half of what was sent rests on it."}
		js[i] = feedback.Judgement{SuggestionID: fmt.Sprint("s", i), Seq: int64(i + 1), SuggestedAt: made, At: noon, Credits: []feedback.Credit{c, c}, Shown: []string{"returns", "refunds"}}
	}
	if err := d.feed.PutJudgements(b.Context(), js); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for _, err := range d.feed.Judgements(b.Context(), feedback.Filter{}) {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "judgements/s")
}

// BenchmarkUsage counts what a source was used for in as many suggestions as are
// ever looked through.
func BenchmarkUsage(b *testing.B) {
	d := newDesk(b, sqldbtest.SQLite(b))
	ids := make([]string, 10_000)
	for i := range ids {
		ids[i] = fmt.Sprint("s", i)
	}
	d.suggest(b, "shop", ids...)
	for b.Loop() {
		if u, err := d.feed.Usage(b.Context(), "returns", noon); err != nil || u.Of != len(ids) {
			b.Fatal(u.Of, err)
		}
	}
}

// BenchmarkRecordHistory tells history in the largest batches there are.
func BenchmarkRecordHistory(b *testing.B) {
	d, _ := newJudged(b, sqldbtest.SQLite(b))
	b.ResetTimer()
	d.told(b, b.N)
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "events/s") // with the making of the suggestions
}
