package qdrantindex

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// maxAge is how long a frequency is believed while other processes may
	// write.
	maxAge = 5 * time.Minute

	// maxChange is how much of the collection this process may have written
	// since a frequency was found, 1 part in so many. Below a thousand passages
	// that is none at all.
	maxChange = 1000

	// everything stands for a change after which nothing is believed.
	everything = 1 << 40

	// maxTerms bounds the memory that frequencies take, to a few megabytes.
	maxTerms = 1 << 16

	// maxProbes bounds what one search asks for. A question of usual length has
	// fewer terms; what is left over of a longer one is taken to be as rare as
	// the mean of the rest.
	maxProbes = 256
)

// frequencies remembers the inverse document frequencies of terms.
type frequencies struct {
	now func() time.Time

	mu       sync.Mutex
	written  int64 // points, by this process
	passages known // how many the collection holds
	terms    map[uint32]known
}

// A known is a number that was true once.
type known struct {
	value   float64
	at      time.Time
	written int64 // the count of points written before it was asked for
}

// changed records that points were written.
func (f *frequencies) changed(points int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.written += int64(points)
}

// fresh reports whether k is still to be believed. f.mu is held.
func (f *frequencies) fresh(k known) bool {
	return f.now().Sub(k.at) < maxAge && float64(f.written-k.written)*maxChange <= f.passages.value
}

// begin returns the number of passages, whether it is to be believed, and what
// to note with a number that is asked for now.
func (f *frequencies) begin() (passages float64, ok bool, stamp known) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.passages.value, f.fresh(f.passages), known{at: f.now(), written: f.written}
}

// setPassages notes how many passages there are.
func (f *frequencies) setPassages(k known) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.passages = k
}

// set notes a term's inverse document frequency.
func (f *frequencies) set(term uint32, k known) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.terms == nil || len(f.terms) >= maxTerms {
		f.terms = make(map[uint32]known)
	}
	f.terms[term] = k
}

// unknown returns terms to ask for, as many of each channel as the others need
// not have.
func (f *frequencies) unknown(lexical *retrieval.Lexical) []uint32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	var terms []uint32
	left := maxProbes
	for channel := range lexical {
		share := left / (len(lexical) - channel)
		for _, term := range lexical[channel].Terms {
			if share == 0 {
				break
			}
			if k, ok := f.terms[term]; !ok || !f.fresh(k) {
				terms = append(terms, term)
				share--
				left--
			}
		}
	}
	return terms
}

// result returns a result without hits: by channel, the inverse document
// frequency of the query's terms, in a collection of so many passages, and
// what they add up to. A term not asked for is taken to be as rare as the rest.
func (f *frequencies) result(lexical *retrieval.Lexical, passages float64) (r retrieval.Result) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for channel := range lexical {
		terms := &lexical[channel]
		r.IDF[channel] = make([]float64, terms.Len())
		var found, foundWeight float64
		for i, term := range terms.Terms {
			if k, ok := f.terms[term]; ok {
				r.IDF[channel][i] = k.value
				found += float64(terms.Weights[i]) * k.value
				foundWeight += float64(terms.Weights[i])
			}
		}
		rarity := unseen(passages)
		if foundWeight > 0 {
			rarity = found / foundWeight
		}
		for i, term := range terms.Terms {
			if _, ok := f.terms[term]; !ok {
				r.IDF[channel][i] = rarity
			}
			r.Mass[channel] += float64(terms.Weights[i]) * r.IDF[channel][i]
		}
	}
	return r
}

// unseen is the inverse document frequency of a term that none of so many
// passages has.
func unseen(passages float64) float64 { return math.Log((passages+0.5)/0.5 + 1) }

// passages returns how many passages the collection holds.
func (ix *Index) passages(ctx context.Context) (float64, error) {
	n, ok, stamp := ix.frequency.begin()
	if ok {
		return n, nil
	}
	count, err := ix.client.Count(ctx, &qdrant.CountPoints{
		CollectionName: ix.collection, Exact: qdrant.PtrOf(true),
		Filter: &qdrant.Filter{Must: []*qdrant.Condition{qdrant.NewHasVector(lexicalVector)}},
	})
	if err != nil {
		return 0, err
	}
	stamp.value = float64(count)
	ix.frequency.setPassages(stamp)
	return stamp.value, nil
}

// probes asks for the frequencies of the query's terms that are not known.
func (ix *Index) probes(lexical *retrieval.Lexical, passages float64) []question {
	_, _, stamp := ix.frequency.begin()
	var questions []question
	for _, term := range ix.frequency.unknown(lexical) {
		request := ix.query(leg{lexicalVector, qdrant.NewQuerySparse([]uint32{term}, []float32{1}), true}, nil, 1)
		request.WithVectors = qdrant.NewWithVectorsInclude(lexicalVector)
		questions = append(questions, question{request, func(points []*qdrant.ScoredPoint) {
			k := stamp
			k.value = unseen(passages)
			if len(points) > 0 {
				k.value = float64(points[0].GetScore()) / weightOf(term, points[0])
			}
			ix.frequency.set(term, k)
		}})
	}
	return questions
}

// weightOf is the weight that the passage has for a term that it was found by.
func weightOf(term uint32, p *qdrant.ScoredPoint) float64 {
	v := p.GetVectors().GetVectors().GetVectors()[lexicalVector].GetSparseVector()
	for i, t := range v.GetIndices() {
		if t == term {
			return float64(v.GetValues()[i])
		}
	}
	return 1 // it has changed since it was found, which is as rare as it is harmless
}
