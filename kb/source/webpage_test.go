package source

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
)

const site = `<!doctype html><html lang="ru-RU"><head><title>Возврат — Магазин</title>
<meta property="og:site_name" content="Магазин"><link rel="canonical" href="/help/returns">
<meta property="article:modified_time" content="2026-03-01T10:00:00+03:00">
<script type="application/ld+json">{"@type":"Article","dateModified":"2026-04-02"}</script></head>
<body class="has-sidebar"><a class="skip-link" href="#main">К тексту</a>
<header><h1>Магазин</h1><nav><a href="/">Домой</a><a href="/help/pay#top">Оплата</a></nav></header>
<div class="cookie-banner"><p>Мы используем cookie. Нажмите «Принять», чтобы продолжить.</p><button>Принять</button></div>
<div id="onetrust-consent-sdk">Настройки cookie</div>
<main><div class="breadcrumbs"><a href="/help">Справка</a> / Возврат</div>
<h1>Как вернуть товар<a class="headerlink" href="#x">¶</a></h1>
<p>Напишите в <a href="contact">поддержку</a> за 14 дней. <a href="javascript:alert(1)">Чат</a></p>
<aside class="note"><p>Чек не нужен.</p></aside><aside>Реклама</aside>
<div class="answer" hidden><p>Деньги придут за 5 дней.</p></div>
<section id="cookies"><h2 class="anchor">Cookies<a class="hash-link" href="#cookies">#</a></h2><p>Сайт хранит корзину.</p></section>
<img src="data:image/png;base64,AAAA" alt="схема"><table><tr><th>Срок</th></tr><tr><td>14</td></tr></table>
<div class="article__share">Поделиться</div><form><input name="q"><label>Было полезно?</label></form></main>
<footer>© Магазин 2026 <a href="mailto:a@b.c">почта</a></footer></body></html>`

func TestTheArticleOfAPageIsFound(t *testing.T) {
	p, err := HTMLPage([]byte(site), "text/html", "https://shop.example/help/vozvrat?utm=1")
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != "Как вернуть товар" || p.Locale != "ru" || p.Canonical != "https://shop.example/help/returns" || p.NoIndex || p.NoFollow || p.Note != "" {
		t.Errorf("title %q locale %q canonical %q, noindex %v, nofollow %v, note %q", p.Title, p.Locale, p.Canonical, p.NoIndex, p.NoFollow, p.Note)
	}
	if want := time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC); !p.Updated.Equal(want) {
		t.Errorf("updated %v, want %v", p.Updated, want)
	}
	want := "Напишите в [поддержку](https://shop.example/help/contact) за 14 дней. Чат"
	if !strings.HasPrefix(p.Body, want) {
		t.Errorf("body begins %.200q", p.Body)
	}
	for _, text := range []string{"Чек не нужен.", "Деньги придут за 5 дней.", "## Cookies\n", "Сайт хранит корзину.", "| 14"} {
		if !strings.Contains(p.Body, text) {
			t.Errorf("%q is missing in:\n%s", text, p.Body)
		}
	}
	for _, text := range []string{"cookie.", "Настройки", "Принять", "Домой", "Справка", "Реклама", "Поделиться", "полезно", "©", "К тексту", "javascript", "base64", "¶", "[#]", "Магазин", "Как вернуть"} {
		if strings.Contains(p.Body, text) {
			t.Errorf("%q is left in:\n%s", text, p.Body)
		}
	}
	links := []string{
		"https://shop.example/", "https://shop.example/help/pay", "https://shop.example/help", "https://shop.example/help/contact",
	}
	if !slices.Equal(p.Links, links) {
		t.Errorf("links %q\nwant  %q", p.Links, links)
	}
}

