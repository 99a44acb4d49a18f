package memindex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// A manifest is the state of a shard at a commit.
type manifest struct {
	Workspace string         `json:"workspace"`
	Model     string         `json:"model"`
	Dim       int            `json:"dim"`
	Position  int64          `json:"position"`
	Segments  []manifestPart `json:"segments"`
}

type manifestPart struct {
	File  string `json:"file"`
	Data  uint64 `json:"data"`            // checksum, so that no other file of that name will do
	Alive []byte `json:"alive,omitempty"` // the bitmap; empty: all
}

// manifestHead begins a manifest, followed by the checksum of its JSON.
const manifestHead = "memindex 1 %08x\n"

// commit makes everything in the shard safe, and then its position with it.
// The caller holds mu.
func (s *shard) commit() error {
	if s.files.dir == "" {
		s.pending, s.changed = 0, false
		return nil
	}
	parts := s.current.parts
	var young []part
	for _, p := range parts {
		if p.name == "" && p.live > 0 {
			young = append(young, p)
		}
	}
	if len(young) > 0 {
		flushed, err := s.join(young, true)
		if err != nil {
			return err
		}
		s.publish(append(without(parts, young), flushed))
	}
	if err := s.writeManifest(); err != nil {
		return err
	}
	s.pending, s.changed = 0, false
	return nil
}

// writeManifest replaces the manifest, then removes files that only the last
// one named.
func (s *shard) writeManifest() error {
	m := manifest{Workspace: s.files.workspace, Model: s.files.model, Dim: s.dim, Position: s.position.Load()}
	var keep []string
	for _, p := range s.current.parts {
		if p.live == 0 {
			continue
		}
		e := manifestPart{File: p.name, Data: p.sum}
		if p.live < p.slots {
			e.Alive = bytesOf(p.alive)
		}
		m.Segments = append(m.Segments, e)
		keep = append(keep, p.name)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.files.dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(s.files.dir, manifestName)
	next := path + ".new"
	err = writeFile(next, func(out io.Writer) error {
		_, err := fmt.Fprintf(out, manifestHead+"%s", crc32.Checksum(text, castagnoli), text)
		return err
	})
	if err == nil {
		// The new segments' names must be on disk before the manifest's.
		err = errors.Join(syncDir(filepath.Dir(s.files.dir)), syncDir(s.files.dir))
	}
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(next)))
	}
	if err := syncDir(s.files.dir); err != nil {
		return err
	}
	return s.files.sweep(keep)
}

// readManifest reads a shard's manifest. Its error is errDamaged, or
// os.ErrNotExist where a shard was never committed.
func readManifest(dir string) (*manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, err
	}
	head, text, _ := bytes.Cut(b, []byte("\n"))
	if string(head)+"\n" != fmt.Sprintf(manifestHead, crc32.Checksum(text, castagnoli)) {
		return nil, damaged("checksum of the manifest")
	}
	m := new(manifest)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, damaged("manifest: %v", err)
	}
	return m, nil
}
