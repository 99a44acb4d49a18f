package embeddings

// The hash is FNV-1a taken rune by rune, with a final mix. It is written out
// here because stored indexes rest on it: it must be the same on every machine
// and in every release.
const (
	hashSeed  uint32 = 2166136261
	hashPrime uint32 = 16777619
)

// hashRune takes one rune into a hash.
func hashRune(h uint32, r rune) uint32 {
	return (h ^ uint32(r)) * hashPrime
}

// hashString takes the runes of s into a hash.
func hashString(h uint32, s string) uint32 {
	for _, r := range s {
		h = hashRune(h, r)
	}
	return h
}

// mix spreads what FNV-1a leaves in the low bits over all of them.
func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}
