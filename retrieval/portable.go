package retrieval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// PortableVersion is the version of Portable that is written, and the only one
// that is read.
const PortableVersion = 1

// A Portable is all that a workspace has learned, as a file to take elsewhere.
// It names documents and topics by their ids and says the rest in words and
// numbers, so it holds whatever index, model or way of cutting documents there
// is. Moved vectors are of one model and are not in it: the next run of the job
// that moves them finds them anew. Nor are pilots, which belong to one team.
type Portable struct {
	Version    int                `json:"whetstone_learning"`
	ExportedAt time.Time          `json:"exported_at"` // UTC
	Documents  map[string]Origin  `json:"documents"`   // that the rest names, as they were
	Ranker     *PortableRanker    `json:"ranker,omitempty"`
	Beliefs    Beliefs            `json:"beliefs"`
	Overrides  []PortableOverride `json:"overrides,omitempty"`
	Settings   json.RawMessage    `json:"settings,omitempty"` // feedback.Settings, which this package does not read
}

// An Origin is what a document was where something was learned of it.
type Origin struct {
	Revision int64  `json:"revision"`
	Hash     string `json:"hash"` // kb.Document.Hash
}

// A PortableRanker is the ranker that served.
type PortableRanker struct {
	Version int64          `json:"version"` // where it was learned
	Learned Learned        `json:"learned"`
	Figures map[string]any `json:"figures,omitempty"`
}

// A PortableOverride is an Override without its workspace.
type PortableOverride struct {
	Kind   string    `json:"kind"`
	ID     string    `json:"id"`
	Action string    `json:"action"`
	Author string    `json:"author"`
	At     time.Time `json:"at"` // UTC
}

// Export returns what the workspace of docs has learned so far, without its
// settings.
func (s *Store) Export(ctx context.Context, docs *kb.Store, now time.Time) (*Portable, error) {
	ws := docs.Workspace()
	p := &Portable{Version: PortableVersion, ExportedAt: micro(now), Documents: make(map[string]Origin)}
	r, err := s.ServingRanker(ctx, ws)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if err == nil {
		p.Ranker = &PortableRanker{Version: r.Version, Learned: r.Learned, Figures: r.Figures}
		p.Ranker.Learned.Tuned = false
	}
	if p.Beliefs, err = s.Beliefs(ctx, ws); err != nil {
		return nil, err
	}
	p.Beliefs.Known, p.Beliefs.KnownWeight = nil, 0 // they say what this knowledge base covers
	os, err := s.Overrides(ctx, ws)
	if err != nil {
		return nil, err
	}
	for _, o := range os {
		p.Overrides = append(p.Overrides, PortableOverride{o.Kind, o.ID, o.Action, o.Author, o.At})
	}
	for part := range slices.Chunk(p.named(), erasedAtOnce) {
		found, err := docs.Documents(ctx, part)
		if err != nil {
			return nil, err
		}
		for id, d := range found {
			p.Documents[id] = Origin{d.Revision, d.Hash}
		}
	}
	return p, nil
}

// named are the ids of the documents that p says something of, sorted.
func (p *Portable) named() []string {
	ids := make(map[string]bool)
	if p.Ranker != nil {
		for id := range p.Ranker.Learned.Sources {
			ids[id] = true
		}
	}
	for id := range p.Beliefs.Cases {
		ids[id] = true
	}
	for _, o := range p.Overrides {
		if o.Kind == OverSource {
			ids[o.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// portableMost bounds the file that is read, in bytes: what was learned of a
// hundred thousand documents.
const portableMost = 256 << 20

// ReadPortable reads what Export has made. It refuses, as ErrInvalid and with
// the name of the field, what is of another version or lies outside of the
// bounds of what can be learned.
func ReadPortable(r io.Reader) (*Portable, error) {
	data, err := io.ReadAll(io.LimitReader(r, portableMost+1))
	if err != nil {
		return nil, fmt.Errorf("retrieval: read what was learned: %w", err)
	}
	if len(data) > portableMost {
		return nil, fmt.Errorf("%w: the file is larger than %d MB", ErrInvalid, portableMost>>20)
	}
	var head struct {
		Version int `json:"whetstone_learning"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, unreadable(err)
	}
	if head.Version != PortableVersion {
		return nil, fmt.Errorf("%w: whetstone_learning is %d: this version reads %d, as `whetstone learning export` writes it", ErrInvalid, head.Version, PortableVersion)
	}
	p := new(Portable)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		return nil, unreadable(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the end of what was learned", ErrInvalid)
	}
	return p, p.Validate()
}

// unreadable says where a file is not what it should be.
func unreadable(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fmt.Errorf("%w: %s: a %s where a %s should be", ErrInvalid, wrong.Field, wrong.Value, wrong.Type)
	}
	return fmt.Errorf("%w: this is no export of what was learned: %s", ErrInvalid, err.Error())
}
