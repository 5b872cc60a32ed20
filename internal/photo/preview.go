package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// Preview is a small picture that a JPEG keeps of itself, and where it lies in
// the file.
type Preview struct {
	From   string // "exif:Thumbnail", "mpf:2"
	Offset int64
	Size   int64 // bytes
}

// maxPreviews bounds the previews of one file that are told of.
const maxPreviews = 4

// Previews finds the thumbnail in a JPEG's EXIF (Exif 3.0, 4.5.4) and the
// previews in its multi-picture index (CIPA DC-007, 5.2.3), whose pictures
// stand behind the main one. Pictures that are no previews, such as gain maps
// and the other views of a panorama, are left out. The error is r's own.
func Previews(r io.ReaderAt, size int64) ([]Preview, error) {
	f := &file{r: r, size: size}
	var found []Preview
	at := int64(2)
	for range 2000 {
		b := f.bytes(at, 4)
		if b == nil || b[0] != 0xFF || b[1] == 0xDA || b[1] == 0xD9 {
			break
		}
		marker := b[1]
		switch {
		case marker == 0xFF:
			at++
			continue
		case marker == 0x01, marker >= 0xD0 && marker <= 0xD8:
			at += 2
			continue
		}
		n := int64(binary.BigEndian.Uint16(b[2:]))
		if n < 2 {
			break
		}
		if marker == 0xE1 || marker == 0xE2 {
			data := f.bytes(at+4, n-2)
			switch {
			case marker == 0xE1 && bytes.HasPrefix(data, exifHead) && len(data) > 6:
				found = append(found, exifThumbnail(data[6:], at+10)...)
			case marker == 0xE2 && bytes.HasPrefix(data, []byte("MPF\x00")):
				found = append(found, multiPicture(data[4:], at+8)...)
			}
		}
		at += 2 + n
	}
	var within []Preview
	for _, p := range found {
		if p.Size > 0 && p.Offset > 0 && p.Offset <= size-p.Size && len(within) < maxPreviews {
			within = append(within, p)
		}
	}
	return within, f.err
}

// exifThumbnail reads where the second directory says that the small picture
// is (Exif 3.0, 4.5.8). Base is the block's place in the file.
func exifThumbnail(block []byte, base int64) []Preview {
	d := inMemory(block)
	if !d.begin() || d.big {
		return nil
	}
	count := d.read(d.first, 2)
	if count == nil {
		return nil
	}
	next := d.read(d.first+2+12*int64(d.u16(count)), 4)
	if next == nil || d.u32(next) == 0 {
		return nil
	}
	p := Preview{From: "exif:Thumbnail"}
	d.walkAt(int64(d.u32(next)), func(e *entry) {
		switch e.tag {
		case 0x0201: // JPEGInterchangeFormat
			p.Offset = int64(e.number())
		case 0x0202: // JPEGInterchangeFormatLength
			p.Size = int64(e.number())
		}
	})
	if p.Offset == 0 || p.Size == 0 || p.Offset > int64(len(block)) {
		return nil
	}
	p.Offset += base
	return []Preview{p}
}

// multiPicture reads the index's entries of sixteen bytes: attributes, size,
// offset from the index's own place, and two dependents.
func multiPicture(block []byte, base int64) []Preview {
	const (
		tagEntries = 0xB002
		kindMask   = 0xFFFFFF
		vga, hd    = 0x010001, 0x010002 // the kinds of previews
	)
	d := inMemory(block)
	if !d.begin() {
		return nil
	}
	var found []Preview
	d.walk(func(e *entry) {
		if e.tag != tagEntries {
			return
		}
		b := e.bytes()
		for n := 1; len(b) >= 16; n++ {
			kind := d.u32(b) & kindMask
			if kind == vga || kind == hd {
				found = append(found, Preview{From: fmt.Sprintf("mpf:%d", n), Size: int64(d.u32(b[4:])), Offset: base + int64(d.u32(b[8:]))})
			}
			b = b[16:]
		}
	})
	return found
}
