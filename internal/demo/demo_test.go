package demo

import (
	"bytes"
	"image/jpeg"
	"testing"
)

func TestPicturesAreDecodableAndAlwaysTheSame(t *testing.T) {
	first, err := Pictures()
	if err != nil {
		t.Fatal(err)
	}
	second, err := Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range first {
		if !bytes.Equal(p.JPEG, second[i].JPEG) {
			t.Errorf("%s differs between two drawings", p.Name)
		}
		img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
		} else if img.Bounds().Dx() != width || img.Bounds().Dy() != height {
			t.Errorf("%s is %v", p.Name, img.Bounds())
		}
	}
}
