package kb

// A Passage is a run of a document's text: the unit that is searched and
// quoted. An article's passages are cut from its Body; a case's from its
// Problem, since that is what a new question resembles.
type Passage struct {
	Ordinal int    // place in the document, from 0
	Heading string // the headings it stands under, outermost first, joined by " › "; empty: none
	Text    string // the body from Start to End, as written
	Start   int    // runes from the start of the body
	End     int    // runes; the next passage starts here
}
