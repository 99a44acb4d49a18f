package retrieval

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"strconv"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// A Tuned is a passage's vector as it was moved towards the questions that the
// passage answered. The index keeps the vector it was moved from, so that
// leaving a Tuned out is all it takes to go back.
type Tuned struct {
	Document string
	Passage  string // PassageHash of the passage it was made for
	Vector   embeddings.Vector
}

// A storedTuned is the row of a Tuned.
type storedTuned struct {
	WorkspaceID string `gorm:"primaryKey"`
	Version     int64  `gorm:"primaryKey;autoIncrement:false"` // of the ranker
	DocumentID  string `gorm:"primaryKey"`
	Ordinal     int64  `gorm:"primaryKey;autoIncrement:false"` // only tells a document's rows apart
	Model       string
	Hash        string
	Data        []byte // little-endian float32
}

func (storedTuned) TableName() string { return "tuned" }

// PassageHash identifies what a passage's vector is made of.
func PassageHash(title string, p *kb.Passage) string {
	h := fnv.New64a() // it tells texts apart that nobody chose to collide
	for _, s := range []string{title, p.Heading, p.Text} {
		_, _ = h.Write([]byte(s)) // it never fails
		_, _ = h.Write([]byte{0})
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// PassageText is what the vector of a passage is made of where its words do not
// give it: all that a reader of the passage knows.
func PassageText(title string, p *kb.Passage) string {
	return joined(title, kb.Plain(p.Heading), kb.Plain(p.Text))
}

// QuestionText is what the vector of a suggestion's question is made of: what
// stands for personal data is nothing to search for.
func QuestionText(question string) string { return withoutPlaceholders(question) }

// rowsOf is the moved vectors that go with a ranker as they are stored.
func rowsOf(r *Ranker, model string, ts []Tuned) []storedTuned {
	rows := make([]storedTuned, len(ts))
	for i, t := range ts {
		rows[i] = storedTuned{
			WorkspaceID: r.WorkspaceID, Version: r.Version, DocumentID: t.Document, Ordinal: int64(i), Model: model, Hash: t.Passage,
			Data: packed(t.Vector),
		}
	}
	return rows
}

// tunedAtOnce is how many rows go into one statement.
const tunedAtOnce = 200

// TunedOf returns the moved vectors that go with a ranker, and the model they
// are of; none where the ranker has none.
func (s *Store) TunedOf(ctx context.Context, workspace string, version int64) (model string, ts []Tuned, err error) {
	var rows []storedTuned
	err = s.db.WithContext(ctx).Where("workspace_id = ? AND version = ?", workspace, version).Order("document_id, ordinal").Find(&rows).Error
	if err != nil {
		return "", nil, fmt.Errorf("retrieval: tuned vectors of ranker %d: %w", version, err)
	}
	for _, r := range rows {
		model = r.Model
		ts = append(ts, Tuned{Document: r.DocumentID, Passage: r.Hash, Vector: unpacked(r.Data)})
	}
	return model, ts, nil
}

// A moved is what a question looks tuned vectors up in: by document and
// passage.
type moved map[[2]string]embeddings.Vector

// A knownTuned spares reading vectors on each question. A version's vectors
// never change once it is judged, but are written after the version is.
type knownTuned struct {
	version int64
	model   string
	vectors moved
	until   time.Time
}

// tuned returns the moved vectors of a model that go with a ranker.
func (s *Store) tuned(ctx context.Context, workspace string, version int64, model string) (moved, error) {
	key, now := [2]string{workspace, strconv.FormatInt(version, 10)}, time.Now()
	s.mu.Lock()
	k, ok := s.moved[key]
	s.mu.Unlock()
	if !ok || now.After(k.until) {
		of, ts, err := s.TunedOf(ctx, workspace, version)
		if err != nil {
			return nil, err
		}
		k = knownTuned{version: version, model: of, vectors: make(moved, len(ts)), until: now.Add(tunedKept)}
		for _, t := range ts {
			k.vectors[[2]string{t.Document, t.Passage}] = t.Vector
		}
		s.mu.Lock()
		for old, was := range s.moved {
			if now.After(was.until) {
				delete(s.moved, old)
			}
		}
		s.moved[key] = k
		s.mu.Unlock()
	}
	if k.model != model {
		return nil, nil // they were moved in another model's space
	}
	return k.vectors, nil
}

// tunedKept is how long vectors are kept in memory without looking again.
const tunedKept = 5 * time.Minute

// near puts the cosines with moved vectors in the place of those with the
// vectors they were moved from.
func (m moved) near(q embeddings.Vector, weight float64, hits []Hit) {
	if len(m) == 0 || q == nil {
		return
	}
	for i := range hits {
		h := &hits[i]
		v, ok := m[[2]string{h.Source.ID, PassageHash(h.Source.Title, &h.Passage)}]
		if !ok || len(v) != len(q) {
			continue
		}
		cosine := float64(v.Dot(q))
		h.Score += weight * (cosine - h.Dense)
		h.Dense = cosine
	}
}

func packed(v embeddings.Vector) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func unpacked(b []byte) embeddings.Vector {
	v := make(embeddings.Vector, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}
