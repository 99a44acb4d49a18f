//go:build !unix

package memindex

import (
	"io"
	"os"
)

// lockFile only makes the file: two processes must be kept apart by hand here.
func lockFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}

// mapFile reads the file, as there is no mapping here.
func mapFile(file *os.File, size int64) (data []byte, done func() error, err error) {
	data = bytesOf(make([]uint64, (size+7)/8))[:size]
	if _, err := io.ReadFull(file, data); err != nil {
		return nil, nil, err
	}
	return data, func() error { return nil }, nil
}

// syncDir does nothing: folders cannot be synced here.
func syncDir(string) error { return nil }
