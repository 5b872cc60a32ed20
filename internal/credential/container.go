package credential

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// maxStore bounds a manifest store, in bytes. Stores hold thumbnails of the
// picture and of all its ingredients; the largest seen has 2 MB.
const maxStore = 32 << 20

// A span is a run of the file's bytes, half-open.
type span struct{ start, end int64 }

func (s span) size() int64 { return s.end - s.start }

// inFile is a number that a file gives for an offset or a length. One that no
// file can have stays larger than every file.
func inFile(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// An embedding says where a file keeps its manifest store.
type embedding struct {
	pieces []span    // the store's bytes, in order
	update []span    // those of a second store with later manifests, in a BMFF file
	hole   span      // what the store takes up in the file, wrapping included
	boxes  []bmffBox // top-level boxes of a BMFF file
}

// errDamaged marks what is wrong with the file rather than with reading it.
var errDamaged = errors.New("damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDamaged, fmt.Sprintf(format, args...))
}

func isDamage(err error) bool { return errors.Is(err, errDamaged) }

// ioOnly drops an error that is about the file itself.
func ioOnly(err error) error {
	if isDamage(err) {
		return nil
	}
	return err
}

// locate walks the container of the given format; nil when it has no store.
func locate(s *source, format string) (*embedding, error) {
	switch format {
	case "jpeg":
		return locateJPEG(s)
	case "png":
		return locatePNG(s)
	case "webp":
		return locateRIFF(s)
	case "tiff":
		return locateTIFF(s)
	case "heic", "avif":
		return locateBMFF(s)
	}
	return nil, nil
}

// A source reads a file's container by small pieces, through a window so that
// walking over neighbouring headers costs one read.
type source struct {
	r    io.ReaderAt
	size int64

	window []byte
	at     int64 // of the window, in the file
	pieces int   // asked for so far
}

const (
	windowSize = 4 << 10
	maxPieces  = 20000 // a file of nothing but headers is no picture
)

// bytes returns n bytes from an offset. They are valid until the next call.
// It gives errDamaged when the file ends before.
func (s *source) bytes(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > s.size-int64(n) {
		return nil, damaged("the file ends inside a header")
	}
	if s.pieces++; s.pieces > maxPieces {
		return nil, damaged("the file has too many headers")
	}
	if off < s.at || off+int64(n) > s.at+int64(len(s.window)) {
		want := min(int64(max(n, windowSize)), s.size-off)
		if int64(cap(s.window)) < want {
			s.window = make([]byte, want)
		}
		s.window, s.at = s.window[:want], off
		if err := s.readFull(s.window, off); err != nil {
			s.window = s.window[:0]
			return nil, err
		}
	}
	from := off - s.at
	return s.window[from : from+int64(n)], nil
}

func (s *source) readFull(p []byte, off int64) error {
	n, err := s.r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return damaged("the file is shorter than it was")
	}
	return err
}

// store puts the pieces of a manifest store together.
func (s *source) store(pieces []span) ([]byte, error) {
	var size int64
	for _, p := range pieces {
		if p.start < 0 || p.end < p.start || p.end > s.size {
			return nil, damaged("the manifest store reaches past the end of the file")
		}
		if size += p.size(); size > maxStore {
			return nil, damaged("the manifest store is larger than %d MiB", maxStore>>20)
		}
	}
	store := make([]byte, size)
	rest := store
	for _, p := range pieces {
		if err := s.readFull(rest[:p.size()], p.start); err != nil {
			return nil, err
		}
		rest = rest[p.size():]
	}
	return store, nil
}
