package credential

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// Bounds on a JUMBF tree. C2PA nests five deep: store, manifest, assertion
// store, assertion, content.
const (
	maxJUMBFDepth = 10
	maxJUMBFBoxes = 20_000
)

// A superbox is a JUMBF superbox (ISO/IEC 19566-5 A.3): a description and the
// boxes that it describes.
type superbox struct {
	kind    string // the first four bytes of the content type's UUID: "c2pa", "c2ma", "cbor"
	label   string
	content []byte // all that follows the superbox's own header: what hashes cover
	boxes   []jumbfBox
}

// A jumbfBox is a box in a superbox.
type jumbfBox struct {
	kind  string
	data  []byte
	super *superbox // of a "jumb" box
}

// data returns the contents of the superbox's n-th box if it is of that kind.
func (s *superbox) data(n int, kind string) ([]byte, bool) {
	if n >= len(s.boxes) || s.boxes[n].kind != kind {
		return nil, false
	}
	return s.boxes[n].data, true
}

// uuidTail ends the UUIDs of all content types that C2PA uses, after four
// characters (C2PA 11.1.4).
var uuidTail = []byte{0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71}

// embeddedFile is the content type of embedded files, which has its own UUID
// (ISO/IEC 19566-5 B.5); its first four bytes are no characters.
const embeddedFile = "\x40\xCB\x0C\x32"

// parseJUMBF reads the one superbox that a manifest store is. Its own length
// says no more than the container does, which goes before it.
func parseJUMBF(data []byte) (*superbox, error) {
	if len(data) < 8 || string(data[4:8]) != "jumb" {
		return nil, damaged("the manifest store is no JUMBF superbox")
	}
	content := data[8:]
	if size := binary.BigEndian.Uint32(data); size >= 8 && uint64(size) < uint64(len(data)) {
		content = data[8:size]
	}
	return (&jumbfParser{}).superbox(content, 1)
}

type jumbfParser struct{ boxes int }

// box reads one box and returns what follows it.
func (p *jumbfParser) box(data []byte, depth int) (box jumbfBox, rest []byte, err error) {
	if p.boxes++; p.boxes > maxJUMBFBoxes {
		return box, nil, damaged("the manifest store has more than %d boxes", maxJUMBFBoxes)
	}
	if len(data) < 8 {
		return box, nil, damaged("a box of the manifest store is cut off")
	}
	size, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
	switch size {
	case 0:
		size = uint64(len(data))
	case 1:
		if len(data) < 16 {
			return box, nil, damaged("a box of the manifest store is cut off")
		}
		size, head = binary.BigEndian.Uint64(data[8:]), 16
	}
	box.kind = string(data[4:8])
	if box.kind == "jumb" {
		size = min(size, uint64(len(data))) // the boxes in it go as far as they go
	}
	if size < head || size > uint64(len(data)) {
		return box, nil, damaged("a box of the manifest store is cut off")
	}
	box.data = data[head:size]
	if box.kind == "jumb" {
		if box.super, err = p.superbox(box.data, depth+1); err != nil {
			return box, nil, err
		}
	}
	return box, data[size:], nil
}

func (p *jumbfParser) superbox(content []byte, depth int) (*superbox, error) {
	if depth > maxJUMBFDepth {
		return nil, damaged("the manifest store nests deeper than %d boxes", maxJUMBFDepth)
	}
	s := &superbox{content: content}
	desc, rest, err := p.box(content, depth)
	if err != nil {
		return nil, err
	}
	if desc.kind != "jumd" {
		return nil, damaged("a box of the manifest store has no description")
	}
	if err := s.describe(desc.data); err != nil {
		return nil, err
	}
	for len(rest) > 0 {
		var box jumbfBox
		if box, rest, err = p.box(rest, depth); err != nil {
			return nil, err
		}
		s.boxes = append(s.boxes, box)
	}
	return s, nil
}

// describe reads a description box (ISO/IEC 19566-5 A.3): UUID, toggles,
// label. The salt that may follow needs no reading, as hashes cover it as it
// stands.
func (s *superbox) describe(data []byte) error {
	const hasLabel, hasID, hasHash, hasMore = 1 << 1, 1 << 2, 1 << 3, 1 << 4
	if len(data) < 17 {
		return damaged("a description in the manifest store is cut off")
	}
	s.kind = string(data[:4])
	if s.kind != embeddedFile && !bytes.Equal(data[4:16], uuidTail) {
		s.kind = "" // of no concern to C2PA
	}
	if toggles := data[16]; toggles&hasLabel == 0 {
		rest := 17
		if toggles&hasID != 0 {
			rest += 4
		}
		if toggles&hasHash != 0 {
			rest += 32
		}
		if toggles&hasMore == 0 && rest != len(data) {
			return damaged("a description in the manifest store holds more than it says")
		}
		return nil
	}
	label, _, ok := bytes.Cut(data[17:], []byte{0})
	if !ok || !utf8.Valid(label) {
		return damaged("a label in the manifest store is not ended")
	}
	s.label = string(label)
	return nil
}
