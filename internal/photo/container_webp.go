package photo

import (
	"bytes"
	"encoding/binary"
)

// webp walks the chunks of the RIFF container (RFC 9649, section 2).
func (f *file) webp(m *Metadata) {
	at := int64(12)
	for range 10000 {
		b := f.bytes(at, 8)
		if b == nil {
			break
		}
		kind, n := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		if n > f.size-at-8 {
			m.damaged("The WebP is cut off: its chunk %q is not complete.", kind)
			return
		}
		switch kind {
		case "VP8X", "VP8 ", "VP8L":
			f.webpSize(m, kind, at+8, n)
		case "EXIF":
			if data := f.bytes(at+8, n); data != nil {
				m.exif(bytes.Clone(bytes.TrimPrefix(data, []byte("Exif\x00\x00"))))
			}
		case "XMP ":
			if data := f.bytes(at+8, n); data != nil {
				m.xmp(bytes.Clone(data))
			} else if f.err == nil {
				m.problem("xmp", errTooLong)
			}
		}
		at += 8 + n + n&1
	}
	if f.err == nil && m.Width == 0 {
		m.damaged("The WebP has no image data.")
	}
}

func (f *file) webpSize(m *Metadata, kind string, at, n int64) {
	b := f.bytes(at, min(n, 10))
	if m.Width > 0 || len(b) < 10 {
		return
	}
	switch kind {
	case "VP8X":
		m.Width = 1 + int(b[4]) + int(b[5])<<8 + int(b[6])<<16
		m.Height = 1 + int(b[7]) + int(b[8])<<8 + int(b[9])<<16
	case "VP8 ":
		m.Width = int(binary.LittleEndian.Uint16(b[6:])) & 0x3FFF
		m.Height = int(binary.LittleEndian.Uint16(b[8:])) & 0x3FFF
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[1:])
		m.Width, m.Height = 1+int(bits&0x3FFF), 1+int(bits>>14&0x3FFF)
	}
}
