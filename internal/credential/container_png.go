package credential

import "encoding/binary"

// locatePNG finds the caBX chunk of a PNG (C2PA A.3.2). The specification
// wants it before the picture's data and writers keep to that, so the walk
// ends at the first IDAT: a PNG without credentials costs no read beyond its
// head.
func locatePNG(s *source) (*embedding, error) {
	var found *embedding
	for off := int64(8); ; {
		h, err := s.bytes(off, 8)
		if err != nil {
			return found, ioOnly(err)
		}
		length, kind := int64(binary.BigEndian.Uint32(h)), string(h[4:8])
		end := off + 12 + length // length, type, data, CRC
		switch kind {
		case "IDAT", "IEND":
			return found, nil
		case "caBX":
			if found != nil {
				return nil, damaged("the file has more than one manifest store")
			}
			found = &embedding{pieces: []span{{off + 8, off + 8 + length}}, hole: span{off, end}}
		}
		off = end
	}
}
