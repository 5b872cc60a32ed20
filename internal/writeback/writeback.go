// Package writeback puts corrected texts into a picture.
//
// A JPEG gets them in IPTC-IIM, XMP and EXIF alike, so that every program
// reads the same; its image data and everything else stay as they were, bit
// for bit. Pictures that cannot be changed without loss (other formats, or a
// signed picture, whose content credentials an edit would break) get an XMP
// sidecar instead. Correct decides which, and gives both:
//
//	c, err := writeback.Correct(object, sidecar, writeback.Texts{photo.Caption: text})
//	...
//	if c.Picture != nil {
//		put(key, c.Picture) // the new version
//	}
//	if c.Sidecar != nil {
//		put(writeback.SidecarKey(key), c.Sidecar) // c.Reason says why
//	}
//
// Imports: photo.
package writeback

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"cutline/internal/photo"
)

// maxPicture bounds a picture that is written anew, in bytes: it is held in
// memory once.
const maxPicture = 256 << 20

// Correction is what a picture with corrected texts consists of. At least one
// of the two is there.
type Correction struct {
	Picture []byte // the JPEG with the texts in it; nil when it has to stay as it is
	Sidecar []byte // an XMP document with the texts; nil when none is needed
	Reason  string // why the picture has to stay as it is, a plain sentence; "" when it does not
}

// Correct puts the texts into the picture that r reads, and into its sidecar:
// the one that is there already, or a new one when the picture cannot take
// them. An empty sidecar is none. The error is r's, or says that a text or
// the sidecar that is there cannot be written.
func Correct(r io.Reader, sidecar []byte, texts Texts) (Correction, error) {
	if err := texts.check(); err != nil {
		return Correction{}, err
	}
	var c Correction
	var picture bytes.Buffer
	limited := &io.LimitedReader{R: r, N: maxPicture + 1}
	err := JPEG(&picture, limited, texts)
	switch {
	case limited.N <= 0:
		c.Reason = fmt.Sprintf("The picture is larger than %d MiB.", maxPicture>>20)
	case errors.Is(err, ErrSidecar):
		c.Reason = sentence(err)
	case err != nil:
		return Correction{}, err
	case hasAFCP(picture.Bytes()):
		c.Reason = "The picture has a trailer that points to places in the file."
	case !saysOnly(picture.Bytes(), texts[photo.Caption]):
		c.Reason = "The picture has a caption in a place that is not written to."
	default:
		c.Picture = picture.Bytes()
	}
	if c.Picture == nil || len(sidecar) > 0 {
		if c.Sidecar, err = Sidecar(sidecar, texts); err != nil {
			return Correction{}, err
		}
	}
	return c, nil
}

// saysOnly reads a picture as a check will, and says whether every caption in
// it is the text, translations aside.
func saysOnly(picture []byte, text string) bool {
	if text == "" {
		return true
	}
	m, err := photo.Read(bytes.NewReader(picture), int64(len(picture)))
	if err != nil {
		return false
	}
	for _, f := range m.All(photo.Caption) {
		if f.Value != text && (f.Lang == "" || f.Lang == "x-default") {
			return false
		}
	}
	return true
}

// hasAFCP recognizes a trailer of AXS File Concatenation Protocol 1.1 by its
// last twelve bytes.
func hasAFCP(picture []byte) bool {
	end := picture[max(0, len(picture)-12):]
	return bytes.HasPrefix(end, []byte("AXS!")) || bytes.HasPrefix(end, []byte("AXS*"))
}

// SidecarKey returns the key of the sidecar of a picture without one: its own
// with .xmp behind it, so that pictures of one name and several formats have
// one each.
func SidecarKey(key string) string { return key + ".xmp" }

// sentence returns why a picture has to stay as it is.
func sentence(err error) string {
	s := strings.TrimSuffix(err.Error(), ": "+ErrSidecar.Error())
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// Texts are the new values of fields, by their names. Only the fields in
// places can be written; Byline may hold one name.
type Texts map[photo.Name]string

// check refuses what the blocks cannot all hold: a text that is empty, that
// cannot be written at all, or that has characters XML has no place for.
func (t Texts) check() error {
	for name, text := range t {
		switch {
		case !slices.ContainsFunc(places, func(p place) bool { return p.name == name }):
			return fmt.Errorf("the field %q cannot be written", name)
		case strings.TrimSpace(text) == "":
			return fmt.Errorf("the %s is empty", name)
		case !utf8.ValidString(text):
			return fmt.Errorf("the %s is not in UTF-8", name)
		case strings.ContainsFunc(text, func(r rune) bool {
			return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
		}):
			return fmt.Errorf("the %s has control characters", name)
		}
	}
	return nil
}

// ErrSidecar says that a picture cannot take the texts without losing
// something, and why in the error around it. A sidecar can.
var ErrSidecar = errors.New("only an XMP sidecar can take the texts")

// place is where a field is written in each block; a zero value means that
// the block has no place for it.
type place struct {
	name photo.Name
	iim  byte // dataset of record 2
	xmp  property
	exif uint16 // tag of IFD0
	copy string // the property of XMP's tiff namespace that repeats it, and goes
}

// places lists the fields that can be written, as IPTC's Photo Metadata
// Standard 2023.2 (its mapping to IIM and XMP) and the Metadata Working
// Group's guidelines 2.0 (section 5, for EXIF) map them.
var places = []place{
	{photo.Title, 5, property{nsDC, "title", alternative}, 0, ""},
	{photo.Instructions, 40, property{nsPhotoshop, "Instructions", simple}, 0, ""},
	{photo.DateCreated, 55, property{nsPhotoshop, "DateCreated", simple}, 0, ""},
	{photo.Byline, 80, property{nsDC, "creator", sequence}, 0x013B, "Artist"},
	{photo.BylineTitle, 85, property{nsPhotoshop, "AuthorsPosition", simple}, 0, ""},
	{photo.JobID, 103, property{nsPhotoshop, "TransmissionReference", simple}, 0, ""},
	{photo.Headline, 105, property{nsPhotoshop, "Headline", simple}, 0, ""},
	{photo.Credit, 110, property{nsPhotoshop, "Credit", simple}, 0, ""},
	{photo.Source, 115, property{nsPhotoshop, "Source", simple}, 0, ""},
	{photo.Caption, 120, property{nsDC, "description", alternative}, 0x010E, "ImageDescription"},
	{photo.DigitalSourceType, 0, property{nsIptcExt, "DigitalSourceType", simple}, 0, ""},
}
