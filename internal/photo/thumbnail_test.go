package photo_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"cutline/internal/photo"
)

// carrying is the head of a JPEG whose EXIF has a second directory with
// a thumbnail at the offset and of the length, and small after it.
func carrying(at, length uint32, small []byte) []byte {
	var block []byte
	u16 := func(v uint16) { block = binary.LittleEndian.AppendUint16(block, v) }
	u32 := func(v uint32) { block = binary.LittleEndian.AppendUint32(block, v) }
	block = append(block, "II*\x00"...)
	u32(8)
	u16(0) // the first directory is empty
	u32(14)
	u16(2)
	for _, tag := range []struct {
		id    uint16
		value uint32
	}{{0x0201, at}, {0x0202, length}} {
		u16(tag.id)
		u16(4)
		u32(1)
		u32(tag.value)
	}
	u32(0)
	block = append(block, small...)
	segment := append([]byte("Exif\x00\x00"), block...)
	head := []byte{0xFF, 0xD8, 0xFF, 0xE1}
	head = binary.BigEndian.AppendUint16(head, uint16(len(segment)+2))
	return append(append(head, segment...), 0xFF, 0xDA, 0, 2)
}

func TestThumbnail(t *testing.T) {
	small := []byte("\xFF\xD8\xFF\xDBsmall\xFF\xD9")
	const at = 44 // behind both directories
	n := uint32(len(small))
	for name, c := range map[string]struct{ picture, want []byte }{
		"there":          {carrying(at, n, small), small},
		"outside":        {carrying(at, n+100, small), nil},
		"far outside":    {carrying(1<<31, n, small), nil},
		"no JPEG":        {carrying(at, n, []byte("<script>   ")), nil},
		"none":           {[]byte{0xFF, 0xD8, 0xFF, 0xDA}, nil},
		"cut":            {carrying(at, n, small)[:30], nil},
		"another format": {[]byte("\x89PNG\r\n\x1a\n"), nil},
		"empty":          {nil, nil},
	} {
		got, err := photo.Thumbnail(bytes.NewReader(c.picture), int64(len(c.picture)))
		if err != nil || !bytes.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
