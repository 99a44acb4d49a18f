package source_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb/source"
)

// pdfFile writes a file of the objects, which are numbered from 1. The first is
// the catalogue.
func pdfFile(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		if o == "" {
			continue // it stands in a stream
		}
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.WriteString("trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n")
	return b.Bytes()
}

func pdfStream(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

func flate(data string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(data)) // a buffer takes all
	_ = w.Close()
	return b.String()
}

const (
	pdfCatalog = "<< /Type /Catalog /Pages 2 0 R >>"
	pdfPages   = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
	pdfPage    = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
	pdfLatin   = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
)

// readFile reads one file with package source.
func readFile(t *testing.T, name string, b []byte) (source.Item, *source.Skip) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	var found source.Item
	var skipped *source.Skip
	for item, err := range source.Files(path, source.Options{}) {
		switch {
		case err == nil:
			found = item
		case !errors.As(err, &skipped):
			t.Fatal(err)
		}
	}
	return found, skipped
}

func TestAPDFBecomesAnArticle(t *testing.T) {
	page := `BT /F1 20 Tf 72 700 Td (Resetting the device) Tj ET
BT /F1 11 Tf 72 660 Td 14 TL (Hold the but-) Tj T* (ton for ten seconds. Then) Tj ( let it) Tj T* [(go) -600 (and wait.)] TJ ET
BT /F1 11 Tf 72 590 Td (\225 the lamp blinks) Tj 0 -14 Td (\225 the fan stops) Tj ET
BT /F1 11 Tf 1 0 0 1 72 540 Tm (See manual_2 \(page 7\).) Tj ET`
	for name, objects := range map[string][]string{
		"plain":      {pdfCatalog, pdfPages, pdfPage, pdfStream("", page), pdfLatin},
		"compressed": {pdfCatalog, pdfPages, pdfPage, pdfStream("/Filter /FlateDecode", flate(page)), pdfLatin},
		"objects in a stream": {pdfCatalog, "", "", pdfStream("/Filter [/FlateDecode]", flate(page)), "",
			pdfStream("/Type /ObjStm /N 3 /First 15 /Filter /FlateDecode", flate(fmt.Sprintf("2 0 3 %02d 5 %03d ", len(pdfPages)+1, len(pdfPages)+len(pdfPage)+2)+pdfPages+" "+pdfPage+" "+pdfLatin))},
		"a form": {pdfCatalog, pdfPages, "<< /Type /Page /Contents 4 0 R /Resources << /XObject << /X 6 0 R >> >> >>", pdfStream("", "q /X Do Q"), pdfLatin,
			pdfStream("/Subtype /Form /Resources << /Font << /F1 5 0 R >> >>", page)},
	} {
		t.Run(name, func(t *testing.T) {
			item, skipped := readFile(t, "reset-guide.pdf", pdfFile(objects...))
			if skipped != nil {
				t.Fatal(skipped)
			}
			want := "Hold the button for ten seconds. Then let it go and wait.\n\n- the lamp blinks\n- the fan stops\n\nSee manual\\_2 (page 7)."
			if d := item.Document; d.Title != "Resetting the device" || d.Body != want || d.ID != "reset-guide" {
				t.Errorf("id %q, title %q, body\n%s\nwant\n%s", d.ID, d.Title, d.Body, want)
			}
		})
	}
}

