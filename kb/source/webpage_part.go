package source

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// articleNames are names that systems give to the part that holds the article,
// where they do not use an element for it.
const articleNames = " article-body article-content article__body post-content entry-content markdown-body theme-doc-markdown page-content main-content content-body "

// mainPart finds the element that holds the article: the only main, the only
// article in it that holds most of its text, or what is named so.
func mainPart(doc *html.Node) *html.Node {
	var mains, articles, named []*html.Node
	body := doc
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case n.Data == "body":
			body = n
		case n.Data == "main", attr(n, "role") == "main":
			mains = append(mains, n)
		case n.Data == "article", attr(n, "role") == "article", strings.Contains(attr(n, "itemprop"), "articleBody"):
			articles = append(articles, n)
		default:
			if slices.ContainsFunc(names(n), func(name string) bool { return strings.Contains(articleNames, " "+name+" ") }) {
				named = append(named, n)
			}
		}
	}
	part := body
	for _, found := range [][]*html.Node{mains, articles, named} {
		found = slices.DeleteFunc(found, func(n *html.Node) bool { return n != part && !within(n, part) })
		if len(found) == 0 {
			continue
		}
		first := found[0]
		whole := !slices.ContainsFunc(found, func(n *html.Node) bool { return !within(n, first) })
		if whole && (part == body || weight(first)*2 > weight(part)) && weight(first) > 0 {
			part = first
		}
	}
	return part
}

// weight is how much text an element holds outside of links, in bytes.
func weight(n *html.Node) int {
	sum := 0
	for c := range n.Descendants() {
		if c.Type == html.TextNode && !inside(c, n, "a", "script", "style", "nav", "noscript", "template") {
			sum += len(strings.TrimSpace(c.Data))
		}
	}
	return sum
}

// fewLinks is how many links a page has that leads on with a few words of its
// own between them; with fewer, these words may be the article.
const fewLinks = 5

// onlyLinks reports whether an element leads elsewhere and says nothing itself:
// its text is links and headings, but for a tenth where the links are many.
func onlyLinks(n *html.Node) bool {
	links, linked, own := 0, 0, 0
	for c := range n.Descendants() {
		switch {
		case c.Type == html.ElementNode && c.Data == "a" && attr(c, "href") != "":
			links++
		case c.Type != html.TextNode || inside(c, n, "script", "style", "nav", "noscript", "template"):
		case inside(c, n, "a"):
			linked += letters(c.Data)
		case !inside(c, n, "h1", "h2", "h3", "h4", "h5", "h6"):
			own += letters(c.Data)
		}
	}
	return links > 0 && (own == 0 || links >= fewLinks && own*10 < linked)
}

// letters counts the letters and digits of a text.
func letters(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// inside reports whether n stands in an element of one of these names, within
// top.
func inside(n, top *html.Node, elements ...string) bool {
	for n = n.Parent; n != nil && n != top; n = n.Parent {
		if slices.Contains(elements, n.Data) {
			return true
		}
	}
	return false
}

// names returns an element's id and classes, in small letters.
func names(n *html.Node) []string {
	return strings.Fields(strings.ToLower(attr(n, "id") + " " + attr(n, "class")))
}

// headingOf returns the page's heading, the only h1 of the part that holds the
// article, or else the only one of the page, unless the title in the head says
// by its end that this is the site's name. It takes the heading off, and returns
// what it stood in.
func headingOf(doc, body *html.Node, head string) (title string, holder *html.Node) {
	for _, top := range []*html.Node{body, doc} {
		var heads []*html.Node
		for n := range top.Descendants() {
			if n.Type == html.ElementNode && n.Data == "h1" {
				heads = append(heads, n)
			}
		}
		if len(heads) != 1 {
			continue
		}
		h, signs := heads[0], []*html.Node(nil)
		for n := range h.Descendants() {
			if n.Type == html.ElementNode && aside(n) {
				signs = append(signs, n)
			}
		}
		remove(signs)
		title = strings.TrimFunc(strings.Join(strings.Fields(content(h)), " "), func(r rune) bool {
			return strings.ContainsRune("#¶\u200b ", r)
		})
		if bare, site := strings.CutSuffix(head, title); title != "" && site && bare != "" && top == doc {
			return strings.TrimRight(bare, separators), nil
		}
		if title != "" {
			holder = h.Parent
			holder.RemoveChild(h)
			return title, holder
		}
	}
	return "", nil
}

func remove(nodes []*html.Node) {
	for _, n := range nodes {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
}

// strip removes what is no part of the article from the page. What holder, the
// place of the heading, stands in is never taken for surroundings.
func strip(doc, body, holder *html.Node) {
	all := weight(doc)
	var drop []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		around := n == body || within(body, n)
		switch {
		case n.Data == "form" && (around || weight(n)*2 > all):
			// Some systems put the whole page into a form.
			n.Data, n.DataAtom = "div", atom.Div
		case n.Data == "aside" && noted(n):
			n.Data, n.DataAtom = "div", atom.Div
		case n.Data == "header" && !around && !inside(n, nil, "main", "article"):
			drop = append(drop, n)
		case !around && !(holder != nil && within(holder, n)) && aside(n),
			n.Data == "a" && !around && blank(n):
			drop = append(drop, n)
		}
	}
	remove(drop)
	if body.Data != "main" && body.Data != "article" {
		dropMenus(body)
	}
	prune(doc)
}

// blank reports whether an element shows nothing.
func blank(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" || c.Type == html.ElementNode && c.Data == "img" {
			return false
		}
	}
	return true
}

