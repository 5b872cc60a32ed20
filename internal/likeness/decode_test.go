package likeness

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/image/tiff"

	"cutline/internal/likeness/likenesstest"
	"cutline/internal/photo"
)

func picture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "jpeg", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func difference(p, q *Picture) float64 {
	sum := 0.0
	for i := range p.luma {
		d := float64(p.luma[i] - q.luma[i])
		sum += max(d, -d)
	}
	return sum / float64(len(p.luma))
}

// TestCoarseJPEG: of every kind of JPEG, the means of the squares show what
// the whole decoder shows, and all kinds of one picture are the same picture.
func TestCoarseJPEG(t *testing.T) {
	files, err := filepath.Glob("testdata/jpeg/*.jpg")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	reference, err := decodeJPEG(bytes.NewReader(picture(t, "baseline-444.jpg")), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	want, err := reference.Print()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			b := picture(t, name)
			p, err := decodeJPEG(iotest.HalfReader(bytes.NewReader(b)), 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Print()
			if err != nil {
				t.Fatal(err)
			}
			if d, l := got.Distance(want), got.Likeness(want); d > 3 || l < 0.998 {
				t.Errorf("distance %d, likeness %.4f", d, l)
			}
			if name == "progressive-444-restarts.jpg" {
				return // image/jpeg wants no restart markers there
			}
			whole, err := jpeg.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if d := difference(p, Of(whole)); d > 2.5 { // the grid is finer than the squares
				t.Errorf("it differs from the whole picture by %.2f", d)
			}
			for cut := range 40 {
				if _, err := decodeJPEG(bytes.NewReader(b[:len(b)*cut/50]), 1<<20); err == nil && !strings.Contains(name, "progressive") {
					t.Errorf("cut to %d of 50 parts, it can be decoded", cut)
				}
			}
		})
	}
}

