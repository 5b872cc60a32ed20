package credential

import (
	"encoding/binary"
	"iter"
)

// locateJPEG finds the APP11 segments of a JPEG that carry the manifest store
// (C2PA A.3.1; ISO/IEC 19566-5 D.2). They stand before the picture's data.
//
// A segment holds: CI "JP", En the number of the box, Z the number of the
// segment in the box, from 1, LBox and TBox of the box, then its bytes.
func locateJPEG(s *source) (*embedding, error) {
	const (
		app11    = 0xEB
		head     = 16 // CI, En, Z, LBox, TBox
		kindFrom = 24 // of the description box's UUID in a first segment
	)
	var (
		found *embedding
		en    uint16
		z     uint32
	)
	for marker, at := range segments(s) {
		there := min(at.end, s.size) - at.start
		if marker != app11 || there <= head {
			continue
		}
		seg, err := s.bytes(at.start, int(min(there, kindFrom+4)))
		if err != nil {
			return nil, err
		}
		if seg[0] != 'J' || seg[1] != 'P' {
			continue
		}
		first := len(seg) == kindFrom+4 && string(seg[kindFrom:]) == "c2pa"
		if at.end > s.size && (found != nil || first) {
			return nil, damaged("the manifest store is cut off")
		}
		segEn, segZ := binary.BigEndian.Uint16(seg[2:]), binary.BigEndian.Uint32(seg[4:])
		switch {
		case found != nil && segEn == en:
			if segZ != z+1 {
				return nil, damaged("the segments of the manifest store are out of order")
			}
			found.pieces = append(found.pieces, span{at.start + head, at.end})
			found.hole.end = at.end
			z = segZ
		case first && found != nil:
			return nil, damaged("the file has more than one manifest store")
		case first:
			found = &embedding{pieces: []span{{at.start + 8, at.end}}, hole: span{at.start - segmentHead, at.end}}
			en, z = segEn, segZ
		}
	}
	return found, nil
}

// segmentHead is the size of a segment's marker and length.
const segmentHead = 4

// segments walks a JPEG up to its first scan: the marker of each segment, and
// the place of its data (ITU T.81, annex B). Where no segment is, the walk
// ends: that the file is damaged is not for credentials to say.
func segments(s *source) iter.Seq2[byte, span] {
	const (
		tem, rst0, rst7, soi = 0x01, 0xD0, 0xD7, 0xD8 // stand alone
		eoi, sos             = 0xD9, 0xDA
	)
	return func(yield func(byte, span) bool) {
		for off := int64(2); ; {
			h, err := s.bytes(off, segmentHead)
			if err != nil || h[0] != 0xFF {
				return
			}
			switch marker := h[1]; {
			case marker == 0xFF: // a fill byte
				off++
			case marker == tem, marker >= rst0 && marker <= rst7, marker == soi:
				off += 2
			case marker == sos, marker == eoi:
				return
			default:
				length := int64(binary.BigEndian.Uint16(h[2:]))
				if length < 2 || !yield(marker, span{off + segmentHead, off + 2 + length}) {
					return
				}
				off += 2 + length
			}
		}
	}
}
