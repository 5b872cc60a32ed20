package photo

import (
	"bytes"
	"encoding/binary"
)

// trailers reads IPTC-IIM that old programs put behind the image data: AXS
// File Concatenation Protocol 1.1, and FotoStation's trailer. They are looked
// for only in files that the first request to a bucket brings whole.
func (f *file) trailers(m *Metadata) {
	if f.size > firstRequest {
		return
	}
	end := f.size
	for range 8 { // parts of FotoStation's trailer, the last one first
		b := f.bytes(end-10, 10)
		if b == nil || binary.BigEndian.Uint32(b[6:]) != 0xA1B2C3D4 {
			break
		}
		kind, n := binary.BigEndian.Uint16(b), int64(binary.BigEndian.Uint32(b[2:]))
		if n < 10 || n > end {
			break
		}
		if data := f.bytes(end-n, n-10); kind == 1 && data != nil {
			m.iptc(bytes.Clone(data))
		}
		end -= n
	}
	f.concatenated(m, end)
}

// concatenated reads AFCP's entries: a kind of four letters, a length, and an
// offset in the file.
func (f *file) concatenated(m *Metadata, end int64) {
	tail := f.bytes(end-12, 12)
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tail, []byte("AXS!")):
		order = binary.BigEndian
	case bytes.HasPrefix(tail, []byte("AXS*")):
		order = binary.LittleEndian
	default:
		return
	}
	start := int64(order.Uint32(tail[4:]))
	head := f.bytes(start, 12)
	if !bytes.HasPrefix(head, []byte("AXS")) {
		return
	}
	entries := bytes.Clone(f.bytes(start+12, 12*int64(min(order.Uint16(head[6:]), 100))))
	for ; len(entries) >= 12; entries = entries[12:] {
		n, at := int64(order.Uint32(entries[4:])), int64(order.Uint32(entries[8:]))
		if data := f.bytes(at, n); string(entries[:4]) == "IPTC" && data != nil {
			m.iptc(bytes.Clone(data))
		}
	}
}
