package check_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/photo"
	"cutline/internal/report/reporttest"
	"cutline/internal/writeback"
)

const corrected = "Boats leave the harbour of Oban, Scotland, on Monday, May 4, 2026. (AP Photo/Joan Baird)"

func sidecar(t *testing.T, caption string) []byte {
	t.Helper()
	b, err := writeback.Sidecar(nil, writeback.Texts{photo.Caption: caption})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSidecar: picture and sidecar in either order, under either name, give
// the same report, and a sidecar has none of its own.
func TestSidecar(t *testing.T) {
	picture := captioned(t, 7, passedOff, "")
	for _, c := range []struct {
		name string
		keys []string // in the order they come
	}{
		{"sidecar after", []string{"wire/boats.jpg", "wire/boats.jpg.xmp"}},
		{"sidecar before", []string{"wire/boats.jpg.xmp", "wire/boats.jpg"}},
		{"short name after", []string{"wire/boats.jpg", "wire/boats.xmp"}},
		{"short name before", []string{"wire/boats.xmp", "wire/boats.jpg"}},
		{"upper case", []string{"wire/boats.JPG", "wire/boats.JPG.XMP"}},
		{"twice", []string{"wire/boats.xmp", "wire/boats.jpg", "wire/boats.xmp", "wire/boats.jpg"}},
	} {
		eachWay(t, c.name, func(t *testing.T, b *bench) {
			photoKey := ""
			for _, key := range c.keys {
				body := picture
				if strings.HasSuffix(strings.ToLower(key), ".xmp") {
					body = sidecar(t, corrected)
				} else {
					photoKey = key
				}
				if err := b.upload(t, key, body); err != nil {
					t.Fatal(err)
				}
			}
			rep := b.report(t, photoKey).Report
			reporttest.Valid(t, rep)
			if rep.Caption.Text != corrected || rep.Caption.Field != "sidecar:dc:description" || !slices.Contains(c.keys, rep.Photo.Sidecar) {
				t.Errorf("the caption is %q of %s, the sidecar %q", rep.Caption.Text, rep.Caption.Field, rep.Photo.Sidecar)
			}
			for _, f := range rep.Findings {
				if f.Code == "caption.conflict" {
					t.Error("the caption that was corrected is a conflict")
				}
			}
			for _, key := range c.keys {
				if _, err := b.Store.Get(t.Context(), "photos", key); key != photoKey && err == nil {
					t.Errorf("%s has a report of its own", key)
				}
			}
		})
	}
}

// TestSidecarGoes: when it is removed, the picture speaks for itself again.
func TestSidecarGoes(t *testing.T) {
	b := newBench(t)
	for key, body := range map[string][]byte{"boats.jpg": captioned(t, 7, passedOff, ""), "boats.jpg.xmp": sidecar(t, corrected)} {
		if err := b.upload(t, key, body); err != nil {
			t.Fatal(err)
		}
	}
	b.s3.mu.Lock()
	delete(b.s3.bodies, "boats.jpg.xmp")
	b.s3.mu.Unlock()
	if err := b.Upload(t.Context(), bucket.Event{Kind: bucket.Removed, Bucket: "photos", Key: "boats.jpg.xmp", Sequencer: "0056"}); err != nil {
		t.Fatal(err)
	}
	if rep := b.report(t, "boats.jpg").Report; rep.Caption.Text != passedOff || rep.Photo.Sidecar != "" {
		t.Errorf("the caption is %q, the sidecar %q", rep.Caption.Text, rep.Photo.Sidecar)
	}
}

// TestNoSidecarNoRequest: a picture without one costs S3 nothing more, nor
// does a sidecar without a picture.
func TestNoSidecarNoRequest(t *testing.T) {
	b := newBench(t)
	if err := b.upload(t, "alone.xmp", sidecar(t, corrected)); err != nil {
		t.Fatal(err)
	}
	if b.s3.ranged != 0 {
		t.Errorf("%d GETs for a sidecar alone", b.s3.ranged)
	}
	if err := b.upload(t, "boats.jpg", captioned(t, 7, corrected, "")); err != nil {
		t.Fatal(err)
	}
	if b.s3.ranged != 1 {
		t.Errorf("%d GETs of a part", b.s3.ranged)
	}
}

func TestBrokenSidecar(t *testing.T) {
	b := newBench(t)
	for _, key := range []string{"boats.jpg.xmp", "boats.jpg"} {
		body := captioned(t, 7, corrected, "")
		if key == "boats.jpg.xmp" {
			body = []byte("<x:xmpmeta")
		}
		if err := b.upload(t, key, body); err != nil {
			t.Fatal(err)
		}
	}
	rep := b.report(t, "boats.jpg").Report
	if rep.Caption.Text != corrected || len(rep.Problems) != 1 || rep.Problems[0].Block != "sidecar" {
		t.Errorf("the caption is %q, the problems %v", rep.Caption.Text, rep.Problems)
	}
}

// A sidecar counts also where the clock of who reads it is behind that of who
// made the report that stands; so does what was there when it was read again.
func TestSidecarWhereTheClockIsBehind(t *testing.T) {
	b := newBench(t)
	if err := b.upload(t, "boats.jpg", captioned(t, 7, passedOff, "")); err != nil {
		t.Fatal(err)
	}
	b.at = b.at.Add(-time.Hour)
	if err := b.upload(t, "boats.jpg.xmp", sidecar(t, corrected)); err != nil {
		t.Fatal(err)
	}
	if rep := b.report(t, "boats.jpg").Report; rep.Caption.Text != corrected {
		t.Errorf("the caption is %q", rep.Caption.Text)
	}
	b.at = b.at.Add(-time.Hour)
	b.s3.mu.Lock()
	delete(b.s3.bodies, "boats.jpg.xmp")
	b.s3.mu.Unlock()
	if err := b.upload(t, "boats.jpg", captioned(t, 7, passedOff, "")); err != nil {
		t.Fatal(err)
	}
	if rep := b.report(t, "boats.jpg").Report; rep.Caption.Text != passedOff || rep.Photo.Sidecar != "" {
		t.Errorf("the caption is %q, of %q", rep.Caption.Text, rep.Photo.Sidecar)
	}
}
