package source

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/markup"
)

func TestPages(t *testing.T) {
	for _, tt := range []struct{ name, in, title, body string }{
		{"a title in the front matter and a heading", "---\ntitle: T\n---\n# H\n\ntext", "T", "# H\n\ntext"},
		{"the same title twice", "---\ntitle: \"T\"\n---\n# T {#t}\n\ntext", "T", "text"},
		{"a heading only", "# **T** {#t}\n\ntext", "T", "text"},
		{"an underlined heading", "T\n===\n\ntext", "T", "text"},
		{"no title", "text", "a", "text"},
		{"only a title", "---\ntitle: T\n---\n", "T", ""},
		{"CRLF", "---\r\ntitle: T\r\n---\r\na\r\nb", "T", "a\nb"},
		{"a note", "{% note info \"Раз *два*\" %}\n\nтекст\n\n- x\n\n{% endnote %}\nконец", "a", "> **Раз *два***\n>\n> текст\n>\n> - x\n\nконец"},
		{"a note without a title", "{% note tip %}\n\nтекст\n\n{% endnote %}", "a", "> текст"},
		{"a note in an item", "1. a\n\n   {% note %}\n\n   b\n\n   {% endnote %}\n\n1. c", "a", "1. a\n\n   > b\n\n1. c"},
		{"notes within cuts", "{% cut \"A\" %}{#x}\n\n{% note %}\nb\n{% endnote %}\n\n{% cut \"C\" %}\nd\n{% endcut %}\n\n{% endcut %}\ne", "a",
			"**A**\n\n> b\n\n**C**\n\nd\n\ne"},
		{"tabs", "{% list tabs group=os %}\n\n- Windows\n\n  текст\n  * пункт\n\n      * ниже\n\n- **Mac**\n\n    ```\n    - x\n    ```\n\n{% endlist %}", "a",
			"**Windows**\n\nтекст\n* пункт\n\n    * ниже\n\n**Mac**\n\n```\n- x\n```"},
		{"a block that does not end", "{% note %}\nтекст", "a", "> текст"},
		{"an end without a beginning", "текст\n{% endnote %}\nещё", "a", "текст\n\nещё"},
		{"code is left alone", "`{% note %} {{ a }} <b>` и\n\n```\n{% note %}\n<div>{{ x }}{#y}\n```\n\n    ~~~\n    :::tip\n    ~~~", "a",
			"`{% note %} {{ a }} <b>` и\n\n```\n{% note %}\n<div>{{ x }}{#y}\n```\n\n    ~~~\n    :::tip\n    ~~~"},
		{"attributes", "## A {#a}\n\n![x](y.png){width=10} [l](m){.b target=_blank}\n\n| a |\n\n{wide-content}\n\n{x} {a: 1}", "a",
			"## A\n\n![x](y.png) [l](m)\n\n| a |\n\n{x} {a: 1}"},
		{"variables", "{{ a }}b{{c.d}} not_var{{ e }}", "a", "b `{{ e }}`"},
		{"conditions", "{% if a == 'x' %}\nA\n{% else %}\nB\n{% endif %}\nC {% if not b %}D{% endif %} {% if 'xy' contains \"y\" and 2 > 1 %}E{% elsif 1 == 1 %}F{% endif %}", "a", "B\n\nC D E"},
		{"a comment", "a <!-- b\n\nc --> d {/* e */}\n[//]: # (f)\ng", "a", "a  d \ng"},
		{"an admonition of Docusaurus", ":::tip Раз\nдва\n:::\n\n::::note[Три]\n\n:::info\nчетыре\n:::\n\n::::\nпять", "a",
			"> **Раз**\n>\n> два\n\n> **Три**\n>\n> > четыре\n\nпять"},
		{"an admonition that is none", ":::\n::: x\na\n:::", "a", "a"},
		{"an admonition of MkDocs", "!!! note \"Раз\"\n    два\n\n    три\nчетыре\n\n=== \"Таб\"\n    пять\n", "a", "> **Раз**\n>\n> два\n>\n> три\n\nчетыре\n\n**Таб**\n\nпять"},
		{"modules", "import A from '@b/c';\nimport {\n  D\n} from \"e\"\nexport const f = {\n  g: 1,\n};\n\ntext\nimport заказов", "a", "text\nimport заказов"},
		{"tabs of Docusaurus", "<Tabs>\n  <TabItem value=\"m\" label=\"Mac\">\n\n    текст\n      - a\n\n  </TabItem>\n  <TabItem value=\"w\">текст</TabItem>\n</Tabs>", "a",
			"**Mac**\n\nтекст\n  - a\n\n**w**\n\nтекст"},
		{"components", "**id** <Required />, <Badge label=\"новое\" />\n\n<Cta\n  title=\"Зовём\"\n  x={{a: '>'}}\n/>\n\nPromise<Result>", "a", "**id** , новое\n\nЗовём\n\nPromise<Result>"},
		{"HTML", "<div class=\"x\">\n    <img alt=\"Схема\" src={useBaseUrl('img/a.png')} />\n</div>\n\n<p>a <b>b</b> <a href=\"c\">d</a><br/>e</p>\n<h3>\nf <code>g</code></h3>\n<ul>\n<li>h</li>\n<li>i</li>\n</ul>\n<hr>", "a",
			"![Схема](img/a.png)\n\na **b** [d](c)\ne\n\n### f g\n\n- h\n- i\n\n---"},
		{"details", "<details>\n<summary><h3>A</h3></summary>\n\nb\n\n</details>\n<details><summary>C</summary>d</details>", "a", "### A\n\nb\n\n**C**\n\nd"},
		{"a table of HTML", "<table><tr><th>A</th><th>B</th></tr><tr><td>c</td><td>d</td></tr></table>", "a", "| A | B |\n|---|---|\n| c | d |"},
		{"scripts", "<head>\n<script>{`\n`}</script>\n</head>\na<style>b</style>", "a", "a"},
		{"text that only looks like markup", "a < b, <5 руб, C::D, <your-name>, <https://a.example/{%x%}>, {x}, 5` и", "a",
			"a < b, <5 руб, C::D, <your-name>, <https://a.example/{%x%}>, {x}, 5` и"},
		{"teletype", "тег ##<img>##, ##1## и ## нет ##\n##512K##", "a", "тег `<img>`, `1` и ## нет ##\n`512K`"},
		{"a flat table of YFM", "#|\n|| **A** | B ||\n|| `c|d` | > ||\n|| e\n| f\n||\n|#{wide}\ng", "a", "| **A** | B |\n| --- | --- |\n| `c|d` |  |\n| e | f |\n\ng"},
		{"a table of YFM with blocks in it", "#|\n|| **Имя** | **Смысл** ||\n|| `a` | раз\n\n{% note %}\n\nдва\n\n{% endnote %} ||\n|| `b` | три ||\n|#", "a",
			"**`a`**\n\nСмысл: раз\n\n> два\n\n**`b`**\n\nСмысл: три"},
		{"a numbered title", "# 1. Начало\n\n## 2. Конец", "1. Начало", "## 2. Конец"},
		{"raised and lowered", "м^2^ H~2~O 10^-3^ Раз^верх^ 2^10 a^b a~b~c ~5 минут ^a^ x[^1]", "a", "м² H₂O 10⁻³ Раз верх 2^10 a^b a bc ~5 минут ^a^ x[^1]"},
		{"keys and inserted text", "++ctrl+c++ C++ и Java++ ++i и j++ ^^да^^", "a", "ctrl+c C++ и Java++ ++i и j++ да"},
		{"icons and videos", "a :material-check: 10:30:45 :smile: @[vk](https://a.example/v) @[youtube](xyz)b me@[x]", "a", "a  10:30:45 :smile: <https://a.example/v> b me@[x]"},
		{"colors", "{red}(a (b)) {pink}(c) {red}", "a", "a (b) {pink}(c) {red}"},
		{"marks behind headings", "a\n\n## B {b-c}\n\n## D {d}\n\ne {f-g}", "a", "a\n\n## B\n\n## D {d}\n\ne {f-g}"},
		{"expressions of MDX", "import a from 'b'\n\n{a.b} {'c'} {f({\n\"d\": 1})}e \\{g\\}", "a", " c e \\{g\\}"},
		{"braces without MDX", "{a.b} {'c'}", "a", "{a.b} {'c'}"},
		{"elements that HTML does not have", "<x-a>b</x-a> <your-name> <cmd> <note title=\"T\">c</note>", "a", "b <your-name> <cmd> \n\n**T**\n\nc"},
		{"a component behind a letter", "a<Bc d=\"d\" /> Map<String>", "a", "a Map<String>"},
		{"Markdown in a table of HTML", "<table><tr><th>A</th></tr><tr><td>`b` [c](d) **e**</td></tr></table>", "a", "| A                |\n|------------------|\n| `b` [c](d) **e** |"},
		{"alerts", "> [!NOTE]\n> a\n\n> [!tip]- B\n> c\n\n[!x] d", "a", "> a\n\n> **B**\n>\n> c\n\n[!x] d"},
		{"shortcodes of Hugo", "{{< note \"A\" >}}b{{< /note >}}\n\n{{</* c */>}}\n{{% d e=\"f\" %}}\n\n{{< highlight sh >}}\ng\n{{< /highlight >}}", "a",
			"**A**\n\nb\n\n`{{< c >}}`\n\n```sh\ng\n```"},
		{"lines for the program", "[[toc]]\n\n--8<-- \"a\"\n\n<<< @/b.js\n\n*[HTML]: Hyper\n\n* TOC\n{:toc}\n\n* TOC\n\nc", "a", "* TOC\n\nc"},
		{"a block under a name in a table", "#|\n|| **A** | **B** ||\n|| c |\n```\nd\n```\n||\n|#", "a", "**c**\n\nB:\n\n```\nd\n```"},
		{"terms", "[слово](*k)\n\n[*k]: Смысл", "a", "[слово](*k)\n\nСмысл"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := one(t, "a.md", tt.in).Document
			if got := strings.TrimRight(d.Body, "\n"); got != tt.body || d.Title != tt.title {
				t.Errorf("got  %q, %q\nwant %q, %q", d.Title, got, tt.title, tt.body)
			}
		})
	}
}

