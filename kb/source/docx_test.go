package source_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

// docxFile writes a file of Word of its parts.
func docxFile(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const docxHead = `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>`

func docxParts(body string) map[string]string {
	return map[string]string{
		"word/document.xml": docxHead + body + `<w:sectPr><w:headerReference/></w:sectPr></w:body></w:document>`,
		"word/_rels/document.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://example.com/a (b)" TargetMode="External"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="javascript:alert(1)" TargetMode="External"/></Relationships>`,
		"word/styles.xml": `<w:styles xmlns:w="x"><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style><w:style w:styleId="2"><w:name w:val="heading 2"/></w:style><w:style w:styleId="own"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style></w:styles>`,
		"word/numbering.xml": `<w:numbering xmlns:w="x"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="6"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
	}
}

func docxParagraph(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func docxItem(list, level, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + list + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func TestADOCXBecomesAnArticle(t *testing.T) {
	body := docxParagraph("a3", "Возврат товара") +
		`<w:p><w:r><w:t xml:space="preserve">Товар можно вернуть за </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">14 дней </w:t></w:r><w:r><w:rPr><w:b/><w:i/></w:rPr><w:t>целым</w:t></w:r><w:r><w:t>: *все_детали*</w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>.</w:t></w:r></w:ins></w:p>` +
		docxParagraph("2", "Порядок") +
		docxItem("6", "0", "Заполнить форму") + docxItem("6", "0", "Отправить") +
		docxParagraph("own", "Что нужно") +
		docxItem("5", "0", "чек") + docxItem("5", "1", "с датой") +
		`<w:p><w:r><w:t># не заголовок</w:t><w:br/><w:t>вторая</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t xml:space="preserve">См. </w:t></w:r><w:hyperlink r:id="rId1"><w:r><w:t>правила</w:t></w:r></w:hyperlink><w:hyperlink r:id="rId2"><w:r><w:t xml:space="preserve"> и не это</w:t></w:r></w:hyperlink></w:p>` +
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Срок</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Что</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>14|15</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>вещи</w:t></w:r></w:p><w:p><w:r><w:t>обувь</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Врезка</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:t>дважды</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`
	item, skipped := readFile(t, "Возврат.docx", docxFile(t, docxParts(body)))
	if skipped != nil {
		t.Fatal(skipped)
	}
	want := strings.Join([]string{
		`Товар можно вернуть за **14 дней** ***целым***: \*все\_детали\*.`,
		"## Порядок", "1. Заполнить форму\n1. Отправить", "### Что нужно", "- чек\n   1. с датой",
		"\\# не заголовок  \nвторая", "См. [правила](https://example.com/a%20(b%29) и не это",
		"| Срок | Что |\n| --- | --- |\n| 14\\|15 | вещи обувь |", "\nВрезка",
	}, "\n\n")
	if d := item.Document; d.Title != "Возврат товара" || strings.ReplaceAll(d.Body, "\n\n\n", "\n\n") != strings.ReplaceAll(want, "\n\n\n", "\n\n") {
		t.Errorf("title %q, body\n%s\nwant\n%s", d.Title, d.Body, want)
	}
}

func TestAHostileDOCXIsLostAndNothingElse(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	for name, tt := range map[string]struct {
		file   []byte
		reason string
	}{
		"no archive":           {[]byte("hello"), "DOCX cannot be read"},
		"no document":          {docxFile(t, map[string]string{"word/styles.xml": "<a/>"}), "word/document.xml is missing"},
		"a bomb":               {docxFile(t, docxParts("<w:p><w:r><w:t>"+many("a", 33<<20)+"</w:t></w:r></w:p>")), "unpacks to more"},
		"a bomb of styles":     {docxFile(t, map[string]string{"word/styles.xml": "<a>" + many(" ", 33<<20) + "</a>", "word/document.xml": docxHead + "</w:body></w:document>"}), "unpacks to more"},
		"deep elements":        {docxFile(t, docxParts(many("<w:tbl><w:tr><w:tc>", 10_000))), "too deep"},
		"it breaks off":        {docxFile(t, map[string]string{"word/document.xml": docxHead + "<w:p><w:r><w:t>text"}), "DOCX cannot be read"},
		"an entity of its own": {docxFile(t, map[string]string{"word/document.xml": `<!DOCTYPE a [<!ENTITY x "y">]>` + docxHead + `<w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>`}), "DOCX cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			item, skipped := readFile(t, "x.docx", tt.file)
			if skipped == nil || !skipped.Lost || !strings.Contains(skipped.Reason, tt.reason) {
				t.Errorf("skip %+v and document %q, want it lost for %q", skipped, item.Document.Body, tt.reason)
			}
		})
	}
}

func TestADOCXThatBreaksOffNeverBreaksTheReader(t *testing.T) {
	whole := docxFile(t, docxParts(docxParagraph("2", "Title")+docxItem("5", "0", "one")))
	for n := 0; n < len(whole); n += 7 {
		if _, skipped := readFile(t, "x.docx", whole[:n]); skipped == nil || !skipped.Lost {
			t.Fatalf("the first %d bytes are not lost: %v", n, skipped)
		}
	}
}

func TestAnEmptyDOCXIsNoDocument(t *testing.T) {
	_, skipped := readFile(t, "x.docx", docxFile(t, docxParts("<w:p/>")))
	if skipped == nil || skipped.Lost {
		t.Errorf("skip %+v, want one that is not lost", skipped)
	}
}
