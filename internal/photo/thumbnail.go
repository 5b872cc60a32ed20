package photo

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Thumbnail returns the small JPEG that the EXIF of a JPEG carries (Exif 3.0,
// 4.5.8: the second directory), or nil when there is none. It is what a camera
// or program last put there: the picture itself may have been changed since.
// The error is r's.
func Thumbnail(r io.ReaderAt, size int64) ([]byte, error) {
	f := &file{r: r, size: size}
	if head := f.bytes(0, 2); !bytes.Equal(head, []byte{0xFF, 0xD8}) {
		return nil, f.err
	}
	at := int64(2)
	for range 20 { // it stands among the first segments
		b := f.bytes(at, 4)
		if b == nil || b[0] != 0xFF || b[1] == 0xDA {
			break
		}
		marker, n := b[1], int64(binary.BigEndian.Uint16(b[2:]))
		if n < 2 {
			break
		}
		if data := f.bytes(at+4, n-2); marker == 0xE1 && bytes.HasPrefix(data, exifHead) && len(data) > 6 {
			return thumbnailOf(data[6:]), nil
		}
		at += 2 + n
	}
	return nil, f.err
}

// thumbnailOf reads the small JPEG in a block of EXIF; nil when there is none.
func thumbnailOf(block []byte) []byte {
	for _, p := range exifThumbnail(block, 0) {
		if small := inMemory(block).read(p.Offset, p.Size); bytes.HasPrefix(small, []byte{0xFF, 0xD8, 0xFF}) {
			return bytes.Clone(small)
		}
	}
	return nil
}
