package markup

import "testing"

func TestParseTag(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     Tag // without Attrs
		ok       bool
	}{
		{"an element", "<p>x", Tag{Name: "p", Len: 3}, true},
		{"its end", "</p>x", Tag{Name: "p", Close: true, Len: 4}, true},
		{"upper case", "<BR/>", Tag{Name: "BR", Self: true, Len: 5}, true},
		{"attributes", `<a href="x>y" b='>'>`, Tag{Name: "a", Len: 20}, true},
		{"over lines", "<img\n  alt=\"a\"\n/>", Tag{Name: "img", Self: true, Len: 17}, true},
		{"expressions", "<Tabs x={[{a: `>`}]} />", Tag{Name: "Tabs", Self: true, Len: 23}, true},
		{"a member", "<Tabs.Item>", Tag{Name: "Tabs.Item", Len: 11}, true},
		{"an arrow inside braces", "<Ab f={() => 1}>", Tag{Name: "Ab", Len: 16}, true},
		{"a comparison", "<5 руб>", Tag{}, false},
		{"a placeholder", "<your-name>", Tag{}, false},
		{"a placeholder in capitals", "<TOKEN>", Tag{}, false},
		{"a placeholder with a dash", "<Your-Name>", Tag{}, false},
		{"Cyrillic", "<имя>", Tag{}, false},
		{"no end", "<p class", Tag{}, false},
		{"no end but another", "<p <b>", Tag{}, false},
		{"a type", "<A[]>", Tag{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := ParseTag(tt.in)
			got.Attrs = ""
			if got != tt.want || ok != tt.ok {
				t.Errorf("got %+v, %v", got, ok)
			}
		})
	}
}

func TestParseCustom(t *testing.T) {
	for in, want := range map[string]int{
		"<code-group>x": 12, "</code-group>": 13, "<tab name=\"a\">": 14, "<your name>": 11, "<p>": 0, "<Tab>": 0, "<имя>": 0, "<a:b>": 0, "<5 руб>": 0,
	} {
		if got, ok := ParseCustom(in); got.Len != want || ok != (want > 0) {
			t.Errorf("ParseCustom(%s) = %d, %v", in, got.Len, ok)
		}
	}
}

func TestAttr(t *testing.T) {
	tag, ok := ParseTag(`<TabItem x={a} value="v1" label='Для &laquo;Mac&raquo;' src={useBaseUrl('img/a.png')} data-title="no" default width=10>`)
	if !ok {
		t.Fatal("no tag")
	}
	for key, want := range map[string]string{
		"value": "v1", "label": "Для «Mac»", "src": "img/a.png", "title": "", "default": "", "width": "10", "x": "",
	} {
		if got := tag.Attr(key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	for line, want := range map[string]int{"- a": 2, "* a": 2, "10) a": 4, "1. a": 3, "-": 1, "-a": 0, "* * *": 0, "---": 0, "1.a": 0, "2026 г.": 0} {
		if got := Bullet(line); got != want {
			t.Errorf("Bullet(%q) = %d, want %d", line, got, want)
		}
	}
	for line, want := range map[string]string{"# a": "a", "## a ##": "a", "# C#": "C#", "###### a": "a", "#a": "", "####### a": "", "#": ""} {
		if _, got := Heading(line); got != want {
			t.Errorf("Heading(%q) = %q, want %q", line, got, want)
		}
	}
	for line, want := range map[string]bool{
		"import a from 'b';": true, "import {A} from \"b\"": true, "import 'a.css'": true, "import {": true, "export const a = 1": true,
		"import заказов": false, "import settings from the file": false, "export заказов": false, "export default settings": false,
	} {
		if got := Module(line); got != want {
			t.Errorf("Module(%q) = %v", line, got)
		}
	}
}

func TestFrontMatter(t *testing.T) {
	for _, tt := range []struct {
		name, in, yaml string
		length         int
	}{
		{"a key", "---\na: b\n---\nx", "a: b\n", 13},
		{"CRLF", "---\r\na: b\r\n---\r\nx", "a: b\r\n", 16},
		{"empty", "---\n---\nx", "", 8},
		{"text between rules", "---\nПросто текст\n---\n", "", 0},
		{"no end", "---\na: b\n", "", 0},
		{"TOML", "+++\ntitle = \"A: b\"\ntags = [\"c\"]\nlist = [\n\"d\"\n]\n[params]\nid = 1\n+++\nx", "title: \"A: b\"\ntags: [\"c\"]\n", 67},
		{"pluses that are no TOML", "+++\nПросто текст\n+++\n", "", 0},
		{"TOML that does not end", "+++\na = 1\n", "", 0},
		{"not at the start", "x\n---\na: b\n---\n", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if yaml, n := FrontMatter(tt.in); yaml != tt.yaml || n != tt.length {
				t.Errorf("got %q, %d", yaml, n)
			}
		})
	}
}

func TestTemplates(t *testing.T) {
	for in, want := range map[string]string{
		`{% note info "Важно" %}`: "Важно", `{% cut "Раз \"два\"" %}x`: `Раз \"два\"`, `{% note %}`: "",
		`{% file src="a" name="b.txt" %}`: "b.txt", `{% include [a](b "c") %}`: "",
	} {
		tag, ok := ParseTemplate(in)
		if !ok || tag.Title() != want {
			t.Errorf("%s: got %q, %v", in, tag.Title(), ok)
		}
	}
	if _, ok := ParseTemplate("{% note"); ok {
		t.Error("a tag without an end")
	}
	for line, want := range map[string]Directive{
		":::tip Раз два": {3, "tip", "Раз два"}, "::::note[Раз]{.x}": {4, "note", "Раз"}, ":::": {3, "", ""},
		`::: note {title="Раз"}`: {3, "note", "Раз"},
	} {
		if got, ok := ParseDirective(line); !ok || got != want {
			t.Errorf("%s: got %+v, %v", line, got, ok)
		}
	}
	for in, want := range map[string]int{"{#a}": 4, "{.b c=d}": 8, "{#}": 0, "{x}": 0, "{width=1}": 9, "{ a }": 0, "{ #a }": 6, "{ }": 0, "{wide-content}": 14} {
		if got := Attributes(in, true); got != want {
			t.Errorf("Attributes(%s) = %d, want %d", in, got, want)
		}
	}
	for in, want := range map[string]int{
		"{: .a }": 7, "{:target=x}": 11, "{:}": 0, "{: a}": 0, "{style=\"a\"}": 11, "{selected}": 10, "{selected} \nb": 10, "{selected} b": 0, "{b}": 0,
	} {
		if got := Attributes(in, false); got != want {
			t.Errorf("Attributes(%q) = %d, want %d", in, got, want)
		}
	}
	if Attributes("{x=1}", false) != 0 {
		t.Error("an equation counts as attributes")
	}
}
