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
}

// Pending says whether the report will be completed.
func (r Report) Pending() bool { return r.Provenance != nil && r.Provenance.Pending }

// Empty says whether there is nothing to tell.
func (p Provenance) Empty() bool { return p == Provenance{} }

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
