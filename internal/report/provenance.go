package report

import "time"

// Provenance is what the file proves about the picture, beside what its
// caption says.
type Provenance struct {
	// Pending says that the whole picture is still being read; the report
	// will be completed.
	Pending bool `json:"pending,omitempty"`
	// Problem says, for people, what could not be looked at in the whole
	// picture, and why. Empty when all could, or none of it was asked for.
	Problem string `json:"problem,omitempty"`

	C2PA *Credentials `json:"c2pa,omitempty"`

	// Likeness is what the picture is recognized by when it comes again; nil
	// when it was not looked at.
	Likeness *Likeness `json:"likeness,omitempty"`
	// Seen are pictures that show the same and came before, the oldest first.
	Seen []Sighting `json:"seen,omitempty"`
	// Kills are notices that withdraw this picture, the oldest first.
	Kills []Kill `json:"kills,omitempty"`
	// Previews are the small pictures in the file that show another picture
	// than the file does.
	Previews []Preview `json:"previews,omitempty"`
}

// Likeness is a print as package likeness writes it.
type Likeness struct {
	Hash  string `json:"hash"`  // 64 bits in hexadecimal
	Shape string `json:"shape"` // base64
}

// Sighting is the same picture in an earlier upload.
type Sighting struct {
	Bucket   string    `json:"bucket"`
	Key      string    `json:"key"`
	Version  string    `json:"version,omitempty"` // id of the version, as the store names it
	At       time.Time `json:"at"`                // when it was uploaded
	Distance int       `json:"distance"`          // bits of the hashes that differ, 0 to 64

	Verdict  Verdict  `json:"verdict"`
	Origin   Origin   `json:"origin"`
	Sources  []string `json:"sources,omitempty"`
	Provider string   `json:"provider,omitempty"` // as in Report
	Caption  string   `json:"caption"`            // its text then
	Date     string   `json:"date,omitempty"`     // the day it was taken, as far as its fields or caption say: "2019-01-07"
	// Disclaimer says that its caption had a word on verification.
	Disclaimer bool   `json:"disclaimer,omitempty"`
	Killed     bool   `json:"killed,omitempty"`
	Decision   string `json:"decision,omitempty"` // an editor's, about it: "approve", "hold", "kill"
}

// Kill is a notice by which an agency withdraws a picture.
type Kill struct {
	ID    string    `json:"id"`    // of the notice, the same for the same text
	At    time.Time `json:"at"`    // when the notice came
	Text  string    `json:"text"`  // its words
	Names []string  `json:"names"` // what it withdraws: transmission references, and addresses s3://bucket/key
	// Why says how it reached this picture: "" by name, else the address of
	// the picture, of which this is a copy, that it names.
	Why string `json:"why,omitempty"`
}

// Preview is a small picture in a file that shows something else than the
// file does.
type Preview struct {
	From     string  `json:"from"`     // "exif:Thumbnail", "mpf:2"
	Likeness float64 `json:"likeness"` // at the best place of one in the other: 1 for the same, 0 for nothing in common
}

// Pending says whether the report will be completed.
func (r Report) Pending() bool { return r.Provenance != nil && r.Provenance.Pending }

// Empty says whether there is nothing to tell.
func (p Provenance) Empty() bool {
	return !p.Pending && p.Problem == "" && p.C2PA == nil && p.Likeness == nil && p.Seen == nil && p.Kills == nil && p.Previews == nil
}

// Credentials are the picture's content credentials, as read and validated.
// The words are those of the C2PA specification.
type Credentials struct {
	Present   bool      `json:"present"`
	State     string    `json:"state"`              // "none", "Invalid", "Valid", "Trusted"
	Failures  []string  `json:"failures,omitempty"` // failed status codes, sorted, each once
	Problem   string    `json:"problem,omitempty"`  // why the credentials cannot be read at all, for people
	Manifest  string    `json:"manifest,omitempty"` // label of the active manifest
	Title     string    `json:"title,omitempty"`
	Generator string    `json:"generator,omitempty"` // software that made the claim
	Signer    string    `json:"signer,omitempty"`    // organization, else common name, of the certificate
	Issuer    string    `json:"issuer,omitempty"`
	Algorithm string    `json:"algorithm,omitempty"` // "es256", "ps256", "ed25519", ...
	SignedAt  time.Time `json:"signed_at,omitzero"`  // by the time stamp, if there is one

	Actions     []Action     `json:"actions,omitempty"`
	Ingredients []Ingredient `json:"ingredients,omitempty"`
}

// Action is one step of a picture's making.
type Action struct {
	Action            string    `json:"action"` // "c2pa.created", "c2pa.edited", ...
	When              time.Time `json:"when,omitzero"`
	Software          string    `json:"software,omitempty"`
	DigitalSourceType string    `json:"digital_source_type,omitempty"`
}

// Ingredient is a picture that went into this one.
type Ingredient struct {
	Title        string       `json:"title,omitempty"`
	Format       string       `json:"format,omitempty"`
	Relationship string       `json:"relationship,omitempty"` // "parentOf", "componentOf", "inputTo"
	Manifest     string       `json:"manifest,omitempty"`
	Generator    string       `json:"generator,omitempty"`
	Signer       string       `json:"signer,omitempty"`
	Actions      []Action     `json:"actions,omitempty"`
	Ingredients  []Ingredient `json:"ingredients,omitempty"`
}
