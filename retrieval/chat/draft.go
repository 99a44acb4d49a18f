package chat

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// maxDraft is the most that is read of an answer, in bytes. A model that goes
// on and on has lost its way, and its first sentences are what is wanted.
const maxDraft = 16 << 10

// A draft is an answer while it is written. Each of its sentences is held
// against the sources as soon as it is finished.
type draft struct {
	evidence []retrieval.Evidence
	mark     bool // keep what is not supported, marked
	emit     func(string)
	doubt    func(string) // is told of what is not supported

	cut      cutter
	read     int // bytes that have come in
	thoughts thoughts

	text      strings.Builder // of the answer
	runes     int             // its length
	held      []said          // its end that is not yet emitted
	citations []retrieval.Citation
	unproven  []retrieval.Span
	grounded  int  // sentences that a source supports
	failed    int  // sentences that none does
	refused   bool // the model says that it has no answer
}

// said is a piece of an answer.
type said struct {
	text      string
	supported bool
}

// add takes what the model writes next and reports whether it may go on.
func (d *draft) add(text string) bool {
	d.read += len(text)
	d.cut.add(d.thoughts.skip(text))
	d.take(false)
	return d.read <= maxDraft && !d.refused
}

// finish takes the last sentence; a cut-off one is left out.
func (d *draft) finish(complete bool) {
	if complete {
		d.take(true)
	}
}

func (d *draft) take(last bool) {
	for !d.refused {
		p, ok := d.cut.next(last)
		if !ok {
			return
		}
		if strings.Contains(p.text, refusal) {
			// Behind an answer it would only confuse.
			d.refused = d.grounded == 0
			continue
		}
		p.text = plainMarkers(p.text)
		d.check(p)
	}
}

// check holds a piece against the sources and keeps it if they support it.
func (d *draft) check(p piece) {
	report := retrieval.Ground(p.text, d.evidence)
	supported := report.Supported()
	if !supported {
		d.failed++
		if !d.mark {
			return
		}
	}
	p.text = withMarkers(p.text, &report)
	if d.runes > 0 {
		p.before = separator(p.before)
	} else {
		p.before = ""
	}
	start := d.runes + utf8.RuneCountInString(p.before)
	for _, c := range report.Citations(d.evidence) {
		c.Start, c.End = start+c.Start, start+c.End
		d.citations = append(d.citations, c)
		d.grounded++
	}
	for _, s := range report.Unproven() {
		d.unproven = append(d.unproven, retrieval.Span{Start: start + s.Start, End: start + s.End})
	}
	d.text.WriteString(p.before + p.text)
	d.runes = start + utf8.RuneCountInString(p.text)
	d.held = append(d.held, said{p.before + p.text, supported})
	// A greeting alone is not shown: an answer may never come.
	if d.grounded > 0 {
		d.show()
	}
}

// show emits what is held.
func (d *draft) show() {
	for _, s := range d.held {
		tell := d.emit
		if !s.supported {
			tell = d.doubt
		}
		if tell != nil {
			tell(s.text)
		}
	}
	d.held = nil
}

// answer is what has become of the draft.
func (d *draft) answer(model, language string) retrieval.Answer {
	a := retrieval.Answer{Method: "model:" + model}
	switch {
	case d.refused:
		a.Abstain = retrieval.LowConfidence
		return a
	case d.grounded == 0:
		a.Abstain = retrieval.NotGrounded
		return a
	}
	a.Text, a.Citations, a.Unproven = d.text.String(), d.citations, d.unproven
	if d.failed > 0 && !d.mark {
		a.Notice = droppedNotice(d.failed, language)
	}
	return a
}

// droppedNotice tells the operator that the answer is not all that the model
// wrote.
func droppedNotice(n int, language string) string {
	if language == "ru" {
		return fmt.Sprintf("Убрано предложений, которых нет в источниках: %d.", n)
	}
	return fmt.Sprintf("Sentences left out because no source supports them: %d.", n)
}

// withMarkers adds to a sentence without markers that of the source which
// supports it. A piece of several sentences is left as it is.
func withMarkers(text string, report *retrieval.Report) string {
	if len(report.Verdicts) != 1 {
		return text
	}
	v := &report.Verdicts[0]
	if !v.Supported || v.Courtesy || v.Source < 0 || len(v.Markers) > 0 || strings.HasSuffix(text, ":") {
		return text
	}
	return fmt.Sprintf("%s [%d]", text, v.Source+1)
}

// separator is the white space between two pieces: as the model wrote it, but
// at most one empty line.
func separator(before string) string {
	lines := strings.Count(before, "\n")
	switch {
	case lines > 1:
		return "\n\n" + indent(before)
	case lines == 1:
		return "\n" + indent(before)
	}
	return " "
}

// indent is the white space of before's last line, which makes a list's levels.
func indent(before string) string {
	return strings.ReplaceAll(before[strings.LastIndexByte(before, '\n')+1:], "\t", "    ")
}

// thoughts leaves out what some models think aloud before they answer.
type thoughts struct {
	begun string // the start of the answer, while it is not clear what it is
	state thinking
}

// thinking says where in its answer a model is.
type thinking int

const (
	unclear thinking = iota
	inside
	over
)

const opening, closing = "<think>", "</think>"

// skip returns what of text is part of the answer.
func (t *thoughts) skip(text string) string {
	if t.state == over {
		return text
	}
	t.begun += text
	if t.state == unclear {
		start := strings.TrimLeft(t.begun, " \t\r\n")
		switch {
		case strings.HasPrefix(start, opening):
			t.state = inside
		case strings.HasPrefix(opening, start):
			return "" // it may still become one
		default:
			t.state = over
			return t.begun
		}
	}
	_, rest, found := strings.Cut(t.begun, closing)
	if !found {
		return ""
	}
	t.state, t.begun = over, ""
	return rest
}
