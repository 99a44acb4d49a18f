package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	htmlcharset "golang.org/x/net/html/charset"

	"github.com/whetstone-desk/whetstone/kb"
)

// html reads a page of HTML.
func (r *reader) html(name string, b []byte) error {
	src, note, err := text(b)
	if err == nil && note != "" {
		// An old page says itself how it is to be read.
		if enc, said, certain := htmlcharset.DetermineEncoding(b, ""); certain && said != "utf-8" {
			if decoded, failed := enc.NewDecoder().Bytes(b); failed == nil {
				src, note = string(decoded), "read as "+said
			}
		}
	}
	if err != nil {
		return r.lost(name, 0, "%v", err)
	}
	doc, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return r.lost(name, 0, "its HTML cannot be read: %v", err)
	}
	item := Item{File: name, Line: 1}
	if note != "" {
		item.Notes = []string{note}
	}
	d := &item.Document
	d.Kind, d.ID, d.URL = kb.Article, idOf(name), r.address(name)
	p := readPage(doc)
	d.Title = p.title
	d.Locale = or(p.lang, pathLanguage(name))
	body, err := markdownOf(p.body)
	if err != nil {
		return r.lost(name, 0, "its HTML cannot be read: %v", err)
	}
	if strings.TrimSpace(body) == "" && d.Title == "" {
		return r.skip(name, 0, "no text")
	}
	d.Body = body
	d.Title = or(d.Title, titleOf(name))
	return r.deliver(item)
}

// A webPage is what a document of HTML holds of an article.
type webPage struct {
	title, lang string
	body        *html.Node
}

// readPage finds the article in a page: its main part, without the heading that
// is its title and without what surrounds it.
func readPage(doc *html.Node) webPage {
	p := webPage{body: doc}
	var heads, mains []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html":
			for _, a := range n.Attr {
				if a.Key == "lang" {
					p.lang = a.Val
				}
			}
		case "title":
			if n.Parent != nil && n.Parent.Data == "head" {
				p.title = strings.Join(strings.Fields(content(n)), " ")
			}
		case "h1":
			heads = append(heads, n)
		case "main", "article":
			mains = append(mains, n)
		}
	}
	if len(mains) > 0 && !slices.ContainsFunc(mains[1:], func(n *html.Node) bool { return !within(n, mains[0]) }) {
		p.body = mains[0]
	}
	// The title in the head often ends with the site's name.
	if len(heads) == 1 {
		if t := strings.Join(strings.Fields(content(heads[0])), " "); t != "" {
			p.title = t
			heads[0].Parent.RemoveChild(heads[0])
		}
	}
	prune(doc)
	return p
}

// prune removes what no reader of an article looks for.
func prune(doc *html.Node) {
	var drop []*html.Node
	for n := range doc.Descendants() {
		switch n.Type {
		case html.CommentNode:
			drop = append(drop, n)
		case html.ElementNode:
			switch n.Data {
			case "script", "style", "nav", "footer", "aside", "noscript", "template", "svg", "iframe", "form", "head":
				drop = append(drop, n)
			}
		default: // text stays
		}
	}
	for _, n := range drop {
		n.Parent.RemoveChild(n)
	}
}

func within(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

// content returns the text in n.
func content(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// markdownOf renders n as CommonMark with tables.
func markdownOf(n *html.Node) (string, error) {
	conv := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), strikethrough.NewStrikethroughPlugin(), table.NewTablePlugin(),
	))
	b, err := conv.ConvertNode(n)
	if err != nil {
		return "", err
	}
	return strings.ReplaceAll(strings.TrimSpace(string(b)), "\u00a0", " "), nil
}

// toMarkdown converts a fragment of HTML.
func toMarkdown(src string) (string, error) {
	doc, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return "", fmt.Errorf("parse: %w", err)
	}
	prune(doc)
	return markdownOf(doc)
}

// looksLikeHTML reports whether a text that is meant to be Markdown is HTML all
// the same, as exports of other helpdesks are.
func looksLikeHTML(s string) bool {
	s = strings.ToLower(s[:min(len(s), 1<<10)])
	if !strings.HasPrefix(s, "<") || !strings.Contains(s, "</") {
		return false
	}
	for _, tag := range [...]string{"<p>", "<p ", "<div", "<h1", "<h2", "<h3", "<ul", "<ol", "<table", "<html", "<body", "<!doctype", "<span", "<article", "<section"} {
		if strings.HasPrefix(s, tag) {
			return true
		}
	}
	return false
}
