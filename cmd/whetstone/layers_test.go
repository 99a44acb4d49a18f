package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/whetstone-desk/whetstone/"

// layers lists every package from the bottom up. A package may import those on
// lines above its own and nothing on its own line or below.
var layers = []string{
	"kb/markup  kb/redact  kb/sqldb  kb/notice  kb/source/fetch  embeddings  api/auth  api/console  training/alarm  training/calibration  training/curve  training/gate  training/plot  retrieval/forms",
	"kb  kb/gap  kb/ticket  feedback/experiment  embeddings/openai/openaitest  embeddings/embeddingstest  api/notify  training/cluster",
	"kb/sqldbtest  kb/source  kb/upkeep  embeddings/openai  embeddings/vectorstore  retrieval/clash",
	"kb/connect  kb/source/desk  kb/source/web  retrieval",
	"retrieval/memindex  retrieval/qdrantindex  retrieval/chat  retrieval/indextest",
	"feedback  training/eval",
	"feedback/analytics  training/compose",
	"training",
	"api",
	"cmd/whetstone",
}

func TestPackagesImportOnlyWhatLiesBelow(t *testing.T) {
	level := make(map[string]int)
	for i, line := range layers {
		for name := range strings.FieldsSeq(line) {
			level[name] = i
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, module)
		at, known := level[name]
		if !known {
			t.Errorf("package %s has no line in layers", name)
		}
		for _, imported := range p.Imports {
			if below, ours := strings.CutPrefix(imported, module); ours && level[below] >= at {
				t.Errorf("%s imports %s, which is not below it", name, below)
			}
		}
		if slices.Contains(p.Imports, "testing") && !strings.HasSuffix(name, "test") {
			t.Errorf("%s links the testing package into the program", name)
		}
	}
}
