package training

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/calibration"
)

// confident is a suggestion in a language of some raw confidence that was sent
// as it was, or was not.
func (g *garden) confident(language string, raw float64, right bool) seed {
	s := g.seed(0)
	s.suggestion.Language, s.judgement.Language, s.suggestion.RawConfidence = language, language, raw
	s.judgement.ResolvedWith, s.judgement.Used = s.suggestion.Candidates[0].ID, feedback.Unchanged
	if !right {
		s.judgement.ResolvedWith, s.judgement.Used, s.judgement.Distance = "", feedback.Replaced, 1
	}
	return s
}

// risky is how often a suggestion of a raw confidence is wrong in simulations.
// The confidence is not calibrated: at 0.5, 20 of 100 are wrong.
func risky(raw float64) float64 { return 0.8 * (1 - raw) * (1 - raw) }

// speak plants n suggestions of a language.
func (g *garden) speak(workspace, language string, n int, rng *rand.Rand) {
	g.Helper()
	seeds := make([]seed, n)
	for i := range seeds {
		raw := rng.Float64()
		seeds[i] = g.confident(language, raw, rng.Float64() >= risky(raw))
	}
	g.plant(workspace, seeds...)
}

func (g *garden) beliefs(workspace string) retrieval.Beliefs {
	g.Helper()
	b, err := g.learner.Suggestions.Beliefs(g.Context(), workspace)
	if err != nil {
		g.Fatal(err)
	}
	return b
}

func TestEachLanguageIsCalibratedByItself(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.open("shop")
		g.set("shop", func(s *feedback.Settings) { s.Risk = 0.3 })
		rng := rand.New(rand.NewPCG(1, 1))
		g.speak("shop", "en", 600, rng)
		g.speak("shop", "de", 20, rng)
		g.speak("shop", "und", 50, rng)
		g.calibrate()
		b := g.beliefs("shop")
		if c, ok := b.Calibration["en"]; !ok || c.Kind != calibration.Isotonic || c.Labels != 600 {
			t.Errorf("English is calibrated by %s of %d labels", c.Kind, c.Labels)
		}
		if _, ok := b.Calibration["de"]; ok {
			t.Error("German is calibrated by 20 labels")
		}
		if all, ok := b.Calibration[""]; !ok || all.Labels != 670 {
			t.Errorf("all languages together have %d labels", all.Labels)
		}
		en, de := b.Unattended["en"], b.Unattended["de"]
		if en.Threshold <= 0 || en.Upper > 0.3 || en.Risk != 0.3 || en.Delta != unattendedDelta {
			t.Errorf("of English is promised %+v", en)
		}
		if de.Threshold != 0 || de.Note == "" {
			t.Errorf("of German, with 20 labels, is promised %+v", de)
		}
		for _, language := range []string{"fr", "und", ""} {
			if run, ok := b.Unattended[language]; ok {
				t.Errorf("of %q, a language without labels, is promised %+v", language, run)
			}
		}
	})
}

func TestBeforeThereAreLabelsNothingIsPromised(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	if note := g.calibrate(); note != "1 without feedback" {
		t.Errorf("without feedback the note is %q", note)
	}
	g.speak("shop", "en", calibration.MinLabels-5, rand.New(rand.NewPCG(1, 2)))
	g.calibrate()
	b := g.beliefs("shop")
	if len(b.Calibration) != 0 || b.Figures["calibration"] == nil {
		t.Errorf("with too few labels confidence means %v, and the figures are %v", b.Calibration, b.Figures)
	}
	if run := b.Unattended["en"]; run.Threshold != 0 || run.Note == "" {
		t.Errorf("with too few labels %+v is promised", run)
	}
}

func TestTheThresholdAppearsWithEnoughLabelsAndGoesWhenAnswersGoWrong(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	threshold := func(right bool, n int) float64 {
		t.Helper()
		for range n {
			g.plant("shop", g.confident("en", 0.9, right))
		}
		g.calibrate()
		return g.beliefs("shop").Unattended["en"].Threshold
	}
	if got := threshold(true, calibration.MinAnswered-1); got != 0 {
		t.Errorf("with one label too few it is %.3f", got)
	}
	if got := threshold(true, 1); got != 0.9 {
		t.Errorf("with enough labels it is %.3f", got)
	}
	if got := threshold(false, 30); got != 0 {
		t.Errorf("after a third of the answers went wrong it is %.3f", got)
	}
}

