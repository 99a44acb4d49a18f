package gate

import (
	"slices"
	"time"
)

// An Item is a question to learn from or to judge by.
type Item struct {
	At      time.Time // when it was asked
	Cluster int       // group of near-duplicates, as Clusters numbers them
}

// Parts is what Split makes of items: their positions, in the order given.
type Parts struct {
	Training []int
	Later    []int // after training, and like nothing in it
	Leaking  int   // number of later items left out because training knows their cluster
}

// Split parts items at a time: what was asked before cut is for training,
// what was asked then or later for judging. Later items whose cluster occurs
// before cut belong to neither: a ranker that has learned a question answers
// its near-duplicate from memory, and a random split rewards it for that.
func Split(items []Item, cut time.Time) Parts {
	var p Parts
	known := make(map[int]bool)
	for i, it := range items {
		if it.At.Before(cut) {
			p.Training = append(p.Training, i)
			known[it.Cluster] = true
		}
	}
	for i, it := range items {
		switch {
		case it.At.Before(cut):
		case known[it.Cluster]:
			p.Leaking++
		default:
			p.Later = append(p.Later, i)
		}
	}
	return p
}

// Cut returns the time before which the share, from 0 to 1, of items was
// asked, for use with Split. Of items of one time none lies before it, so the
// share may come out smaller. It is the zero time where there are no items.
func Cut(items []Item, share float64) time.Time {
	if len(items) == 0 {
		return time.Time{}
	}
	times := make([]time.Time, len(items))
	for i, it := range items {
		times[i] = it.At
	}
	slices.SortFunc(times, time.Time.Compare)
	at := int(share * float64(len(times)))
	return times[min(max(at, 0), len(times)-1)]
}
