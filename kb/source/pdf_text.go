package source

import (
	"bytes"
	"errors"
	"math"
	"strings"
)

// A pdfRun is a text that is shown in one place of a page.
type pdfRun struct {
	text string
	x, y float64 // where it begins, in points from the left and from below
	end  float64 // the x where it ends
	size float64 // points
	page int
}

// A pdfMatrix is [a b c d e f] of ISO 32000-1, 8.3.3.
type pdfMatrix [6]float64

func (m pdfMatrix) times(n pdfMatrix) pdfMatrix {
	return pdfMatrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// A pdfState is what operators of text change.
type pdfState struct {
	ctm, text, line                      pdfMatrix
	font                                 *pdfFont
	size, char, word, scale, lead, raise float64
}

// A pdfReader reads the text of pages.
type pdfReader struct {
	*pdfFile
	runs    []pdfRun
	page    int
	letters int // that were shown
	unknown int // codes that are no letter that is known
}

// pages reads all pages in their order.
func (f *pdfFile) pages() (*pdfReader, error) {
	r := &pdfReader{pdfFile: f}
	root := f.dict(f.trailer["Root"])
	if root["Pages"] == nil {
		// A file that was cut off has its catalogue all the same.
		for _, n := range f.order {
			if d, ok := f.objects[n].(pdfDict); ok && d["Type"] == pdfName("Catalog") {
				root = d
			}
		}
	}
	if root["Pages"] == nil {
		return nil, errors.New("its list of pages is missing")
	}
	return r, r.tree(root["Pages"], nil, make(map[pdfRef]bool), 0)
}

// tree reads the pages below a node. A node that was read is not read again, so
// that loops end.
func (r *pdfReader) tree(v any, resources any, seen map[pdfRef]bool, depth int) error {
	if ref, ok := v.(pdfRef); ok {
		if seen[ref] {
			return nil
		}
		seen[ref] = true
	}
	d := r.dict(v)
	if d["Resources"] != nil {
		resources = d["Resources"]
	}
	if kids := r.list(d["Kids"]); kids != nil {
		if depth > pdfDeepest {
			return errDeep
		}
		for _, kid := range kids {
			if err := r.tree(kid, resources, seen, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if d == nil || d["Contents"] == nil {
		return nil
	}
	if r.page++; r.page > maxPDFPages {
		return errPDFSteps
	}
	var data []byte
	parts := r.list(d["Contents"])
	if parts == nil {
		parts = []any{d["Contents"]}
	}
	for _, part := range parts {
		s, ok := r.resolve(part).(*pdfStream)
		if !ok {
			continue
		}
		b, err := r.unpack(s)
		if errors.Is(err, errPDFLarge) {
			return err
		}
		data = append(append(data, b...), '\n') // of a broken part there is nothing
	}
	one := pdfMatrix{1, 0, 0, 1, 0, 0}
	return r.content(data, r.dict(resources), one, 0)
}

// content runs the operators of a page or a form.
func (r *pdfReader) content(data []byte, resources pdfDict, ctm pdfMatrix, depth int) error {
	if r.run -= len(data); r.run < 0 {
		return errPDFSteps
	}
	one := pdfMatrix{1, 0, 0, 1, 0, 0}
	s := pdfState{ctm: ctm, text: one, line: one, scale: 1}
	var stack []pdfState
	var args []any
	l := pdfLexer{data, 0}
	for {
		v, err := l.value(0, false)
		if err != nil {
			return nil // what came before is good
		}
		op, ok := v.(pdfWord)
		if !ok {
			if args = append(args, v); len(args) > 64 {
				args = args[32:]
			}
			continue
		}
		if r.letters+r.unknown > maxPDFLetters {
			return errPDFLarge
		}
		switch op {
		case "q":
			if len(stack) < 256 {
				stack = append(stack, s)
			}
		case "Q":
			if n := len(stack); n > 0 {
				s, stack = stack[n-1], stack[:n-1]
			}
		case "ID":
			l.i = imageEnd(data, l.i)
		case "Do":
			if err := r.form(args, resources, s.ctm, depth); err != nil {
				return err
			}
		case "Tf":
			if name, ok := at(args, -2).(pdfName); ok {
				s.font, s.size = r.font(r.dict(resources["Font"])[name]), num(args, -1)
			}
		default:
			r.operate(&s, op, args)
		}
		args = args[:0]
	}
}

// form runs a form that a page draws. Forms may draw forms.
func (r *pdfReader) form(args []any, resources pdfDict, ctm pdfMatrix, depth int) error {
	const deepest = 8
	name, ok := at(args, -1).(pdfName)
	if !ok || depth >= deepest {
		return nil
	}
	s, ok := r.resolve(r.dict(resources["XObject"])[name]).(*pdfStream)
	if !ok || r.resolve(s.dict["Subtype"]) != pdfName("Form") {
		return nil
	}
	b, known := r.forms[s]
	if !known {
		var err error
		if b, err = r.unpack(s); errors.Is(err, errPDFLarge) {
			return err
		}
		r.forms[s] = b // nothing where it is broken
	}
	if m := r.list(s.dict["Matrix"]); len(m) == 6 {
		ctm = matrix(m).times(ctm)
	}
	// A few bytes may draw a form a thousand times, which is not what they are
	// for.
	const dear = 8
	r.run -= (dear - 1) * len(b)
	if own := r.dict(s.dict["Resources"]); own != nil {
		resources = own
	}
	return r.content(b, resources, ctm, depth+1)
}

// operate runs an operator of text or of the page's matrix (ISO 32000-1, 9.4).
func (r *pdfReader) operate(s *pdfState, op pdfWord, args []any) {
	move := func(x, y float64) {
		s.line = pdfMatrix{1, 0, 0, 1, x, y}.times(s.line)
		s.text = s.line
	}
	switch op {
	case "cm":
		if len(args) >= 6 {
			s.ctm = matrix(args[len(args)-6:]).times(s.ctm)
		}
	case "BT":
		s.text = pdfMatrix{1, 0, 0, 1, 0, 0}
		s.line = s.text
	case "Tm":
		if len(args) >= 6 {
			s.line = matrix(args[len(args)-6:])
			s.text = s.line
		}
	case "Td":
		move(num(args, -2), num(args, -1))
	case "TD":
		s.lead = -num(args, -1)
		move(num(args, -2), num(args, -1))
	case "T*":
		move(0, -s.lead)
	case "TL":
		s.lead = num(args, -1)
	case "Tc":
		s.char = num(args, -1)
	case "Tw":
		s.word = num(args, -1)
	case "Tz":
		s.scale = num(args, -1) / 100
	case "Ts":
		s.raise = num(args, -1)
	case "Tj":
		r.show(s, at(args, -1))
	case "'":
		move(0, -s.lead)
		r.show(s, at(args, -1))
	case "\"":
		s.word, s.char = num(args, -3), num(args, -2)
		move(0, -s.lead)
		r.show(s, at(args, -1))
	case "TJ":
		list, _ := at(args, -1).([]any)
		for _, v := range list {
			if n, ok := v.(float64); ok {
				s.advance(-n / 1000 * s.size * s.scale)
				continue
			}
			r.show(s, v)
		}
	}
}

func (s *pdfState) advance(x float64) {
	s.text = pdfMatrix{1, 0, 0, 1, x, 0}.times(s.text)
}

// show notes a text, and moves behind it.
func (r *pdfReader) show(s *pdfState, v any) {
	const longest = 64 << 10 // bytes; a line has less
	t, ok := v.(pdfText)
	if !ok || s.font == nil {
		return
	}
	t = t[:min(len(t), longest)]
	from := s.text.times(s.ctm)
	width := 0.0
	letters, unknown := s.font.show(t, func(w float64, space bool) {
		width += w*s.size + s.char
		if space {
			width += s.word
		}
	})
	s.advance(width * s.scale)
	to := s.text.times(s.ctm)
	r.letters += len([]rune(letters))
	r.unknown += unknown
	size := math.Abs(s.size) * math.Hypot(from[2], from[3])
	if letters == "" || size == 0 || math.IsNaN(size+from[4]+from[5]) {
		return
	}
	r.runs = append(r.runs, pdfRun{text: strings.ToValidUTF8(letters, ""), x: from[4], y: from[5], end: to[4], size: size, page: r.page})
}

// imageEnd returns where an image ends that stands between operators.
func imageEnd(data []byte, from int) int {
	for at := from; ; {
		i := bytes.Index(data[at:], []byte("EI"))
		if i < 0 {
			return len(data)
		}
		at += i + 2
		if data[at-3] <= ' ' && (at == len(data) || data[at] <= ' ') {
			return at
		}
	}
}

// at returns an argument, counted from the end; nil where there is none.
func at(args []any, i int) any {
	if i += len(args); i < 0 || i >= len(args) {
		return nil
	}
	return args[i]
}

func num(args []any, i int) float64 {
	n, _ := at(args, i).(float64)
	return n
}

func matrix(args []any) (m pdfMatrix) {
	for i := range m {
		m[i], _ = args[i].(float64)
	}
	return m
}
