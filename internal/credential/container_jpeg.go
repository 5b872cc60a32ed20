package credential

import "encoding/binary"

// locateJPEG finds the APP11 segments of a JPEG that carry the manifest store
// (C2PA A.3.1; ISO/IEC 19566-5 D.2). They stand before the picture's data, so
// the walk ends at the first scan.
//
// A segment holds: CI "JP", En the number of the box, Z the number of the
// segment in the box, from 1, LBox and TBox of the box, then its bytes.
func locateJPEG(s *source) (*embedding, error) {
	const (
		head     = 16 // CI, En, Z, LBox, TBox
		soi      = 0xD8
		sos      = 0xDA
		eoi      = 0xD9
		app11    = 0xEB
		marked   = 4  // marker and length
		kindFrom = 24 // of the description box's UUID in a first segment
	)
	var (
		found *embedding
		en    uint16
		z     uint32
	)
	for off := int64(2); ; {
		h, err := s.bytes(off, marked)
		if err != nil || h[0] != 0xFF {
			break // not our damage to report: nothing after it is a header
		}
		marker := h[1]
		if marker == 0xFF { // fill byte
			off++
			continue
		}
		if marker == sos || marker == eoi {
			break
		}
		if marker == soi || marker == 0x01 || marker >= 0xD0 && marker <= 0xD7 {
			off += 2
			continue
		}
		length := int64(binary.BigEndian.Uint16(h[2:]))
		if length < 2 {
			break
		}
		start, end := off+marked, off+2+length
		off = end
		there := min(end, s.size) - start
		if marker != app11 || there <= head {
			continue
		}
		seg, err := s.bytes(start, int(min(there, kindFrom+4)))
		if err != nil {
			return nil, err
		}
		if seg[0] != 'J' || seg[1] != 'P' {
			continue
		}
		if end > s.size && (found != nil || len(seg) == kindFrom+4 && string(seg[kindFrom:]) == "c2pa") {
			return nil, damaged("the manifest store is cut off")
		}
		segEn, segZ := binary.BigEndian.Uint16(seg[2:]), binary.BigEndian.Uint32(seg[4:])
		switch {
		case found != nil && segEn == en:
			if segZ != z+1 {
				return nil, damaged("the segments of the manifest store are out of order")
			}
			found.pieces = append(found.pieces, span{start + head, end})
			found.hole.end = end
			z = segZ
		case len(seg) == kindFrom+4 && string(seg[kindFrom:]) == "c2pa":
			if found != nil {
				return nil, damaged("the file has more than one manifest store")
			}
			found = &embedding{pieces: []span{{start + 8, end}}, hole: span{start - marked, end}}
			en, z = segEn, segZ
		}
	}
	return found, nil
}
