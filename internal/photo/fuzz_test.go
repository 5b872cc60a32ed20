package photo_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"cutline/internal/photo"

	"github.com/google/go-cmp/cmp"
)

// counting tells how much was read.
type counting struct {
	io.ReaderAt
	reads int
	bytes int64
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	c.reads++
	n, err := c.ReaderAt.ReadAt(p, off)
	c.bytes += int64(n)
	return n, err
}

// checkMetadata holds what is true of whatever was read.
func checkMetadata(t *testing.T, m photo.Metadata) {
	t.Helper()
	if len(m.Fields) > 5000 {
		t.Errorf("%d fields", len(m.Fields))
	}
	for _, f := range m.Fields {
		if f.Name == "" || f.From == "" || f.Value == "" || !utf8.ValidString(f.Value) || !utf8.ValidString(f.Lang) {
			t.Errorf("field %q", f)
		}
	}
	for _, p := range m.Problems {
		if p.Block == "" || p.Message == "" || !utf8.ValidString(p.Message) {
			t.Errorf("problem %q of block %q", p.Message, p.Block)
		}
	}
	if len(m.Problems) > 2100 {
		t.Errorf("%d problems", len(m.Problems))
	}
}

// fuzzContainer reads pictures of one container. The seeds are the golden
// pictures, whole and cut, and the hostile ones.
func fuzzContainer(f *testing.F, container string) {
	f.Add(plain(f, container))
	paths, _ := filepath.Glob("testdata/pictures/*." + extension[container])
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	for _, h := range hostile() {
		if filepath.Ext(h.name) == "."+extension[container] && len(h.picture) < 1<<20 {
			f.Add(h.picture)
		}
	}
	f.Fuzz(func(t *testing.T, picture []byte) {
		r := &counting{ReaderAt: bytes.NewReader(picture)}
		m, err := photo.Read(r, int64(len(picture)))
		if err != nil {
			t.Fatal(err)
		}
		checkMetadata(t, m)
		again, _ := photo.Read(bytes.NewReader(picture), int64(len(picture)))
		if diff := cmp.Diff(m, again); diff != "" {
			t.Errorf("read twice, it differs: %s", diff)
		}
		if r.reads > 25000 {
			t.Errorf("%d reads of %d bytes", r.reads, len(picture))
		}
	})
}

func FuzzJPEG(f *testing.F) { fuzzContainer(f, "jpeg") }
func FuzzTIFF(f *testing.F) { fuzzContainer(f, "tiff") }
func FuzzPNG(f *testing.F)  { fuzzContainer(f, "png") }
func FuzzWebP(f *testing.F) { fuzzContainer(f, "webp") }
func FuzzHEIC(f *testing.F) { fuzzContainer(f, "heic") }
func FuzzAVIF(f *testing.F) { fuzzContainer(f, "avif") }

func fuzzBlock(f *testing.F, kind string, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
		f.Add(s[:len(s)*2/3])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		checkMetadata(t, photo.ReadBlock(kind, b))
		if !bytes.Equal(before, b) {
			t.Error("the block was changed")
		}
	})
}

func FuzzEXIF(f *testing.F) {
	text := []byte(script("norwegian") + "\x00")
	fuzzBlock(f, "exif",
		tiffBlock(binary.BigEndian, []tag{{0x010E, 2, text}, {0x013B, 2, []byte("Ann\x00")}}),
		bigBlock(binary.LittleEndian, []tag{{0x010E, 2, text}, {0x83BB, 7, iimBlock("\x1b%G", text)}}),
		tiffBlock(binary.LittleEndian, []tag{{0x010E, 2, text}, {0x9C9B, 1, littleEndian("Title")}, {0x02BC, 1, []byte(packet("shorthand", "A ferry"))}, {0x83BB, 7, iimBlock("\x1b%G", text)}}),
		subDirectory([]tag{{0x9003, 2, []byte("2019:01:07 10:20:30\x00")}, {0x9286, 7, append([]byte("UNICODE\x00"), bigEndian("A ferry")...)}}),
		withThumbnail([]byte("\xFF\xD8\xFF\xD9"), "A ferry"))
}

func FuzzIIM(f *testing.F) {
	var seeds [][]byte
	for _, k := range codings {
		name := k.script
		if name == "" {
			name = "russian"
		}
		if b, err := k.encoding.NewEncoder().Bytes([]byte(script(name))); err == nil {
			seeds = append(seeds, iimBlock(k.declared, b))
		}
	}
	fuzzBlock(f, "iptc", append(seeds, iimBlock("\x1b$B", []byte("2#IM9A")), iimBlock("\x1b%/L", bigEndian("A ferry")), []byte("\x1c\x02\x78\x80\x04\x00\x00\x00\x03Abc"))...)
}

func FuzzResources(f *testing.F) {
	iim := iimBlock("", []byte("A ferry"))
	fuzzBlock(f, "resources", resource("8BIM", 0x0404, "", iim), resource("MeSa", 1, "odd", []byte("x")),
		append(resource("8BIM", 0x0404, "", iim), resource("8BIM", 0x0425, "", make([]byte, 16))...))
}

func FuzzXMP(f *testing.F) {
	var seeds [][]byte
	for form := range xmpForms {
		seeds = append(seeds, []byte(packet(form, script("russian"))))
	}
	for _, encode := range xmpCodings {
		seeds = append(seeds, encode(packet("prefixes", "A ferry")))
	}
	fuzzBlock(f, "xmp", append(seeds, []byte(laughs), []byte(deepXMP(100)))...)
}
