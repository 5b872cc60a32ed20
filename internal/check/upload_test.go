package check_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"

	"cutline/internal/demo"
	"cutline/internal/report"
	"cutline/internal/report/reporttest"
)

func TestCredentialsAreReadInTheSecondStage(t *testing.T) {
	for _, c := range []struct {
		vector, state string
		failures      []string
	}{
		{"claim_version_1", "Valid", []string{"signingCredential.untrusted"}},
		{"caption_changed", "Invalid", []string{"assertion.dataHash.mismatch", "signingCredential.untrusted"}},
		{"avif", "Valid", []string{"signingCredential.untrusted"}},
		{"avif_pixel_changed", "Invalid", []string{"assertion.bmffHash.mismatch", "signingCredential.untrusted"}},
	} {
		t.Run(c.vector, func(t *testing.T) {
			b := newBench(t)
			if err := b.upload(t, "p", signed(t, c.vector)); err != nil {
				t.Fatal(err)
			}
			rec := b.report(t, "p")
			reporttest.Valid(t, rec.Report)
			got := rec.Provenance.C2PA
			if rec.Provenance.Pending || !got.Present || got.State != c.state || !slices.Equal(got.Failures, c.failures) {
				t.Errorf("got %+v of %+v", got, rec.Provenance)
			}
			if has := slices.ContainsFunc(rec.Findings, func(f report.Finding) bool { return f.Code == "c2pa.invalid" }); has != (c.state == "Invalid") {
				t.Errorf("findings %+v", rec.Findings)
			}
			if b.s3.ranged != 1 || b.s3.whole != 1 {
				t.Errorf("%d GETs of a part and %d of all, want one of each", b.s3.ranged, b.s3.whole)
			}
		})
	}
}

// A photographer's own picture without credentials costs one GET.
func TestOwnPictureIsNotReadWhole(t *testing.T) {
	b := newBench(t)
	if err := b.upload(t, "own.jpg", demoPicture(t, "harbour-own.jpg")); err != nil {
		t.Fatal(err)
	}
	rec := b.report(t, "own.jpg")
	if rec.Origin != report.Own || rec.Pending() || rec.Provenance.C2PA.State != "none" {
		t.Errorf("origin %s, provenance %+v", rec.Origin, rec.Provenance)
	}
	if b.s3.ranged != 1 || b.s3.whole != 0 {
		t.Errorf("%d GETs of a part and %d of all, want one of a part", b.s3.ranged, b.s3.whole)
	}
	if b.s3.tags["own.jpg"] != "pass" {
		t.Errorf("tag %q", b.s3.tags["own.jpg"])
	}
}

// When the whole picture cannot be read, the report says so, no verdict of
// "pass" gets out, and the event that comes again completes it.
func TestWholePictureUnreadable(t *testing.T) {
	b := newBench(t)
	b.s3.broken = true
	if err := b.upload(t, "p", signed(t, "claim_version_1")); err == nil {
		t.Error("the event was acknowledged")
	}
	rec := b.report(t, "p")
	if rec.Pending() || rec.Provenance.Problem == "" {
		t.Errorf("provenance %+v", rec.Provenance)
	}
	b.s3.broken = false
	if err := b.again(t, "p"); err != nil {
		t.Fatal(err)
	}
	if rec = b.report(t, "p"); rec.Pending() || rec.Provenance.Problem != "" || rec.Provenance.C2PA.State != "Valid" {
		t.Errorf("provenance %+v", rec.Provenance)
	}
}

// A picture that goes away between the stages does not come again.
func TestWholePictureGone(t *testing.T) {
	b := newBench(t)
	b.s3.gone = true
	if err := b.upload(t, "p", signed(t, "claim_version_1")); err != nil {
		t.Fatal(err)
	}
	if rec := b.report(t, "p"); rec.Pending() || rec.Provenance.Problem == "" {
		t.Errorf("provenance %+v", rec.Provenance)
	}
}

// Every hint of a picture without any words is that it is unknown, so it is
// read whole.
func TestUnknownPictureIsReadWhole(t *testing.T) {
	b := newBench(t)
	var body bytes.Buffer
	if err := jpeg.Encode(&body, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	if err := b.upload(t, "bare.jpg", body.Bytes()); err != nil {
		t.Fatal(err)
	}
	if b.s3.whole != 1 || b.report(t, "bare.jpg").Pending() {
		t.Errorf("%d GETs of all", b.s3.whole)
	}
}

func demoPicture(t *testing.T, name string) []byte {
	t.Helper()
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		if p.Name == name {
			return p.JPEG
		}
	}
	t.Fatalf("no demo picture %s", name)
	return nil
}