// TestHugeJPEG: one of 400 million pixels is read in next to no memory.
func TestHugeJPEG(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	head := b.Bytes()
	frame, scan := bytes.Index(head, []byte{0xFF, 0xC0}), bytes.Index(head, []byte{0xFF, 0xDA})
	const side = 20000
	binary.BigEndian.PutUint16(head[frame+5:], side)
	binary.BigEndian.PutUint16(head[frame+7:], side)
	// No difference, and no other coefficients: 00 1010 by the usual tables.
	four := strings.Repeat("\x28\xA2\x8A", 1000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p, err := Decode(io.MultiReader(bytes.NewReader(head[:scan+10]), &repeat{text: four, times: side*side/64/4000 + 1}, strings.NewReader("\xFF\xD9")), 0, "jpeg", 1<<20)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Print(); !errors.Is(err, ErrPlain) || p.luma[0] < 127 || p.luma[0] > 129 {
		t.Errorf("brightness %v, %v", p.luma[0], err)
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<20 {
		t.Errorf("%d bytes of memory", spent)
	}
}

type repeat struct {
	text  string
	times int
	at    int
}

func (r *repeat) Read(b []byte) (int, error) {
	if r.times == 0 {
		return 0, io.EOF
	}
	n := copy(b, r.text[r.at:])
	if r.at += n; r.at == len(r.text) {
		r.at, r.times = 0, r.times-1
	}
	return n, nil
}

// TestPNG: rows of every kind are as the whole decoder has them.
func TestPNG(t *testing.T) {
	scene := likenesstest.Scene(3, 180, 121)
	rect := scene.Rect
	kinds := map[string]interface {
		image.Image
		Set(x, y int, c color.Color)
	}{
		"gray": image.NewGray(rect), "gray, 16 bits": image.NewGray16(rect), "colour": image.NewRGBA(rect), "colour, 16 bits": image.NewRGBA64(rect),
		"transparent": image.NewNRGBA(rect), "transparent, 16 bits": image.NewNRGBA64(rect),
		"two colours":  image.NewPaletted(rect, color.Palette{color.Black, color.White}),
		"four colours": image.NewPaletted(rect, color.Palette{color.Black, color.White, color.Gray{90}, color.NRGBA{0, 90, 20, 100}}),
		"16 colours":   image.NewPaletted(rect, steps(16)), "256 colours": image.NewPaletted(rect, steps(256)),
	}
	for name, m := range kinds {
		t.Run(name, func(t *testing.T) {
			for y := range rect.Dy() {
				for x := range rect.Dx() {
					v := scene.GrayAt(x, y).Y
					if strings.HasPrefix(name, "transparent") {
						m.Set(x, y, color.NRGBA{v, 255 - v, v / 2, uint8(x)})
					} else {
						m.Set(x, y, color.RGBA{v, 255 - v, v / 2, 255})
					}
				}
			}
			var b bytes.Buffer
			if err := png.Encode(&b, m); err != nil {
				t.Fatal(err)
			}
			p, err := decodePNG(iotest.OneByteReader(bytes.NewReader(b.Bytes())), 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := png.Decode(bytes.NewReader(b.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if d := difference(p, Of(whole)); d > 0.5 {
				t.Errorf("it differs from the whole picture by %.2f", d)
			}
			if _, err := decodePNG(bytes.NewReader(b.Bytes()[:b.Len()-30]), 1<<20); err == nil {
				t.Error("cut off, it can be decoded")
			}
		})
	}
}

func steps(n int) color.Palette {
	var p color.Palette
	for i := range n {
		p = append(p, color.Gray{uint8(i * 255 / (n - 1))})
	}
	return p
}

// TestTIFF: strips of every kind are as the whole decoder has them.
func TestTIFF(t *testing.T) {
	scene := likenesstest.Scene(4, 181, 121)
	kinds := map[string]draw.Image{
		"gray": image.NewGray(scene.Rect), "gray, 16 bits": image.NewGray16(scene.Rect), "colour": image.NewRGBA(scene.Rect), "colour, 16 bits": image.NewRGBA64(scene.Rect),
		"256 colours": image.NewPaletted(scene.Rect, steps(256)),
	}
	for name, m := range kinds {
		draw.Draw(m, m.Bounds(), scene, image.Point{}, draw.Src)
		for how, options := range map[string]*tiff.Options{"uncompressed": nil, "deflate": {Compression: tiff.Deflate}, "deflate, differences": {Compression: tiff.Deflate, Predictor: true}} {
			var b bytes.Buffer
			if err := tiff.Encode(&b, m, options); err != nil {
				t.Fatal(err)
			}
			sameTIFF(t, name+", "+how, b.Bytes())
		}
	}
	files, err := filepath.Glob("testdata/tiff/*.tif")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sameTIFF(t, filepath.Base(path), b)
	}
}

func sameTIFF(t *testing.T, name string, b []byte) {
	t.Helper()
	raster, err := photo.ReadRaster(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if newStripsTIFF(raster) == nil {
		t.Errorf("%s: no strips: %+v", name, raster)
		return
	}
	p, err := DecodeTIFF(iotest.HalfReader(bytes.NewReader(b)), int64(len(b)), raster, 1<<20)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	whole, err := tiff.Decode(bytes.NewReader(b))
	if err != nil && strings.HasPrefix(name, "cmyk") { // the library knows no inks; it is the same scene
		same, _ := os.Open("testdata/tiff/lzw.tif")
		defer same.Close()
		whole, err = tiff.Decode(same)
	}
	if err != nil {
		t.Fatal(name, err)
	}
	if d := difference(p, Of(whole)); d > 0.7 {
		t.Errorf("%s: it differs from the whole picture by %.2f", name, d)
	}
	if _, err := DecodeTIFF(bytes.NewReader(b[:raster.Strips[0].Offset+raster.Strips[0].Size/2]), int64(len(b)), raster, 1<<20); err == nil {
		t.Errorf("%s: cut off, it can be decoded", name)
	}
}

// TestUpright: a picture that is turned by its tag is the one whose pixels
// were turned.
func TestUpright(t *testing.T) {
	seen := likenesstest.Scene(5, 180, 120)
	want, err := Of(seen).Print()
	if err != nil {
		t.Fatal(err)
	}
	for orientation := range 10 {
		// How a camera stores it, by where the first row and column are (Exif
		// 3.0, 4.6.4: "the 0th row is at the visual top of the image").
		stored := image.NewGray(image.Rect(0, 0, 180, 120))
		if orientation >= 5 && orientation <= 8 {
			stored = image.NewGray(image.Rect(0, 0, 120, 180))
		}
		for y := range stored.Rect.Dy() {
			for x := range stored.Rect.Dx() {
				top, left := y, x
				bottom, right := 119-y, 179-x
				switch orientation {
				case 2: // row: top, column: right
					left = right
				case 3: // bottom, right
					top, left = bottom, right
				case 4: // bottom, left
					top = bottom
				case 5: // left, top
					top, left = x, y
				case 6: // right, top
					top, left = x, 179-y
				case 7: // right, bottom
					top, left = 119-x, 179-y
				case 8: // left, bottom
					top, left = 119-x, y
				}
				stored.Pix[stored.PixOffset(x, y)] = seen.GrayAt(left, top).Y
			}
		}
		got, err := Of(stored).Upright(orientation).Print()
		if err != nil {
			t.Fatal(err)
		}
		if d := got.Distance(want); d > 1 {
			t.Errorf("orientation %d: distance %d", orientation, d)
		}
	}
}

// TestPlain: light that falls off smoothly is nothing to recognize a picture
// by, a small thing in it is.
func TestPlain(t *testing.T) {
	sky := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range sky.Pix {
		x, y := float64(i%300)/300, float64(i/300)/200
		sky.Pix[i] = uint8(120 + 60*x - 40*y + 30*x*y - 20*y*y + float64(i*7919%3))
	}
	if _, err := Of(sky).Print(); !errors.Is(err, ErrPlain) {
		t.Errorf("a clear sky: %v", err)
	}
	for y := range 20 {
		for x := range 30 {
			sky.Pix[sky.PixOffset(100+x, 90+y)] = 20
		}
	}
	if _, err := Of(sky).Print(); err != nil {
		t.Errorf("a sky with a balloon: %v", err)
	}
}

// FuzzDecode has the decoders that are ours, without Decode's net.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"baseline-420-restarts.jpg", "progressive-420.jpg", "cmyk.jpg", "gray.jpg"} {
		b := picture(f, name)
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	for _, m := range []image.Image{likenesstest.Scene(1, 40, 30), image.NewPaletted(image.Rect(0, 0, 20, 9), steps(16)), image.NewNRGBA64(image.Rect(0, 0, 9, 9))} {
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	for _, name := range []string{"lzw-differences.tif", "packbits.tif", "two-colours.tif"} {
		b, err := os.ReadFile(filepath.Join("testdata/tiff", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p *Picture
		err := ErrFormat
		switch {
		case bytes.HasPrefix(b, []byte("\x89PNG")):
			p, err = decodePNG(bytes.NewReader(b), 1<<20)
		case bytes.HasPrefix(b, []byte("\xFF\xD8")):
			p, err = decodeJPEG(bytes.NewReader(b), 1<<20)
		default:
			raster, _ := photo.ReadRaster(bytes.NewReader(b), int64(len(b)))
			if tiff := newStripsTIFF(raster); tiff != nil && tiff.bytes+int64(raster.Width)*4 < 1<<20 {
				p, err = tiff.read(bytes.NewReader(b))
			}
		}
		if err != nil {
			return
		}
		for _, v := range p.luma {
			if !(v > -1 && v < 256) {
				t.Fatalf("brightness %v", v)
			}
		}
	})
}

func BenchmarkJPEG(b *testing.B) {
	for _, name := range []string{"baseline-420.jpg", "progressive-420.jpg"} {
		b.Run(name, func(b *testing.B) {
			data := picture(b, name)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decodeJPEG(bytes.NewReader(data), 1<<20); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
