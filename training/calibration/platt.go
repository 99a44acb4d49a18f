package calibration

import "math"

// steepest bounds the log-odds of a raw confidence, which for 0 and 1 are
// infinite: a thousandth is as sure as a raw confidence is taken to be.
var steepest = math.Log(0.999 / 0.001)

// samples is the number of knots of a sampled logistic curve. They lie evenly
// in log-odds, where the curve is smooth; between them a straight line is off
// by less than half a point for slopes up to 3.
const samples = 65

// fitPlatt fits p = 1/(1+exp(-(slope·x+bias))) to the log-odds x of the raw
// confidence (Platt 1999), which is itself a logistic regression's output, so
// that a good confidence is left as it is. The targets are Platt's smoothed
// ones, (right+1)/(right+2) and 1/(wrong+2). A slope below 0 would turn the
// order of suggestions round; the best curve that does not is level.
func fitPlatt(labels []Example) Curve {
	slope, bias := newton(labels)
	if slope <= 0 {
		right, wrong := outcomes(labels)
		share := (right + 1) / (right + wrong + 2)
		slope, bias = 0, math.Log(share/(1-share))
	}
	c := Curve{Kind: Platt, Points: make([][2]float64, 0, samples)}
	for i := range samples {
		x := steepest * (2*float64(i)/(samples-1) - 1)
		y := logistic(slope*x + bias)
		if i > 0 {
			y = max(y, c.Points[i-1][1])
		}
		c.Points = append(c.Points, [2]float64{logistic(x), y})
	}
	return c
}

// certain keeps a probability from rounding to 0 or 1.
const certain = 1e-9

func logistic(z float64) float64 {
	return min(max(1/(1+math.Exp(-z)), certain), 1-certain)
}

func logOdds(p float64) float64 {
	if p <= 0 {
		return -steepest
	}
	if p >= 1 {
		return steepest
	}
	return min(max(math.Log(p/(1-p)), -steepest), steepest)
}

// A plattFit is a sample and its smoothed targets.
type plattFit struct {
	x, target, weight []float64
}

// newton minimises the cross entropy by Newton's method with backtracking
// (Lin, Lin and Weng 2007, algorithm 1): the loss is convex, so it ends.
func newton(labels []Example) (slope, bias float64) {
	right, wrong := outcomes(labels)
	var f plattFit
	for _, e := range labels {
		t := 1 / (wrong + 2)
		if e.Right {
			t = (right + 1) / (right + 2)
		}
		f.x = append(f.x, logOdds(e.Score))
		f.target = append(f.target, t)
		f.weight = append(f.weight, e.Weight)
	}
	bias = math.Log((right + 1) / (wrong + 1))
	const rounds, enough, ridge = 100, 1e-5, 1e-12
	loss := f.loss(slope, bias)
	for range rounds {
		g, h := f.derivatives(slope, bias)
		if math.Abs(g[0]) < enough && math.Abs(g[1]) < enough {
			break
		}
		h[0] += ridge
		h[2] += ridge
		det := h[0]*h[2] - h[1]*h[1]
		ds := -(h[2]*g[0] - h[1]*g[1]) / det
		db := -(h[0]*g[1] - h[1]*g[0]) / det
		step := 1.
		for ; step > 1e-10; step /= 2 {
			next := f.loss(slope+step*ds, bias+step*db)
			if next < loss+1e-4*step*(g[0]*ds+g[1]*db) {
				slope, bias, loss = slope+step*ds, bias+step*db, next
				break
			}
		}
		if step <= 1e-10 {
			break
		}
	}
	return slope, bias
}

// loss is the weighted cross entropy.
func (f *plattFit) loss(slope, bias float64) float64 {
	sum := 0.
	for i, x := range f.x {
		z := slope*x + bias
		// ln(1+e^z) - t·z, without overflow.
		sum += f.weight[i] * (max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) - f.target[i]*z)
	}
	return sum
}

// derivatives returns the gradient by slope and bias, and the Hessian's
// entries: slope twice, mixed, bias twice.
func (f *plattFit) derivatives(slope, bias float64) (g [2]float64, h [3]float64) {
	for i, x := range f.x {
		p := 1 / (1 + math.Exp(-(slope*x + bias)))
		d, q := f.weight[i]*(p-f.target[i]), f.weight[i]*p*(1-p)
		g[0] += d * x
		g[1] += d
		h[0] += q * x * x
		h[1] += q * x
		h[2] += q
	}
	return g, h
}
