// Package plot draws small charts twice from the same data: as text for a
// terminal and as SVG for a page.
//
// A [Chart] is bars in groups, each with the interval around it; a [Lines] is
// curves with points and a band. Both print their values, are readable without
// colour and take whatever labels they are given: control characters and those
// that turn the direction of writing are left out, long labels are cut, and in
// SVG nothing of a label is markup. A value that is no finite number is drawn
// as not there. The package knows nothing of what it draws and reads nothing;
// its functions may be called from many goroutines.
package plot

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// A Chart is one bar for each series in each group.
type Chart struct {
	Title  string
	Unit   string // of the values, in words: "share of tickets"; may be empty
	Groups []string
	Series []Series
}

// A Series is one value for each group of its Chart, in their order. Where a
// value is missing, NaN or infinite there is no bar. The interval around a
// value is drawn if Low and High have finite ones that hold it.
type Series struct {
	Name   string
	Values []float64
	Low    []float64
	High   []float64
}

// Lines are curves over a common axis.
type Lines struct {
	Title  string
	X      string // what the axis across counts: "encounter"
	Unit   string // of the values
	Curves []Curve
}

// A Curve is a line through Line with a band from Low to High, and Points,
// which are what was observed. Those with a coordinate that is not finite are
// left out.
type Curve struct {
	Name   string
	Line   []Place // in order of X
	Points []Point
}

// A Place is a value of a line at X and the interval around it; a Low or High
// that is not finite draws none.
type Place struct{ X, Y, Low, High float64 }

// A Point is one observation.
type Point struct{ X, Y float64 }

// longest is how many characters of a label are drawn.
const longest = 60

// clean is a label fit to be shown: without control characters and without
// those that turn the direction of writing and so could reorder what is around
// it, in one line, and not too long.
func clean(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ") {
		// Cf holds the marks of direction and what has no width; Co, Cs and
		// what is not assigned no font can show.
		if !unicode.IsGraphic(r) {
			continue
		}
		if n == most {
			// Another one is there, so the last place says that there is more.
			cut := []rune(b.String())
			return strings.TrimRight(string(cut[:most-1]), " ") + "…"
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// A bar is one value as it is drawn.
type bar struct {
	value, low, high float64
	there, interval  bool
}

func (s *Series) bar(i int) bar {
	if i >= len(s.Values) || !finite(s.Values[i]) {
		return bar{}
	}
	b := bar{value: s.Values[i], there: true}
	if i < len(s.Low) && i < len(s.High) && finite(s.Low[i]) && finite(s.High[i]) && s.Low[i] <= b.value && b.value <= s.High[i] {
		b.low, b.high, b.interval = s.Low[i], s.High[i], true
	}
	return b
}

// A scale goes from low to high in even steps.
type scale struct{ low, high, step float64 }

// at is where a value lies, from 0 to 1.
func (s scale) at(v float64) float64 {
	return min(max((v/s.step-s.low/s.step)/(s.high/s.step-s.low/s.step), 0), 1)
}

// ticks are the steps, both ends among them.
func (s scale) ticks() []float64 {
	n := int(math.Round(s.high/s.step - s.low/s.step))
	out := make([]float64, n+1)
	for i := range out {
		out[i] = (math.Round(s.low/s.step) + float64(i)) * s.step
	}
	return out
}

// round is a scale with round steps that holds the values from low to high.
// Without any, it goes from 0 to 1.
func round(low, high float64) scale {
	if low > high {
		return scale{0, 1, 0.25}
	}
	// Half as much on either side of zero keeps what follows from overflowing.
	low, high = max(low, -math.MaxFloat64/4), min(high, math.MaxFloat64/4)
	if low == high {
		high += max(math.Abs(high), 1) / 2
	}
	raw := (high - low) / 4
	ten := math.Pow(10, math.Floor(math.Log10(raw)))
	if ten == 0 || high-low < 1e-12*max(math.Abs(low), math.Abs(high)) {
		return round(low-max(math.Abs(low)/4, 1), high+max(math.Abs(high)/4, 1))
	}
	step := 10 * ten
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*ten >= raw*0.999 {
			step = m * ten
			break
		}
	}
	return scale{math.Floor(low/step+1e-9) * step, math.Ceil(high/step-1e-9) * step, step}
}

// bounds widens low and high to hold v, if it is finite.
func bounds(low, high *float64, values ...float64) {
	for _, v := range values {
		if finite(v) {
			*low, *high = min(*low, v), max(*high, v)
		}
	}
}

// scale of a chart's bars begins or ends at zero: a bar that does not
// exaggerates.
func (c *Chart) scale() scale {
	low, high := math.Inf(1), math.Inf(-1)
	for i := range c.Series {
		for g := range c.Groups {
			if b := c.Series[i].bar(g); b.there {
				bounds(&low, &high, b.value, 0)
				if b.interval {
					bounds(&low, &high, b.low, b.high)
				}
			}
		}
	}
	return round(low, high)
}

// number is a value as short as it is exact enough to read.
func number(v float64) string {
	switch a := math.Abs(v); {
	case !finite(v):
		return "–"
	case a != 0 && (a >= 1e6 || a < 0.0005):
		return fmt.Sprintf("%.2g", v)
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// tick is a step's label: no more digits than the step has.
func tick(v, step float64) string {
	if v != 0 && (math.Abs(v) >= 1e6 || step < 1e-4) {
		return fmt.Sprintf("%.3g", v)
	}
	digits := 0
	for s := step; digits < 5 && math.Abs(s-math.Round(s)) > 1e-6; digits++ {
		s *= 10
	}
	if v == 0 {
		v = 0 // not minus zero
	}
	return fmt.Sprintf("%.*f", digits, v)
}
