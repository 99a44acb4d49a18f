package feedback_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// BenchmarkRecord tells ratings at 200 a second, from as many writers as wait
// for an answer at that time, and reports how long the slowest hundredth took.
// Run it with -benchtime 3000x.
func BenchmarkRecord(b *testing.B) {
	d := newDesk(b, sqldbtest.SQLite(b))
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
