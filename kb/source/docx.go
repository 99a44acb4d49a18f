package source

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
)

// Bounds of a DOCX file. They keep an archive of a few kilobytes from unpacking
// to more than a document holds.
const (
	maxDOCX     = 64 << 20 // bytes of the file
	maxDOCXData = 32 << 20 // bytes of all parts that are unpacked; reading them takes two seconds
	maxDOCXDeep = 256      // elements that stand in each other
)

// docx reads a file of Word: headings, paragraphs, lists, tables, links, bold
// and italic letters. What was deleted in tracking, comments, notes, heads and
// pictures are left out.
func (r *reader) docx(name string, b []byte) error {
	body, err := readDOCX(b)
	switch {
	case err != nil:
		return r.lost(name, 0, "its DOCX cannot be read: %v", err)
	case strings.TrimSpace(body) == "":
		return r.skip(name, 0, "no text")
	}
	item := Item{File: name, Line: 1}
	d := &item.Document
	d.Kind, d.ID, d.URL = kb.Article, idOf(name), r.address(name)
	d.Locale = pathLanguage(name)
	d.Title, d.Body = titled("", body)
	d.Title = or(d.Title, titleOf(name))
	return r.deliver(item)
}

// A docx is a file of Word that is being read.
type docx struct {
	parts    map[string]*zip.File
	left     int64             // bytes that may still be unpacked
	links    map[string]string // addresses by id
	headings map[string]int    // levels of styles by id; 1 for the title
	ordered  map[string]bool   // lists that are numbered, by id and level
}

func readDOCX(b []byte) (string, error) {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return "", err
	}
	d := docx{
		parts: make(map[string]*zip.File), left: maxDOCXData,
		links: make(map[string]string), headings: make(map[string]int), ordered: make(map[string]bool),
	}
	for _, f := range archive.File {
		d.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	// Without these the text is still there.
	for _, part := range []struct {
		name string
		read func(*docxPart) error
	}{
		{"word/_rels/document.xml.rels", d.readLinks},
		{"word/styles.xml", d.readStyles},
		{"word/numbering.xml", d.readLists},
	} {
		p, err := d.open(part.name)
		if err == nil {
			err = part.read(p)
		}
		if errors.Is(err, errDOCXLarge) {
			return "", err
		}
	}
	p, err := d.open("word/document.xml")
	if err != nil {
		return "", err
	}
	w := docxWriter{docx: &d}
	if err := w.blocks(p, ""); err != nil {
		return "", err
	}
	return strings.TrimSpace(w.b.String()), nil
}

var (
	errDOCXLarge = errors.New("it unpacks to more than a document holds")
	errDOCXDeep  = errors.New("its elements stand too deep in each other")
)

// A docxPart is one XML file of the archive.
type docxPart struct {
	*xml.Decoder
	depth int
}

// open begins to read a part.
func (d *docx) open(name string) (*docxPart, error) {
	f := d.parts[name]
	if f == nil {
		return nil, fmt.Errorf("%s is missing", name)
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &docxPart{Decoder: xml.NewDecoder(&docxReader{in, d})}, nil
}

// A docxReader shares what may still be unpacked with others. What the archive
// says of its sizes is not believed.
type docxReader struct {
	r io.Reader
	d *docx
}

func (r *docxReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if r.d.left -= int64(n); r.d.left < 0 {
		return 0, errDOCXLarge
	}
	return n, err
}

// next returns the next beginning or end of an element, or text.
func (p *docxPart) next() (xml.Token, error) {
	t, err := p.Token()
	switch t.(type) {
	case xml.StartElement:
		if p.depth++; p.depth > maxDOCXDeep {
			return nil, errDOCXDeep
		}
	case xml.EndElement:
		p.depth--
	}
	return t, err
}

// each calls begin for every element of a part, and end for the end of each.
func (p *docxPart) each(begin func(xml.StartElement), end func(name string)) error {
	for {
		t, err := p.next()
		switch t := t.(type) {
		case xml.StartElement:
			begin(t)
		case xml.EndElement:
			if end != nil {
				end(t.Name.Local)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// attribute returns an attribute by its name without a prefix.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (d *docx) readLinks(p *docxPart) error {
	return p.each(func(e xml.StartElement) {
		target := attribute(e, "Target")
		if e.Name.Local == "Relationship" && strings.HasSuffix(attribute(e, "Type"), "/hyperlink") &&
			(strings.HasPrefix(target, "https://") || strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "mailto:")) {
			d.links[attribute(e, "Id")] = target
		}
	}, nil)
}

// readStyles finds the styles of headings: by their name, which is English in
// every language of Word, or by their level.
func (d *docx) readStyles(p *docxPart) error {
	style := ""
	return p.each(func(e xml.StartElement) {
		value := strings.ToLower(attribute(e, "val"))
		switch e.Name.Local {
		case "style":
			style = attribute(e, "styleId")
		case "name":
			if value == "title" {
				d.headings[style] = 1
			} else if level, ok := strings.CutPrefix(value, "heading "); ok && len(level) == 1 && level >= "1" && level <= "6" {
				d.headings[style] = int(level[0] - '0')
			}
		case "outlineLvl":
			if len(value) == 1 && value >= "0" && value <= "5" && d.headings[style] == 0 {
				d.headings[style] = int(value[0]-'0') + 1
			}
		}
	}, func(name string) {
		if name == "style" {
			style = ""
		}
	})
}

// readLists finds out which lists are numbered.
func (d *docx) readLists(p *docxPart) error {
	abstract, number, level := "", "", ""
	kinds := make(map[string]map[string]bool) // by abstract list and level
	err := p.each(func(e xml.StartElement) {
		switch e.Name.Local {
		case "abstractNum":
			abstract = attribute(e, "abstractNumId")
			kinds[abstract] = make(map[string]bool)
		case "lvl":
			level = attribute(e, "ilvl")
		case "numFmt":
			if kinds[abstract] != nil {
				format := attribute(e, "val")
				kinds[abstract][level] = format != "bullet" && format != "none"
			}
		case "num":
			number, abstract = attribute(e, "numId"), ""
		case "abstractNumId":
			for level, numbered := range kinds[attribute(e, "val")] {
				d.ordered[number+" "+level] = numbered
			}
		}
	}, nil)
	return err
}
