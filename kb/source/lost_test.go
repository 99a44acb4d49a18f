package source

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSkipsSayWhetherADocumentMayBeLost(t *testing.T) {
	dir := folder(t, map[string]string{
		"img/a.png": "\x89PNG\x00", ".hidden.md": "x", "_includes/part.md": "x", "guides/_part.md": "x",
		"node_modules/a.md": "x", "notes.txt": "x", "blank.md": "---\nhide: true\n---\n\n",
		"id1.md": "---\nexternal_id: twice\n---\none", "id2.md": "---\nexternal_id: twice\n---\ntwo",
		"empty.md": "", "nul.md": strings.Repeat("text ", 50) + "\x00", "coded.md": strings.Repeat("\xc3\x28\x81\x8d\x9d", 40),
		"audience.md":   "---\naudience: agents only\n---\ntext",
		"included.md":   "{% include [a](_includes/none.md) %}\n",
		"rows.csv":      "id,problem,reply\n1,a,\n2,b,c\n",
		"headless.csv":  "1,2\n3,4\n",
		"records.jsonl": "{\"id\":1,\n{\"id\":3,\"title\":\"b\"}\n",
	})
	for link, target := range map[string]string{"gone.md": "none.md", "gone.png": "none.png", "out.md": os.TempDir() + "/none.md"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("no links here:", err)
		}
	}
	var lost, never []string
	for _, err := range Files(dir, Options{}) {
		var skip *Skip
		switch {
		case errors.As(err, &skip) && skip.Lost:
			lost = append(lost, skip.File)
		case errors.As(err, &skip):
			never = append(never, skip.File)
		case err != nil:
			t.Fatal(err)
		}
	}
	wantLost := []string{"audience.md", "coded.md", "empty.md", "gone.md", "headless.csv", "included.md", "nul.md", "records.jsonl", "rows.csv"}
	if !slices.Equal(lost, wantLost) {
		t.Errorf("lost %q\nwant %q", lost, wantLost)
	}
	wantNever := []string{
		".hidden.md", "_includes", "blank.md", "gone.png", "guides/_part.md", "id2.md", "img/a.png", "node_modules", "notes.txt", "out.md",
	}
	if !slices.Equal(never, wantNever) {
		t.Errorf("never %q\nwant  %q", never, wantNever)
	}
}

func TestAPageKeepsItsIDWhenItsFrontMatterBreaks(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"a colon in the title", "---\ntitle: Returns: how\nid: returns\n---\ntext", "returns"},
		{"a quotation mark that does not close", "---\nid: returns\ntitle: \"Returns\n---\ntext", "returns"},
		{"no space behind the colon", "---\nid:returns\ntitle: a\n---\ntext", "returns"},
		{"a comment behind the id", "---\ntitle: Returns: how\nid: returns # do not change\n---\ntext", "returns"},
		{"a comment behind a quoted id", "---\ntitle: Returns: how\nid: 'returns' # do not change\n---\ntext", "returns"},
		{"a quoted key", "---\ntitle: Returns: how\n\"id\": returns\n---\ntext", "returns"},
		{"a first line that is no setting", "---\n[title: x\nid: returns\n---\ntext", "returns"},
		{"no end", "---\ntitle: Returns\nid: returns\n\ntext", "returns"},
		{"another system's id", "---\ntitle: Returns: how\nid: returns\nexternal_id: kb-7\n---\ntext", "kb-7"},
		{"an id in the text", "---\n\nid: returns\n", "a"},
		{"an id within another setting", "---\ntitle: Returns: how\nauthor:\n  id: returns\n---\ntext", "a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := one(t, "a.md", tt.in).Document.ID; got != tt.want {
				t.Errorf("id %q, want %q", got, tt.want)
			}
		})
	}
}
