package photo_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestBigTIFF reads what the comparison with ExifTool reads, too.
func TestBigTIFF(t *testing.T) {
	for _, m := range madeTIFF(t) {
		path := filepath.Join(t.TempDir(), m.name)
		if err := os.WriteFile(path, m.plain, 0o644); err != nil {
			t.Fatal(err)
		}
		checkWanted(t, path, m.want)
	}
}

// bigBlock is a BigTIFF file of one directory: offsets and counts of eight
// bytes.
func bigBlock(order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}, tags []tag) []byte {
	sizes := map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 16: 8}
	b := []byte("MM")
	if order.String() == "LittleEndian" {
		b = []byte("II")
	}
	for _, n := range []uint16{43, 8, 0} {
		b = order.AppendUint16(b, n)
	}
	b = order.AppendUint64(order.AppendUint64(b, 16), uint64(len(tags)))
	at := 16 + 8 + 20*len(tags) + 8
	var values []byte
	for _, t := range tags {
		b = order.AppendUint16(order.AppendUint16(b, t.number), t.kind)
		b = order.AppendUint64(b, uint64(len(t.value)/sizes[t.kind]))
		if len(t.value) <= 8 {
			b = append(append(b, t.value...), make([]byte, 8-len(t.value))...)
			continue
		}
		b = order.AppendUint64(b, uint64(at+len(values)))
		values = append(values, t.value...)
		if len(values)%2 == 1 {
			values = append(values, 0)
		}
	}
	return slices.Concat(b, make([]byte, 8), values)
}

// madeTIFF: what ExifTool does not write.
func madeTIFF(testing.TB) []made {
	text := script("norwegian")
	var all []made
	for name, order := range map[string]interface {
		binary.ByteOrder
		binary.AppendByteOrder
	}{"ii": binary.LittleEndian, "mm": binary.BigEndian} {
		short := func(n uint16) []byte { return order.AppendUint16(nil, n) }
		long8 := func(n uint64) []byte { return order.AppendUint64(nil, n) }
		all = append(all, made{
			name: "bigtiff-" + name + ".tif",
			plain: bigBlock(order, []tag{
				{0x0100, 3, short(16)}, {0x0101, 3, short(16)}, {0x0102, 3, short(8)}, {0x0106, 3, short(1)}, {0x010E, 2, []byte(text + "\x00")},
				{0x0111, 16, long8(16)}, {0x0117, 16, long8(16)}, {0x0132, 2, []byte("2019:01:08 08:00:00\x00")}, {0x013B, 2, []byte("Åse Li\x00")},
				{0x02BC, 1, []byte(packet("elements", text))}, {0x83BB, 7, iimBlock("\x1b%G", []byte(text))},
			}),
			want: map[string]string{"exif:ImageDescription": text, "exif:Artist": "Åse Li", "xmp:dc:description": text, "iptc:2:120": text},
		})
	}
	return all
}
