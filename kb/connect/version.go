package connect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Version is what a connection last wrote of a document. It is also the row.
//
// It always is what was written and never what was merely seen: while somebody
// else's edit stands, a source that has changed since stays different from its
// Version, and each run says so.
type Version struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ConnectionID string `gorm:"primaryKey"`
	DocumentID   string `gorm:"primaryKey"`
	Mark         Mark   `gorm:"serializer:json"`
}

// TableName is the table of versions.
func (Version) TableName() string { return "marks" }

// A Mark tells one version of a document from others.
type Mark struct {
	Mark   string `json:"m,omitempty"` // as the source put it, see source.Item
	Digest string `json:"d"`           // of the document as it was read
	Hash   string `json:"h"`           // kb.Document.Hash after it was written
	Place  string `json:"p,omitempty"` // the file or address it was read from
	Recipe string `json:"r"`           // of the Config it was read with
}

// digestOf tells what a reader made of a page from anything else, before the
// store takes personal data out of it.
func digestOf(d *kb.Document) (string, error) {
	b, err := json.Marshal(struct {
		Kind kb.Kind
		kb.Content
		ResolvedAt *time.Time
	}{d.Kind, d.Content, d.ResolvedAt})
	if err != nil {
		return "", fmt.Errorf("connect: document %s: %w", d.ID, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12]), nil
}

// A standing is what is stored under the id of a document, as far as it matters
// whose it is.
type standing struct {
	ID      string
	Kind    kb.Kind
	Title   string
	Origin  string
	Author  string
	Hash    string
	Deleted bool
}

// atOnce is how many ids one query asks for.
const atOnce = 500

// standings returns what is stored under the ids, tombstones included.
func (p *pass) standings(db *gorm.DB, ids []string) (map[string]standing, error) {
	out := make(map[string]standing, len(ids))
	for part := range slices.Chunk(ids, atOnce) {
		var rows []standing
		err := db.Model(&kb.Document{}).Where("workspace_id = ? AND id IN ?", p.c.WorkspaceID, part).Find(&rows).Error
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			out[row.ID] = row
		}
	}
	return out, nil
}

// prepare reads what the connection has written so far, and how it stands now.
func (p *pass) prepare(db *gorm.DB) error {
	var versions []Version
	if err := of(db, &p.c).Find(&versions).Error; err != nil {
		return fmt.Errorf("connect: connection %s: %w", p.c.ID, err)
	}
	p.marks = make(map[string]Mark, len(versions))
	for _, v := range versions {
		p.marks[v.DocumentID] = v.Mark
	}
	var own []standing
	err := db.Model(&kb.Document{}).Where("workspace_id = ? AND origin = ? AND deleted = ?", p.c.WorkspaceID, p.origin, false).
		Find(&own).Error
	if err != nil {
		return fmt.Errorf("connect: connection %s: %w", p.c.ID, err)
	}
	p.stood = make(map[string]standing, len(own))
	for _, row := range own {
		p.stood[row.ID] = row
	}
	var others []string
	for id := range p.marks {
		if _, ok := p.stood[id]; !ok {
			others = append(others, id)
		}
	}
	rest, err := p.standings(db, others)
	if err != nil {
		return fmt.Errorf("connect: connection %s: %w", p.c.ID, err)
	}
	for id, row := range rest {
		p.stood[id] = row
	}
	return nil
}

// foreign says why a document is not the connection's to change; empty if it
// is.
func (p *pass) foreign(id string, s standing, stored bool) string {
	mark, marked := p.marks[id]
	switch {
	case !stored || p.take[id]:
		return ""
	case s.Deleted && marked:
		return "it was deleted here by " + s.Author
	case s.Deleted, marked && s.Hash == mark.Hash, s.Origin == p.origin && s.Author == p.origin:
		return ""
	case marked:
		return "it was edited here by " + s.Author
	case strings.HasPrefix(s.Origin, "import:"):
		return "" // perhaps the same pages were imported by hand before, see another
	}
	return "its id is that of a document of " + s.Origin
}

// known is what the reader is told of a document: the mark under which it was
// last taken, unless it must be read again.
func (p *pass) known(id string) string {
	mark, ok := p.marks[id]
	if _, stored := p.stood[id]; !ok || !stored || p.take[id] || mark.Recipe != p.recipe {
		return ""
	}
	return mark.Mark
}
