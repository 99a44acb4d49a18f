package embeddings

// Analyzer names the way in which [PassageTerms] cuts and weighs texts. It
// changes whenever their terms or weights would, so that an index made another
// way is known for what it is and built again.
const Analyzer = "terms-3"
