package memindex

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// maxTerms is how many terms of a query are looked for. A question of a few
// words has a hundred; only a pasted book has more than this, and the rarest
// of its terms tell it apart.
const maxTerms = 2048

// A queryTerm is a term of a query.
type queryTerm struct {
	term    uint32
	channel int
	weight  float64 // in the query
	idf     float64 // in the workspace
}

// A lexicalQuery scores passages by words. It is large and used again and
// again.
type lexicalQuery struct {
	terms   []queryTerm
	weights [embeddings.Channels]float32
	sums    sums
}

// sums holds by channel and slot what has been added up.
type sums [embeddings.Channels][maxSlot]float32

// prepare looks the query's terms up, and returns a result with their inverse
// document frequencies and the mass of those it keeps.
func (l *lexicalQuery) prepare(q *retrieval.Query, snap *snapshot) (r retrieval.Result) {
	l.terms = l.terms[:0]
	for c, channel := range q.Lexical {
		l.weights[c] = float32(q.Weights.Lexical[c])
		r.IDF[c] = make([]float64, len(channel.Terms))
		for i, term := range channel.Terms {
			r.IDF[c][i] = snap.idf(term)
			l.terms = append(l.terms, queryTerm{term, c, float64(channel.Weights[i]), r.IDF[c][i]})
		}
	}
	if len(l.terms) > maxTerms {
		slices.SortStableFunc(l.terms, func(a, b queryTerm) int { return cmp.Compare(b.idf, a.idf) })
		l.terms = l.terms[:maxTerms]
	}
	for _, t := range l.terms {
		r.Mass[t.channel] += t.weight * t.idf
	}
	return r
}

// idf is the inverse document frequency of a term in the snapshot.
func (s *snapshot) idf(term uint32) float64 {
	df := 0
	for i := range s.parts {
		p := &s.parts[i]
		if at := p.find(term); at >= 0 {
			df += p.frequency(at)
		}
	}
	return idf(s.live, df)
}

// idf is the inverse document frequency of a term that df of n passages have.
func idf(n, df int) float64 {
	// A search beside a Replace may see a frequency of a moment later.
	df = min(max(df, 0), n)
	return math.Log((float64(n)-float64(df)+.5)/(float64(df)+.5) + 1)
}

// add adds up the scores of all of a part's passages, dead ones too.
func (l *lexicalQuery) add(p *part) {
	for c := range l.sums {
		clear(l.sums[c][:64*len(p.alive)])
	}
	for _, t := range l.terms {
		if at := p.find(t.term); at >= 0 {
			accumulate(&l.sums[t.channel], p.list(at), float32(t.weight*t.idf))
		}
	}
}

// accumulate adds factor times the weights of a list. Four at a time, as the
// processor need not wait for one sum to begin the next: a list has each slot
// once.
func accumulate(sums *[maxSlot]float32, list []uint32, factor float32) {
	for len(list) >= 4 {
		a, b, c, d := list[0], list[1], list[2], list[3]
		list = list[4:]
		x, y, z, w := factor*unpackWeight(a), factor*unpackWeight(b), factor*unpackWeight(c), factor*unpackWeight(d)
		sums[a>>16] += x
		sums[b>>16] += y
		sums[c>>16] += z
		sums[d>>16] += w
	}
	for _, posting := range list {
		sums[posting>>16] += factor * unpackWeight(posting)
	}
}

// choose shows b the part's passages that pass, by weighted score.
func (l *lexicalQuery) choose(number int, pass bitmap, b *best) {
	var mask [16]uint64
	for from := 0; from < len(pass); from += len(mask) {
		words := mask[:min(len(mask), len(pass)-from)]
		// A little lower than the floor, as the kernel may round otherwise
		// than score does.
		above(words, &l.sums, 64*from, &l.weights, b.floor*(1-1e-5))
		for i, word := range words {
			for word &= pass[from+i]; word != 0; word &= word - 1 {
				slot := 64*(from+i) + bits.TrailingZeros64(word)
				if score := l.score(slot); score >= b.floor {
					b.add(scored{place{int32(number), int32(slot)}, score, l.scores(slot)})
				}
			}
		}
	}
}

// score returns a slot's weighted score.
func (l *lexicalQuery) score(slot int) float32 {
	var score float32
	for c := range l.sums {
		score += l.weights[c] * l.sums[c][slot]
	}
	return score
}

// scores returns a slot's scores in the part that was added up last.
func (l *lexicalQuery) scores(slot int) (s [embeddings.Channels]float32) {
	for c := range l.sums {
		s[c] = l.sums[c][slot]
	}
	return s
}
