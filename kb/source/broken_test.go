package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

func TestABrokenHeadDoesNotMakeAPagePublic(t *testing.T) {
	dir := t.TempDir()
	text := "---\nid: limits\naudience: internal\nstatus: draft\n\n# Limits\n\nUp to 20 euros.\n"
	if err := os.WriteFile(filepath.Join(dir, "limits.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for item, err := range source.Files(dir, source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if d := item.Document; d.ID != "limits" || d.Audience != kb.Internal || d.Status != kb.Draft || len(item.Notes) == 0 {
			t.Errorf("read %s, %s, %s, notes %q", d.ID, d.Audience, d.Status, item.Notes)
		}
	}
}
