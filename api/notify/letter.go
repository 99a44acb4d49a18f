package notify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// letter returns a notice as a message of plain text (RFC 5322, 2045).
func letter(p *notice.Parcel, from *mail.Address, language string, now time.Time) []byte {
	say := words(language)
	n := &p.Notice
	title := say[string(n.Kind)]
	if title == "" {
		title = string(n.Kind)
	}
	subject := "[Whetstone] " + title
	if n.Subject != "" {
		subject += ": " + n.Subject
	}
	_, host, _ := strings.Cut(from.Address, "@")
	var b bytes.Buffer
	for _, field := range [][2]string{
		{"From", from.String()},
		{"To", p.Hook.Email},
		{"Subject", mime.BEncoding.Encode("utf-8", oneLine(subject))},
		{"Date", now.UTC().Format(time.RFC1123Z)},
		{"Message-ID", "<" + p.Delivery.ID + "@" + host + ">"},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: no out-of-office replies
		{HeaderEvent, string(n.Kind)},
		{HeaderDelivery, p.Delivery.ID},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		// Encoded words come apart by spaces: each takes a line, since a line
		// holds at most 998 bytes.
		folded := strings.ReplaceAll(oneLine(field[1]), "?= =?", "?=\r\n =?")
		fmt.Fprintf(&b, "%s: %s\r\n", field[0], folded)
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	_, _ = q.Write([]byte(text(n, title, say))) // a bytes.Buffer takes everything
	_ = q.Close()
	return b.Bytes()
}

// text is what a letter says.
func text(n *notice.Notice, title string, say map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", title)
	if n.Subject != "" {
		fmt.Fprintf(&b, ": %s", oneLine(n.Subject))
	}
	b.WriteString("\n\n")
	if about := say["about "+string(n.Kind)]; about != "" {
		b.WriteString(about + "\n\n")
	}
	fmt.Fprintf(&b, "%s: %s\n", say["workspace"], oneLine(n.WorkspaceID))
	fmt.Fprintf(&b, "%s: %s\n", say["at"], n.At.UTC().Format("2006-01-02 15:04 UTC"))
	var data map[string]any
	decoder := json.NewDecoder(bytes.NewReader(n.Data))
	decoder.UseNumber() // ids and counts read as they were written
	if err := decoder.Decode(&data); err == nil {
		names := make([]string, 0, len(data))
		for name := range data {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			label := say[name]
			if label == "" {
				label = oneLine(name)
			}
			fmt.Fprintf(&b, "%s: %s\n", label, value(data[name]))
		}
	}
	b.WriteString("\n-- \n" + say["footer"] + "\n")
	return b.String()
}

// value is a value of a notice's data, as people read it.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case string:
		return oneLine(v)
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), ".eE") {
			return strconv.FormatFloat(f, 'g', 3, 64)
		}
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = value(v[i])
		}
		return strings.Join(parts, ", ")
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "-"
	}
	return string(data)
}

// oneLine keeps what was written by others from starting a line of its own,
// which in a header would be another field.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}
