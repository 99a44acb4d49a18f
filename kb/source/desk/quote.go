package desk

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

// markdown converts HTML to Markdown, without pictures that stand in the text
// itself. A message loses the earlier messages that mail programs and helpdesks
// put below it.
func markdown(src string, isMessage bool) (string, error) {
	doc, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return "", err
	}
	var drop []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (embedded(n) || isMessage && quotes(n)) {
			drop = append(drop, n)
		}
	}
	for _, n := range drop {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
	var b strings.Builder
	if err := html.Render(&b, doc); err != nil {
		return "", err
	}
	return source.Markdown(b.String())
}

// embedded reports whether n is a picture whose bytes stand in the text.
func embedded(n *html.Node) bool {
	return n.Data == "img" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "src" && strings.HasPrefix(strings.TrimSpace(a.Val), "data:")
	})
}

// plain returns HTML as plain text on one line.
func plain(src string) string {
	text, err := markdown(src, false)
	if err != nil {
		return ""
	}
	return line(kb.Plain(text))
}

// quotes reports whether a part of a message repeats earlier ones.
func quotes(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "class":
			if slices.ContainsFunc(strings.Fields(a.Val), func(c string) bool {
				switch c {
				case "gmail_quote", "gmail_quote_container", "freshdesk_quote", "omni_orig_reply", "yahoo_quoted", "moz-cite-prefix", "zd-quote", "gmail_signature", "protonmail_quote", "intercom-quote":
					return true
				}
				return false
			}) {
				return true
			}
		case "type":
			if n.Data == "blockquote" && a.Val == "cite" {
				return true
			}
		case "data-signature":
			return true
		case "id":
			if a.Val == "divRplyFwdMsg" || a.Val == "appendonsend" {
				return true
			}
		}
	}
	return false
}

// unquoted cuts off a message where its signature or the earlier messages begin,
// and the lines of a quotation at its end.
func unquoted(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		l = strings.ToLower(strings.TrimRight(l, " "))
		if l == "--" || strings.Contains(l, "-----original message-----") || strings.Contains(l, "-----исходное сообщение-----") {
			lines = lines[:i]
			break
		}
	}
	for n := len(lines); n > 0; n = len(lines) {
		last := strings.TrimSpace(lines[n-1])
		quoted := strings.HasPrefix(last, ">")
		if last != "" && !quoted {
			break
		}
		lines = lines[:n-1]
		if quoted && n > 1 && announces(lines[n-2]) {
			lines = lines[:n-2]
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// announces reports whether a line announces a quotation: On Monday … wrote:
func announces(line string) bool {
	line = strings.ToLower(strings.TrimSpace(line))
	return strings.HasSuffix(line, "wrote:") || strings.HasSuffix(line, "пишет:") || strings.HasSuffix(line, "написал:") || strings.HasSuffix(line, "написал(а):") || strings.HasSuffix(line, "написала:")
}
