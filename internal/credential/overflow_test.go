package credential

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// numbers are those whose sums and differences go over an end of 64 bits.
var numbers = []uint64{0, 1, 7, 8, 15, 16, 64, math.MaxInt32, math.MaxUint32, math.MaxInt64 - 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64 - 7, math.MaxUint64}

// Whatever offset and length a BigTIFF gives, the store lies in the file.
func TestOverflowInTIFF(t *testing.T) {
	for _, dir := range append(numbers, 24) {
		for _, length := range numbers {
			for _, at := range numbers {
				b := []byte("II\x2B\x00\x08\x00\x00\x00")
				b = binary.LittleEndian.AppendUint64(b, dir)
				b = append(b, make([]byte, 8)...)
				b = binary.LittleEndian.AppendUint64(b, 1) // one entry, at 24
				b = append(b, 0x41, 0xCD, 7, 0)
				b = binary.LittleEndian.AppendUint64(b, length)
				b = binary.LittleEndian.AppendUint64(b, at)
				inside(t, fmt.Sprintf("directory %d, length %d, offset %d", dir, length, at), b, "tiff")
			}
		}
	}
}

// Whatever size a box gives, in 32 bits or in 64, what is found lies in the file.
func TestOverflowInBoxes(t *testing.T) {
	box := func(size uint64, kind string, body []byte) []byte {
		b := append(binary.BigEndian.AppendUint32(nil, 1), kind...)
		return append(binary.BigEndian.AppendUint64(b, size), body...)
	}
	for _, first := range append(numbers, 32) {
		for _, second := range numbers {
			b := append(box(first, "free", make([]byte, 16)), box(second, "uuid", append([]byte("\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81"), "\x00\x00\x00\x00manifest\x00\x00\x00\x00\x00\x00\x00\x00\x00jumb"...))...)
			s := &source{r: bytes.NewReader(b), size: int64(len(b))}
			boxes, err := bmffBoxes(s, span{0, s.size})
			for _, one := range boxes {
				if one.at.start < 0 || one.at.end < one.at.start || one.at.end > s.size || one.body < one.at.start {
					t.Errorf("sizes %d and %d: a box at %+v, %v", first, second, one, err)
				}
			}
			inside(t, fmt.Sprintf("sizes %d and %d", first, second), b, "heic")
		}
	}
}

func inside(t *testing.T, name string, file []byte, format string) {
	t.Helper()
	s := &source{r: bytes.NewReader(file), size: int64(len(file))}
	at, err := locate(s, format)
	if err != nil || at == nil {
		return
	}
	for _, p := range append(at.pieces, at.hole) {
		if p.start < 0 || p.end < p.start || p.end > s.size {
			t.Errorf("%s: a piece at %+v of %d bytes", name, p, s.size)
		}
	}
}

// Whatever a tree of hashes gives as the sizes of its blocks, they cover the
// data to the byte, or there is no tree.
func TestOverflowInBlocks(t *testing.T) {
	const size = 64
	for _, fixed := range numbers {
		for _, variable := range numbers {
			for _, m := range []merkleMap{{Count: 2, Fixed: fixed}, {Count: 2, Variable: []uint64{variable, fixed}}, {Count: 3, Variable: []uint64{variable, fixed, size - variable - fixed}}} {
				tree := (&merkleTree{alg: "sha256", at: span{0, size}}).cut(m)
				if tree == nil {
					continue
				}
				var sum int64
				for _, block := range tree.blocks {
					if block <= 0 {
						t.Errorf("%+v: a block of %d bytes", m, block)
					}
					sum += block
				}
				if sum != size {
					t.Errorf("%+v: %v", m, tree.blocks)
				}
			}
		}
	}
}

// Whatever ranges a hash leaves out, under an update manifest or not, they lie
// in the file, or nothing is hashed.
func TestOverflowInRanges(t *testing.T) {
	const size = 64
	hole := span{8, 16}
	for _, start := range append(numbers, 9, 60) {
		for _, length := range append(numbers, 4) {
			for _, update := range []bool{false, true} {
				raw, err := cbor.Marshal(dataHash{Alg: "sha256", Exclusions: []exclusion{{8, 8}, {start, length}, {8, 4}}})
				if err != nil {
					t.Fatal(err)
				}
				m := &manifest{}
				c := &check{store: &Store{size: size, at: embedding{hole: hole}}, active: m}
				if update {
					c.active = &manifest{update: true}
				}
				b := c.dataBinding(m, assertion{box: &superbox{boxes: []jumbfBox{{kind: "cbor", data: raw}}}})
				if b.hash == nil {
					continue
				}
				for _, s := range b.hash.skips {
					if s.start < 0 || s.end < s.start || s.end > size {
						t.Errorf("from %d, %d bytes, update %v: %+v", start, length, update, s)
					}
				}
			}
		}
	}
}
