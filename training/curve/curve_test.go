package curve

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Graded qualities reach what is asked: a rate within a fifth in the median and
// intervals that hold in 75 to 85 of a hundred. Useful or not does not: forty
// such outcomes say little of a rate, and the prior's plug-in spread leaves the
// level's interval somewhat narrow. Over 1,200 topics of other seeds the rate
// was off by 0.230 and the intervals held in 0.772 (rate) and 0.716 (level), so
// these rows hold the line where it is. Topics of one population err together,
// and the bounds leave room for what 300 topics scatter.
func TestTheRateIsRecoveredAndItsIntervalHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	for _, tt := range []struct {
		name        string
		w           world
		rate, level float64 // most error of the rate, least share of the level's intervals that hold
	}{
		{"graded qualities", world{topics: 20, events: 40, kLow: 4, kHigh: 12, quality: edited}, 0.20, 0.73},
		{"graded, faster than is held likely", world{topics: 20, events: 40, kLow: 2, kHigh: 5, quality: edited}, 0.20, 0.73},
		{"graded, slower than is held likely", world{topics: 20, events: 40, kLow: 10, kHigh: 20, quality: edited}, 0.20, 0.73},
		{"graded with replies sent as they are", world{topics: 20, events: 40, kLow: 4, kHigh: 12, quality: mixed}, 0.25, 0.67},
		{"useful or not", world{topics: 20, events: 40, kLow: 4, kHigh: 12, quality: useful}, 0.27, 0.67},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.w.score(t, 15, Options{})
			t.Logf("%+v", s)
			if s.rate > tt.rate {
				t.Errorf("the rate is off by %.3f in the median, more than %.2f", s.rate, tt.rate)
			}
			if s.rateCover < 0.72 || s.rateCover > 0.87 {
				t.Errorf("the rate's interval holds it in %.3f of topics", s.rateCover)
			}
			if s.levelCover < tt.level || s.levelCover > 0.87 {
				t.Errorf("the level's interval holds it in %.3f of topics", s.levelCover)
			}
		})
	}
}

func TestATopicAloneHasAnIntervalThatIsRatherTooWide(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	s := world{topics: 1, events: 40, kLow: 4, kHigh: 12, quality: useful}.score(t, 200, Options{})
	t.Logf("%+v", s)
	if s.rateCover < 0.8 || s.levelCover < 0.8 {
		t.Errorf("covers rate %.3f level %.3f", s.rateCover, s.levelCover)
	}
}

func TestTheBootstrapsIntervalHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	s := world{topics: 20, events: 40, kLow: 4, kHigh: 12, quality: edited}.score(t, 6, Options{Bootstrap: 6})
	t.Logf("%+v", s)
	if s.rateCover < 0.72 || s.rateCover > 0.88 {
		t.Errorf("the rate's interval holds it in %.3f of topics", s.rateCover)
	}
}

func TestFitAllIsTheSameForTheSameSeedAndAnyOrder(t *testing.T) {
	topics, _ := world{topics: 8, events: 20, kLow: 4, kHigh: 12, quality: mixed}.draw(rand.New(rand.NewPCG(1, 2)))
	shuffled := map[string][]Encounter{}
	rng := rand.New(rand.NewPCG(3, 4))
	for name, e := range topics {
		e = append([]Encounter(nil), e...)
		rng.Shuffle(len(e), func(i, j int) { e[i], e[j] = e[j], e[i] })
		shuffled[name] = e
	}
	o := Options{Bootstrap: 3, Seed: 9}
	got, err := FitAll(topics, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := FitAll(shuffled, o)
	if err != nil {
		t.Fatal(err)
	}
	// Printed, a map is in order and NaN equals NaN; all digits are there.
	if fmt.Sprint(got) != fmt.Sprint(again) {
		t.Error("the order of the encounters shows")
	}
	o.Seed++
	if other, err := FitAll(topics, o); err != nil || fmt.Sprint(other) == fmt.Sprint(got) {
		t.Errorf("another seed draws the same: %v", err)
	}
}

func TestATopicWithFewEncountersIsDrawnToTheWhole(t *testing.T) {
	topics, _ := world{topics: 40, events: 40, kLow: 4, kHigh: 12, quality: useful}.draw(rand.New(rand.NewPCG(5, 6)))
	fail := func(n int) (out []Encounter) {
		for i := range n {
			out = append(out, Encounter{N: i + 1, Day: float64(i)})
		}
		return out
	}
	topics["none"], topics["few"], topics["many"] = nil, fail(3), fail(300)
	f, err := FitAll(topics, Options{})
	if err != nil {
		t.Fatal(err)
	}
	none, few, many := f.Topics["none"], f.Topics["few"], f.Topics["many"]
	if math.Abs(none.A.Value-f.A.Value) > 0.03 {
		t.Errorf("a topic never met ends at %.3f, the whole at %.3f", none.A.Value, f.A.Value)
	}
	if few.A.Value > none.A.Value || few.A.Value < many.A.Value+0.2 {
		t.Errorf("levels in the end: none %.3f few %.3f many %.3f", none.A.Value, few.A.Value, many.A.Value)
	}
	if many.A.Value > 0.1 {
		t.Errorf("three hundred failures end at %.3f", many.A.Value)
	}
}

func TestTheShapeThatDrewTheQualitiesIsPreferred(t *testing.T) {
	for _, tt := range []struct {
		name        string
		of          shape
		logRate     float64
		exponential bool
	}{
		{"an exponential", exponential, math.Log(12), true},
		{"a power law", power, math.Log(0.6), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 7))
			topics := map[string][]Encounter{}
			for i := range 10 {
				for n := 1; n <= 150; n++ {
					y, _ := tt.of.level(float64(n), theta{logit(.9), logit(.1), tt.logRate})
					topics[string(rune('a'+i))] = append(topics[string(rune('a'+i))], Encounter{N: n, Quality: edited(y, rng)})
				}
			}
			f, err := FitAll(topics, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if f.Exponential < f.Power != tt.exponential {
				t.Errorf("exponential %.1f, power law %.1f", f.Exponential, f.Power)
			}
		})
	}
}

