package retrieval

// Parts are what the signals add up to for one source: what each contributes to
// the value that the source is ranked by, as feedback has weighed them. A
// Cited.Score is that value held between 0 and 1.
type Parts struct {
	Title   float64 `json:"title" doc:"Words of the title."`
	Body    float64 `json:"body" doc:"Words of the text."`
	Letters float64 `json:"letters" doc:"Runs of letters of both: other forms of a word, misspellings."`
	Place   float64 `json:"place" doc:"Words that stand together in one place."`
	Meaning float64 `json:"meaning" doc:"Likeness of meaning."`
	Cases   float64 `json:"cases" doc:"Resolved cases that rest on it."`
	Learned float64 `json:"learned" doc:"What operators made of it, or what a person decided over it."`

	// Beside is what takes a case from its own value to the place beside the
	// article that it rests on; 0 for everything else.
	Beside float64 `json:"beside,omitempty" doc:"Of a case: what takes it to its place beside the article that it rests on."`
}

// parts are those of each ranked source.
func (t *task) parts(rs []ranked) []Parts {
	out := make([]Parts, len(rs))
	f := &t.factors
	for i := range rs {
		c := &rs[i].parts
		p := Parts{
			Title: used(f.Title) * c.Title, Body: used(f.Body) * c.Body, Letters: used(f.Grams) * c.Grams, Place: used(f.Place) * c.Place,
			Meaning: used(f.Dense) * c.Dense, Cases: t.caseWeight * used(f.Cases) * c.Cases, Learned: c.Bonus,
		}
		p.Beside = rs[i].value - (p.Title + p.Body + p.Letters + p.Place + p.Meaning + p.Cases + p.Learned)
		for _, x := range []*float64{&p.Title, &p.Body, &p.Letters, &p.Place, &p.Meaning, &p.Cases, &p.Learned, &p.Beside} {
			*x = rounded(*x) + 0 // no minus before a nought
		}
		out[i] = p
	}
	return out
}