func TestFrontMatterThatIsNoYAML(t *testing.T) {
	item := one(t, "a.md", "---\ntitle: Срок: 14 дней\nlang: ru\n---\nтекст")
	if d := item.Document; d.Title != "Срок: 14 дней" || d.Locale != "ru" || d.Body != "текст\n" || len(item.Notes) != 1 {
		t.Errorf("got %+v", item)
	}
}

func TestIncludes(t *testing.T) {
	outside := folder(t, map[string]string{"secret.md": "secret"})
	dir := folder(t, map[string]string{
		"ru/a.md": "A\n\n1. b\n\n   {% include [x](../_includes/part.md) %}\n\n{% include notitle [x](../_includes/titled.md) %}\n\n" +
			"{% include [x](../_includes/many.md#two) %}\n\n`{% include [x](none.md) %}`",
		"_includes/part.md":   "---\na: b\n---\nчасть {{ shop }}\n\n```\nкод\n```",
		"_includes/titled.md": "# Нет\n\nда",
		"_includes/many.md":   "#### {#one}\n1\n\n#### {#two}\n\n2\n\n#### {#three}\n3",
		"presets.yaml":        "default:\n  shop: Лавка\n  level:\n    name: L\n",
		"ru/presets.yaml":     "default:\n  shop: Магазин\n",
		"b.md":                "{{ shop }} {{ level.name }} {% include [x](b.md) %}",
		"c.md":                "{% include [x](../" + filepath.Base(outside) + "/secret.md) %}{% include [x](/etc/passwd) %}{% include [x](out.md) %}{% include [x](none.md) %}c",
		"bomb.md":             strings.Repeat("{% include [x](bomb.md) %}\n", 20),
	})
	if err := os.Symlink(filepath.Join(outside, "secret.md"), filepath.Join(dir, "out.md")); err != nil {
		t.Skip("no links here:", err)
	}
	items, _ := read(t, dir, Options{})
	byID := make(map[string]Item)
	for _, i := range items {
		byID[i.Document.ID] = i
		if strings.Contains(i.Document.Body, "secret") || strings.Contains(i.Document.Body, "root:") {
			t.Errorf("%s is from outside: %q", i.Document.ID, i.Document.Body)
		}
	}
	want := "A\n\n1. b\n\n   часть Магазин\n\n   ```\n   код\n   ```\n\nда\n\n2\n\n`{% include [x](none.md) %}`\n"
	if got := byID["ru.a"]; got.Document.Body != want || len(got.Notes) > 0 {
		t.Errorf("got %q, %q", got.Document.Body, got.Notes)
	}
	if got := byID["b"]; !strings.HasPrefix(got.Document.Body, "Лавка L Лавка L ") || len(got.Notes) != 1 {
		t.Errorf("got %q, %q", got.Document.Body, got.Notes)
	}
	if got := byID["c"]; got.Document.Body != "c\n" || len(got.Notes) != 4 {
		t.Errorf("got %q, %q", got.Document.Body, got.Notes)
	}
}

