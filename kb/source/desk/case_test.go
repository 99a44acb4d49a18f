package desk_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb/source/desk"
)

// said is a comment of an exported ticket: c by the customer, a by an operator,
// n a note, with what was said after a space.
func said(t *testing.T, lines ...string) []byte {
	t.Helper()
	var comments []map[string]any
	for _, l := range lines {
		who, text, _ := strings.Cut(l, " ")
		c := map[string]any{"author_id": 1, "public": true, "html_body": text}
		switch who {
		case "a":
			c["author_id"] = 2
		case "n":
			c["author_id"], c["public"] = 2, false
		}
		comments = append(comments, c)
	}
	b, err := json.Marshal(map[string]any{"id": 1, "subject": "S", "status": "closed", "requester_id": 1, "updated_at": "2026-01-01T00:00:00Z", "comments": comments})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func exported(t *testing.T, name string, b []byte, o desk.Options) steps {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return collect(desk.File(path, o))
}

func TestTheReplyThatResolvesACase(t *testing.T) {
	for _, tt := range []struct {
		name                string
		said                []string
		problem, resolution string
		reason              string
	}{
		{"one question and one answer", []string{"c How?", "a Press the green button twice."}, "How?", "Press the green button twice.", ""},
		{"all that the customer wrote before", []string{"c How?", "c It is urgent.", "a Press the green button twice."}, "How?\n\nIt is urgent.", "Press the green button twice.", ""},
		{"an operator asked back", []string{"c It fails.", "a Which version do you have installed?", "c 4", "a Version 5 no longer fails: install it."}, "It fails.", "Version 5 no longer fails: install it.", ""},
		{"a courtesy at the end", []string{"c It fails.", "a Install version 5.0.", "c Thanks", "a You're welcome! Have a nice day!"}, "It fails.", "Install version 5.0.", ""},
		{"a courtesy in Russian", []string{"c Не работает", "a Переустановите программу с сайта.", "c Спасибо", "a Рады помочь! Если будут вопросы, обращайтесь. Хорошего дня!"}, "Не работает", "Переустановите программу с сайта.", ""},
		{"two courtesies", []string{"c It fails.", "a Install version 5.0.", "a Thank you for contacting us!", "a Is there anything else?"}, "It fails.", "Install version 5.0.", ""},
		{"a greeting around an answer", []string{"c It fails.", "a Hello! Please clear the cache of the browser. Have a nice day!"}, "It fails.", "Hello! Please clear the cache of the browser. Have a nice day!", ""},
		{"a link is an answer", []string{"c Where?", `a <a href="https://example.com/x">Here</a>`}, "Where?", "[Here](https://example.com/x)", ""},
		{"a short answer is better than none", []string{"c Is it free?", "a Yes."}, "Is it free?", "Yes.", ""},
		{"a note after the answer", []string{"c It fails.", "a Install version 5.0.", "n Same as ticket 7, closing."}, "It fails.", "Install version 5.0.", ""},
		{"a merge after the answer", []string{"c It fails.", "a Install version 5.0.", "a This request was closed and merged into request 7."}, "It fails.", "Install version 5.0.", ""},
		{"an operator began", []string{"a We changed your plan.", "c Why?", "a Because the old one has ended."}, "Why?", "Because the old one has ended.", ""},
		{"nobody answered", []string{"c Hello?"}, "", "", "no public reply of a person"},
		{"notes only", []string{"c Hello?", "n Nobody is in."}, "", "", "no public reply of a person"},
		{"the customer said nothing", []string{"a We changed your plan."}, "", "", "no message of the customer"},
		{"what was said is empty", []string{"c <p> </p>", "a x"}, "", "", "no message of the customer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := exported(t, "x.jsonl", said(t, tt.said...), desk.Options{System: "zendesk"})
			if tt.reason != "" {
				if len(got.skips) != 1 || got.skips[0].Lost || !strings.Contains(got.skips[0].Reason, tt.reason) {
					t.Errorf("delivers %v, want it skipped for %q", got, tt.reason)
				}
				return
			}
			if len(got.items) != 1 {
				t.Fatalf("delivers %v", got)
			}
			if d := got.items[0].Document; d.Problem != tt.problem || d.Resolution != tt.resolution {
				t.Errorf("problem %q, resolution %q, want %q and %q", d.Problem, d.Resolution, tt.problem, tt.resolution)
			}
		})
	}
}

func TestAMessageLosesWhatItRepeats(t *testing.T) {
	for _, tt := range []struct{ name, html, want string }{
		{"a quotation of a mail program", `<p>New text.</p><div class="gmail_quote">On Monday: <blockquote>Old.</blockquote></div>`, "New text."},
		{"a cited quotation", `<p>New text.</p><blockquote type="cite"><p>Old.</p></blockquote>`, "New text."},
		{"a quotation of one's own stays", `<p>It says:</p><blockquote><p>code 5</p></blockquote><p>Why?</p>`, "It says:\n\n> code 5\n\nWhy?"},
		{"a signature", "<p>New text.</p><p>--</p><p>Ann</p>", "New text."},
		{"a picture in the text", `<p>New text.<img src="data:image/png;base64,AAAA"></p>`, "New text."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := exported(t, "x.jsonl", said(t, "c Q?", "a "+tt.html), desk.Options{System: "zendesk"})
			if len(got.items) != 1 || got.items[0].Document.Resolution != tt.want {
				t.Errorf("delivers %v\nwant %q", got, tt.want)
			}
		})
	}
	plain := `{"id": 1, "status": "closed", "requester_id": 1, "comments": [{"author_id": 1, "public": true, "body": "New text.\r\n\r\nAnn пишет:\r\n> Old.\r\n>\r\n> Older.\r\n"}, {"author_id": 2, "public": true, "body": "Answer of some length.\n-- \nAnn, Help Desk"}]}`
	got := exported(t, "x.jsonl", []byte(plain), desk.Options{System: "zendesk"})
	if len(got.items) != 1 || got.items[0].Document.Problem != "New text." || got.items[0].Document.Resolution != "Answer of some length." {
		t.Errorf("delivers %v", got)
	}
}
