package memindex

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// shardFiles is where the segments of a shard come from and go to.
type shardFiles struct {
	workspace string
	model     string
	dir       string // empty: in memory only
	next      int    // number of the last file
	limits
}

// limits say when passages go to disk. Tests set them low.
type limits struct {
	// commitAt is how many passages may wait for the next commit. They are
	// what a crash asks of the feed again.
	commitAt int

	// fileAt is from how many passages on a merged segment goes to disk at
	// once instead of waiting for a commit in memory.
	fileAt int
}

const (
	segmentSuffix = ".seg"
	manifestName  = "manifest"
)

func newShardFiles(x *Index, workspace string) shardFiles {
	f := shardFiles{workspace: workspace, model: x.model, limits: x.limits}
	if x.dir != "" {
		// Ids differ in case and hold what a file's name may not.
		sum := sha256.Sum256([]byte(workspace))
		f.dir = filepath.Join(x.dir, hex.EncodeToString(sum[:16]))
	}
	return f
}

// newPart makes a part of a new segment, all of it alive.
func newPart(s *segment) part {
	return part{segment: s, alive: fullBitmap(s.slots), live: s.slots}
}

// inMemory makes a part of what write writes, about size bytes.
func (f *shardFiles) inMemory(size int, write func(*writer) error) (part, error) {
	var b bytes.Buffer
	b.Grow(size)
	if err := write(&writer{out: &b}); err != nil {
		return part{}, err
	}
	data := b.Bytes()
	foot, err := readFooter(data, int64(len(data)))
	if err != nil {
		return part{}, err
	}
	s, err := newSegment(data, foot)
	if err != nil {
		return part{}, err
	}
	return newPart(s), nil
}

// onDisk makes a part of what write writes, in a new file that is safe when
// onDisk returns. Nothing refers to it until the next manifest.
func (f *shardFiles) onDisk(write func(*writer) error) (p part, err error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return part{}, err
	}
	f.next++
	name := fmt.Sprintf("%08d%s", f.next, segmentSuffix)
	path := filepath.Join(f.dir, name)
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(path)))
		}
	}()
	if err := writeFile(path, func(out io.Writer) error { return write(&writer{out: out}) }); err != nil {
		return part{}, err
	}
	s, err := openSegment(path, false)
	if err != nil {
		return part{}, err
	}
	return newPart(s), nil
}

// writeFile makes a file of what write writes and waits until it is on disk.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	err = write(out)
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// openSegment maps a file. With verify it reads it once to compare checksums;
// a file just written needs none.
func openSegment(path string, verify bool) (*segment, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, damaged("file is missing")
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	tail := make([]byte, min(info.Size(), int64(footerSize)))
	if _, err := file.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return nil, err
	}
	foot, err := readFooter(tail, info.Size())
	if err != nil {
		return nil, err
	}
	if verify {
		if err := verifyFile(file, info.Size(), foot); err != nil {
			return nil, err
		}
	}
	data, done, err := mapFile(file, info.Size())
	if err != nil {
		return nil, err
	}
	s, err := newSegment(data, foot)
	if err != nil {
		return nil, errors.Join(err, done())
	}
	s.name, s.done = filepath.Base(path), done
	return s, nil
}

// verifyFile compares a file's contents with its footer. It reads instead of
// using the mapping, so that pages nobody searches take no memory.
func verifyFile(file io.ReaderAt, size int64, f *footer) error {
	crc := crc32.New(castagnoli)
	data := io.NewSectionReader(file, 0, size-int64(footerSize))
	if _, err := io.CopyBuffer(crc, struct{ io.Reader }{data}, make([]byte, 1<<18)); err != nil {
		return err
	}
	if uint64(crc.Sum32()) != f.Data {
		return damaged("checksum of the data")
	}
	return nil
}

// sweep removes the segment files that are not in keep.
func (f *shardFiles) sweep(keep []string) error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return ignoreMissing(err)
	}
	var errs []error
	for _, e := range entries {
		if name := e.Name(); name != manifestName && !slices.Contains(keep, name) {
			errs = append(errs, ignoreMissing(os.Remove(filepath.Join(f.dir, name))))
		}
	}
	return errors.Join(errs...)
}

// removeAll removes the shard from disk, the manifest before what it names.
func (f *shardFiles) removeAll() error {
	if f.dir == "" {
		return nil
	}
	if err := ignoreMissing(os.Remove(filepath.Join(f.dir, manifestName))); err != nil {
		return err
	}
	if err := syncDir(f.dir); err != nil {
		return ignoreMissing(err)
	}
	return os.RemoveAll(f.dir)
}

// number is the number in a segment file's name, 0 if it has none.
func number(name string) int {
	var n int
	if _, err := fmt.Sscanf(strings.TrimSuffix(name, segmentSuffix), "%d", &n); err != nil {
		return 0
	}
	return n
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