// TestPagesTakeLinearTime reads what would take hours in quadratic time.
func TestPagesTakeLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement of time: make test runs it in full, without the race detector")
	}
	for _, unit := range []string{
		"<a href=x>", "<div>\n", "<table>", "<!--", "{/*", "{% note %}\n", "{% cut \"x\" %}", "{% list tabs %}\n", "{% if a %}", "{{ a }}", ":::a\n",
		"```\n", "` `` ", "<A b={`", "<summary>", "!!! a\n", "    ", "export {\n", "[*a]: ", "> ", "- ", "<script>", "{#a}", "not_var{{", "# a\n", "#|\n", "|| a\n", "|# ",
		"{{< a ", "{{% a %}}", "{{< highlight >}}", "<x1 >", "<x-y a=\"b\">", "a^b", "a~1~", "@[a](", "##a", "++a", ":material-a", "{red}(a(", "## {a-b} ",
		"> [!a]\n", "@tab a\n", "{a ", "{a {b} `", "<td>`a[b](c", "* toc\n", "^^a",
	} {
		for _, head := range []string{"", "import a from 'b'\n\n"} {
			r := reader{}
			c := cleaner{reader: &r}
			c.page(head + strings.Repeat(unit, (1<<17)/len(unit)))
		}
	}
}

