// Package writeback puts corrected texts into a picture.
//
// A JPEG gets them in IPTC-IIM, XMP and EXIF alike, so that every program
// reads the same; its image data and everything else stay as they were, bit
// for bit. Pictures that cannot be changed without loss (other formats, or a
// signed picture, whose content credentials an edit would break) get an XMP
// sidecar instead.
//
// Imports: photo.
package writeback

import (
	"errors"

	"cutline/internal/photo"
)

// Texts are the new values of fields, by their names. Only the fields in
// places can be written; Byline may hold one name.
type Texts map[photo.Name]string

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
}

// places lists the fields that can be written, as IPTC's Photo Metadata
// Standard 2023.2 (its mapping to IIM and XMP) and the Metadata Working
// Group's guidelines 2.0 (section 5, for EXIF) map them.
var places = []place{
	{photo.Title, 5, property{nsDC, "title", alternative}, 0},
	{photo.Instructions, 40, property{nsPhotoshop, "Instructions", simple}, 0},
	{photo.DateCreated, 55, property{nsPhotoshop, "DateCreated", simple}, 0},
	{photo.Byline, 80, property{nsDC, "creator", sequence}, 0x013B},
	{photo.BylineTitle, 85, property{nsPhotoshop, "AuthorsPosition", simple}, 0},
	{photo.JobID, 103, property{nsPhotoshop, "TransmissionReference", simple}, 0},
	{photo.Headline, 105, property{nsPhotoshop, "Headline", simple}, 0},
	{photo.Credit, 110, property{nsPhotoshop, "Credit", simple}, 0},
	{photo.Source, 115, property{nsPhotoshop, "Source", simple}, 0},
	{photo.Caption, 120, property{nsDC, "description", alternative}, 0x010E},
	{photo.DigitalSourceType, 0, property{nsIptcExt, "DigitalSourceType", simple}, 0},
}
