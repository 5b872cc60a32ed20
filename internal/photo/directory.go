package photo

import (
	"encoding/binary"
	"math"
)

// directory walks TIFF's directories of tags, whatever they are read from
// (TIFF 6.0, section 2; BigTIFF has offsets and counts of eight bytes).
type directory struct {
	read   func(offset, n int64) []byte
	size   int64
	little bool
	big    bool
	first  int64 // offset of the first directory
}

func inMemory(b []byte) directory {
	return directory{size: int64(len(b)), read: func(offset, n int64) []byte {
		if offset < 0 || n < 0 || offset > int64(len(b))-n {
			return nil
		}
		return b[offset : offset+n]
	}}
}

func (d *directory) begin() bool {
	b := d.read(0, 8)
	if b == nil {
		return false
	}
	switch string(b[:2]) {
	case "II":
		d.little = true
	case "MM":
	default:
		return false
	}
	d.first = int64(d.u32(b[4:]))
	if d.u16(b[2:]) == 43 {
		b = d.read(8, 8)
		if b == nil {
			return false
		}
		d.big, d.first = true, d.u64(b)
	}
	return d.first >= 8 && d.first < d.size
}

// u64 is a number that a file gives for an offset or a length. One that no
// file can have stays larger than every file.
func (d *directory) u64(b []byte) int64 {
	n := binary.BigEndian.Uint64(b)
	if d.little {
		n = binary.LittleEndian.Uint64(b)
	}
	return int64(min(n, math.MaxInt64))
}

func (d *directory) u16(b []byte) uint16 {
	if d.little {
		return binary.LittleEndian.Uint16(b)
	}
	return binary.BigEndian.Uint16(b)
}

func (d *directory) u32(b []byte) uint32 {
	if d.little {
		return binary.LittleEndian.Uint32(b)
	}
	return binary.BigEndian.Uint32(b)
}

func (d *directory) put16(b []byte, n uint16) {
	if d.little {
		binary.LittleEndian.PutUint16(b, n)
	} else {
		binary.BigEndian.PutUint16(b, n)
	}
}

func (d *directory) put32(b []byte, n uint32) {
	if d.little {
		binary.LittleEndian.PutUint32(b, n)
	} else {
		binary.BigEndian.PutUint32(b, n)
	}
}

// entry is one tag.
type entry struct {
	d      *directory
	tag    uint16
	kind   uint16
	count  int64
	inline [8]byte // the value, or where it is
}

func (d *directory) walk(visit func(*entry)) { d.walkAt(d.first, visit) }

// walkAt visits the tags of the directory at an offset, each valid until the
// next.
func (d *directory) walkAt(offset int64, visit func(*entry)) {
	count, size := int64(2), int64(12)
	if d.big {
		count, size = 8, 20
	}
	b := d.read(offset, count)
	if b == nil {
		return
	}
	n := int64(d.u16(b))
	if d.big {
		n = d.u64(b)
	}
	if n > 1000 {
		return
	}
	var e entry
	for i := range n {
		b := d.read(offset+count+size*i, size)
		if b == nil {
			return
		}
		e = d.entry(b)
		visit(&e)
	}
}

// entry reads the twelve bytes of a tag, or the twenty of BigTIFF.
func (d *directory) entry(b []byte) entry {
	e := entry{d: d, tag: d.u16(b), kind: d.u16(b[2:]), count: int64(d.u32(b[4:]))}
	if d.big {
		e.count = d.u64(b[4:])
		copy(e.inline[:], b[12:20])
	} else {
		copy(e.inline[:], b[8:12])
	}
	return e
}

// bytes returns the value's bytes, valid until the next read; nil when they
// lie outside the file.
func (e *entry) bytes() []byte {
	sizes := [...]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
	if int(e.kind) >= len(sizes) || sizes[e.kind] == 0 || e.count > e.d.size {
		return nil
	}
	n := e.count * sizes[e.kind]
	switch {
	case e.d.big && n <= 8, n <= 4:
		return e.inline[:n]
	case e.d.big:
		return e.d.read(e.d.u64(e.inline[:]), n)
	}
	return e.d.read(int64(e.d.u32(e.inline[:])), n)
}

func (e *entry) number() int64 {
	switch e.kind {
	case 1:
		return int64(e.inline[0])
	case 3:
		return int64(e.d.u16(e.inline[:]))
	case 4, 13:
		return int64(e.d.u32(e.inline[:]))
	case 16, 18:
		if e.d.big {
			return e.d.u64(e.inline[:])
		}
	}
	return 0
}

func (e *entry) text() string { return exifText(e.bytes()) }

// rationals returns up to three of them as floats.
func (e *entry) rationals() []float64 {
	if e.kind != 5 && e.kind != 10 {
		return nil
	}
	b := e.bytes()
	var list []float64
	for ; len(b) >= 8 && len(list) < 3; b = b[8:] {
		den := e.d.u32(b[4:])
		if den == 0 {
			if e.d.u32(b) != 0 || len(list) == 0 {
				return nil
			}
			den = 1 // 0/0: minutes or seconds that are not known
		}
		list = append(list, float64(e.d.u32(b))/float64(den))
	}
	return list
}
