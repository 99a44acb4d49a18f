package kb

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"text stays", "Где мой заказ? Жду 3 дня.", "Где мой заказ? Жду 3 дня."},
		{"headings", "# Возврат\n\n## Как? ##\nСпособ C#\n### C#", "Возврат\n\nКак?\nСпособ C#\nC#"},
		{"setext headings", "Возврат\n=======\n\nСрок\n---\n14 дней", "Возврат\n\nСрок\n14 дней"},
		{"a hashtag is text", "#скидка", "#скидка"},
		{"emphasis", "**жирный** *курсив* __тоже__ _и это_ ~~нет~~ ***оба*** при**став**ка", "жирный курсив тоже и это нет оба приставка"},
		{"emphasis over two lines", "**one\ntwo** _three\nfour_", "one\ntwo three\nfour"},
		{"marks that are text", "2 * 3, 2*3, snake_case_name, a == b, C++ и Java++, ~5 минут", "2 * 3, 2*3, snake_case_name, a == b, C++ и Java++, ~5 минут"},
		{"comparisons are text", "a < b, цена <5 руб, x > 3, {x}, C::D, 5>3", "a < b, цена <5 руб, x > 3, {x}, C::D, 5>3"},
		{"a comparison begins a line", "> 5 дней", "> 5 дней"},
		{"links keep their text", "См. [возврат](/return \"Как\") и [тут][ref], [скобки] и [a](b(c)d)", "См. возврат и тут, [скобки] и a"},
		{"links in links' texts", "[![лого](a.png) **дом**](/)", "лого дом"},
		{"a link without a text", "[](https://a.example/x)", "https://a.example/x"},
		{"targets apart from their links", "[ref]: https://a.example/x \"T\"\nтекст", "текст"},
		{"bare addresses", "https://a.example/a_b_c/*d?x=1&y=_z_ и <https://b.example/_c_> и <help@shop.example>",
			"https://a.example/a_b_c/*d?x=1&y=_z_ и https://b.example/_c_ и help@shop.example"},
		{"images", "![схема *зала*](a.png =100x20){width=10}", "схема зала"},
		{"lists", "* a\n+ b\n  1. c\n- [x] d\n- [ ] e", "- a\n- b\n- c\n- d\n- e"},
		{"rules", "a\n\n***\n\nb\n\n* * *\nc", "a\n\nb\n\nc"},
		{"tables", "| Город | Срок |\n|:--|--:|\n| Уфа \\| Пермь | **2** |\n\na | b\n--- | ---\nc | d",
			"Город | Срок\nУфа | Пермь | 2\n\na | b\nc | d"},
		{"tables of YFM", "#|\n|| **A** | B ||\n|| c | d ||\n|#", "A | B\nc | d"},
		{"quotations", "> Совет\n>> и ещё\n> - пункт", "Совет\nи ещё\n- пункт"},
		{"alerts", "> [!NOTE]\n> Важно", "Важно"},
		{"code", "Нажмите `a_b <c>` и ``x`y``.\n\n```sh title=\"x\"\n# not_a *heading*\n{% note %}\n```\nконец",
			"Нажмите a_b <c> и x`y.\n\n# not_a *heading*\n{% note %}\nконец"},
		{"a tick alone is text", "5` и 6", "5` и 6"},
		{"code in an item", "1. Так:\n\n   ```\n   a_b_c\n   ```\n2. Дальше", "- Так:\n\na_b_c\n- Дальше"},
		{"escapes", `\*не курсив\* 1\. C:\dir`, `*не курсив* 1. C:\dir`},
		{"entities", "&laquo;a&raquo;&nbsp;&amp; b &lt;c&gt; AT&T &#1078;", "«a» & b <c> AT&T ж"},
		{"spaces and invisible letters", "a\u00a0b\u200bc\u00add\te   f\r\ng\ufeff", "a bcd e f\ng"},
		{"front matter", "---\ntitle: Возврат\nlang: ru\n---\n\nТекст", "Текст"},
		{"rules that are no front matter", "---\nПросто текст\n---\nещё", "Просто текст\nещё"},
		{"HTML", "<p>Раз</p><p>два<br/>три <b>ч</b>етыре</p><table><tr><td>a</td><td>b</td></tr></table>", "Раз\n\nдва\nтри четыре\n\na b"},
		{"scripts and styles", "a<script>var x = '<b>';</script>b<style>p{}</style>c", "a\nb\nc"},
		{"comments", "a <!-- нет\n\nнет --> b {/* нет */} c", "a b c"},
		{"placeholders are text", "Введите <ваш-домен> и <your-domain> в <value>", "Введите <ваш-домен> и <your-domain> в <value>"},
		{"types are text", "Promise<TResult> и Map<String, Int>", "Promise<TResult> и Map<String, Int>"},
		{"JSX", "<Tabs groupId=\"os\">\n<TabItem value=\"m\" label=\"Для Mac\">\nтекст {' '}мак\n</TabItem>\n</Tabs>", "Для Mac\nтекст мак"},
		{"JSX with expressions", "<img alt=\"Схема\" src={useBaseUrl('img/a>b.png')} /> и <Cta\n  title=\"Зовём\"\n  x={{a: 1}}\n/>!", "Схема и Зовём !"},
		{"modules", "import Tabs from '@theme/Tabs';\nimport {A} from \"b\"\nexport const x = 1;\nimport заказов из файла", "import заказов из файла"},
		{"notes of YFM", "{% note info \"Важно _очень_\" %}\n\nтекст\n\n{% endnote %}\n{% cut 'x' %}\n{% list tabs %}\n\n- Раз\n\n  два\n\n{% endlist %}",
			"Важно очень\n\nтекст\n\n- Раз\n\nдва"},
		{"tags inside a line", "Для {% if OS == 'iOS' %}Apple{% else %}Android{% endif %}.", "Для AppleAndroid."},
		{"includes", "{% include [blank](../_includes/x.md) %}\nтекст", "текст"},
		{"variables", "Цена {{ price | fmt }} за not_var{{ шт }}", "Цена за шт"},
		{"anchors and attributes", "## Срок {#term}\n[a](b){.big target=_blank}\n\n| a |\n\n{wide-content title=\"T\"}\n{red}(цвет)", "Срок\na\n\na\n\n(цвет)"},
		{"admonitions of Docusaurus", ":::tip Хотите `|`?\nтекст\n:::\n\n::::note[Раз]{.x}\n::: два\n::::", "Хотите |?\nтекст\n\nРаз"},
		{"admonitions of MkDocs", "!!! note \"Раз\"\n    два\n\n!!! Внимание", "Раз\nдва\n\n!!! Внимание"},
		{"footnotes", "Срок[^1] мал.\n\n[^1]: Кроме Крыма.\n[*term]: Слово", "Срок мал.\n\nКроме Крыма.\nСлово"},
		{"definitions", "Термин\n\n:   Смысл", "Термин\n\nСмысл"},
		{"videos", "До @[youtube](https://a.example/x) после, a@[b]", "До после, a@[b]"},
		{"a broken tag is text", "{% note и {{ x и <a и {#", "{% note и {{ x и <a и {#"},
		{"control characters", "a\x00b\x01c\x7f", "abc"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Plain(tt.in); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestPlainTakesLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement of time: make test runs it in full, without the race detector")
	}
	linear(func(s string) { Plain(s) })
}

func FuzzPlain(f *testing.F) {
	for _, text := range hostile(64) {
		f.Add(text)
	}
	f.Add("# a\n**b** [c](d) `e` <F label=\"g\">\n```\nh\n```\n| i |\n")
	f.Fuzz(func(t *testing.T, text string) {
		got := Plain(text)
		if len(got) > len(text) {
			t.Errorf("grew from %d to %d: %q", len(text), len(got), got)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' && r != '\n' }) {
			t.Errorf("control characters in %q", got)
		}
		if !utf8.ValidString(text) {
			return // nor is the result: half letters may come together
		}
		if !utf8.ValidString(got) || strings.TrimSpace(got) != got {
			t.Errorf("space around %q", got)
		}
	})
}
