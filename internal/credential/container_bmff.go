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

// bmffBoxes lists the boxes in a part of the file.
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
			size, head = int64(binary.BigEndian.Uint64(h)), 16
		}
		if size < head || size > in.end-off {
			return nil, damaged("a %q box reaches past its end", kind)
		}
		boxes = append(boxes, bmffBox{kind, span{off, off + size}, off + head})
		off += size
	}
	return boxes, nil
}

// locateBMFF finds the top-level uuid box with the manifest store in a HEIC or
// AVIF file (C2PA A.5.1). It stands before the picture's data; only the
// headers of the other boxes are read.
func locateBMFF(s *source) (*embedding, error) {
	boxes, err := bmffBoxes(s, span{0, s.size})
	if err != nil {
		return nil, ioOnly(err)
	}
	for _, b := range boxes {
		if b.kind != "uuid" || b.at.end-b.body < 16 {
			continue
		}
		// UUID, version and flags, purpose, offset of the first Merkle box.
		const purpose = "manifest\x00"
		const fixed = 16 + 4
		h, err := s.bytes(b.body, int(min(fixed+int64(len(purpose)), b.at.end-b.body)))
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(h[:16], bmffUUID) {
			continue
		}
		from := b.body + fixed + int64(len(purpose)) + 8
		if len(h) < fixed+len(purpose) || string(h[fixed:]) != purpose || from > b.at.end {
			continue
		}
		return &embedding{pieces: []span{{from, b.at.end}}, hole: b.at, boxes: boxes}, nil
	}
	return nil, nil
}
