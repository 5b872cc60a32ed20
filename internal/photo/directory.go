package photo

import "encoding/binary"

// directory walks TIFF's directories of tags, whatever they are read from.
type directory struct {
	read   func(offset, n int64) []byte
	size   int64
	little bool
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
	return d.first >= 8 && d.first < d.size
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
	inline [4]byte
}

func (d *directory) walk(visit func(entry)) { d.walkAt(d.first, visit) }

func (d *directory) walkAt(offset int64, visit func(entry)) {
	b := d.read(offset, 2)
	if b == nil {
		return
	}
	n := int64(d.u16(b))
	if n > 1000 {
		return
	}
	for i := range n {
		b := d.read(offset+2+12*i, 12)
		if b == nil {
			return
		}
		visit(d.entry(b))
	}
}

// entry reads the twelve bytes of a tag.
func (d *directory) entry(b []byte) entry {
	return entry{d: d, tag: d.u16(b), kind: d.u16(b[2:]), count: int64(d.u32(b[4:])), inline: [4]byte(b[8:12])}
}

// bytes returns the value's bytes, valid until the next read; nil when they
// lie outside the file.
func (e entry) bytes() []byte {
	sizes := [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}
	if int(e.kind) >= len(sizes) || e.kind == 0 {
		return nil
	}
	n := e.count * sizes[e.kind]
	if n <= 4 {
		return e.inline[:n]
	}
	return e.d.read(int64(e.d.u32(e.inline[:])), n)
}

func (e entry) number() uint32 {
	switch e.kind {
	case 3:
		return uint32(e.d.u16(e.inline[:]))
	case 4, 13:
		return e.d.u32(e.inline[:])
	case 1:
		return uint32(e.inline[0])
	}
	return 0
}

func (e entry) text() string { return exifText(e.bytes()) }

// rationals returns up to three of them as floats.
func (e entry) rationals() []float64 {
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
