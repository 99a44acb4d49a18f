package curve

import "math"

// A shape says which share of the way is still ahead at encounter n, for a
// rate parameter given by its logarithm, and the derivative of that share by
// this logarithm.
type shape func(n, logRate float64) (ahead, slope float64)

// exponential is exp(−(n−1)/k). Heathcote, Brown and Mewhort (2000) found it
// the better description of practice in every set of unaveraged series they
// had.
func exponential(n, logRate float64) (ahead, slope float64) {
	x := (n - 1) * math.Exp(-logRate)
	ahead = math.Exp(-x)
	return ahead, ahead * x
}

// power is n^(−c), which averages over topics look like even where no topic
// does.
func power(n, logRate float64) (ahead, slope float64) {
	x := math.Exp(logRate) * math.Log(n)
	ahead = math.Exp(-x)
	return ahead, -ahead * x
}

// edge keeps expected qualities off 0 and 1, where one surprise would be
// infinitely unlikely.
const edge = 1e-5

// level is the quality expected at encounter n, and its derivatives by theta.
func (s shape) level(n float64, th theta) (y float64, by theta) {
	ahead, slope := s(n, th[rate])
	end, first := logistic(th[inTheEnd]), logistic(th[atFirst])
	y = within(end*(1-ahead) + first*ahead)
	by = theta{
		end * (1 - end) * (1 - ahead),
		first * (1 - first) * ahead,
		(first - end) * slope,
	}
	return y, by
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func within(p float64) float64 { return min(max(p, edge), 1-edge) }
