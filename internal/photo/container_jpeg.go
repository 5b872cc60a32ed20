package photo

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

var (
	exifHead     = []byte("Exif\x00")
	xmpHead      = []byte("http://ns.adobe.com/xap/1.0/\x00")
	extendedHead = []byte("http://ns.adobe.com/xmp/extension/\x00")
	irbHead      = []byte("Photoshop 3.0\x00")
)

// jpeg walks the segments up to the image data (ITU T.81, annex B). Extended
// XMP is put together as in the XMP specification, part 3, 1.1.3.1.
func (f *file) jpeg(m *Metadata) {
	var exif, xmp, irb []byte
	extended := map[string][]byte{}
	at := int64(2)
	started := false
	for range 2000 {
		b := f.bytes(at, 4)
		if b == nil {
			break
		}
		if b[0] != 0xFF {
			m.damaged("The JPEG is damaged: no segment at byte %d.", at)
			return
		}
		marker := b[1]
		if marker == 0xFF || marker == 0x01 || marker >= 0xD0 && marker <= 0xD8 {
			at += map[bool]int64{true: 1, false: 2}[marker == 0xFF]
			continue
		}
		if marker == 0xD9 {
			break
		}
		n := int64(binary.BigEndian.Uint16(b[2:]))
		if marker == 0xDA {
			started = true
			break
		}
		if n < 2 {
			m.damaged("The JPEG is damaged: a segment of no length at byte %d.", at)
			return
		}
		wanted := marker == 0xE1 || marker == 0xED || marker >= 0xC0 && marker <= 0xCF
		if wanted {
			data := f.bytes(at+4, n-2)
			switch {
			case data == nil:
			case marker == 0xED && bytes.HasPrefix(data, irbHead):
				if len(irb)+len(data) <= maxBlock {
					irb = append(irb, data[len(irbHead):]...)
				}
			case marker == 0xE1 && bytes.HasPrefix(data, exifHead) && exif == nil && len(data) > 6:
				exif = bytes.Clone(data[6:])
			case marker == 0xE1 && bytes.HasPrefix(data, xmpHead) && xmp == nil:
				xmp = bytes.Clone(data[len(xmpHead):])
			case marker == 0xE1 && bytes.HasPrefix(data, extendedHead):
				keepExtended(extended, data[len(extendedHead):])
			case marker >= 0xC0 && marker != 0xC4 && marker != 0xC8 && marker != 0xCC && marker <= 0xCF && len(data) >= 5 && m.Width == 0:
				m.Height, m.Width = int(binary.BigEndian.Uint16(data[1:])), int(binary.BigEndian.Uint16(data[3:]))
			}
		}
		at += 2 + n
	}
	if f.err != nil {
		return
	}
	switch {
	case !started:
		m.damaged("The JPEG is cut off: it has no image data.")
	case f.size <= window && !bytes.Contains(f.bytes(at, f.size-at), []byte{0xFF, 0xD9}):
		m.damaged("The JPEG is cut off: its image data do not end.")
	}
	if exif != nil {
		m.exif(exif)
	}
	if irb != nil {
		m.resources(irb)
	}
	if xmp != nil {
		m.xmp(xmp)
		if guid := extendedGUID(xmp); guid != "" {
			m.extendedXMP(guid, extended[guid])
		}
	}
}

// keepExtended keeps one portion: a GUID of 32 letters, the length of the
// whole, the offset of the portion.
func keepExtended(all map[string][]byte, data []byte) {
	if len(data) < 40 {
		return
	}
	guid := string(data[:32])
	whole, offset := binary.BigEndian.Uint32(data[32:]), binary.BigEndian.Uint32(data[36:])
	data = data[40:]
	if whole > maxBlock || int64(offset)+int64(len(data)) > int64(whole) || all[guid] == nil && len(all) >= 8 {
		return
	}
	if all[guid] == nil {
		all[guid] = make([]byte, whole)
	}
	if int(offset)+len(data) <= len(all[guid]) {
		copy(all[guid][offset:], data)
	}
}

func (m *Metadata) extendedXMP(guid string, data []byte) {
	if data == nil {
		m.problem("xmp", errors.New("its extension is missing"))
		return
	}
	if sum := md5.Sum(data); hex.EncodeToString(sum[:]) != lower(guid) {
		m.problem("xmp", fmt.Errorf("its extension is incomplete"))
		return
	}
	m.xmp(data)
}

func lower(s string) string { return string(bytes.ToLower([]byte(s))) }

// extendedGUID returns the value of xmpNote:HasExtendedXMP.
func extendedGUID(xmp []byte) string {
	at := bytes.Index(xmp, []byte("HasExtendedXMP"))
	if at < 0 {
		return ""
	}
	rest := bytes.TrimLeft(xmp[at+len("HasExtendedXMP"):], "=>\"' \t\r\n")
	if len(rest) < 32 {
		return ""
	}
	return string(rest[:32])
}

// resources reads Photoshop's image resource blocks: IPTC-IIM in 0x0404, and
// nothing else.
func (m *Metadata) resources(b []byte) {
	for len(b) >= 12 && string(b[:4]) == "8BIM" {
		id := binary.BigEndian.Uint16(b[4:])
		name := int(b[6]) + 1
		name += name & 1
		if len(b) < 6+name+4 {
			break
		}
		n := int(binary.BigEndian.Uint32(b[6+name:]))
		data := b[6+name+4:]
		if n < 0 || n > len(data) {
			m.problem("iptc", errors.New("its resource is cut off"))
			n = len(data)
		}
		if id == 0x0404 {
			m.iptc(data[:n])
		}
		b = data[min(len(data), n+n&1):]
	}
}
