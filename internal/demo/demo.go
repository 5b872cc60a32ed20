// Package demo makes the pictures that a new desk can be tried with: small
// drawings with captions written after the agencies' forms, some right and
// some not. Nobody and nothing real is shown, and every event is invented.
//
// Imports: photo, writeback.
package demo

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"

	"cutline/internal/photo"
	"cutline/internal/writeback"
)

// Picture is a JPEG with the name of its file.
type Picture struct {
	Name  string
	Again string // name of the picture before it that this one shows again; else ""
	JPEG  []byte
}

//go:embed pictures.json
var descriptions []byte

// Pictures draws all of them, always the same.
func Pictures() ([]Picture, error) {
	var described []struct {
		Name   string          `json:"name"`
		Scene  string          `json:"scene"`
		Again  string          `json:"again"`
		Fields writeback.Texts `json:"fields"`
	}
	if err := json.Unmarshal(descriptions, &described); err != nil {
		return nil, fmt.Errorf("demo pictures: %w", err)
	}
	var pictures []Picture
	drawn := map[string]image.Image{}
	for _, d := range described {
		img, quality := drawn[d.Again], 82
		if draw, ok := scenes[d.Scene]; ok {
			img = draw(d.Fields[photo.Caption])
		} else if img != nil {
			img, quality = again(img), 60
		} else {
			return nil, fmt.Errorf("demo picture %s: no scene %q, and no picture %q before it", d.Name, d.Scene, d.Again)
		}
		drawn[d.Name] = img
		var plain, captioned bytes.Buffer
		if err := jpeg.Encode(&plain, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("demo picture %s: %w", d.Name, err)
		}
		if err := writeback.JPEG(&captioned, &plain, d.Fields); err != nil {
			return nil, fmt.Errorf("demo picture %s: %w", d.Name, err)
		}
		pictures = append(pictures, Picture{d.Name, d.Again, captioned.Bytes()})
	}
	return pictures, nil
}

// again is a picture as it comes from somebody who passed it on: smaller, and
// without its edges.
func again(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()*2/3, b.Dy()*2/3))
	draw.CatmullRom.Scale(out, out.Rect, img, b.Inset(b.Dx()/120), draw.Src, nil)
	return out
}
