package source_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/kb/source"
)

func TestAPagesOwnIDIsKeptWhereItIsTheOnlyOne(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/intro.md":  "---\nid: intro\n---\n# A\n\none",
		"b/intro.md":  "---\nid: intro\n---\n# B\n\ntwo",
		"c/broken.md": "---\nid: a/b c\n---\n# C\n\nthree",
		"d/ext.md":    "---\nid: x\nexternal_id: kb-7\n---\n# D\n\nfour",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for item, err := range source.Files(dir, source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, item.Document.ID)
	}
	if want := []string{"intro", "b.intro", "c.broken", "kb-7"}; !slices.Equal(ids, want) {
		t.Errorf("ids %q, want %q", ids, want)
	}
}
