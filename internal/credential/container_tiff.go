package credential

import "encoding/binary"

// tagC2PA is the TIFF tag of the manifest store (C2PA A.3.5).
const tagC2PA = 0xCD41

// locateTIFF finds the manifest store in the first directory of a TIFF or
// BigTIFF file.
func locateTIFF(s *source) (*embedding, error) {
	h, err := s.bytes(0, 8)
	if err != nil {
		return nil, ioOnly(err)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if h[0] == 'M' {
		order = binary.BigEndian
	}
	big := order.Uint16(h[2:]) == 43
	count, entry, inline := 2, 12, int64(4)
	dir := int64(order.Uint32(h[4:]))
	if big {
		count, entry, inline = 8, 20, 8
		if h, err = s.bytes(8, 8); err != nil {
			return nil, ioOnly(err)
		}
		dir = inFile(order.Uint64(h))
	}
	if h, err = s.bytes(dir, count); err != nil {
		return nil, ioOnly(err)
	}
	n := int(order.Uint16(h))
	if big {
		n = int(min(order.Uint64(h), 1<<16))
	}
	for i := range n {
		at := dir + int64(count) + int64(i)*int64(entry)
		e, err := s.bytes(at, entry)
		if err != nil {
			return nil, ioOnly(err)
		}
		if order.Uint16(e) != tagC2PA {
			continue
		}
		length, off := int64(order.Uint32(e[4:])), int64(order.Uint32(e[8:]))
		if big {
			length, off = inFile(order.Uint64(e[4:])), inFile(order.Uint64(e[12:]))
		}
		if length <= inline || length > maxStore || off > s.size-length {
			return nil, damaged("the manifest store reaches past the end of the file")
		}
		store := span{off, off + length}
		return &embedding{pieces: []span{store}, hole: store}, nil
	}
	return nil, nil
}
