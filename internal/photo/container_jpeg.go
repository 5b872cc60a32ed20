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
	oldIRBHead   = []byte("Adobe_Photoshop2.5:")
)

// jpegBlocks are the blocks of metadata that segments hold, put together.
type jpegBlocks struct {
	exif, resources, iim []byte
	xmp                  [][]byte
	comments             []string
	extended             map[string][]byte // by GUID
}

// jpeg walks the segments up to the image data (ITU T.81, annex B).
func (f *file) jpeg(m *Metadata) {
	blocks := jpegBlocks{}
	at := int64(2)
	end := int64(-1) // where the image data begin
walk:
	for range 2000 {
		b := f.bytes(at, 4)
		if b == nil {
			break
		}
		marker := b[1]
		switch {
		case b[0] != 0xFF: // decoders go on at the next marker
			next := f.marker(at)
			if next < 0 {
				m.damaged("The JPEG is damaged: no segment at byte %d.", at)
				break walk
			}
			m.Problems = append(m.Problems, Problem{Block: "file", Message: fmt.Sprintf("The JPEG has %d bytes at byte %d that belong to no segment.", next-at, at)})
			at = next
			continue
		case marker == 0xFF: // a fill byte
			at++
			continue
		case marker == 0x01, marker >= 0xD0 && marker <= 0xD8:
			at += 2
			continue
		case marker == 0xD9:
			break walk
		case marker == 0xDA:
			end = at
			break walk
		}
		n := int64(binary.BigEndian.Uint16(b[2:]))
		if n < 2 {
			m.damaged("The JPEG is damaged: a segment of no length at byte %d.", at)
			break
		}
		switch {
		case marker == 0xE1, marker == 0xED:
			blocks.keep(marker, f.bytes(at+4, n-2))
		case marker == 0xFE && len(blocks.comments) < 4:
			blocks.comments = append(blocks.comments, exifText(f.bytes(at+4, n-2)))
		case marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC && m.Width == 0:
			if frame := f.bytes(at+4, 5); frame != nil {
				m.Height, m.Width = int(binary.BigEndian.Uint16(frame[1:])), int(binary.BigEndian.Uint16(frame[3:]))
			}
		}
		at += 2 + n
	}
	if f.err != nil {
		return
	}
	switch {
	case end < 0 && !m.Damaged():
		m.damaged("The JPEG is cut off: it has no image data.")
	case end >= 0 && !f.jpegEnds(end):
		m.damaged("The JPEG is cut off: its image data do not end.")
	}
	blocks.read(m)
	f.trailers(m)
}

// marker returns where the next marker is, at most a window away; -1 when
// there is none.
func (f *file) marker(at int64) int64 {
	b := f.bytes(at, min(window, f.size-at))
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xFF && b[i+1] >= 0xC0 && b[i+1] < 0xFF {
			return at + int64(i)
		}
	}
	return -1
}

// jpegEnds says whether the image data have an end. What lies beyond the
// first request to a bucket is not asked for.
func (f *file) jpegEnds(start int64) bool {
	if f.size > firstRequest {
		return true
	}
	end := []byte{0xFF, 0xD9}
	tail := min(f.size, 12) // a trailer is looked for there, too
	if bytes.HasSuffix(f.bytes(f.size-tail, tail), end) {
		return true
	}
	return bytes.Contains(f.bytes(start, f.size-start), end)
}

// keep keeps a segment's data when it is one of metadata.
func (b *jpegBlocks) keep(marker byte, data []byte) {
	switch {
	case marker == 0xED && bytes.HasPrefix(data, irbHead):
		b.keepResources(data[len(irbHead):])
	case marker == 0xED && bytes.HasPrefix(data, oldIRBHead):
		b.keepResources(data[min(len(data), len(oldIRBHead)+8):])
	case marker == 0xED && bytes.HasPrefix(data, []byte{0x1C, 0x02}) && b.iim == nil:
		b.iim = bytes.Clone(data)
	case marker != 0xE1:
	case bytes.HasPrefix(data, exifHead) && len(data) > 6 && b.exif == nil:
		b.exif = bytes.Clone(data[6:])
	case bytes.HasPrefix(data, xmpHead) && len(b.xmp) < 4:
		b.xmp = append(b.xmp, bytes.Clone(data[len(xmpHead):]))
	case bytes.HasPrefix(data, extendedHead):
		if b.extended == nil {
			b.extended = map[string][]byte{}
		}
		keepExtended(b.extended, data[len(extendedHead):])
	}
}

// keepResources puts segments together: resources go on from one to another.
func (b *jpegBlocks) keepResources(data []byte) {
	if len(b.resources)+len(data) <= maxBlock {
		b.resources = append(b.resources, data...)
	}
}

// read reads the blocks. Extended XMP is as in XMP, part 3, 1.1.3.1.
func (b *jpegBlocks) read(m *Metadata) {
	if b.exif != nil {
		m.exif(b.exif)
	}
	if b.resources != nil {
		m.resources(b.resources)
	}
	if b.iim != nil {
		m.iptc(b.iim)
	}
	for _, text := range b.comments {
		m.add(UserComment, "jpeg:COM", text, "")
	}
	for _, packet := range b.xmp {
		m.xmp(packet)
		if guid := extendedGUID(packet); guid != "" {
			m.extendedXMP(guid, b.extended[guid])
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
		m.problem("xmp", errors.New("its extension is incomplete"))
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
// in 0x0425 the digest of the IIM that XMP was last made equal to (Adobe
// Photoshop File Formats; MWG 2.0, 3.3.1).
func (m *Metadata) resources(b []byte) {
	var sum, digest []byte
	for len(b) >= 12 && isResource(string(b[:4])) {
		id := binary.BigEndian.Uint16(b[4:])
		name := int(b[6]) + 1
		name += name & 1
		if len(b) < 6+name+4 {
			break
		}
		n := int(binary.BigEndian.Uint32(b[6+name:]))
		data := b[6+name+4:]
		if n > len(data) {
			m.problem("iptc", errors.New("its resource is cut off"))
			n = len(data)
		}
		switch id {
		case 0x0404:
			m.iptc(data[:n])
			whole := md5.Sum(data[:n])
			sum = whole[:]
		case 0x0425:
			digest = data[:n]
		}
		b = data[min(len(data), n+n&1):]
	}
	m.IIMEdited = len(sum) == len(digest) && len(sum) > 0 && !bytes.Equal(sum, digest) && !bytes.Equal(digest, make([]byte, md5.Size))
}

// isResource knows the signatures that programs write beside Photoshop's.
func isResource(signature string) bool {
	switch signature {
	case "8BIM", "PHUT", "DCSR", "AgHg", "MeSa":
		return true
	}
	return false
}
