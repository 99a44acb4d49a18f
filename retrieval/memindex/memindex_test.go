package memindex_test

import (
	"testing"

	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/indextest"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

func inMemory(t *testing.T) retrieval.Index { return openIndex(t, "") }

func onDisk(t *testing.T) retrieval.Index { return openIndex(t, t.TempDir()) }

func openIndex(t *testing.T, dir string) *memindex.Index {
	t.Helper()
	x, err := memindex.Open(dir, "test", indextest.Dim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func TestContract(t *testing.T) {
	t.Run("in memory", func(t *testing.T) { indextest.Run(t, inMemory) })
	t.Run("on disk", func(t *testing.T) { indextest.Run(t, onDisk) })
}

func TestChurn(t *testing.T) {
	t.Run("in memory", func(t *testing.T) { indextest.Churn(t, inMemory) })
	t.Run("on disk", func(t *testing.T) { indextest.Churn(t, onDisk) })
}
