package demo

import (
	"bytes"
	"image/jpeg"
	"slices"
	"testing"

	"cutline/internal/likeness"
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
		} else if b := img.Bounds(); p.Again == "" && b.Dx() != width || b.Dx()*height != b.Dy()*width {
			t.Errorf("%s is %v", p.Name, b)
		}
	}
}

// No two pictures show the same but those that are meant to.
func TestOnlyOneIsSeenAgain(t *testing.T) {
	pictures, err := Pictures()
	if err != nil {
		t.Fatal(err)
	}
	prints := map[string]likeness.Print{}
	for _, p := range pictures {
		img, err := likeness.Decode(bytes.NewReader(p.JPEG), int64(len(p.JPEG)), "jpeg", 100<<20)
		if err != nil {
			t.Fatal(err)
		}
		probes, err := img.Probes()
		if err != nil {
			t.Fatal(err)
		}
		for name, before := range prints {
			same := slices.ContainsFunc(probes, before.Same)
			if same != (name == p.Again) {
				t.Errorf("%s shows the same as %s: %v", p.Name, name, same)
			}
		}
		prints[p.Name] = probes[0]
	}
}
