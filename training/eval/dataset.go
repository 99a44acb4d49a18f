package eval

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A Dataset is a collection of documents and questions with judgements, in the
// layout of BEIR (Thakur et al. 2021): corpus.jsonl, queries.jsonl, qrels.tsv.
type Dataset struct {
	Docs    []Doc
	Queries []Query
}

// A Doc is a document of a Dataset.
type Doc struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// A Query is a question with the ids of the documents that answer it.
type Query struct {
	ID       string          `json:"_id"`
	Text     string          `json:"text"`
	Relevant map[string]bool `json:"-"`
}

// Read reads the dataset in the folder. Judgements are looked for in qrels.tsv
// and, as BEIR has it, qrels/test.tsv. Questions without a right document are
// left out. An error names the file and line.
func Read(dir string) (*Dataset, error) {
	d := new(Dataset)
	if err := readLines(filepath.Join(dir, "corpus.jsonl"), func(line []byte) error {
		var doc Doc
		if err := json.Unmarshal(line, &doc); err != nil {
			return err
		}
		if doc.ID == "" {
			return errors.New("no _id")
		}
		d.Docs = append(d.Docs, doc)
		return nil
	}); err != nil {
		return nil, err
	}
	right, err := readJudgements(dir)
	if err != nil {
		return nil, err
	}
	err = readLines(filepath.Join(dir, "queries.jsonl"), func(line []byte) error {
		var q Query
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		if q.Relevant = right[q.ID]; len(q.Relevant) > 0 {
			d.Queries = append(d.Queries, q)
		}
		return nil
	})
	if err == nil && len(d.Queries) == 0 {
		err = fmt.Errorf("eval: %s: no question has a right document", dir)
	}
	return d, err
}

// readJudgements returns the right documents of each question.
func readJudgements(dir string) (map[string]map[string]bool, error) {
	path := filepath.Join(dir, "qrels.tsv")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		path = filepath.Join(dir, "qrels", "test.tsv")
	}
	out := make(map[string]map[string]bool)
	first := true
	err := readLines(path, func(line []byte) error {
		f := strings.Split(strings.TrimSpace(string(line)), "\t")
		head := first
		first = false
		if len(f) != 3 {
			return fmt.Errorf("%d columns, want query-id, corpus-id and score", len(f))
		}
		if head && f[0] == "query-id" || f[2] == "0" {
			return nil
		}
		if out[f[0]] == nil {
			out[f[0]] = make(map[string]bool)
		}
		out[f[0]][f[1]] = true
		return nil
	})
	return out, err
}

// readLines calls do with each line of the file that is not blank.
func readLines(path string, do func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("eval: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		if err := do(lines.Bytes()); err != nil {
			return fmt.Errorf("eval: %s:%d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("eval: %s: %w", path, err)
	}
	return nil
}