// noted reports whether an aside is a note in the text.
func noted(n *html.Node) bool {
	for _, name := range names(n) {
		for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '-' || r == '_' }) {
			switch part {
			case "note", "tip", "info", "warning", "caution", "danger", "important", "admonition", "callout", "alert", "hint":
				return true
			}
		}
	}
	return false
}

// surrounding are words in the classes of elements that stand around articles:
// each is a whole class, or the first or last part of one with hyphens.
const surrounding = " nav navbar navigation menu sidebar breadcrumb breadcrumbs footer topbar cookie cookies consent gdpr onetrust cookiebot cookieconsent cookiebanner " +
	"toc pagination pager share social skiplink newsletter subscribe comments headerlink "

// surroundingNames are classes, and ids, that are such as they are. An id that
// was made of a heading must not be among them.
const surroundingNames = " navheader navfooter theme-doc-toc-mobile theme-doc-version-badge site-header page-header header-anchor anchor-link hash-link heading-anchor table-of-contents on-this-page skip-link skip-to-content " +
	"edit-this-page edit-page-link related-articles recent-articles article-votes article-relatives article-more-questions was-this-helpful feedback-widget back-to-top " +
	"sr-only visually-hidden modal popup cookie-banner cookie-consent cookie-notice cookie-bar onetrust-consent-sdk onetrust-banner-sdk cybotcookiebotdialog "

// aside reports whether an element is there for other reasons than the article.
// That it is hidden is none: answers to frequent questions are, until a reader
// opens them.
func aside(n *html.Node) bool {
	switch n.Data {
	case "button", "select", "textarea", "input", "dialog", "nav", "object", "canvas":
		return true
	case "html", "body", "main", "article", "table", "tbody", "tr", "td", "th", "pre", "code", "h1", "h2", "h3", "h4", "h5", "h6":
		return false
	}
	switch attr(n, "role") {
	case "navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar":
		return true
	}
	if id := strings.ReplaceAll(strings.ToLower(attr(n, "id")), "_", "-"); id != "" && strings.Contains(surroundingNames, " "+id+" ") {
		return true
	}
	for class := range strings.FieldsSeq(strings.ToLower(attr(n, "class"))) {
		if class == "header" && n.Data == "div" || class == "anchor" && (n.Data == "a" || n.Data == "span") || strings.Contains(surroundingNames+surrounding, " "+class+" ") {
			return true
		}
		parts := strings.FieldsFunc(class, func(r rune) bool { return r == '-' || r == '_' })
		if len(parts) < 2 || slices.ContainsFunc(parts, func(p string) bool { return p == "with" || p == "has" || p == "no" }) {
			continue
		}
		// "cookie-banner", "site-footer", "article__breadcrumbs", but not
		// "content-with-sidebar".
		if strings.Contains(surrounding, " "+parts[len(parts)-1]+" ") || strings.Contains(surrounding, " "+parts[0]+" ") {
			return true
		}
	}
	return false
}

// dropMenus removes lists that are hardly more than links, where nothing else
// tells the article from its surroundings.
func dropMenus(body *html.Node) {
	var drop []*html.Node
	for n := range body.Descendants() {
		if n.Type != html.ElementNode || n.Data != "ul" && n.Data != "ol" || n == body {
			continue
		}
		links, text := 0, len(strings.Join(strings.Fields(content(n)), " "))
		for c := range n.Descendants() {
			if c.Type == html.ElementNode && c.Data == "a" {
				links++
			}
		}
		if links >= 5 && weight(n)*10 < text {
			drop = append(drop, n)
		}
	}
	remove(drop)
}
