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
	d, ok := openDirectory(bytes.Clone(block))
	if !ok {
		return nil, fmt.Errorf("the EXIF block is damaged: %w", ErrSidecar)
	}
	for _, p := range places {
		if text, ok := texts[p.name]; ok && p.exif != 0 {
			d.set(p.exif, text)
		}
	}
	return d.close(), nil
}

// directory is IFD0 of a block (TIFF 6.0, section 2).
type directory struct {
	block []byte
	order interface {
		binary.ByteOrder
		binary.AppendByteOrder
	}
	at      int64    // where it is in the block
	room    int      // for so many entries
	entries [][]byte // in ascending order of tags
	next    []byte   // where IFD1 is
}

// openDirectory reads the entries of IFD0; false when the block is damaged.
func openDirectory(block []byte) (*directory, bool) {
	d := &directory{block: block}
	switch {
	case len(block) < 8:
		return nil, false
	case bytes.HasPrefix(block, []byte("II\x2a\x00")):
		d.order = binary.LittleEndian
	case bytes.HasPrefix(block, []byte("MM\x00\x2a")):
		d.order = binary.BigEndian
	default:
		return nil, false
	}
	d.at = int64(d.order.Uint32(block[4:]))
	if d.at+2 > int64(len(block)) {
		return nil, false
	}
	d.room = int(d.order.Uint16(block[d.at:]))
	end := d.at + 2 + int64(d.room)*entrySize
	if end+4 > int64(len(block)) {
		return nil, false
	}
	for at := d.at + 2; at < end; at += entrySize {
		d.entries = append(d.entries, bytes.Clone(block[at:at+entrySize]))
	}
	d.next = bytes.Clone(block[end : end+4])
	return d, true
}

// set gives a tag a text: in its entry when it is short, else behind all.
func (d *directory) set(tag uint16, text string) {
	value := append([]byte(text), 0)
	entry := d.order.AppendUint16(nil, tag)
	entry = d.order.AppendUint16(entry, typeASCII)
	entry = d.order.AppendUint32(entry, uint32(len(value))) // #nosec G115 -- a text
	if len(value) <= 4 {
		entry = append(entry, value...)
		entry = append(entry, make([]byte, entrySize-len(entry))...)
	} else {
		d.block = even(d.block)
		entry = d.order.AppendUint32(entry, uint32(len(d.block))) // #nosec G115 -- it came in one segment
		d.block = append(d.block, value...)
	}
	switch at := slices.IndexFunc(d.entries, func(e []byte) bool { return d.order.Uint16(e) >= tag }); {
	case at < 0:
		d.entries = append(d.entries, entry)
	case d.order.Uint16(d.entries[at]) == tag:
		d.entries[at] = entry
	default:
		d.entries = slices.Insert(d.entries, at, entry)
	}
}

// close writes the entries where they were, or behind all when they have
// become more, and returns the block.
func (d *directory) close() []byte {
	if len(d.entries) > d.room {
		d.block = even(d.block)
		d.at = int64(len(d.block))
		d.order.PutUint32(d.block[4:], uint32(d.at)) // #nosec G115 -- within the block
		d.block = append(d.block, make([]byte, 2+len(d.entries)*entrySize+4)...)
	}
	d.order.PutUint16(d.block[d.at:], uint16(len(d.entries))) // #nosec G115 -- a segment has room for 5,500
	copy(d.block[d.at+2:], slices.Concat(slices.Concat(d.entries...), d.next))
	return d.block
}

// even pads a block to a word boundary, where TIFF values begin.
func even(b []byte) []byte {
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	return b
}
