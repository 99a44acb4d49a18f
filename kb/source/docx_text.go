package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// A docxWriter writes the blocks of a document as Markdown.
type docxWriter struct {
	*docx
	b      strings.Builder
	inList bool
}

// A docxParagraph is one paragraph that is being read.
type docxParagraph struct {
	text         []byte
	style        string
	list, level  string // of numbering
	bold, italic bool   // of the run
	marks        string // that are open: **, * or both
	outline      int
	boxes        []string // texts of boxes that are anchored in it
}

// blocks reads paragraphs and tables up to the end of the element of that name,
// or of the part.
func (w *docxWriter) blocks(p *docxPart, end string) error {
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			if end != "" || p.depth > 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "p":
				para, err := w.paragraph(p)
				if err != nil {
					return err
				}
				w.write(para)
			case "tbl":
				if err := w.table(p); err != nil {
					return err
				}
			case "Fallback", "sectPr":
				if err := p.pass(); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local == end {
				return nil
			}
		}
	}
}

// pass goes to the end of the element that has just begun. Unlike the decoder's
// own Skip it keeps count of the depth.
func (p *docxPart) pass() error {
	for from := p.depth; p.depth >= from; {
		if _, err := p.next(); err != nil {
			return err
		}
	}
	return nil
}

// paragraph reads a paragraph to its end.
func (w *docxWriter) paragraph(p *docxPart) (*docxParagraph, error) {
	para := &docxParagraph{}
	link, inText := "", false
	var linked int
	for {
		t, err := p.next()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.CharData:
			if inText {
				para.add(literal(string(t)))
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				inText = true
			case "hyperlink":
				para.close()
				link, linked = w.links[attribute(t, "id")], len(para.text)
			case "txbxContent":
				if err := w.box(p, para); err != nil {
					return nil, err
				}
			case "Fallback", "del", "moveFrom":
				if err := p.pass(); err != nil {
					return nil, err
				}
			default:
				para.begin(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inText = false
			case "r":
				para.bold, para.italic = false, false
			case "hyperlink":
				para.close()
				para.link(linked, link)
			case "p":
				para.close()
				return para, nil
			}
		}
	}
}

// box reads the paragraphs of a box, which come after the one it hangs on.
func (w *docxWriter) box(p *docxPart, para *docxParagraph) error {
	inner := docxWriter{docx: w.docx}
	if err := inner.blocks(p, "txbxContent"); err != nil {
		return err
	}
	para.boxes = append(para.boxes, strings.TrimSpace(inner.b.String()))
	return nil
}

// begin takes note of an element that says how the text is to be read.
func (para *docxParagraph) begin(e xml.StartElement) {
	value := attribute(e, "val")
	on := value != "0" && value != "false" && value != "none"
	switch e.Name.Local {
	case "pStyle":
		para.style = value
	case "numId":
		para.list = value
	case "ilvl":
		para.level = value
	case "outlineLvl":
		if len(value) == 1 && value >= "0" && value <= "5" {
			para.outline = int(value[0]-'0') + 1
		}
	case "b":
		para.bold = on
	case "i":
		para.italic = on
	case "tab":
		if len(para.text) > 0 {
			para.text = append(para.text, ' ')
		}
	case "br", "cr":
		para.close()
		para.text = append(para.text, "  \n"...)
	case "noBreakHyphen":
		para.text = append(para.text, '-')
	}
}

// add adds text in the letters of the run. Marks stand at letters, since
// Markdown does not know them beside spaces.
func (para *docxParagraph) add(text string) {
	marks := ""
	if para.bold {
		marks = "**"
	}
	if para.italic {
		marks += "*"
	}
	if marks != para.marks {
		para.close()
		trimmed := strings.TrimLeft(text, " ")
		para.text = append(para.text, text[:len(text)-len(trimmed)]...)
		if text = trimmed; text != "" {
			para.text = append(para.text, marks...)
			para.marks = marks
		}
	}
	para.text = append(para.text, text...)
}

// close ends the marks that are open.
func (para *docxParagraph) close() {
	if para.marks == "" {
		return
	}
	n := len(bytes.TrimRight(para.text, " "))
	para.text = slices.Insert(para.text, n, []byte(para.marks)...)
	para.marks = ""
}

// link makes what was written from there on a link.
func (para *docxParagraph) link(from int, to string) {
	label := strings.TrimSpace(string(para.text[from:]))
	if to == "" || label == "" {
		return
	}
	open := "["
	if para.text[from] == ' ' {
		open = " ["
	}
	para.text = append(para.text[:from], open+label+"]("+strings.NewReplacer(" ", "%20", ")", "%29").Replace(to)+")"...)
}

// write writes a paragraph.
func (w *docxWriter) write(para *docxParagraph) {
	text := strings.TrimSpace(string(para.text))
	level := para.outline
	if of := w.headings[para.style]; of > 0 {
		level = of
	}
	item := para.list != "" && para.list != "0" && level == 0
	if text != "" {
		w.part(item)
		switch {
		case level > 0:
			w.b.WriteString(strings.Repeat("#", level) + " " + strings.ReplaceAll(text, "  \n", " "))
		case item:
			depth := 0
			if len(para.level) == 1 && para.level >= "0" && para.level <= "8" {
				depth = int(para.level[0] - '0')
			}
			sign := "- "
			if w.ordered[para.list+" "+or(para.level, "0")] {
				sign = "1. "
			}
			indent := strings.Repeat("   ", depth)
			w.b.WriteString(indent + sign + strings.ReplaceAll(text, "\n", "\n"+indent+"   "))
		default:
			w.b.WriteString(guard(text) + text)
		}
		w.inList = item
	}
	for _, box := range para.boxes {
		if box != "" {
			w.part(false)
			w.b.WriteString(box)
			w.inList = false
		}
	}
}

// part parts a block from the one before.
func (w *docxWriter) part(item bool) {
	switch {
	case w.b.Len() == 0:
	case item && w.inList:
		w.b.WriteByte('\n')
	default:
		w.b.WriteString("\n\n")
	}
}

// table reads a table to its end. A table within a cell becomes its text.
func (w *docxWriter) table(p *docxPart) error {
	var rows [][]string
	most := 0
	for {
		t, err := p.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "tr":
				rows = append(rows, nil)
			case "tc":
				inner := docxWriter{docx: w.docx}
				if err := inner.blocks(p, "tc"); err != nil {
					return err
				}
				if n := len(rows); n > 0 {
					rows[n-1] = append(rows[n-1], cell(inner.b.String()))
					most = max(most, len(rows[n-1]))
				}
			}
		case xml.EndElement:
			if t.Name.Local == "tbl" {
				w.rows(rows, most)
				return nil
			}
		}
	}
}

// cell brings the blocks of a cell to one line.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

// rows writes a table, the first row as its head.
func (w *docxWriter) rows(rows [][]string, most int) {
	const widest = 64 // columns; wider ones are no tables of people
	if most == 0 || most > widest {
		return
	}
	w.part(false)
	w.inList = false
	for i, row := range rows {
		for i == 0 && len(row) < most {
			row = append(row, "")
		}
		w.b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			w.b.WriteString("|" + strings.Repeat(" --- |", most) + "\n")
		}
	}
}
