package gate

import (
	"fmt"
	"math"
)

// A Tally counts what became of suggestions.
type Tally struct {
	Shown    int // displayed, with an outcome known
	Accepted int // of those, used
}

// Alarm says when Watch rolls back. What is zero has its default, except
// Tolerance.
type Alarm struct {
	Alpha     float64 // chance, over all looks together, that a ranker no worse than before is rolled back; 0.05
	Tolerance float64 // by how much acceptance may fall for other reasons, a share; 0 is allowed
	Effect    float64 // the fall that is to be found fastest, a share; 0.1
	Clumping  float64 // how many times the variance exceeds that of independent suggestions, since operators differ; 1 or more
	MinLive   int     // least number of suggestions since the promotion; 50
	MinBefore int     // least number before it; 100
}

func (a Alarm) filled() Alarm {
	if !(a.Alpha > 0 && a.Alpha < 1) {
		a.Alpha = 0.05
	}
	if !(a.Tolerance > 0) {
		a.Tolerance = 0
	}
	if !(a.Effect > 0) {
		a.Effect = 0.1
	}
	if !(a.Clumping > 1) {
		a.Clumping = 1
	}
	if a.MinLive <= 0 {
		a.MinLive = 50
	}
	if a.MinBefore <= 0 {
		a.MinBefore = 100
	}
	return a
}

// A Watched is what one look found.
type Watched struct {
	RollBack   bool    `json:"roll_back"`
	Reason     string  `json:"reason"` // a sentence with the figures
	Before     float64 `json:"before"` // acceptance, a share
	Live       float64 `json:"live"`
	Difference float64 `json:"difference"` // live minus before
	P          float64 `json:"p"`          // always-valid: Alpha bounds the chance that any look finds it below Alpha
}

// Watch compares acceptance since a promotion with acceptance before it and
// says whether to roll back. It may look as often as it likes, every quarter of
// an hour or at every suggestion: it is a mixture sequential probability ratio
// test (Robbins 1970; Johari, Pekelis and Walsh 2015), one-sided, with a
// half-normal mixture over falls of size Effect. before is fixed and live holds
// everything since the promotion; each promotion, and each new start of live,
// is a test of its own with its own Alpha.
//
// The difference of a growing mean to a fixed one, whose error is in the
// variance, has the law of a Brownian motion observed at information 1/V
// (Jennison and Turnbull 1997), for which the likelihood ratio is a martingale
// when nothing has changed, a supermartingale when the ranker is better, and so
// exceeds 1/Alpha with probability at most Alpha. The normal law is an
// approximation; MinLive and MinBefore are where it begins to hold.
//
// The two times differ in more than the ranker. Where operators of a control
// group still have the old one, give their suggestions as before; else set
// Tolerance to what acceptance is used to vary by.
func Watch(before, live Tally, a Alarm) Watched {
	a = a.filled()
	w := Watched{P: 1}
	if before.Shown < a.MinBefore || live.Shown < a.MinLive {
		w.Reason = fmt.Sprintf("Too early to tell: %d suggestions before and %d since, of at least %d and %d.",
			before.Shown, live.Shown, a.MinBefore, a.MinLive)
		return w
	}
	n0, n1 := float64(before.Shown), float64(live.Shown)
	w.Before, w.Live = float64(before.Accepted)/n0, float64(live.Accepted)/n1
	w.Difference = w.Live - w.Before
	// One share for both, as if nothing had changed; one more of each outcome
	// keeps the variance from vanishing.
	p := float64(before.Accepted+live.Accepted+1) / (n0 + n1 + 2)
	v := a.Clumping * p * (1 - p) * (1/n0 + 1/n1)
	w.P = min(1, math.Exp(-evidence(w.Difference+a.Tolerance, v, a.Effect)))
	w.RollBack = w.P <= a.Alpha
	w.Reason = w.reason(before, live, a)
	return w
}

// evidence is the logarithm of the mixture's likelihood ratio for a difference
// d of variance v against none, where a fall is spread as the lower half of a
// normal law of standard deviation tau.
func evidence(d, v, tau float64) float64 {
	total := v + tau*tau
	z := d * tau / math.Sqrt(v*total)
	below := math.Erfc(z/math.Sqrt2) / 2 // the share of the posterior on falls
	return math.Log(2) + math.Log(v/total)/2 + z*z/2 + math.Log(below)
}

func (w *Watched) reason(before, live Tally, a Alarm) string {
	figures := fmt.Sprintf("%.1f %% of %d suggestions since, %.1f %% of %d before (p = %.3g, valid at every look)",
		100*w.Live, live.Shown, 100*w.Before, before.Shown, w.P)
	if w.RollBack {
		return fmt.Sprintf("Rolled back: acceptance has fallen by more than %.1f points: %s.", 100*a.Tolerance, figures)
	}
	return "Acceptance has not been shown to fall: " + figures + "."
}
