package retrieval

import (
	"context"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Generator writes a reply from sources. [Extract] needs no model; package
// chat asks an OpenAI-compatible server. Methods may be called from many
// goroutines.
type Generator interface {
	// Generate answers the request from its evidence and nothing else. Where
	// the evidence does not answer, it returns an Answer with Abstain set: that
	// is an outcome and not an error. While it writes, it hands each finished
	// piece of text to emit, in order; a nil emit is not called. Every sentence
	// it returns has passed Ground or is marked. The error is
	// embeddings.ErrUnavailable when a model could not be reached in time.
	Generate(ctx context.Context, r Request, emit func(text string)) (Answer, error)
}

// A Request is a question with all that may be used to answer it. It holds no
// personal data that was found in the question: see kb/redact.
type Request struct {
	Question     string     // the customer's latest words, on their own understandable
	Dialogue     []Message  // what was said before, oldest first
	Language     string     // to answer in: an ISO 639-1 code
	Instructions string     // how the workspace wants replies to sound; never what they may rest on
	Evidence     []Evidence // best first; the marker of the first is [1]

	// ForOperator keeps sentences that no source supports, marked in
	// Answer.Unproven for the operator to judge. Without it they are left out.
	ForOperator bool

	// Doubt is handed each of those sentences while the reply is written, in its
	// place among what is emitted. It is apart from that, so that who knows
	// nothing of it has supported text alone. Nil: nobody is told.
	Doubt func(text string)

	reader *reader // that has met the words of questions and sources before; nil: none has
}

// A Message is one turn of a dialogue.
type Message struct {
	Role Role
	Text string
	At   time.Time // zero: not known
}

// A Role says who wrote a message.
type Role string

// The roles in a dialogue.
const (
	Customer Role = "customer"
	Operator Role = "operator"
	Bot      Role = "bot"
)

// Evidence is one source, with the part of it that bears on the question.
type Evidence struct {
	Source  Source
	Text    string  // what may be quoted: an article's whole Body, or a case's Resolution
	Problem string  // a case's problem, to judge whether it fits; empty for articles
	Start   int     // runes: where in Text the best passage starts; 0 for a case
	End     int     // runes: where it ends; the length of Text for a case
	Score   float64 // fused likeness to the question, from 0 to 1
}

// An Answer is a reply, or the reason for none.
type Answer struct {
	Text      string     // Markdown, with markers such as [1]
	Citations []Citation // in order of Start
	Abstain   Reason     // empty: Text answers
	Unproven  []Span     // sentences of Text that no cited source supports, marked for the operator
	Method    string     // "extract" or "model:<name>"
	Notice    string     // what the operator should know, such as that the model server was too slow; empty: nothing
}

// A Citation ties a stretch of an answer to the source it rests on.
type Citation struct {
	Marker   int // the number in brackets, from 1
	SourceID string
	Start    int // runes in Answer.Text: where the supported stretch starts
	End      int // runes: where it ends, before the marker
	From     int // runes in the source's text: where the support starts
	To       int // runes: where it ends
}

// A Span is a stretch of text, in runes.
type Span struct{ Start, End int }

// A Reason says why there is no answer.
type Reason string

// The reasons to abstain.
const (
	NoEvidence    Reason = "no_evidence"         // nothing found that shares the question's subject
	LowConfidence Reason = "low_confidence"      // something found, but it probably does not answer
	Conflicting   Reason = "conflicting_sources" // the best sources contradict each other
	NotGrounded   Reason = "not_grounded"        // a reply was written, but the sources do not support it
	Restricted    Reason = "restricted"          // what would answer may not be shown to this asker
	NotCalibrated Reason = "not_calibrated"      // too little was learned to promise anything of answers that nobody looks at
)

// quotable is the text of d that an answer may quote.
func quotable(d *kb.Document) string {
	if d.Kind == kb.Case {
		return d.Resolution
	}
	return d.Body
}
