package photo_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cutline/internal/photo"

	"github.com/google/go-cmp/cmp"
)

var (
	update = flag.Bool("update", false, "write the golden files of what was read")
	keep   = flag.Bool("keep", false, "keep the golden pictures that the conformance test writes")
)

// golden are the made pictures that stand in testdata/pictures.
var golden = []string{
	"exif-ii-korean.jpg", "exif-mm-russian.jpg", "exif-ii-latin1.jpg", "exif-mm-english.tif", "exif-ii-arabic.png", "exif-mm-norwegian.webp", "exif-ii-japanese.heic", "exif-mm-chinese.avif",
	"iim-utf8-emoji.jpg", "iim-none-latin1-norwegian.jpg", "iim-none-utf8-polish.jpg", "iim-latin2-polish.tif", "iim-cyrillic-russian.png", "iim-greek-greek.jpg", "iim-korean-korean.jpg", "iim-japanese-2022-japanese.jpg", "iim-jis-g0.jpg",
	"iim-chinese-chinese.tif", "iim-korean-shift.jpg", "iim-utf16.jpg", "iim-cyrillic-inside.jpg", "iim-utf8-cut-inside-a-letter.jpg",
	"xmp-utf8-elements-*.jpg", "xmp-utf8-shorthand-*.tif", "xmp-utf16be-shorthand-*.png", "xmp-utf16le-bm-elements-*.webp", "xmp-utf32be-elements-*.heic", "xmp-utf32le-shorthand-*.avif", "xmp-utf8-prefixes-*.jpg", "xmp-in-idat.heic",
	"all-norwegian.*", "png-*.png", "jpeg-exif-after-xmp.jpg", "jpeg-mpf-first.jpg", "jpeg-app13-*.jpg", "jpeg-exif-thumbnail.jpg", "jpeg-iim-in-exif.jpg", "jpeg-xmp-in-exif.jpg", "jpeg-jis-comment.jpg",
	"jpeg-extended-in-wrong-order.jpg",
}

// keepGolden copies the golden pictures; they are own-made.
func keepGolden(t *testing.T, pictures []made, path func(string) string) {
	if err := os.MkdirAll("testdata/pictures", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		for _, pattern := range golden {
			if ok, _ := filepath.Match(pattern, p.name); !ok {
				continue
			}
			b, err := os.ReadFile(path(p.name))
			if err != nil {
				t.Fatal(err)
			}
			if len(b) > 8<<10 {
				continue
			}
			if err := os.WriteFile(filepath.Join("testdata/pictures", p.name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestGolden reads own-made pictures, most of them written with ExifTool.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/pictures/*.*")
	if err != nil || len(paths) < 40 {
		t.Fatalf("%d pictures: %v", len(paths), err)
	}
	for _, path := range paths {
		if filepath.Ext(path) == ".json" {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			picture, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m, err := photo.Read(bytes.NewReader(picture), int64(len(picture)))
			if err != nil {
				t.Fatal(err)
			}
			got := readable(t, m)
			if *update {
				if err := os.WriteFile(path+".json", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path + ".json")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// readable is JSON with one field a line.
func readable(t *testing.T, m photo.Metadata) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "{\n \"format\": %q, \"width\": %d, \"height\": %d, \"iim_edited\": %t,\n \"fields\": [", m.Format, m.Width, m.Height, m.IIMEdited)
	lines(t, &b, m.Fields)
	b.WriteString("],\n \"problems\": [")
	lines(t, &b, m.Problems)
	b.WriteString("]\n}\n")
	return b.String()
}

func lines[T any](t *testing.T, b *strings.Builder, list []T) {
	for i, one := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(one); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n  " + strings.TrimSpace(line.String()))
	}
}
