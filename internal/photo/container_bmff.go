package photo

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
)

// bmff reads HEIC and AVIF: the items named in the meta box (ISO/IEC 14496-12,
// 8.11; 23008-12 for Exif and XMP items).
func (f *file) bmff(m *Metadata) {
	at := int64(0)
	found := false
	for range 1000 {
		n, kind, head := f.box(at)
		if kind == "" {
			break
		}
		switch kind {
		case "ftyp":
			brands := f.bytes(at+head, min(n-head, 256))
			switch {
			case bytes.Contains(brands, []byte("avif")), bytes.Contains(brands, []byte("avis")):
				m.Format = "avif"
			case bytes.Contains(brands, []byte("hei")), bytes.Contains(brands, []byte("hev")), bytes.Contains(brands, []byte("mif1")):
				m.Format = "heic"
			}
			if m.Format == "" {
				m.damaged("The file is no picture of a known format (JPEG, TIFF, PNG, WebP, HEIC, AVIF).")
				return
			}
		case "meta":
			found = true
			if b := f.bytes(at+head, n-head); len(b) > 4 {
				f.items(m, bytes.Clone(b[4:]))
			} else if f.err == nil {
				m.damaged("The %s file's description of its contents is damaged.", m.Format)
			}
		case "uuid":
			if id := f.bytes(at+head, 16); string(id) == xmpUUID {
				if b := f.bytes(at+head+16, n-head-16); b != nil {
					m.xmp(bytes.Clone(b))
				}
			}
		}
		at += n
	}
	if f.err == nil && !found {
		m.damaged("The %s file has no description of its contents.", m.Format)
	}
}

// box returns a box's length in bytes, its kind, and the length of its head.
func (f *file) box(at int64) (n int64, kind string, head int64) {
	b := f.bytes(at, 8)
	if b == nil {
		return 0, "", 0
	}
	n, kind, head = int64(binary.BigEndian.Uint32(b)), string(b[4:8]), 8
	switch n {
	case 0:
		n = f.size - at
	case 1:
		if b = f.bytes(at+8, 8); b == nil {
			return 0, "", 0
		}
		n, head = int64(binary.BigEndian.Uint64(b)), 16 // #nosec G115 -- what turns negative is refused below
	}
	if n < head || n > f.size-at {
		return 0, "", 0
	}
	return n, kind, head
}

// children calls f with each box in b.
func children(b []byte, visit func(kind string, data []byte)) {
	for len(b) >= 8 {
		n, head := int64(binary.BigEndian.Uint32(b)), int64(8)
		switch {
		case n == 0:
			n = int64(len(b))
		case n == 1 && len(b) >= 16:
			n, head = int64(binary.BigEndian.Uint64(b[8:])), 16 // #nosec G115 -- what turns negative is refused below
		}
		if n < head || n > int64(len(b)) {
			return
		}
		visit(string(b[4:8]), b[head:n])
		b = b[n:]
	}
}

// xmpUUID is the extended type of a box that holds XMP (XMP, part 3, 1.2.7).
const xmpUUID = "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"

// extent is a piece of an item, in the file or, when inside, in the idat box.
type extent struct {
	offset, length int64
	inside         bool
}

func (f *file) items(m *Metadata, meta []byte) {
	kinds := map[uint32]string{}
	places := map[uint32][]extent{}
	var inside []byte
	children(meta, func(kind string, b []byte) {
		switch kind {
		case "iinf":
			if len(b) < 6 {
				return
			}
			skip := 6
			if b[0] > 0 {
				skip = 8
			}
			if len(b) < skip {
				return
			}
			children(b[skip:], func(kind string, e []byte) {
				if kind != "infe" || len(e) < 12 || e[0] < 2 {
					return
				}
				id, rest := uint32(binary.BigEndian.Uint16(e[4:])), e[8:]
				if e[0] == 3 && len(e) >= 14 {
					id, rest = binary.BigEndian.Uint32(e[4:]), e[10:]
				}
				what := string(rest[:4])
				if what == "mime" && bytes.Contains(rest, []byte("application/rdf+xml")) {
					what = "xmp"
				}
				kinds[id] = what
			})
		case "idat":
			inside = b
		case "iloc":
			readLocations(b, places)
		case "iprp":
			children(b, func(kind string, b []byte) {
				if kind != "ipco" {
					return
				}
				children(b, func(kind string, b []byte) {
					if kind == "ispe" && len(b) >= 12 {
						w, h := int(binary.BigEndian.Uint32(b[4:])), int(binary.BigEndian.Uint32(b[8:]))
						if int64(w)*int64(h) > int64(m.Width)*int64(m.Height) {
							m.Width, m.Height = w, h
						}
					}
				})
			})
		}
	})
	for _, id := range slices.Sorted(maps.Keys(kinds)) {
		kind := kinds[id]
		if kind != "Exif" && kind != "xmp" {
			continue
		}
		data := f.item(places[id], inside)
		switch {
		case kind == "xmp" && len(data) > 0:
			m.xmp(data)
		case kind == "Exif" && len(data) > 4:
			skip := int64(binary.BigEndian.Uint32(data)) + 4
			if skip < int64(len(data)) {
				m.exif(data[skip:])
			}
		}
	}
}

// item puts an item's pieces together; nil when they are too large.
func (f *file) item(places []extent, inside []byte) []byte {
	var data []byte
	for _, e := range places {
		if int64(len(data))+e.length > maxBlock {
			return nil
		}
		switch {
		case !e.inside:
			data = append(data, f.bytes(e.offset, e.length)...)
		case e.offset >= 0 && e.length >= 0 && e.offset <= int64(len(inside))-e.length:
			data = append(data, inside[e.offset:e.offset+e.length]...)
		}
	}
	return data
}

// readLocations reads the iloc box: where each item's bytes lie in the file.
func readLocations(b []byte, places map[uint32][]extent) {
	if len(b) < 8 {
		return
	}
	version := b[0]
	offsetSize, lengthSize := int(b[4]>>4), int(b[4]&15)
	baseSize, indexSize := int(b[5]>>4), 0
	if version > 0 {
		indexSize = int(b[5] & 15)
	}
	b = b[6:]
	ok := true
	number := func(n int) int64 {
		if n > len(b) || n > 8 {
			ok, b = false, nil
			return 0
		}
		v := int64(0)
		for _, c := range b[:n] {
			v = v<<8 | int64(c)
		}
		b = b[n:]
		return v
	}
	idSize := 2
	if version == 2 {
		idSize = 4
	}
	count := number(idSize)
	for ; ok && count > 0 && len(places) < 1000; count-- {
		id := uint32(number(idSize)) // #nosec G115 -- at most four bytes
		method := int64(0)
		if version > 0 {
			method = number(2) & 15
		}
		number(2)
		base := number(baseSize)
		for n := number(2); ok && n > 0; n-- {
			number(indexSize)
			offset, length := number(offsetSize), number(lengthSize)
			if method <= 1 && ok && len(places[id]) < 32 {
				places[id] = append(places[id], extent{base + offset, length, method == 1})
			}
		}
	}
}
