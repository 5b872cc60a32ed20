package photo_test

import (
	"bytes"
	"crypto/md5"
	"strings"
	"testing"

	"cutline/internal/photo"

	"github.com/google/go-cmp/cmp"
)

func TestChooseCaption(t *testing.T) {
	const (
		ferry  = "A ferry leaves the harbour of Tromsø, Norway, on Monday, Jan. 7, 2019. The harbour's office provided the photo. (Port via AP)"
		first  = "A ferry leaves the harbour of Tromsø, Norway, on Monday, Jan. 7, 2019."
		amid   = "A ferry leaves the harbour of Tromsø, Norw"
		other  = "A bus stands at the station."
		iptc   = "iptc:2:120"
		xmp    = "xmp:dc:description"
		exif   = "exif:ImageDescription"
		beside = "sidecar:dc:description"
	)
	long := strings.Repeat("Båten går. ", 300)
	bytes2000 := strings.ToValidUTF8(long[:2000], "")
	korean := strings.Repeat("여객선이 떠난다. ", 200)
	for _, c := range []struct {
		name      string
		edited    bool
		fields    []string // place, text; in turn
		want      string   // the place of the caption
		others    []string // places
		truncated []string
	}{
		{"nothing", false, nil, "", nil, nil},
		{"one", false, []string{exif, ferry}, exif, nil, nil},
		{"agreement", false, []string{exif, ferry, iptc, ferry, xmp, ferry}, xmp, nil, nil},
		{"agreement but for white space", false, []string{iptc, strings.ReplaceAll(ferry, " ", "\r\n"), xmp, ferry}, xmp, nil, nil},
		{"agreement but for quotes and case", false, []string{iptc, strings.ToUpper(ferry), xmp, strings.ReplaceAll(ferry, "'", "’")}, xmp, nil, nil},
		{"agreement but for composition", false, []string{exif, "Å boat in Åland today", xmp, "A\u030a boat in A\u030aland today"}, xmp, nil, nil},
		{"a letter was lost", false, []string{exif, strings.ReplaceAll(ferry, "ø", "?"), xmp, ferry}, xmp, nil, nil},
		{"conflict", false, []string{exif, other, iptc, ferry, xmp, ferry}, xmp, []string{exif}, nil},
		{"conflict, all differ", false, []string{exif, "One thing.", iptc, "Another thing.", xmp, "A third thing."}, xmp, []string{exif, iptc}, nil},
		{"IIM is newer", true, []string{xmp, other, iptc, ferry}, iptc, []string{xmp}, nil},
		{"cut in a sentence", false, []string{xmp, ferry, exif, amid}, xmp, nil, []string{exif}},
		{"XMP is the one that was cut", false, []string{xmp, amid, exif, ferry}, exif, nil, []string{xmp}},
		{"UTF-8 taken for Windows 1252", false, []string{xmp, "TromsÃ¸: â€œa ferryâ€\u009d leaves", iptc, "Tromsø: “a ferry” leaves"}, iptc, nil, nil},
		{"less is said", false, []string{xmp, ferry, exif, first}, xmp, []string{exif}, nil},
		{"cut and marked", false, []string{xmp, ferry, exif, amid + "…"}, xmp, nil, []string{exif}},
		{"IIM's limit", false, []string{xmp, long, iptc, bytes2000}, xmp, nil, []string{iptc}},
		{"IIM's limit, the newer", true, []string{xmp, long, iptc, bytes2000}, xmp, nil, []string{iptc}},
		{"IIM's limit inside a letter", false, []string{xmp, korean, iptc, strings.ToValidUTF8(korean[:2000], "\uFFFD")}, xmp, nil, []string{iptc}},
		{"IIM's limit after a sentence", false, []string{xmp, long, iptc, long[:2000-2000%12]}, xmp, nil, []string{iptc}},
		{"a default text", false, []string{xmp, "OLYMPUS DIGITAL CAMERA ", iptc, ferry}, iptc, nil, nil},
		{"only a default text", false, []string{xmp, "OLYMPUS DIGITAL CAMERA "}, "", nil, nil},
		{"names of files", false, []string{xmp, "IMG_20190107_1020.jpg", iptc, "DSC_0001", exif, `DCIM\100GOPRO\GOPR0482.JPG`, "png:Description", "a.jpg"}, "", nil, nil},
		{"the file's own name", false, []string{xmp, "ferry in the harbour"}, "", nil, nil},
		{"blanks", false, []string{exif, "          ", iptc, "\x00"}, "", nil, nil},
		{"the sidecar corrects", false, []string{xmp, other, iptc, other, beside, ferry}, beside, nil, nil},
		{"the sidecar is shorter", false, []string{xmp, ferry, beside, amid}, beside, nil, nil},
		{"a comment", false, []string{"exif:UserComment", ferry}, "exif:UserComment", nil, nil},
		{"a comment beside a caption", false, []string{"exif:UserComment", other, exif, ferry}, exif, nil, nil},
		{"a comment of values", false, []string{"exif:UserComment", "R: 139 G: 255 B: 189 X:39852 Y: 0 S: 0"}, "", nil, nil},
		{"a generator's parameters", false, []string{"exif:UserComment", "a ferry in the harbour, Steps: 20, Sampler: Euler a, CFG scale: 7"}, "", nil, nil},
		{"a comment in Japanese", false, []string{"exif:UserComment", "横浜港を出るフェリー。"}, "exif:UserComment", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := photo.Metadata{IIMEdited: c.edited}
			for i := 0; i < len(c.fields); i += 2 {
				name := photo.Caption
				if strings.HasSuffix(c.fields[i], "UserComment") {
					name = photo.UserComment
				}
				m.Fields = append(m.Fields, photo.Field{Name: name, From: c.fields[i], Value: c.fields[i+1]})
			}
			got := m.ChooseCaption("wire/ferry in the harbour.jpg", func(text string) bool { return strings.TrimSpace(text) == "OLYMPUS DIGITAL CAMERA" })
			if got.Caption.From != c.want {
				t.Errorf("the caption is that of %q, want %q", got.Caption.From, c.want)
			}
			if diff := cmp.Diff([][]string{c.others, c.truncated}, [][]string{places(got.Others), places(got.Truncated)}); diff != "" {
				t.Errorf("others, truncated: %s", diff)
			}
		})
	}
}

func places(fields []photo.Field) []string {
	var all []string
	for _, f := range fields {
		all = append(all, f.From)
	}
	return all
}

func TestTranslationsAreNoConflict(t *testing.T) {
	m := photo.ReadBlock("xmp", []byte(packet("elements", "A ferry leaves.")))
	if c := m.ChooseCaption("", nil); c.Caption.Value != "A ferry leaves." || len(c.Others) != 0 {
		t.Errorf("caption %q, others %v", c.Caption, c.Others)
	}
}

// TestIIMEdited: the digest is that of the IIM which XMP was made equal to.
func TestIIMEdited(t *testing.T) {
	iim := iimBlock("", []byte("A ferry"))
	sum := md5.Sum(iim)
	for name, c := range map[string]struct {
		digest []byte
		want   bool
	}{"none": {nil, false}, "equal": {sum[:], false}, "another": {bytes.Repeat([]byte{7}, 16), true}, "zeros": {make([]byte, 16), false}, "short": {[]byte{1}, false}} {
		block := resource("8BIM", 0x0404, "", iim)
		if c.digest != nil {
			block = append(block, resource("8BIM", 0x0425, "", c.digest)...)
		}
		if got := photo.ReadBlock("resources", block).IIMEdited; got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
