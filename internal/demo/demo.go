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
	"image/jpeg"

	"cutline/internal/photo"
	"cutline/internal/writeback"
)

// Picture is a JPEG with the name of its file.
type Picture struct {
	Name string
	JPEG []byte
}

//go:embed pictures.json
var descriptions []byte

// Pictures draws all of them, always the same.
func Pictures() ([]Picture, error) {
	var described []struct {
		Name   string          `json:"name"`
		Scene  string          `json:"scene"`
		Fields writeback.Texts `json:"fields"`
	}
	if err := json.Unmarshal(descriptions, &described); err != nil {
		return nil, fmt.Errorf("demo pictures: %w", err)
	}
	var pictures []Picture
	for _, d := range described {
		draw, ok := scenes[d.Scene]
		if !ok {
			return nil, fmt.Errorf("demo picture %s: no scene %q", d.Name, d.Scene)
		}
		var plain, captioned bytes.Buffer
		if err := jpeg.Encode(&plain, draw(d.Fields[photo.Caption]), &jpeg.Options{Quality: 82}); err != nil {
			return nil, fmt.Errorf("demo picture %s: %w", d.Name, err)
		}
		if err := writeback.JPEG(&captioned, &plain, d.Fields); err != nil {
			return nil, fmt.Errorf("demo picture %s: %w", d.Name, err)
		}
		pictures = append(pictures, Picture{d.Name, captioned.Bytes()})
	}
	return pictures, nil
}
