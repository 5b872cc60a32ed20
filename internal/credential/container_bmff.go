package credential

import (
	"bytes"
	"encoding/binary"
)

// bmffUUID marks a box that belongs to C2PA (A.5.1).
var bmffUUID = []byte{0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81}

// maxBoxes and maxBoxDepth bound the boxes of one file that are looked at.
const (
	maxBoxes    = 4096
	maxBoxDepth = 8
)

// A bmffBox is a box of an ISO base media file (ISO/IEC 14496-12 4.2).
type bmffBox struct {
	kind string
	at   span  // with its header
	body int64 // where its contents start
}

// bmffBoxes lists the boxes in a part of the file. A last box at the top that
// reaches past the file's end is taken for a cut file.
func bmffBoxes(s *source, in span) ([]bmffBox, error) {
	var boxes []bmffBox
	for off := in.start; off+8 <= in.end; {
		if len(boxes) == maxBoxes {
			return nil, damaged("the file has more than %d boxes", maxBoxes)
		}
		h, err := s.bytes(off, 8)
		if err != nil {
			return nil, err
		}
		size, kind, head := int64(binary.BigEndian.Uint32(h)), string(h[4:8]), int64(8)
		switch size {
		case 0: // to the end
			size = in.end - off
		case 1:
			if h, err = s.bytes(off+8, 8); err != nil {
				return nil, err
			}
			size, head = inFile(binary.BigEndian.Uint64(h)), 16
		}
		if size < head || size > in.end-off && in.end != s.size {
			return nil, damaged("a %q box reaches past its end", kind)
		}
		size = min(size, in.end-off)
		boxes = append(boxes, bmffBox{kind, span{off, off + size}, off + head})
		off += size
	}
	return boxes, nil
}

// The purposes of C2PA boxes (A.5.1). A manifest store that gets update
// manifests becomes the original, with a second store at the file's end.
const (
	purposeManifest = "manifest"
	purposeOriginal = "original"
	purposeUpdate   = "update"
)

// locateBMFF finds the top-level uuid boxes with the manifest store in a HEIC
// or AVIF file (C2PA A.5.1). Only the headers of the other boxes are read.
func locateBMFF(s *source) (*embedding, error) {
	boxes, err := bmffBoxes(s, span{0, s.size})
	if err != nil {
		return nil, ioOnly(err)
	}
	var found *embedding
	var update []span
	for _, b := range boxes {
		purpose, store, err := c2paBox(s, b)
		if err != nil {
			return nil, err
		}
		switch purpose {
		case purposeManifest, purposeOriginal:
			if found != nil {
				return nil, damaged("the file has more than one manifest store")
			}
			found = &embedding{pieces: []span{store}, hole: b.at, boxes: boxes}
		case purposeUpdate:
			update = []span{store}
		}
	}
	if found != nil {
		found.update = update
	}
	return found, nil
}

// c2paBox reads the head of a C2PA box: UUID, version and flags, purpose, and
// the offset of the first Merkle box. The purpose is "" for any other box.
func c2paBox(s *source, b bmffBox) (purpose string, store span, err error) {
	const fixed, most, offset = 16 + 4, 16, 8
	if b.kind != "uuid" || b.at.end-b.body <= fixed {
		return "", span{}, nil
	}
	h, err := s.bytes(b.body, int(min(fixed+most, b.at.end-b.body)))
	if err != nil || !bytes.Equal(h[:16], bmffUUID) {
		return "", span{}, ioOnly(err)
	}
	name, _, ok := bytes.Cut(h[fixed:], []byte{0})
	store = span{b.body + fixed + int64(len(name)) + 1 + offset, b.at.end}
	if !ok || store.start > store.end {
		return "", span{}, nil
	}
	return string(name), store, nil
}
