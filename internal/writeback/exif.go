package writeback

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// EXIF's ASCII type, and the size of an IFD entry in bytes (TIFF 6.0, section 2).
const (
	typeASCII = 2
	entrySize = 12
)

// withEXIF returns the TIFF block with the texts in IFD0. What is there keeps
// its place, since maker notes and others point into the block: new values
// and, if need be, a longer IFD0 are appended.
func withEXIF(block []byte, texts Texts) ([]byte, error) {
	if len(block) == 0 {
		block = []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00")
	}
	damaged := fmt.Errorf("the EXIF block is damaged: %w", ErrSidecar)
	var order interface {
		binary.ByteOrder
		binary.AppendByteOrder
	}
	switch {
	case bytes.HasPrefix(block, []byte("II\x2a\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(block, []byte("MM\x00\x2a")):
		order = binary.BigEndian
	default:
		return nil, damaged
	}
	block = bytes.Clone(block)
	if len(block) < 8 {
		return nil, damaged
	}
	ifd := int64(order.Uint32(block[4:]))
	if ifd+2 > int64(len(block)) {
		return nil, damaged
	}
	count := int64(order.Uint16(block[ifd:]))
	end := ifd + 2 + count*entrySize + 4
	if end > int64(len(block)) {
		return nil, damaged
	}
	entries := make([][]byte, 0, count+1)
	for at := ifd + 2; at < end-4; at += entrySize {
		entries = append(entries, block[at:at+entrySize:at+entrySize])
	}
	next := bytes.Clone(block[end-4 : end])

	grown := false
	for _, p := range places {
		text, ok := texts[p.name]
		if !ok || p.exif == 0 {
			continue
		}
		value := append([]byte(text), 0)
		entry := order.AppendUint16(nil, p.exif)
		entry = order.AppendUint16(entry, typeASCII)
		entry = order.AppendUint32(entry, uint32(len(value))) // #nosec G115 -- a text
		if len(value) <= 4 {
			entry = append(entry, value...)
			entry = append(entry, make([]byte, entrySize-len(entry))...)
		} else {
			block = even(block)
			entry = order.AppendUint32(entry, uint32(len(block))) // #nosec G115 -- it came in one segment
			block = append(block, value...)
		}
		at := slices.IndexFunc(entries, func(e []byte) bool { return order.Uint16(e) >= p.exif })
		switch {
		case at >= 0 && order.Uint16(entries[at]) == p.exif:
			entries[at] = entry
			continue
		case at < 0:
			at = len(entries)
		}
		entries = slices.Insert(entries, at, entry) // in ascending order of tags, TIFF 6.0 section 2
		grown = true
	}
	if grown {
		block = even(block)
		ifd = int64(len(block))
		order.PutUint32(block[4:], uint32(ifd)) // #nosec G115 -- within the block
		block = append(block, make([]byte, 2+len(entries)*entrySize+4)...)
	}
	order.PutUint16(block[ifd:], uint16(len(entries))) // #nosec G115 -- a segment has room for 5,500
	directory := slices.Concat(slices.Concat(entries...), next)
	copy(block[ifd+2:], directory)
	return block, nil
}

// even pads a block to a word boundary, where TIFF values begin.
func even(b []byte) []byte {
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	return b
}