func TestAPDFInCyrillicIsReadByItsFontsOwnMap(t *testing.T) {
	cmap := `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfrange <0001> <0020> <0430> <0021> <0022> [<0451> <0020>] endbfrange
1 beginbfchar <0030> <041F> endbfchar
endcmap`
	wide := "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /DW 600 /W [1 [500 500] 3 32 550] >>] >>"
	item, skipped := readFile(t, "a.pdf", pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", "BT /F1 12 Tf 72 700 Td <00300001001100090007003F00220021> Tj ET"), wide, pdfStream("", cmap)))
	if skipped != nil {
		t.Fatal(skipped)
	}
	if got, want := item.Document.Body, "Париж ё"; got != want {
		t.Errorf("body %q, want %q", got, want)
	}
	if len(item.Notes) != 1 || !strings.Contains(item.Notes[0], "1 letters were left out") {
		t.Errorf("notes %q, want one of the code that is no letter", item.Notes)
	}
}

func TestAPDFInCyrillicIsReadByTheNamesOfItsGlyphs(t *testing.T) {
	font := "<< /Type /Font /Subtype /TrueType /BaseFont /B /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [65 /afii10017 /afii10023 /afii10065 /afii10071 /afii10097 /uni0436 /emdash] >> >>"
	item, skipped := readFile(t, "b.pdf", pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", "BT /F1 12 Tf 72 700 Td (ABCDEFG1) Tj ET"), font))
	if skipped != nil {
		t.Fatal(skipped)
	}
	if got, want := item.Document.Body, "АЁаёяж—1"; got != want {
		t.Errorf("body %q, want %q", got, want)
	}
}

func TestAHostilePDFIsLostAndNothingElse(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	good := "BT /F1 12 Tf 72 700 Td (text) Tj ET"
	for name, tt := range map[string]struct {
		file   []byte
		reason string
	}{
		"no PDF":                {[]byte("hello"), "no PDF file"},
		"encrypted":             {bytes.Replace(pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", good), pdfLatin), []byte("trailer\n<<"), []byte("trailer\n<< /Encrypt 9 0 R"), 1), "password"},
		"a bomb":                {pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("/Filter /FlateDecode", flate(many("\x00", 100<<20))), pdfLatin), "unpacks to more"},
		"a bomb in a bomb":      {pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("/Filter [/FlateDecode /FlateDecode]", flate(flate(many("\x00", 100<<20)))), pdfLatin), "unpacks to more"},
		"pages in a ring":       {pdfFile(pdfCatalog, "<< /Type /Pages /Kids [2 0 R 3 0 R] >>", "<< /Type /Pages /Kids [2 0 R] >>"), "no page is whole"},
		"a reference to itself": {pdfFile("1 0 R"), "list of pages is missing"},
		"deep values":           {pdfFile(pdfCatalog, many("[", 1<<20)), "no page is whole"},
		"deep operators":        {pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", many("[", 1<<20)), pdfLatin), "no text"},
		"no end of a text":      {pdfFile(many("9 0 obj (", 200_000)), "unpacks to more"},
		"no end of streams":     {pdfFile(many("9 0 obj << >> stream\n", 200_000)), "unpacks to more"},
		"forms that draw each other": {pdfFile(pdfCatalog, pdfPages, "<< /Type /Page /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>", pdfStream("", "/X Do"),
			pdfStream("/Subtype /Form /Resources << /XObject << /X 5 0 R >> >>", many("/X Do ", 2000))), "draw more"},
		"letters without end":   {pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("/Filter /FlateDecode", flate("BT /F1 12 Tf "+many("(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ", 300_000))), pdfLatin), "unpacks to more"},
		"a picture":             {pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", "q 1 0 0 1 0 0 cm BI /W 1 ID \x00\x01EI\x02 EI Q"), pdfLatin), "pictures of pages"},
		"fonts without letters": {pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", "BT /F1 12 Tf <00010002> Tj ET"), "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>"), "do not say which letters"},
		"ranges without end":    {pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", "BT /F1 12 Tf <00010002> Tj ET"), "<< /Subtype /Type0 /ToUnicode 6 0 R >>", pdfStream("", "begincodespacerange <0000> <ffff> endcodespacerange beginbfrange "+many("<0000> <ffff> <0000> ", 10_000)+"endbfrange")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			item, skipped := readFile(t, "x.pdf", tt.file)
			if tt.reason == "" {
				if skipped != nil {
					t.Error(skipped)
				}
				return
			}
			if skipped == nil || !skipped.Lost || !strings.Contains(skipped.Reason, tt.reason) {
				t.Errorf("skip %+v and document %q, want it lost for %q", skipped, item.Document.Body, tt.reason)
			}
		})
	}
}

func TestAPDFThatBreaksOffNeverBreaksTheReader(t *testing.T) {
	whole := pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("/Filter /FlateDecode", flate("BT /F1 12 Tf 72 700 Td (some text) Tj ET")), pdfLatin)
	read := 0
	for n := range whole {
		item, skipped := readFile(t, "x.pdf", whole[:n])
		if (skipped == nil) == (item.Document.ID == "") {
			t.Fatalf("the first %d bytes give document %q and skip %v", n, item.Document.ID, skipped)
		}
		if item.Document.ID != "" {
			read++
		}
	}
	if read == 0 {
		t.Error("a file without its last line could be read, and is not")
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(pdfFile(pdfCatalog, pdfPages, pdfPage, pdfStream("", "BT /F1 12 Tf [(a) -300 <62>] TJ T* (b) ' 1 2 (c) \" ET /X Do"), pdfLatin))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Contents 1 0 R>>endobj trailer<</Root 1 0 R>>"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(dir, "x.pdf")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		steps := 0
		for item, err := range source.Files(path, source.Options{}) {
			if steps++; err == nil && item.Document.Validate() != nil {
				t.Errorf("a document that cannot be stored: %v", item.Document.Validate())
			}
		}
		if steps != 1 {
			t.Errorf("%d steps for one file", steps)
		}
	})
}
