package embeddings

// gramSize is the length in runes of the pieces words are cut into. Four is
// long enough to tell roots apart and short enough to outlive an ending or a
// typo.
const gramSize = 4

// edge stands for the start and the end of a word in a gram.
const edge = '_'

// gramHashes appends the hashes of the grams of tokens: each word with its
// edges marked, cut into overlapping pieces of gramSize.
func gramHashes(hashes []uint32, tokens []Token) []uint32 {
	var buf [maxStemmed + 2]rune
	for i := range tokens {
		t := &tokens[i]
		if t.Kind == Link {
			continue // its parts follow
		}
		runes := append(buf[:0], edge)
		for _, r := range t.Norm {
			if len(runes) > maxStemmed {
				break
			}
			runes = append(runes, r)
		}
		runes = append(runes, edge)
		hashes = cut(hashes, runes)
	}
	return hashes
}

// cut appends the hashes of the overlapping pieces of runes.
func cut(hashes []uint32, runes []rune) []uint32 {
	size := min(gramSize, len(runes))
	for i := 0; i+size <= len(runes); i++ {
		h := hashSeed
		for _, r := range runes[i : i+size] {
			h = hashRune(h, r)
		}
		hashes = append(hashes, h)
	}
	return hashes
}
