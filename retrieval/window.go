package retrieval

// A window is the part of a source that supports a sentence: one to three
// sentences that follow each other.
type window struct {
	page     *page
	source   int
	from, to int     // sentences
	cover    float64 // share of the sentence's words it has, by weight
	covers   map[int]float64
}

// span is where the window stands in its source, in runes.
func (w *window) span() Span {
	if w.to == 0 {
		return Span{}
	}
	return Span{w.page.parts[w.from].span.Start, w.page.parts[w.to-1].span.End}
}

// widest is how many sentences a window may have. Whoever joins more is
// writing anew.
const widest = 3

// perSentence is what another sentence must add to the share of words covered
// to be taken in.
const perSentence = 0.04

// bestWindow finds the window of source q that has most of the words of the
// sentence p.
func bestWindow(p, q *page, source int) window {
	best := window{page: q, source: source, covers: make(map[int]float64)}
	weights, total := weigh(p)
	if total == 0 || len(q.parts) == 0 {
		best.to = min(1, len(q.parts))
		if total == 0 && best.to > 0 {
			best.cover = 1 // nothing to support
		}
		return best
	}
	has := make(map[int][]string)
	for key, weight := range weights {
		for _, n := range q.words[key] {
			has[n] = append(has[n], key)
			best.covers[n] += weight / total
		}
	}
	value := -1.
	for n := range has {
		for first := max(0, n-widest+1); first <= n; first++ {
			seen := make(map[string]bool)
			sum := 0.
			for k := first; k < first+widest && k < len(q.parts); k++ {
				for _, key := range has[k] {
					if !seen[key] {
						seen[key] = true
						sum += weights[key] / total
					}
				}
				size := k + 1 - first
				if k < n {
					continue
				}
				// Ties go to the earlier window, whatever order the map has.
				v := sum - perSentence*float64(size-1)
				if v > value+1e-9 || v > value-1e-9 && (first < best.from || first == best.from && k+1 < best.to) {
					value, best.from, best.to, best.cover = v, first, k+1, sum
				}
			}
		}
	}
	return best
}

// weigh gives the words of p that matter their weights: long words say more.
func weigh(p *page) (map[string]float64, float64) {
	weights, total := make(map[string]float64, len(p.words)), 0.
	for key := range p.words {
		w := 0.5 + 0.1*float64(len([]rune(key))) // an address counts for several words
		weights[key] = w
		total += w
	}
	return weights, total
}

// keys collects the words that matter in the window.
func (w *window) keys() map[string]bool {
	keys := make(map[string]bool)
	if w.to == 0 {
		return keys
	}
	for i := w.page.parts[w.from].lo; i < w.page.parts[w.to-1].hi; i++ {
		if bearing(&w.page.lex[i]) {
			keys[keyOf(&w.page.lex[i])] = true
		}
	}
	return keys
}
