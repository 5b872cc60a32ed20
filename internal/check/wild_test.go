package check_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cutline/internal/check"
	"cutline/internal/credential"
	"cutline/internal/likeness"
	"cutline/internal/photo"
	"cutline/internal/report/reporttest"
	"cutline/internal/rules"
)

// realPictures are the repository's own, and the shared corpus where that is
// beside the checkout.
func realPictures(t *testing.T) (names []string, bodies [][]byte) {
	t.Helper()
	for _, dir := range []string{"../photo/testdata/pictures", "../likeness/testdata/jpeg", "../likeness/testdata/tiff", "../../../shared/corpus/images"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) == ".json" {
				return nil
			}
			b, err := os.ReadFile(path)
			names, bodies = append(names, filepath.Base(path)), append(bodies, b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(names) < 40 {
		t.Fatalf("%d pictures", len(names))
	}
	return names, bodies
}

// damages are what happens to files: on the way, and on purpose. Each makes a
// new file out of one, or of one and another.
var damages = []struct {
	name string
	do   func(r *rand.Rand, b, other []byte) []byte
}{
	{"cut", func(r *rand.Rand, b, _ []byte) []byte { return b[:place(r, b)] }},
	{"cut by a few bytes", func(r *rand.Rand, b, _ []byte) []byte { return b[:max(0, len(b)-1-r.IntN(9))] }},
	{"bytes changed", func(r *rand.Rand, b, _ []byte) []byte {
		for range 1 + r.IntN(20) {
			b[place(r, b)] ^= byte(1 + r.IntN(255))
		}
		return b
	}},
	{"bits flipped all over", func(r *rand.Rand, b, _ []byte) []byte {
		for range 1 + len(b)/500 {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return b
	}},
	{"numbers at their limits", func(r *rand.Rand, b, _ []byte) []byte {
		for range 1 + r.IntN(4) {
			limit(r, b, place(r, b))
		}
		return b
	}},
	{"a length at its limit", func(r *rand.Rand, b, _ []byte) []byte {
		for range 1 + r.IntN(3) {
			limit(r, b, landmark(r, b))
		}
		return b
	}},
	{"two places swapped", func(r *rand.Rand, b, _ []byte) []byte {
		n := 1 << r.IntN(6)
		if len(b) < 2*n {
			return b
		}
		i, j := min(place(r, b), len(b)-n), min(place(r, b), len(b)-n)
		x := bytes.Clone(b[i : i+n])
		copy(b[i:i+n], b[j:j+n])
		copy(b[j:j+n], x)
		return b
	}},
	{"a part twice", func(r *rand.Rand, b, _ []byte) []byte {
		i := place(r, b)
		j := min(len(b), i+1+r.IntN(4096))
		return slices.Concat(b[:j], bytes.Repeat(b[i:j], 1+r.IntN(50)), b[j:])
	}},
	{"a part missing", func(r *rand.Rand, b, _ []byte) []byte {
		i := place(r, b)
		return slices.Delete(b, i, min(len(b), i+1+r.IntN(1<<r.IntN(14))))
	}},
	{"zeros", func(r *rand.Rand, b, _ []byte) []byte {
		i := place(r, b)
		clear(b[i:min(len(b), i+1+r.IntN(1<<r.IntN(16)))])
		return b
	}},
	{"two files in one", func(r *rand.Rand, b, other []byte) []byte { return slices.Concat(b, other) }},
	{"a file in a file", func(r *rand.Rand, b, other []byte) []byte { return slices.Insert(b, place(r, b), other...) }},
	{"the head of another", func(r *rand.Rand, b, other []byte) []byte {
		n := min(len(b), len(other), 1+r.IntN(64))
		copy(b, other[:n])
		return b
	}},
	{"half and half", func(r *rand.Rand, b, other []byte) []byte {
		return slices.Concat(b[:place(r, b)], other[place(r, other):])
	}},
	{"noise behind a head", func(r *rand.Rand, b, _ []byte) []byte {
		for i := min(len(b), 4+r.IntN(60)); i < len(b); i++ {
			b[i] = byte(r.Uint32())
		}
		return b
	}},
}

// place is somewhere in a file, mostly near its head.
func place(r *rand.Rand, b []byte) int {
	if r.IntN(3) > 0 {
		return r.IntN(min(len(b), 1<<(4+r.IntN(10))))
	}
	return r.IntN(len(b))
}

// landmark is where a length may stand: behind a marker, a chunk's or box's
// name, or before it.
func landmark(r *rand.Rand, b []byte) int {
	for range 50 {
		i := place(r, b)
		for ; i+8 < len(b); i++ {
			if b[i] == 0xFF && b[i+1] >= 0xC0 {
				return i + 2
			}
			if word(b[i:i+4]) && !word(b[i+1:i+5]) {
				return max(0, i-4+8*r.IntN(2))
			}
			if bytes.HasPrefix(b[i:], []byte("8BIM")) || bytes.HasPrefix(b[i:], []byte("II*\x00")) || bytes.HasPrefix(b[i:], []byte("MM\x00*")) {
				return i + 4
			}
		}
	}
	return place(r, b)
}

func word(b []byte) bool {
	for _, c := range b {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return true
}

// limit writes a number that no length should be.
func limit(r *rand.Rand, b []byte, at int) {
	if at+8 > len(b) {
		return
	}
	n := []uint64{0, 1, 2, 3, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF, 1 << 62, 1<<64 - 1, uint64(len(b)), uint64(len(b) - at)}[r.IntN(20)]
	switch r.IntN(5) {
	case 0:
		binary.BigEndian.PutUint16(b[at:], uint16(n))
	case 1:
		binary.LittleEndian.PutUint16(b[at:], uint16(n))
	case 2:
		binary.BigEndian.PutUint32(b[at:], uint32(n))
	case 3:
		binary.LittleEndian.PutUint32(b[at:], uint32(n))
	case 4:
		binary.BigEndian.PutUint64(b[at:], n)
	}
}

// TestWildPictures: whatever became of a picture, there is a valid report, in
// bounded memory; nothing panics. CUTLINE_WILD is how many pictures are made;
// each is made of its number alone.
func TestWildPictures(t *testing.T) {
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	names, bodies := realPictures(t)
	checker := &check.Checker{Rules: house}
	first, n := 0, 1500
	if s := os.Getenv("CUTLINE_WILD"); s != "" {
		from, to, _ := strings.Cut(s, "-")
		if first, err = strconv.Atoi(from); err != nil {
			t.Fatal(err)
		}
		if n, err = strconv.Atoi(to); err != nil {
			first, n = 0, first
		}
	}
	slowest, largest, at := time.Duration(0), uint64(0), 0
	for seed := first; seed < n; seed++ {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		k := r.IntN(len(bodies))
		body, told := bytes.Clone(bodies[k]), names[k]
		if len(body) > 200<<10 && seed%8 > 0 && os.Getenv("CUTLINE_WILD") == "" {
			body = body[:100<<10]
		}
		for range 1 + r.IntN(3) {
			if len(body) == 0 {
				break
			}
			d := damages[r.IntN(len(damages))]
			body = d.do(r, body, bodies[r.IntN(len(bodies))])
			told += ", " + d.name
		}
		// Whatever it is called: the name says nothing.
		name := []string{"p.jpg", "p.tif", "p.png", "p.webp", "p.heic", "p", "p.txt"}[r.IntN(7)]
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		wild(t, checker, body, name, fmt.Sprintf("%d: %s", seed, told))
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		slowest = max(slowest, took)
		if spent := after.TotalAlloc - before.TotalAlloc; spent > largest {
			largest, at = spent, seed
		}
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 128<<20 {
			t.Errorf("%d: %s: %d bytes of memory", seed, told, spent)
		}
		if took > time.Second {
			t.Logf("%d: %s (%d bytes): %v", seed, told, len(body), took)
		}
	}
	t.Logf("%d pictures; the slowest took %v, the largest %d bytes of memory (%d)", n-first, slowest, largest, at)
}

// wild takes a picture through all that reads it, asked for or not.
func wild(t *testing.T, checker *check.Checker, body []byte, name, told string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v", told, p)
		}
	}()
	size := int64(len(body))
	rep, err := checker.Picture(bytes.NewReader(body), size, name)
	if err != nil {
		t.Errorf("%s: %v", told, err)
		return
	}
	reporttest.Valid(t, rep)
	format := rep.Photo.Format
	raster, err := photo.ReadRaster(bytes.NewReader(body), size)
	if err != nil {
		t.Errorf("%s: raster: %v", told, err)
	}
	var seen *likeness.Picture
	if format == "tiff" {
		seen, err = likeness.DecodeTIFF(bytes.NewReader(body), size, raster, 32<<20)
	} else {
		seen, err = likeness.Decode(bytes.NewReader(body), size, format, 32<<20)
	}
	if err == nil {
		seen.Probes()
	} else if strings.Contains(err.Error(), "decoder failed") {
		t.Errorf("%s: %v", told, err)
	}
	if _, err := photo.Previews(bytes.NewReader(body), size); err != nil {
		t.Errorf("%s: previews: %v", told, err)
	}
	if _, err := photo.Thumbnail(bytes.NewReader(body), size); err != nil {
		t.Errorf("%s: thumbnail: %v", told, err)
	}
	store, err := credential.Find(bytes.NewReader(body), size, format)
	if err != nil || store == nil {
		return
	}
	c, err := store.Check(credential.Options{})
	if err != nil {
		t.Errorf("%s: credentials: %v", told, err)
		return
	}
	if b := c.Binding(); b != nil {
		io.Copy(b, bytes.NewReader(body))
	}
	c.Credentials()
}
