package desk_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source/desk"
)

const (
	zipTicket  = `{"id": 5, "subject": "T", "status": "closed", "requester_id": 1, "updated_at": "2026-01-01T00:00:00Z", "comments": [{"author_id": 1, "body": "How do I start?", "public": true}, {"author_id": 2, "body": "Press the button for five seconds.", "public": true}]}`
	zipArticle = `{"id": 6, "title": "A", "body": "<p>Text.</p>", "section_id": 1, "updated_at": "2026-01-02T00:00:00Z"}`
)

func archive(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ids(s steps) string {
	var out []string
	for _, i := range s.items {
		out = append(out, i.Document.ID)
	}
	return strings.Join(out, " ")
}

func TestAnArchiveIsReadAsItsFiles(t *testing.T) {
	b := archive(t,
		"export/tickets.json", zipTicket+"\n",
		"export/articles.csv", "id;title;body\n7;From a table;<p>Row of it.</p>\n8;Nothing;\n",
		"../../escape.json", "["+zipArticle+"]",
		"picture.png", "x", "inner.zip", "x")
	got := exported(t, "export.zip", b, desk.Options{System: "zendesk"})
	if want := "zendesk.ticket.5 zendesk.article.7 zendesk.article.6"; ids(got) != want || got.err != nil {
		t.Errorf("delivers %s and %v, want %s", ids(got), got.err, want)
	}
	text := got.String()
	for _, want := range []string{"skip export.zip/picture.png", "lost export.zip/inner.zip:0 an archive within", "zendesk.article.8: a row without a text"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nhas no %q", text, want)
		}
	}
}

func TestAFileThatIsBrokenCostsWhatIsBroken(t *testing.T) {
	second := strings.Replace(zipTicket, `"id": 5`, `"id": 50`, 1)
	for _, tt := range []struct{ name, file, text, ids, lost string }{
		{"a line", "x.json", zipTicket + "\n{\"id\": 9, \n" + second + "\n", "zendesk.ticket.5 zendesk.ticket.50", "x.json:2: no JSON"},
		{"the first line", "x.jsonl", "{\"id\": 9, \n" + second + "\n", "zendesk.ticket.50", "x.jsonl:1: no JSON"},
		{"a list that breaks off", "x.json", "[" + zipTicket + ",\n" + second, "zendesk.ticket.5 zendesk.ticket.50", "the list has no end"},
		{"a list with a hole", "x.json", "[" + zipTicket + ", }, " + second + "]", "zendesk.ticket.5", "cannot be read on"},
		{"an object over many lines", "x.json", strings.ReplaceAll(`{"tickets": [`+zipTicket+`, {"id": 9}, 7]}`, ", ", ",\n"), "zendesk.ticket.5", ""},
		{"a byte order mark", "x.json", "\ufeff" + zipTicket, "zendesk.ticket.5", ""},
		{"nothing", "x.json", "", "", ""},
		{"what is no archive", "x.zip", "hello", "", "not a valid zip file"},
		{"lists in lists", "x.json", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := exported(t, tt.file, []byte(tt.text), desk.Options{System: "zendesk"})
			if ids(got) != tt.ids || got.err != nil {
				t.Errorf("delivers %s and %v, want %s", ids(got), got.err, tt.ids)
			}
			found := false
			for _, s := range got.skips {
				if s.Lost && tt.lost == "" {
					t.Errorf("lost %v", s)
				}
				found = found || s.Lost && strings.Contains(s.Error(), tt.lost)
			}
			if tt.lost != "" && !found {
				t.Errorf("%v\nhas nothing lost for %q", got, tt.lost)
			}
		})
	}
}

func TestWhatIsNotThereIsAnError(t *testing.T) {
	for name, got := range map[string]steps{
		"no file":   collect(desk.File(filepath.Join(t.TempDir(), "none.json"), desk.Options{System: "zendesk"})),
		"no system": collect(desk.File(t.TempDir(), desk.Options{System: "none"})),
	} {
		if got.err == nil || name == "no system" && !errors.Is(got.err, kb.ErrInvalid) {
			t.Errorf("%s: error %v", name, got.err)
		}
	}
}

func TestAnExportThatIsKnownIsUnchanged(t *testing.T) {
	b := archive(t, "tickets.json", zipTicket, "articles.json", "["+zipArticle+"]")
	known := exported(t, "x.zip", b, desk.Options{System: "zendesk"}).marks()
	again := exported(t, "x.zip", b, desk.Options{System: "zendesk", Known: func(id string) string { return known[id] }})
	if len(again.items) != 2 {
		t.Fatalf("delivers %v", again)
	}
	for _, i := range again.items {
		if !i.Unchanged {
			t.Errorf("%s is read again", i.Document.ID)
		}
	}
}
