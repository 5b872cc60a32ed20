package photo_test

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"cutline/internal/photo"
)

// reads counts the bytes that are read.
type reads struct {
	io.ReaderAt
	n int64
}

func (r *reads) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.ReaderAt.ReadAt(p, off)
	r.n += int64(n)
	return n, err
}

// A text behind 20 MB of image data is found, mostly without reading those.
func TestTextBehindImageData(t *testing.T) {
	text := pngChunk("tEXt", []byte("Description\x00A tram in Oslo."))
	cut := func(lengths ...int) []byte {
		picture := bytes.Clone(plain(t, "png")[:33])
		for _, n := range lengths {
			picture = append(picture, pngChunk("IDAT", make([]byte, n))...)
		}
		return slices.Concat(picture, text, pngChunk("IEND"))
	}
	alike := func(n, times int, last ...int) []int { return append(slices.Repeat([]int{n}, times), last...) }
	for _, c := range []struct {
		name    string
		lengths []int
		few     bool
	}{
		{"of one length, the last shorter", alike(32<<10, 640, 777), true},
		{"small ones", alike(1<<10, 25_000, 1), true},
		{"of one length to the last", alike(64<<10, 320), true},
		{"one", []int{20 << 20}, true},
		{"of any length", func() (l []int) {
			for i := range 600 {
				l = append(l, 30_000+i*7)
			}
			return l
		}(), false},
		{"of one length, many others behind", slices.Concat(alike(32<<10, 300), alike(31<<10, 300)), false},
	} {
		picture := cut(c.lengths...)
		r := &reads{ReaderAt: bytes.NewReader(picture)}
		m, err := photo.Read(r, int64(len(picture)))
		if err != nil || len(m.Fields) != 1 || m.Fields[0].Value != "A tram in Oslo." || m.Damaged() {
			t.Errorf("%s: %+v, %v", c.name, m, err)
		}
		if c.few && r.n > 2<<20 {
			t.Errorf("%s: %d bytes of %d were read", c.name, r.n, len(picture))
		}
	}
}
