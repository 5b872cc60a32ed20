package credential

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// newHash returns the hash of a name as claims use it (C2PA 13.1), nil when it
// is none.
func newHash(alg string) hash.Hash {
	switch alg {
	case "sha256":
		return sha256.New()
	case "sha384":
		return sha512.New384()
	case "sha512":
		return sha512.New()
	}
	return nil
}

func hashIs(alg string, want, data []byte) bool {
	h := newHash(alg)
	if h == nil {
		return false
	}
	h.Write(data)
	return bytes.Equal(h.Sum(nil), want)
}

// A rangeHash hashes a stream but for some ranges. Each byte is looked at
// once, in the order of the file.
type rangeHash struct {
	hash  hash.Hash
	size  int64  // of the stream
	skips []span // sorted, apart from each other
	marks []mark // sorted
	pos   int64
}

// A mark goes into the hash before the byte at its position is reached.
type mark struct {
	at   int64
	data []byte
}

// Write takes the next bytes of the file.
func (h *rangeHash) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		h.markHere()
		run := int64(len(p))
		if len(h.marks) > 0 {
			run = min(run, h.marks[0].at-h.pos)
		}
		skip := false
		if len(h.skips) > 0 {
			s := h.skips[0]
			if h.pos >= s.start {
				skip, run = true, min(run, s.end-h.pos)
			} else {
				run = min(run, s.start-h.pos)
			}
		}
		if !skip {
			h.hash.Write(p[:run])
		}
		p, h.pos = p[run:], h.pos+run
		if len(h.skips) > 0 && h.pos >= h.skips[0].end {
			h.skips = h.skips[1:]
		}
	}
	return n, nil
}

func (h *rangeHash) markHere() {
	for len(h.marks) > 0 && h.marks[0].at <= h.pos {
		h.hash.Write(h.marks[0].data)
		h.marks = h.marks[1:]
	}
}

// sum returns the hash, nil when the stream was not the file's size.
func (h *rangeHash) sum() []byte {
	if h.pos != h.size {
		return nil
	}
	return h.hash.Sum(nil)
}
