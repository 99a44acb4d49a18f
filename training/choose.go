package training

import (
	"github.com/whetstone-desk/whetstone/retrieval"
)

// partsOn is the share of what is learned from that says which parts of it to
// take: the latest.
const partsOn = 0.25

// learn works out how to rank from train. It takes the weights of signals, the
// usefulness of sources, or both: whichever would have ranked the latest part
// of train best, had it been learned from the rest. Apart from that they are
// two lessons, and one that is wrong should not keep the other from serving.
func (s *lesson) learn(train []judged) (learned retrieval.Learned, parts string) {
	cut := len(train) - int(partsOn*float64(len(train)))
	early := s.taught(train[:cut])
	best, most := "both", -1.0
	for _, parts := range []string{"both", "factors", "sources"} {
		l := only(early, parts)
		if x := s.meanReciprocal(train[cut:], &l); x > most {
			best, most = parts, x
		}
	}
	return only(s.taught(train), best), best
}

// taught is all that js teach.
func (s *lesson) taught(js []judged) retrieval.Learned {
	w := s.weighing(js)
	l := retrieval.Learned{Sources: usefulness(js, w), Through: w.now}
	l.Factors, l.ByTopic = fitFactors(js, w.of)
	return l
}

// only leaves a part of what was learned.
func only(l retrieval.Learned, part string) retrieval.Learned {
	switch part {
	case "factors":
		l.Sources = nil
	case "sources":
		l.Factors, l.ByTopic = retrieval.Factors{}, nil
	}
	return l
}

// meanReciprocal is how well l would have ranked what js had to choose from.
func (s *lesson) meanReciprocal(js []judged, l *retrieval.Learned) float64 {
	sum, n := 0.0, 0
	for i := range js {
		j := &js[i]
		if j.right == "" || len(j.candidates) == 0 {
			continue
		}
		f := l.For(j.topic)
		sum += reciprocal(sorted(j.candidates, func(c *retrieval.Candidate) float64 {
			return c.Rescore(f, s.beliefs.Trusted(), l.Bonus(c.ID, j.topic, l.Sources[c.ID].Revision))
		}), j.right)
		n++
	}
	return sum / float64(max(n, 1))
}
