package experiment_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/whetstone-desk/whetstone/feedback/experiment"
)

// operators returns n of them.
func operators(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("op-%d", i)
	}
	return out
}

// salt returns a salt for the operators that is the same in every run.
func salt(t *testing.T, seed uint64, known []string) string {
	t.Helper()
	s, err := experiment.Salt(rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}), known)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func share(p *experiment.Pilot, who []string) float64 {
	n := 0
	for _, o := range who {
		if arm, _ := p.Assign("", o); arm == experiment.ArmPilot {
			n++
		}
	}
	return 100 * float64(n) / float64(len(who))
}

func TestKnownOperatorsAreSplitWithin4PointsAtEveryPercentage(t *testing.T) {
	known := operators(200)
	for seed := range uint64(20) {
		p := experiment.Pilot{Status: experiment.Running, Salt: salt(t, seed, known)}
		for p.Percent = range 101 {
			if got := share(&p, known); math.Abs(got-float64(p.Percent)) > 4 {
				t.Errorf("salt %d: %.1f %% of 200 operators for %d %%", seed, got, p.Percent)
			}
		}
	}
}

// Fifty is a usual group; the worst of all percentages counts.
func TestASmallGroupIsSplitEvenlyToo(t *testing.T) {
	known := operators(50)
	for seed := range uint64(20) {
		p := experiment.Pilot{Status: experiment.Running, Salt: salt(t, seed, known)}
		for p.Percent = range 101 {
			if got := share(&p, known); math.Abs(got-float64(p.Percent)) > 10 {
				t.Errorf("salt %d: %.0f %% of 50 operators for %d %%", seed, got, p.Percent)
			}
		}
	}
}

func TestOperatorsNobodyKnewOfJoinAsThePercentageSays(t *testing.T) {
	late := operators(20000)
	for seed := range uint64(5) {
		p := experiment.Pilot{Status: experiment.Running, Salt: salt(t, seed, []string{"anna", "boris"})}
		for p.Percent = 0; p.Percent <= 100; p.Percent += 10 {
			// Four standard deviations of 20,000 draws at one half are 1.4 points.
			if got := share(&p, late); math.Abs(got-float64(p.Percent)) > 1.4 {
				t.Errorf("salt %d: %.2f %% for %d %%", seed, got, p.Percent)
			}
		}
	}
}

func TestRaisingThePercentageOnlyAddsOperators(t *testing.T) {
	p := experiment.Pilot{Status: experiment.Running, Salt: "salt"}
	for _, o := range operators(300) {
		was := false
		for p.Percent = range 101 {
			arm, in := p.Assign("", o)
			is := arm == experiment.ArmPilot
			if !in || was && !is {
				t.Fatalf("%s left at %d %%", o, p.Percent)
			}
			was = is
		}
		if !was {
			t.Errorf("%s is not in a pilot of 100 %%", o)
		}
	}
}

func TestTwoPilotsDrawIndependently(t *testing.T) {
	who := operators(20000)
	a := experiment.Pilot{Status: experiment.Running, Percent: 50, Salt: salt(t, 1, nil)}
	b := experiment.Pilot{Status: experiment.Running, Percent: 50, Salt: salt(t, 2, nil)}
	both := 0
	for _, o := range who {
		inA, _ := a.Assign("", o)
		inB, _ := b.Assign("", o)
		if inA == experiment.ArmPilot && inB == experiment.ArmPilot {
			both++
		}
	}
	if got := float64(both) / float64(len(who)); math.Abs(got-0.25) > 0.0125 { // four standard deviations
		t.Errorf("%.3f of the operators are in both, want a quarter", got)
	}
}

// Were the hash to change, every operator of a running pilot would be drawn
// anew by the next release.
func TestBucketsStayAsTheyAre(t *testing.T) {
	for operator, want := range map[string]int{"anna": 9540, "анна": 4104, "op-1": 5000} {
		if got := experiment.Bucket("00112233445566778899aabbccddeeff", operator); got != want {
			t.Errorf("%s is in bucket %d, want %d", operator, got, want)
		}
	}
}

func TestWhoTakesNoPart(t *testing.T) {
	const all = 100
	for _, tt := range []struct {
		name            string
		pilot           experiment.Pilot
		group, operator string
		in              bool
	}{
		{"an operator of the group", experiment.Pilot{Status: experiment.Running, Groups: []string{"Доставка"}, Percent: all}, "Доставка", "anna", true},
		{"an operator of another group", experiment.Pilot{Status: experiment.Running, Groups: []string{"Доставка"}, Percent: all}, "Возврат", "anna", false},
		{"an operator of no group", experiment.Pilot{Status: experiment.Running, Groups: []string{"Доставка"}, Percent: all}, "", "anna", false},
		{"an operator of no group where every group is meant", experiment.Pilot{Status: experiment.Running, Percent: all}, "", "anna", true},
		{"an operator without an id", experiment.Pilot{Status: experiment.Running, Percent: all}, "Доставка", "", false},
		{"a draft", experiment.Pilot{Status: experiment.Draft, Percent: all}, "Доставка", "anna", false},
		{"a stopped pilot", experiment.Pilot{Status: experiment.Stopped, Percent: all}, "Доставка", "anna", false},
	} {
		if arm, in := tt.pilot.Assign(tt.group, tt.operator); in != tt.in || in != (arm == experiment.ArmPilot) {
			t.Errorf("%s: arm %q, in %v", tt.name, arm, in)
		}
	}
}

func TestOfTwoPilotsTheOlderAssigns(t *testing.T) {
	older := experiment.Pilot{Name: "older", Status: experiment.Running, Profile: "a", Control: "c", Groups: []string{"Доставка"}}
	newer := experiment.Pilot{Name: "newer", Status: experiment.Running, Profile: "b", Percent: 100}
	for group, want := range map[string]experiment.Assignment{
		"Доставка": {Pilot: "older", Arm: experiment.ArmControl, Profile: "c"},
		"Возврат":  {Pilot: "newer", Arm: experiment.ArmPilot, Profile: "b"},
	} {
		if got, in := experiment.Pick([]experiment.Pilot{older, newer}, group, "anna"); !in || got != want {
			t.Errorf("%s: got %+v, want %+v", group, got, want)
		}
	}
}

func FuzzAssign(f *testing.F) {
	f.Add("salt", "Доставка", "anna", 20, 70)
	f.Add("", "", "", 0, 100)
	f.Add("\x00", "a\x00", "\xff", 100, 1)
	f.Fuzz(func(t *testing.T, salt, group, operator string, low, high int) {
		low, high = min(max(low, 0), 100), min(max(high, 0), 100)
		if low > high {
			low, high = high, low
		}
		if b := experiment.Bucket(salt, operator); b < 0 || b >= experiment.Buckets {
			t.Fatalf("bucket %d", b)
		}
		p := experiment.Pilot{Status: experiment.Running, Groups: []string{group}, Salt: salt, Percent: low}
		first, in := p.Assign(group, operator)
		again, _ := p.Assign(group, operator)
		if in != (operator != "") || first != again {
			t.Fatalf("in %v, arm %q and then %q", in, first, again)
		}
		p.Percent = high
		if then, _ := p.Assign(group, operator); first == experiment.ArmPilot && then != experiment.ArmPilot {
			t.Fatalf("in at %d %%, out at %d %%", low, high)
		}
		if arm, in := p.Assign(group+"x", operator); in {
			t.Fatalf("another group is in arm %q", arm)
		}
	})
}