func TestWhoIsExcludedDoesNotCalibrate(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	g.speak("shop", "en", 300, rand.New(rand.NewPCG(1, 3)))
	for i := range 12 {
		err := g.learner.Suggestions.Override(t.Context(), retrieval.Override{
			WorkspaceID: "shop", Kind: retrieval.OverOperator, ID: fmt.Sprint("op-", i), Action: retrieval.Exclude, At: g.now,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if note := g.calibrate(); note != "1 without feedback" {
		t.Errorf("the note is %q", note)
	}
}

func TestAnUnattendedAnswerMustHaveBeenFitToSend(t *testing.T) {
	for _, c := range []struct {
		used         feedback.Use
		decision     retrieval.Decision
		distance     float64
		right, known bool
	}{
		{feedback.Unchanged, retrieval.Drafted, 0, true, true},
		{feedback.Changed, retrieval.Drafted, 0.05, true, true},
		{feedback.Changed, retrieval.Drafted, 0.4, false, true},
		{feedback.Changed, retrieval.Drafted, -1, false, true}, // nobody knows by how much
		{feedback.Replaced, retrieval.Drafted, 1, false, true},
		{feedback.Refused, retrieval.Drafted, -1, false, true},
		{feedback.Unknown, retrieval.Drafted, -1, false, false},
		{feedback.Changed, retrieval.Abstained, 1, false, false},
	} {
		right, known := wasRight(&judged{used: c.used, decision: c.decision, distance: c.distance})
		if right != c.right || known != c.known {
			t.Errorf("%s at %.2f after a %s: right %v, known %v", c.used, c.distance, c.decision, right, known)
		}
	}
}

// full asks for simulations of the size that the figures in the documentation
// come from. They take minutes; without it there are fewer of them.
const full = "WHETSTONE_TEST_FULL"

func simulations(few, all int) int {
	if os.Getenv(full) != "" {
		return all
	}
	return few
}

// TestThePromisedRiskIsKept deploys the threshold of the calibrate job again and
// again, each time found from other labels, and counts how often the true share
// of wrong ones among what it lets out is above the risk.
func TestThePromisedRiskIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	g := newGarden(t, sqldbtest.SQLite(t))
	n := simulations(40, 300)
	promised, violated, apart := 0, 0, 0.0
	for k := range n {
		workspace := fmt.Sprint("shop-", k)
		g.open(workspace)
		g.now = today // so that all labels count alike in every one of them
		g.speak(workspace, "en", 400, rand.New(rand.NewPCG(11, uint64(k))))
	}
	g.now = today.Add(30 * 24 * time.Hour)
	g.calibrate()
	for k := range n {
		b := g.beliefs(fmt.Sprint("shop-", k))
		curve := b.Calibration["en"]
		apart += simulatedError(&curve, uint64(k))
		run := b.Unattended["en"]
		if run.Threshold == 0 {
			continue
		}
		promised++
		// The mean of risky over what is let out, uniform from the threshold on.
		if 0.8/3*(1-run.Threshold)*(1-run.Threshold) > run.Risk {
			violated++
		}
	}
	t.Logf("%d deployments: %d promise something, %d break it; calibration error %.4f on average", n, promised, violated, apart/float64(n))
	if promised < n/2 {
		t.Errorf("only %d of %d promise anything", promised, n)
	}
	if limit := 0.1 + 2*math.Sqrt(.1*.9/float64(n)); float64(violated) > limit*float64(n) {
		t.Errorf("%d of %d break their promise", violated, n)
	}
	if apart/float64(n) > 0.06 {
		t.Errorf("the calibration error after 400 labels is %.4f", apart/float64(n))
	}
}

// simulatedError is the calibration error of a curve on 2,000 suggestions that
// it was not fitted on.
func simulatedError(c *retrieval.Curve, seed uint64) float64 {
	rng := rand.New(rand.NewPCG(12, seed))
	later := make([]calibration.Example, 2000)
	for i := range later {
		raw := rng.Float64()
		later[i] = calibration.Example{Score: c.Apply(raw), Right: rng.Float64() >= risky(raw), Weight: 1}
	}
	return calibration.Error(later, calibration.Bins)
}
