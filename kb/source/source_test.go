package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/whetstone-desk/whetstone/kb"
)

// folder writes files, by their paths, and returns where.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// read returns all that Files finds.
func read(t *testing.T, root string, o Options) (items []Item, skips []string) {
	t.Helper()
	for item, err := range Files(root, o) {
		switch err := err.(type) { //nolint:errorlint // what Files promises
		case nil:
			items = append(items, item)
		case *Skip:
			skips = append(skips, err.Error())
		default:
			t.Fatal(err)
		}
	}
	return items, skips
}

// one reads a folder of one file that has one document.
func one(t *testing.T, name, content string) Item {
	t.Helper()
	items, skips := read(t, folder(t, map[string]string{name: content}), Options{})
	if len(items) != 1 || len(skips) != 0 {
		t.Fatalf("%d documents, skipped %q", len(items), skips)
	}
	return items[0]
}

func TestFolder(t *testing.T) {
	dir := folder(t, map[string]string{
		"ru/Доставка и оплата.md": "# Доставка\n\nТекст",
		"en/index.mdx":            "---\ntitle: Start\ntags: [a, b]\naudience: internal\nproduct: shop\nregion: EU\ndraft: true\n---\nText",
		"i18n/kk/a.b.markdown":    "Мәтін",
		"pages/refund.html":       "<html lang=ru><title>Возврат — Магазин</title><body><nav>Меню</nav><h1>Возврат</h1><p>Текст</p></body></html>",
		"pages/refund.md":         "Другой",
		"faq.jsonl":               `{"id": 7, "question": "Как?", "answer": "Так", "lang": "ru-RU"}` + "\n",
		"cases.csv":               "id,problem,reply,tags\nc1,Где?,Тут,\"a, b\"\n",
		"toc.yaml":                "items: []",
		"img/a.png":               "\x89PNG\x00",
		".git/config":             "x",
		".hidden.md":              "x",
		"_includes/part.md":       "x",
		"guides/_part.md":         "x",
	})
	items, skips := read(t, dir, Options{Origin: "import:test", BaseURL: "https://help.example/", Region: "RU"})
	var got []string
	for _, i := range items {
		d := i.Document
		if d.Origin != "import:test" {
			t.Errorf("%s has origin %q", d.ID, d.Origin)
		}
		got = append(got, fmt.Sprintf("%s:%d %s %s %s|%s|%s|%s|%s %s %s %s %v", i.File, i.Line, d.Kind, d.ID, d.Locale, d.Title,
			strings.TrimSpace(d.Body), d.Problem+d.Resolution, d.Product+d.Region, d.Audience, d.Status, d.URL, d.Tags))
	}
	want := []string{
		"cases.csv:2 case c1 |||Где?Тут|RU public published  [a b]",
		"en/index.mdx:1 article en.index en|Start|Text||shopEU internal draft https://help.example/en [a b]",
		"faq.jsonl:1 article 7 ru|Как?|Так||RU public published  []",
		"i18n/kk/a.b.markdown:1 article i18n.kk.a.b kk|a.b|Мәтін||RU public published https://help.example/i18n/kk/a.b []",
		"pages/refund.html:1 article pages.refund ru|Возврат|Текст||RU public published https://help.example/pages/refund []",
		"ru/Доставка и оплата.md:1 article ru.Доставка-и-оплата ru|Доставка|Текст||RU public published https://help.example/ru/Доставка и оплата []",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	wantSkips := []string{
		".git: a hidden folder", ".hidden.md: a hidden file", "_includes: a folder of parts that pages include",
		"guides/_part.md: a part that pages include", "img/a.png: neither Markdown, HTML, JSON Lines nor CSV",
		"pages/refund.md:1: id pages.refund is that of pages/refund.html:1 already",
		"toc.yaml: neither Markdown, HTML, JSON Lines nor CSV",
	}
	if !slices.Equal(skips, wantSkips) {
		t.Errorf("skipped\n%s\nwant\n%s", strings.Join(skips, "\n"), strings.Join(wantSkips, "\n"))
	}
}

func TestOneFile(t *testing.T) {
	dir := folder(t, map[string]string{"a.md": "Текст", "b.md": "Другой"})
	items, skips := read(t, filepath.Join(dir, "a.md"), Options{})
	if len(items) != 1 || items[0].Document.ID != "a" || len(skips) != 0 {
		t.Errorf("got %v, %v", items, skips)
	}
}

func TestRootThatIsNotThere(t *testing.T) {
	for _, err := range Files(filepath.Join(t.TempDir(), "none"), Options{}) {
		if _, skip := err.(*Skip); err == nil || skip { //nolint:errorlint // what Files promises
			t.Errorf("got %v", err)
		}
	}
}

func TestStoppingEarly(t *testing.T) {
	dir := folder(t, map[string]string{"a.md": "1", "b.md": "2", "c.png": "", "d.jsonl": "{}\n{}\n"})
	for stop := range 6 {
		n := 0
		for _, err := range Files(dir, Options{}) {
			if err != nil && !strings.Contains(err.Error(), ": ") {
				t.Error(err)
			}
			if n++; n > stop {
				break
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	detect := func(text string) string {
		if strings.Contains(text, "Привет") {
			return "ru"
		}
		return ""
	}
	for _, tt := range []struct{ name, file, content, want string }{
		{"front matter", "en/a.md", "---\nlang: de-DE\n---\nx", "de"},
		{"a folder", "docs/pt-BR/a.md", "x", "pt"},
		{"a name", "a.ru.md", "x", "ru"},
		{"the option", "a.md", "x", "fr"},
		{"a word that is a code too", "it/is/no/a.md", "x", "fr"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items, _ := read(t, folder(t, map[string]string{tt.file: tt.content}), Options{Locale: "fr", Detect: detect})
			if len(items) != 1 || items[0].Document.Locale != tt.want {
				t.Errorf("got %+v, want %s", items, tt.want)
			}
		})
	}
	items, _ := read(t, folder(t, map[string]string{"a.md": "**Привет**"}), Options{Detect: detect})
	if items[0].Document.Locale != "ru" {
		t.Errorf("detected %q", items[0].Document.Locale)
	}
}

func TestIDs(t *testing.T) {
	long := strings.Repeat("очень/", 60) + "длинный путь.md"
	for name, want := range map[string]string{
		"guides/how to return.md": "guides.how-to-return", "a--b.md": "a-b", "v1.2.md": "v1.2", "(a).md": "a", "a (b)/c.md": "a-b.c",
		"e\u0301.md": "é", "....md": "p" + digest("..."),
	} {
		if got := idOf(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	for _, name := range []string{long, "💡.md", "_.md", "a\u200bb.md", "..a.md"} {
		if id := idOf(name); !kb.ValidID(id) {
			t.Errorf("%s: id %q", name, id)
		}
	}
	if idOf(long) == idOf("x"+long) {
		t.Error("long paths that end alike have one id")
	}
}

func TestEncodings(t *testing.T) {
	const text = "# Возврат\r\n\r\nДеньги вернутся за «3–5» дней, объём № 1. Спасибо!\r\n"
	const want = "Деньги вернутся за «3–5» дней, объём № 1. Спасибо!\n"
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	koi, err := charmap.KOI8R.NewEncoder().String("# Возврат\n\nДеньги вернутся за три дня.\n")
	koi = encode(koi, err)
	for name, tt := range map[string]struct{ content, note, want string }{
		"UTF-8":                       {text, "", want},
		"a byte order mark":           {"\ufeff" + text, "", want},
		"windows-1251":                {encode(charmap.Windows1251.NewEncoder().String(text)), "read as windows-1251", want},
		"UTF-16 with its mark":        {encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)), "read as UTF-16", want},
		"UTF-16 the other way around": {encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)), "read as UTF-16", want},
		"KOI8-R":                      {koi, "read as KOI8-R", "Деньги вернутся за три дня.\n"},
		"windows-1252":                {"# Возврат\n\nle caf\xe9 est ferm\xe9 aujourd'hui"[len("# Возврат\n\n"):], "read as windows-1252", "le café est fermé aujourd'hui\n"},
		"a few broken letters":        {text + strings.Repeat("Ещё текст. ", 20) + "\xd0", "letters that are not UTF-8 were replaced by \ufffd", ""},
	} {
		t.Run(name, func(t *testing.T) {
			item := one(t, "a.md", tt.content)
			if tt.want != "" && item.Document.Body != tt.want {
				t.Errorf("got %q", item.Document.Body)
			}
			if got := strings.Join(item.Notes, "; "); got != tt.note {
				t.Errorf("noted %q, want %q", got, tt.note)
			}
		})
	}
	csv := encode(charmap.Windows1251.NewEncoder().String("Title;Text\nВозврат;За три дня\nОбмен;Сразу\n"))
	items, skips := read(t, folder(t, map[string]string{"a.csv": csv}), Options{})
	if len(items) != 2 || len(skips) > 0 || items[1].Document.Title != "Обмен" || len(items[0].Notes) != 1 || len(items[1].Notes) != 0 {
		t.Errorf("got %+v, %v", items, skips)
	}
}

func TestFilesThatAreNotRead(t *testing.T) {
	for _, tt := range []struct{ name, file, content, want string }{
		{"an empty page", "a.md", "", "a.md: empty"},
		{"a page of spaces", "a.md", " \n\n", "a.md: no text"},
		{"an empty table", "a.csv", "", "a.csv: empty"},
		{"an empty list of records", "a.jsonl", "", "a.jsonl: empty"},
		{"an empty page of HTML", "a.html", "<nav>x</nav>", "a.html: no text"},
		{"a binary file by the name of a page", "a.md", "abc\x00\x01\x02\x03def", "a.md: a binary file"},
		{"NUL bytes in a page", "a.md", strings.Repeat("текст ", 50) + "\x00", "a.md: a binary file"},
		{"a page in no encoding", "a.md", strings.Repeat("\xc3\x28\x81\x8d\x9d", 40), "a.md: not text in UTF-8, UTF-16 or windows-1251"},
		{"a page too long", "a.md", strings.Repeat("a", maxPage+1), "a.md: longer than 16 MiB"},
		{"a line of ten megabytes", "a.md", strings.Repeat("слово ", 1<<20), "a.md:1: article a: body is longer than 4 MiB"},
		{"a table without names", "a.csv", "1,2\n3,4\n", "a.csv:1: no column is called title, body, problem or resolution, or one of their other names"},
		{"a JSON list", "a.jsonl", "[{\"id\":1}]", "a.jsonl:1: a JSON list, not JSON Lines: write one object a line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items, skips := read(t, folder(t, map[string]string{tt.file: tt.content}), Options{})
			if len(items) != 0 || len(skips) != 1 || skips[0] != tt.want {
				t.Errorf("got %d documents, skipped %q, want %q", len(items), skips, tt.want)
			}
		})
	}
}