func TestFitAllRefusesWhatIsNoEncounter(t *testing.T) {
	for name, e := range map[string]Encounter{
		"no zeroth":          {N: 0, Quality: 1},
		"quality above 1":    {N: 1, Quality: 1.1},
		"quality not number": {N: 1, Quality: math.NaN()},
		"day before":         {N: 1, Day: -1},
		"day without end":    {N: 1, Day: math.Inf(1)},
	} {
		if _, err := Fit([]Encounter{e}, Options{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := FitAll(nil, Options{Level: 2}); !errors.Is(err, ErrInvalid) {
		t.Errorf("a level of 2: %v", err)
	}
	if f, err := FitAll(nil, Options{}); err != nil || len(f.Topics) != 0 {
		t.Errorf("no topics: %v %v", f, err)
	}
}

// The data of Freireich and others (1963), remission in weeks under
// 6-mercaptopurine, as in Kalbfleisch and Prentice: S(6) = 0.857 ± 0.0764,
// S(23) = 0.448 ± 0.1346, median 23.
func TestKaplanMeierAgreesWithTheTextbook(t *testing.T) {
	var d []Duration
	for _, l := range []float64{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		d = append(d, Duration{l, true})
	}
	for _, l := range []float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		d = append(d, Duration{l, false})
	}
	s := KaplanMeier(d, 0.95)
	first, last := s.Steps[0], s.Steps[len(s.Steps)-1]
	if math.Abs(first.Survival-.857) > .0005 || math.Abs(first.Error-.0764) > .0001 ||
		math.Abs(last.Survival-.448) > .0005 || math.Abs(last.Error-.1346) > .0001 {
		t.Errorf("%+v %+v", first, last)
	}
	if s.Median.Value != 23 || s.Median.Low != 13 || !math.IsInf(s.Median.High, 1) || s.Ended != 9 || s.Count != 21 {
		t.Errorf("%+v", s)
	}
}

func TestTopicsNotThereYetAreCountedAsTakingLong(t *testing.T) {
	ended := []Duration{{1, true}, {2, true}, {3, true}}
	if got := KaplanMeier(ended, .8).Median.Value; got != 2 {
		t.Errorf("median %v", got)
	}
	if got := KaplanMeier(append(ended, Duration{5, false}, Duration{5, false}, Duration{5, false}, Duration{5, false}), .8).Median.Value; !math.IsInf(got, 1) {
		t.Errorf("with four of seven not there the median is %v", got)
	}
	if got := KaplanMeier(nil, .8).Median.Value; !math.IsNaN(got) {
		t.Errorf("of nothing the median is %v", got)
	}
}

func TestProficiencyKeepsTheTopicsThatAreNotThere(t *testing.T) {
	topics, truths := world{topics: 60, events: 40, kLow: 4, kHigh: 12, quality: edited}.draw(rand.New(rand.NewPCG(9, 1)))
	for i, name := range slices.Sorted(maps.Keys(truths)) {
		if i < 20 {
			topics[name] = topics[name][:2]
		}
	}
	f, err := FitAll(topics, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, ok := f.Proficiency()
	if !ok || p.Encounters.Count != 60 || p.Days.Count != 60 || len(p.Topics) != 60 {
		t.Fatalf("%v %+v", ok, p)
	}
	var want []float64
	for _, tr := range truths {
		th := theta{logit(tr.a), logit(tr.y0), math.Log(tr.k)}
		want = append(want, th.reach(.8*.825))
	}
	m := median(want)
	t.Logf("median %.2f in truth, found %+v", m, p.Encounters.Median)
	if p.Encounters.Ended > 45 || p.Encounters.Ended < 30 {
		t.Errorf("%d of 60 are there", p.Encounters.Ended)
	}
	if math.Abs(p.Encounters.Median.Value-m)/m > 0.25 {
		t.Errorf("the median is %.2f, not %.2f", p.Encounters.Median.Value, m)
	}
	// Encounters come daily from day 0.
	if math.Abs(p.Days.Median.Value-(p.Encounters.Median.Value-1)) > 1e-6 {
		t.Errorf("days %.2f encounters %.2f", p.Days.Median.Value, p.Encounters.Median.Value)
	}
	if _, ok := (&Fitted{}).Proficiency(); ok {
		t.Error("without topics there is a level to reach")
	}
}

func TestWaysCountWhatIsUnderWayAndWhatWasPassedBy(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	parts := Ways([]Stages{
		{ago(20), ago(18), ago(10), ago(9), ago(1)},
		{FirstSeen: ago(20), GapFlagged: ago(16)},
		{FirstSeen: ago(20), FirstAccepted: ago(15)}, // covered from the beginning
		{FirstSeen: ago(2), GapFlagged: now.AddDate(0, 0, 1)},
		{},
	}, now, .8)
	type row struct {
		Count, Ended int
		Median       float64
	}
	var got []row
	for _, p := range parts {
		got = append(got, row{p.Days.Count, p.Days.Ended, p.Days.Median.Value})
	}
	want := []row{{4, 2, 4}, {2, 1, 8}, {1, 1, 1}, {2, 1, 8}, {4, 1, math.Inf(1)}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkFitAll(b *testing.B) {
	topics, _ := world{topics: 2000, events: 50, kLow: 4, kHigh: 12, quality: mixed}.draw(rand.New(rand.NewPCG(1, 1)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FitAll(topics, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