func TestPagesOfManyKinds(t *testing.T) {
	for _, tt := range []struct{ name, in, title, body string }{
		{"a page in a form", `<body><form action="/"><div class="menu">Menu</div><div id="content"><h1>T</h1><p>The whole text.</p></div></form></body>`, "T", "The whole text."},
		{"no main, a menu of links", `<body><ul><li><a href=1>a a</a><li><a href=2>b</a><li><a href=3>c</a><li><a href=4>d</a><li><a href=5>e</a></ul><h1>T</h1><p>Text.</p></body>`, "T", "Text."},
		{"a list of links is the article", `<main><h1>T</h1><ul><li><a href="/1">a</a><li><a href="/2">b</a><li><a href="/3">c</a><li><a href="/4">d</a><li><a href="/5">e</a></ul></main>`, "T", "- [a](https://h.example/1)\n- [b](https://h.example/2)\n- [c](https://h.example/3)\n- [d](https://h.example/4)\n- [e](https://h.example/5)"},
		{"an article about cookies", `<body><div class="cookie-policy"><h1>Cookies</h1><p>We keep two.</p></div></body>`, "Cookies", "We keep two."},
		{"a named part", `<body><div>Welcome to our shop</div><div class="article-body"><p>Text that is the longer one here.</p></div></body>`, "", "Text that is the longer one here."},
		{"one article in main", `<body><main><div>See also</div><article><h1>T</h1><p>Long enough to be most of it.</p></article></main></body>`, "T", "Long enough to be most of it."},
		{"articles as cards", `<body><main><h1>T</h1><article><p>One.</p></article><article><p>Two.</p></article></main></body>`, "T", "One.\n\nTwo."},
		{"the site's name behind the title", `<head><title>Pay | Shop</title><meta property="og:site_name" content="Shop"></head><main><p>Text.</p></main>`, "Pay", "Text."},
		{"og:title before the title", `<head><title>Pay | Shop</title><meta property="og:title" content="Pay"></head><main><p>Text.</p></main>`, "Pay", "Text."},
		{"a heading that is the site's name", `<head><title>Pay - The Shop</title></head><body><h1 class="logo">The Shop</h1><main><h2>How</h2><p>Text.</p></main></body>`, "Pay", "## How\n\nText."},
		{"a heading before the article", `<head><title>Pay – Shop</title></head><body><main><section><h1>Pay</h1></section><article><p>Text.</p></article></main></body>`, "Pay", "Text."},
		{"links that show nothing", `<main><h2><a name="x"></a>T<a href="#x"> </a></h2><a href="/y"><img src="/i.png" alt="i"></a></main>`, "", "## T\n\n[![i](https://h.example/i.png)](https://h.example/y)"},
		{"nothing but navigation", `<body><nav><a href="/">x</a></nav></body>`, "", ""},
		{"a base for its links", `<head><base href="https://cdn.example/d/"></head><main><p><a href="x#y">Text</a></p></main>`, "", "[Text](https://cdn.example/d/x#y)"},
		{"letters of another encoding", "<head><meta charset=koi8-r></head><main><p>" + koi(t, "Привет, как дела?") + "</p></main>", "", "Привет, как дела?"},
	} {
		p, err := HTMLPage([]byte(tt.in), "", "https://h.example/a/b")
		if err != nil || p.Title != tt.title || p.Body != tt.body {
			t.Errorf("%s: title %q, body %q, %v\nwant %q, %q", tt.name, p.Title, p.Body, err, tt.title, tt.body)
		}
	}
}

// A page of links leads to the articles and is none, whatever headings it has.
func TestAPageOfNothingButLinksSaysSo(t *testing.T) {
	many := `<ul><li><a href="/1">How to pay an order</a><li><a href="/2">How to return it</a><li><a href="/3">Delivery</a><li><a href="/4">Warranty and repair</a><li><a href="/5">Your account</a></ul>`
	for in, want := range map[string]bool{
		`<main><h1>Help</h1><h2>Orders</h2>` + many + `</main>`:                                            true,
		`<main><h1>Help</h1><p><a href="/1">All of our articles</a> · <a href="/2">Contact</a></p></main>`: true,
		`<main><h1>Help</h1><p>Help</p>` + many + `</main>`:                                                true,
		`<main><h1>Help</h1><p>We answer within a day, also on Sundays.</p>` + many + `</main>`:            false,
		`<main><h1>Pay</h1><p>By card: <a href="/1">how to pay by card, step by step</a></p></main>`:       false,
		`<main><h1>Pay</h1><p>By card.</p></main>`:                                                         false,
		`<main><h1>Pay</h1></main>`:                                                                        false,
	} {
		p, err := HTMLPage([]byte(in), "", "https://h.example/")
		if err != nil || p.OnlyLinks != want {
			t.Errorf("%s: %v, %v", in, p.OnlyLinks, err)
		}
	}
}

func koi(t *testing.T, text string) string {
	t.Helper()
	out, err := charmap.KOI8R.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAPageIsReadInItsEncoding(t *testing.T) {
	latin, err := charmap.ISO8859_2.NewEncoder().String("<p>Žluťoučký kůň úpěl</p>")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, in, contentType, want string }{
		{"as the header says", latin, "text/html; charset=iso-8859-2", "Žluťoučký kůň úpěl"},
		{"UTF-8 though the header says otherwise", "<p>Привет</p>", "text/html; charset=windows-1251", "Привет"},
		{"windows-1251 that nobody names", "<p>\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0</p>", "", "Привет, как дела"},
	} {
		p, err := HTMLPage([]byte(tt.in), tt.contentType, "https://h.example/")
		if err != nil || p.Body != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, p.Body, err, tt.want)
		}
	}
	if _, err := HTMLPage([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x00\x01\x02"), "", "https://h.example/"); err == nil {
		t.Error("a picture was read as a page")
	}
}

func TestAPageSaysWhetherItIsToBeRead(t *testing.T) {
	for content, want := range map[string][2]bool{
		"index, follow": {false, false}, "NOINDEX": {true, false}, "none": {true, true}, "nofollow": {false, true}, "noindex,nofollow": {true, true},
	} {
		p, err := HTMLPage([]byte(`<meta name="Robots" content="`+content+`"><p>a <a href="/x">b</a>`), "", "https://h.example/")
		if err != nil || p.NoIndex != want[0] || p.NoFollow != want[1] {
			t.Errorf("%s: noindex %v, nofollow %v, %v", content, p.NoIndex, p.NoFollow, err)
		}
	}
}

func FuzzHTMLPage(f *testing.F) {
	f.Add([]byte(site), "text/html")
	f.Add([]byte("<form><main><h1><a class=anchor></h1><base href=:><meta http-equiv=refresh content='0;url=/'>"), "")
	f.Fuzz(func(t *testing.T, b []byte, contentType string) {
		p, err := HTMLPage(b, contentType, "https://h.example/a")
		if err != nil {
			return
		}
		for _, link := range p.Links {
			if !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://") {
				t.Errorf("link %q", link)
			}
		}
	})
}