func TestOddFolders(t *testing.T) {
	outside := folder(t, map[string]string{"secret.md": "secret"})
	dir := folder(t, map[string]string{"a.md": "text", "b/c.md": "text"})
	for link, target := range map[string]string{
		"loop": ".", "b/up": "..", "self.md": "self.md", "out": outside, "out.md": filepath.Join(outside, "secret.md"),
		"escape.md": "../" + filepath.Base(outside) + "/secret.md", "none.md": "none", "again.md": "b/c.md",
	} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Skip("no links here:", err)
		}
	}
	items, skips := read(t, dir, Options{})
	var got []string
	for _, i := range items {
		got = append(got, i.File)
		if strings.Contains(i.Document.Body, "secret") {
			t.Errorf("%s is from outside", i.File)
		}
	}
	if want := []string{"a.md", "again.md", "b/c.md"}; !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
	want := []string{
		"b/up: a link that leads nowhere or out of the folder", "escape.md: a link that leads nowhere or out of the folder",
		"loop: a link to a folder is not followed", "none.md: a link that leads nowhere or out of the folder",
		"out: a link that leads nowhere or out of the folder", "out.md: a link that leads nowhere or out of the folder",
		"self.md: a link that leads nowhere or out of the folder",
	}
	want[0] = "b/up: a link to a folder is not followed"
	if !slices.Equal(skips, want) {
		t.Errorf("skipped\n%s\nwant\n%s", strings.Join(skips, "\n"), strings.Join(want, "\n"))
	}
}

func TestDeepFolder(t *testing.T) {
	dir := t.TempDir()
	deep := dir
	for range 100 {
		deep = filepath.Join(deep, "вглубь")
	}
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(deep, "a b.md"), []byte("текст"), 0o644); err != nil {
		t.Fatal(err)
	}
	items, skips := read(t, dir, Options{})
	if len(items) != 1 || len(skips) != 0 {
		t.Errorf("got %d documents, skipped %v", len(items), skips)
	}
}

func TestFilesThatMayNotBeRead(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := folder(t, map[string]string{"a.md": "text", "b/c.md": "text", "d.md": "text"})
	for _, name := range []string{"a.md", "b"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	items, skips := read(t, dir, Options{})
	if len(items) != 1 || len(skips) != 2 || !strings.Contains(skips[0], "permission denied") {
		t.Errorf("got %d documents, skipped %v", len(items), skips)
	}
	if err := os.Chmod(filepath.Join(dir, "b"), 0o755); err != nil {
		t.Fatal(err)
	}
}
