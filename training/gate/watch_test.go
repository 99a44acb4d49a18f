package gate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// live plays suggestions one after the other, looks after each ten, and
// returns at which one Watch rolls back, or 0 if it never does.
func live(r *rand.Rand, before Tally, share float64, a Alarm) int {
	const most = 3000
	var now Tally
	for now.Shown < most {
		now.Shown++
		if r.Float64() < share {
			now.Accepted++
		}
		if now.Shown%10 == 0 && Watch(before, now, a).RollBack {
			return now.Shown
		}
	}
	return 0
}

func history(r *rand.Rand, n int, share float64) Tally {
	t := Tally{Shown: n}
	for range n {
		if r.Float64() < share {
			t.Accepted++
		}
	}
	return t
}

// False rollbacks stay within 5 % at 300 looks; testing the same difference at
// each look as if it were the only one does not.
func TestLookingOftenRollsNoGoodRankerBack(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	for _, tt := range []struct {
		name          string
		before        int
		was, is       float64
		tolerance, at float64 // at most so many are rolled back
	}{
		{"half accepted", 1000, .5, .5, 0, .05},
		{"few accepted", 1000, .1, .1, 0, .05},
		{"nearly all accepted", 1000, .95, .95, 0, .05},
		{"little history", 100, .5, .5, 0, .05},
		{"little history, nearly all accepted", 100, .9, .9, 0, .05},
		{"much history", 20_000, .4, .4, 0, .05},
		{"better", 1000, .5, .53, 0, .02},
		{"down by what is tolerated", 1000, .5, .48, .02, .05},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(31, uint64(tt.before)))
			const simulated = 400
			rolled := 0
			for range simulated {
				if live(r, history(r, tt.before, tt.was), tt.is, Alarm{Tolerance: tt.tolerance}) > 0 {
					rolled++
				}
			}
			t.Logf("rolled back %.1f %%", 100*float64(rolled)/simulated)
			if float64(rolled) > tt.at*simulated {
				t.Errorf("rolled back %d of %d", rolled, simulated)
			}
		})
	}
}

func TestAFallIsFoundSoon(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	for _, tt := range []struct {
		name            string
		before          int
		was, is         float64
		tolerance       float64
		median, found95 int // suggestions until half, until 95 in 100 of the rollbacks
	}{
		{"10 points", 1000, .6, .5, 0, 350, 1500},
		{"10 points, much history", 10_000, .6, .5, 0, 250, 600},
		{"10 points, 2 tolerated", 10_000, .6, .5, .02, 350, 900},
		{"20 points", 1000, .6, .4, 0, 100, 200},
		{"everything", 1000, .6, 0, 0, 50, 50},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(32, uint64(tt.before)))
			var delays []int
			const simulated = 200
			for range simulated {
				d := live(r, history(r, tt.before, tt.was), tt.is, Alarm{Tolerance: tt.tolerance})
				if d == 0 {
					d = 1 << 20
				}
				delays = append(delays, d)
			}
			slices.Sort(delays)
			median, late := delays[simulated/2], delays[simulated*95/100]
			t.Logf("half are rolled back after %d suggestions, 95 %% after %d", median, late)
			if median > tt.median || late > tt.found95 {
				t.Errorf("half are rolled back after %d suggestions, 95 %% after %d", median, late)
			}
		})
	}
}

func TestWatchSaysWhy(t *testing.T) {
	for _, tt := range []struct {
		name         string
		before, live Tally
		alarm        Alarm
		back         bool
		says         string
	}{
		{"nothing yet", Tally{1000, 500}, Tally{}, Alarm{}, false, "Too early to tell: 1000 suggestions before and 0 since, of at least 100 and 50"},
		{"no history", Tally{}, Tally{1000, 0}, Alarm{}, false, "Too early"},
		{"fallen", Tally{1000, 600}, Tally{400, 160}, Alarm{}, true, "Rolled back: acceptance has fallen by more than 0.0 points: 40.0 % of 400 suggestions since, 60.0 % of 1000 before"},
		{"fallen by what is tolerated", Tally{1000, 600}, Tally{400, 160}, Alarm{Tolerance: .2}, false, "has not been shown to fall"},
		{"fallen where suggestions clump", Tally{1000, 600}, Tally{400, 200}, Alarm{Clumping: 4}, false, "has not been shown"},
		{"the same without clumping", Tally{1000, 600}, Tally{400, 200}, Alarm{}, true, "Rolled back"},
		{"risen", Tally{1000, 400}, Tally{400, 300}, Alarm{}, false, "p = 1,"},
		{"all accepted, before and since", Tally{1000, 1000}, Tally{400, 400}, Alarm{}, false, "not been shown"},
		{"none accepted, before and since", Tally{1000, 0}, Tally{400, 0}, Alarm{}, false, "not been shown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Watch(tt.before, tt.live, tt.alarm)
			if got.RollBack != tt.back || !strings.Contains(got.Reason, tt.says) {
				t.Errorf("got %v: %s", got.RollBack, got.Reason)
			}
			if !(got.P >= 0 && got.P <= 1) {
				t.Errorf("p = %v", got.P)
			}
		})
	}
}