// TestRealPages looks for markup that leaks from real documentation into what
// is indexed. The data is not part of the project.
func TestRealPages(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement on data: make test runs it in full, without the race detector")
	}
	code := regexp.MustCompile("(`+)[^`]+(`+)")
	leaks := regexp.MustCompile(`\{%|%\}|:::|\{#|\{\{|\}\}|</?[A-Z][a-z]+[A-Za-z]*[ />]|</?(div|img|span|details|summary|table|td|p|a|br|h[1-6])[ />]|(?m)^(import .* from |export const |sidebar_label:)`)
	for _, set := range []string{"kb-diplodoc-ru", "kb-diplodoc-en", "kb-plausible-en", "rutube-dev/articles.jsonl", "stackfaq-stream-en/articles.jsonl"} {
		t.Run(set, func(t *testing.T) {
			root := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(set))
			if _, err := os.Stat(root); err != nil {
				t.Skip("the data is not there:", root)
			}
			items, skips := read(t, root, Options{})
			if len(items) < 80 {
				t.Errorf("read %d documents, skipped %q", len(items), skips)
			}
			passages := 0
			for _, i := range items {
				d := i.Document
				passages += len(kb.Split(&d))
				if strings.HasSuffix(set, ".jsonl") {
					continue // texts that are about markup
				}
				d.Body = code.ReplaceAllString(unfenced(d.Body), "code")
				for _, p := range kb.Split(&d) {
					for _, text := range []string{kb.Plain(p.Text), p.Text, p.Heading} {
						if found := leaks.FindAllString(text, 3); found != nil {
							t.Errorf("%s: %q in %.300q", i.File, found, text)
						}
					}
				}
			}
			t.Logf("%d documents, %d passages, %d skipped", len(items), passages, len(skips))
			if slices.Contains(skips, "") {
				t.Error("a skip without a reason")
			}
		})
	}
}

// unfenced returns text without its blocks of code.
func unfenced(text string) string {
	var b strings.Builder
	var fence markup.Fence
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(strings.TrimLeft(line, "> \t"))
		if fence.Open() {
			if fence.Closes(bare) {
				fence = markup.Fence{}
			}
			continue
		}
		if fence, _ = markup.OpenFence(bare); !fence.Open() {
			b.WriteString(line)
		}
	}
	return b.String()
}
