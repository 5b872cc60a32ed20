package credential

import "encoding/binary"

// locateRIFF finds the C2PA chunk of a WebP file (C2PA A.3.4). Writers put it
// last, where WebP keeps its EXIF and XMP too.
func locateRIFF(s *source) (*embedding, error) {
	h, err := s.bytes(0, 12)
	if err != nil {
		return nil, ioOnly(err)
	}
	end := min(s.size, 8+int64(binary.LittleEndian.Uint32(h[4:])))
	var found *embedding
	for off := int64(12); off+8 <= end; {
		h, err := s.bytes(off, 8)
		if err != nil {
			return found, ioOnly(err)
		}
		length := int64(binary.LittleEndian.Uint32(h[4:]))
		next := off + 8 + length // and a pad byte, which is no part of the chunk
		if string(h[:4]) == "C2PA" {
			if found != nil {
				return nil, damaged("the file has more than one manifest store")
			}
			found = &embedding{pieces: []span{{off + 8, off + 8 + length}}, hole: span{off, next}}
		}
		off = next + length%2
	}
	return found, nil
}
