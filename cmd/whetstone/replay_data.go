package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// A replayTicket is a ticket of a helpdesk's history.
type replayTicket struct {
	ID       string   `json:"id"`
	Text     string   `json:"text"`
	Reply    string   `json:"reply"`     // what the operator sent
	SourceID string   `json:"source_id"` // the article that it rests on
	Also     []string `json:"also"`      // other articles that would be right
	Locale   string   `json:"locale"`
}

// right lists the articles that answer the ticket.
func (t *replayTicket) right() map[string]bool {
	out := map[string]bool{t.SourceID: true}
	for _, id := range t.Also {
		out[id] = true
	}
	return out
}

func (t *replayTicket) rightly(article string) bool {
	return article == t.SourceID || slices.Contains(t.Also, article)
}

// A history is what is replayed.
type history struct {
	articles []kb.Document
	tickets  []replayTicket
}

// readHistory reads articles.jsonl and tickets.jsonl. An error names the file
// and line and says what is wrong with it.
func readHistory(dir string) (*history, error) {
	h := new(history)
	known := make(map[string]bool)
	err := eachLine(filepath.Join(dir, "articles.jsonl"), func(line []byte) error {
		var a struct{ ID, Title, Body, Locale string }
		if err := json.Unmarshal(line, &a); err != nil {
			return err
		}
		d := kb.Document{ID: a.ID, Kind: kb.Article, Content: kb.Content{
			Title: a.Title, Body: a.Body, Locale: a.Locale, Status: kb.Published, Audience: kb.Public,
		}}
		if d.Locale == "" {
			d.Locale = embeddings.Language(a.Title + "\n" + a.Body)
		}
		known[a.ID] = true
		h.articles = append(h.articles, d)
		return d.Validate()
	})
	if err != nil {
		return nil, err
	}
	err = eachLine(filepath.Join(dir, "tickets.jsonl"), func(line []byte) error {
		var t replayTicket
		err := json.Unmarshal(line, &t)
		switch {
		case err != nil:
			return err
		case t.Text == "" || t.Reply == "":
			return errors.New("a ticket needs text and reply")
		case !known[t.SourceID]:
			return fmt.Errorf("source_id %q is no article of articles.jsonl", t.SourceID)
		}
		if t.ID == "" {
			t.ID = fmt.Sprintf("ticket-%d", len(h.tickets)+1)
		}
		h.tickets = append(h.tickets, t)
		return nil
	})
	if err == nil && len(h.tickets) < quarters {
		err = fmt.Errorf("%s: %d tickets; a replay needs at least %d", dir, len(h.tickets), quarters)
	}
	return h, err
}

// eachLine calls do with each line of the file that is not empty.
func eachLine(path string, do func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w\na replay reads articles.jsonl and tickets.jsonl: see whetstone replay --help", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := do(lines.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
