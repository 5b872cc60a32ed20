// Package photo reads what a picture says of itself: the EXIF, IPTC-IIM and
// XMP texts in a JPEG, TIFF, PNG, WebP, HEIC or AVIF file.
//
// Its files are of three kinds: containers find the blocks of metadata in a
// file, blocks read the fields in them, and the choice of the caption weighs
// the fields against each other. It knows nothing of rules, nor of where the
// bytes come from.
//
// Imports: nothing.
package photo

// Metadata is what one picture says of itself.
type Metadata struct {
	Format string // "jpeg", "tiff", "png", "webp", "heic", "avif"; "" when it is no picture
	Width  int    // pixels, of the stored main image; 0 when unknown
	Height int    // pixels

	// Orientation is how the stored image is to be turned and mirrored to be
	// seen, 1 to 8 (Exif 3.0, 4.6.4, tag Orientation); 0 when nothing says.
	Orientation int

	// Fields holds every text of interest, in the order it was read. A field
	// with several values (by-lines, keywords) stands here several times.
	Fields []Field

	// IIMEdited says that IPTC-IIM was changed by a program that left XMP as
	// it was, so that it is the newer of the two.
	IIMEdited bool

	// Problems says what could not be read, and why, for people.
	Problems []Problem
}

// Field is one text that a picture carries, with the place it was read from.
type Field struct {
	Name  Name   `json:"name"`           // what it is for: "caption"
	From  string `json:"from"`           // where it stood: "iptc:2:120", "xmp:dc:description"
	Value string `json:"value"`          // valid UTF-8, white space as found
	Lang  string `json:"lang,omitempty"` // of an XMP language alternative or PNG text: "x-default", "de"
}

// Problem is a part of the file that could not be read.
type Problem struct {
	Block   string `json:"block"`   // "file", "exif", "iptc", "xmp", "c2pa"
	Message string `json:"message"` // a plain sentence
	// Fatal says that the file itself is damaged or is no picture, not just
	// one block of its metadata.
	Fatal bool `json:"fatal,omitempty"`
}

// Name is the purpose of a field, whichever block it stood in.
type Name string

// The names of fields. They are also the keys of captions given as JSON.
const (
	Caption           Name = "caption"
	Headline          Name = "headline"
	Title             Name = "title" // object name; often the slug
	Credit            Name = "credit"
	Source            Name = "source"
	Byline            Name = "byline"
	BylineTitle       Name = "byline_title"
	Instructions      Name = "instructions"
	DateCreated       Name = "date_created" // when the picture was taken
	DateDigitized     Name = "date_digitized"
	DateModified      Name = "date_modified"
	DateGPS           Name = "date_gps"
	DateReleased      Name = "date_released"
	Copyright         Name = "copyright"
	UsageTerms        Name = "usage_terms"
	JobID             Name = "job_id" // original transmission reference
	Keyword           Name = "keyword"
	Category          Name = "category"
	Sublocation       Name = "sublocation"
	City              Name = "city"
	State             Name = "state"
	Country           Name = "country"
	CountryCode       Name = "country_code"
	GPS               Name = "gps" // "latitude,longitude" in decimal degrees, north and east positive
	DigitalSourceType Name = "digital_source_type"
	CaptionWriter     Name = "caption_writer"
	Software          Name = "software"
	History           Name = "history" // one editing step
	Make              Name = "make"
	Model             Name = "model"
	UserComment       Name = "user_comment"
	Prompt            Name = "prompt" // an image generator's parameters
)

// Names are all names of fields.
var Names = []Name{
	Caption, Headline, Title, Credit, Source, Byline, BylineTitle, Instructions, DateCreated, DateDigitized,
	DateModified, DateGPS, DateReleased, Copyright, UsageTerms, JobID, Keyword, Category, Sublocation, City,
	State, Country, CountryCode, GPS, DigitalSourceType, CaptionWriter, Software, History, Make, Model,
	UserComment, Prompt,
}

// First returns the first field of that name, or a zero Field.
func (m Metadata) First(name Name) Field {
	for _, f := range m.Fields {
		if f.Name == name {
			return f
		}
	}
	return Field{}
}

// All returns the fields of that name, in the order they were read.
func (m Metadata) All(name Name) []Field {
	var all []Field
	for _, f := range m.Fields {
		if f.Name == name {
			all = append(all, f)
		}
	}
	return all
}
