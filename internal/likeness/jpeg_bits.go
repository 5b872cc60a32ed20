package likeness

import (
	"bytes"
	"encoding/binary"
	"io"
)

// source reads a JPEG's bytes, and the bits of its scans.
type source struct {
	r       io.Reader
	buf     [16 << 10]byte
	at, end int

	// The bits of a scan, the next one highest. Beyond a marker there are
	// only zeros; short counts how many of those were taken.
	bits  uint64
	n     int
	found byte // the marker that ends the scan; 0 when there is none yet
	short int
}

// rest is what was read and not taken.
func (s *source) rest() []byte { return s.buf[s.at:s.end] }

func (s *source) more() error {
	for range 100 {
		n, err := s.r.Read(s.buf[:])
		if n > 0 {
			s.at, s.end = 0, n
			return nil
		}
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

func (s *source) byte() (byte, error) {
	if s.at == s.end {
		if err := s.more(); err != nil {
			return 0, err
		}
	}
	s.at++
	return s.buf[s.at-1], nil
}

func (s *source) full(b []byte) error {
	for len(b) > 0 {
		if s.at == s.end {
			if err := s.more(); err != nil {
				return err
			}
		}
		n := copy(b, s.buf[s.at:s.end])
		s.at += n
		b = b[n:]
	}
	return nil
}

func (s *source) skip(n int) error {
	for n > 0 {
		if s.at == s.end {
			if err := s.more(); err != nil {
				return err
			}
		}
		step := min(n, s.end-s.at)
		s.at += step
		n -= step
	}
	return nil
}

// marker returns the next marker, whatever stands before it: bytes that belong
// to no segment, or the rest of a scan.
func (s *source) marker() (byte, error) {
	if m := s.found; m != 0 {
		s.found = 0
		return m, nil
	}
	for {
		if at := bytes.IndexByte(s.rest(), 0xFF); at >= 0 {
			s.at += at
		} else if err := s.more(); err != nil {
			return 0, err
		} else {
			continue
		}
		b, err := s.byte()
		for b == 0xFF && err == nil {
			if b, err = s.byte(); err != nil {
				return 0, err
			}
			if b != 0 && b != 0xFF {
				return b, nil
			}
		}
	}
}

// begin begins the bits of a scan, or of a part of it.
func (s *source) begin() { s.bits, s.n, s.found, s.short = 0, 0, 0, 0 }

// fill makes sure of 48 bits.
func (s *source) fill() error {
	if s.end-s.at >= 8 && s.found == 0 {
		b := binary.BigEndian.Uint64(s.buf[s.at:])
		if inverse := ^b; (inverse-0x0101010101010101)&b&0x8080808080808080 == 0 { // no 0xFF
			s.bits |= b >> s.n
			s.at += (63 - s.n) >> 3
			s.n |= 56
			return nil
		}
	}
	for s.n <= 56 {
		if s.found != 0 {
			s.short += 8
			s.n += 8
			continue
		}
		b, err := s.byte()
		next := byte(0)
		if err == nil && b == 0xFF {
			for next, err = s.byte(); err == nil && next == 0xFF; {
				next, err = s.byte()
			}
		}
		switch {
		case err == io.ErrUnexpectedEOF: // the picture may be whole but for its last marker
			s.found = 0xD9
			continue
		case err != nil:
			return err
		case next != 0:
			s.found = next
			continue
		}
		// What the quick way above left below the n bits is the same byte.
		s.bits = s.bits&^(uint64(0xFF)<<(56-s.n)) | uint64(b)<<(56-s.n)
		s.n += 8
	}
	return nil
}

// overrun says whether bits were taken that are not there.
func (s *source) overrun() bool { return s.short > s.n }

func (s *source) take(n int) int {
	v := int(s.bits >> (64 - n))
	s.bits <<= n
	s.n -= n
	return v
}

const quick = 11 // bits that are looked up at once

// huffman is a table of codes (ITU T.81, annex C and F.2.2.3).
type huffman struct {
	// By the next bits: the code's length in the low byte and its value in
	// the high one; 0 when the code is longer.
	short [1 << quick]uint16
	// By the next bits, for coefficients to pass over: the bits of the code and
	// of the coefficient in the low byte, how many places they take in the
	// high one.
	pass   [1 << quick]uint16
	limit  [17]int // above the last code of each length; its value's place, less the code, in offset
	offset [17]int
	values []byte
}

// newHuffman reads a table, and returns how long it was.
func newHuffman(b []byte) (*huffman, int, error) {
	if len(b) < 17 {
		return nil, 0, errJPEG
	}
	total := 0
	for _, n := range b[1:17] {
		total += int(n)
	}
	if total == 0 || total > 256 || len(b) < 17+total {
		return nil, 0, errJPEG
	}
	h := &huffman{values: append([]byte(nil), b[17:17+total]...)}
	code, at := 0, 0
	for length := 1; length <= 16; length++ {
		n := int(b[length])
		if code+n > 1<<length {
			return nil, 0, errJPEG
		}
		h.offset[length] = at - code
		h.limit[length] = code + n
		for i := range n {
			if length > quick {
				break
			}
			value := h.values[at+i]
			from := (code + i) << (quick - length)
			for k := range 1 << (quick - length) {
				h.short[from+k] = uint16(value)<<8 | uint16(length)
				h.pass[from+k] = uint16(placesOf(value))<<8 | uint16(length) + uint16(value&15)
			}
		}
		code, at = (code+n)<<1, at+n
	}
	return h, 17 + total, nil
}

// placesOf is how many coefficients a code stands for; 64 for all that remain.
func placesOf(value byte) int {
	if value&15 == 0 && value != 0xF0 {
		return 64
	}
	return int(value>>4) + 1
}

// code takes the next code.
func (h *huffman) code(s *source) (byte, error) {
	if s.n < 32 {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	if e := h.short[s.bits>>(64-quick)]; e != 0 {
		s.take(int(e & 0xFF))
		return byte(e >> 8), nil
	}
	for length := quick + 1; length <= 16; length++ {
		if code := int(s.bits >> (64 - length)); code < h.limit[length] {
			s.take(length)
			if at := code + h.offset[length]; at >= 0 && at < len(h.values) {
				return h.values[at], nil
			}
			return 0, errJPEG
		}
	}
	return 0, errJPEG
}

// passOver takes the coefficients of a square but for its mean.
func (h *huffman) passOver(s *source) error {
	for at := 1; at < 64; {
		if s.n < 32 {
			if err := s.fill(); err != nil {
				return err
			}
		}
		if e := h.pass[s.bits>>(64-quick)]; e != 0 {
			n := int(e & 0xFF)
			s.bits <<= n
			s.n -= n
			at += int(e >> 8)
			continue
		}
		value, err := h.code(s)
		if err != nil {
			return err
		}
		if n := int(value & 15); n > 0 {
			s.take(n)
		}
		at += placesOf(value)
	}
	return nil
}

// bit takes the next bit.
func (s *source) bit() (int, error) {
	if s.n == 0 {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	return s.take(1), nil
}

// difference takes the difference of a mean to the one before (F.2.2.1).
func (h *huffman) difference(s *source) (int, error) {
	size, err := h.code(s)
	if err != nil || size == 0 {
		return 0, err
	}
	if size > 15 {
		return 0, errJPEG
	}
	if s.n < 16 {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	v := s.take(int(size))
	if v < 1<<(size-1) {
		v += -1<<size + 1
	}
	return v, nil
}
