// Package report says what Cutline found about one picture. A Report is the
// product: the functions write it, the store keeps it, the desk shows it.
//
// Imports: photo.
package report

import (
	"time"

	"cutline/internal/photo"
)

// Schema is the version of the report's form. It grows when a field changes
// its meaning or goes; new optional fields leave it as it is.
const Schema = 1

// A Verdict says whether a picture may go out.
type Verdict string

// The verdicts, mildest first.
const (
	Pass   Verdict = "pass"   // nothing found
	Review Verdict = "review" // an editor has to look
	Fail   Verdict = "fail"   // not to be published like this
)

// A Severity is what a finding does to the verdict.
type Severity string

// The severities, mildest first. Advice never changes a verdict; Off silences
// a finding altogether and never stands in a report.
const (
	SeverityOff    Severity = "off"
	SeverityAdvice Severity = "advice"
	SeverityReview Severity = "review"
	SeverityFail   Severity = "fail"
)

// An Origin is the kind of party that a picture comes from. Being about a
// party is not being from it.
type Origin string

// The origins.
const (
	Own       Origin = "own"       // an agency's or paper's own photographer, or an independent pool
	State     Origin = "state"     // a party with a stake in what the picture shows
	Handout   Origin = "handout"   // any other third party
	Social    Origin = "social"    // user-generated
	Satellite Origin = "satellite" // satellite imagery
	Synthetic Origin = "synthetic" // made or altered by AI
	Unknown   Origin = "unknown"   // nothing says
)

// Report is what was found about one picture, or about one caption alone.
type Report struct {
	Schema int    `json:"schema"`
	ID     string `json:"id,omitempty"`    // the caller's own name for a caption given as text
	Photo  *Photo `json:"photo,omitempty"` // nil for a caption given as text

	Verdict Verdict  `json:"verdict"`
	Origin  Origin   `json:"origin"`
	Sources []string `json:"sources"` // ids of the parties the picture comes from, as in the rules
	// Provider is who the picture comes from where the rules know no id for
	// them: a company's name, as the caption or a field gives it.
	Provider string `json:"provider,omitempty"`

	Caption  Caption   `json:"caption"`
	Elements Elements  `json:"elements"`
	Findings []Finding `json:"findings"` // worst first

	// Suggestion is a caption that would pass, built from what is known. What
	// is not known is marked in square brackets, to be filled in. Empty when
	// the caption needs no change, or when words alone cannot mend it.
	Suggestion string `json:"suggestion,omitempty"`

	Metadata []photo.Field   `json:"metadata"`
	Problems []photo.Problem `json:"problems,omitempty"` // what could not be read
	Trimmed  []string        `json:"trimmed,omitempty"`  // parts shortened to fit the store

	Provenance *Provenance `json:"provenance,omitempty"`

	Rules     Rules     `json:"rules"`
	CheckedAt time.Time `json:"checked_at"` // UTC
	Version   string    `json:"version"`    // of Cutline
}

// Photo is the object or file that was checked.
type Photo struct {
	Bucket    string `json:"bucket,omitempty"`
	Key       string `json:"key,omitempty"`        // decoded, as S3 stores it
	VersionID string `json:"version_id,omitempty"` // empty in a bucket without versions
	ETag      string `json:"etag,omitempty"`       // without quotes
	Sequencer string `json:"sequencer,omitempty"`  // S3's order of events on this key
	Path      string `json:"path,omitempty"`       // of a file, instead of a bucket and key
	Sidecar   string `json:"sidecar,omitempty"`    // key or path of the XMP sidecar that was read with it
	Size      int64  `json:"size"`                 // bytes
	Format    string `json:"format"`               // as photo.Metadata has it
	Width     int    `json:"width"`                // pixels
	Height    int    `json:"height"`               // pixels
	// IIMNewer says that IPTC-IIM was changed by a program that left XMP as it
	// was: its caption is the newer of the two.
	IIMNewer bool `json:"iim_newer,omitempty"`
}

// Caption is the text that readers would see, and the field it was taken from.
type Caption struct {
	Text   string        `json:"text"`
	Field  string        `json:"field"`            // "iptc:2:120"; "" when there is none
	Lang   string        `json:"lang"`             // ISO 639-1; "" when unknown
	Others []photo.Field `json:"others,omitempty"` // caption fields that say something else
}

// Span is a place in a text: bytes Start to End (half-open) of the UTF-8 value
// of the field.
type Span struct {
	Field string `json:"field"` // as photo.Field.From; Caption.Field for the caption
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Elements are the parts of a proper caption for a picture that nobody
// independent took.
type Elements struct {
	Source       Element `json:"source"`       // who made or provided it
	Provided     Element `json:"provided"`     // that somebody provided it
	Verification Element `json:"verification"` // that it could not be verified
	Access       Element `json:"access"`       // that reporters had no access
	Watermark    Element `json:"watermark"`    // what the mark in the picture says
	Credit       Element `json:"credit"`       // the credit line
	Date         Element `json:"date"`         // when it was taken or released
}

// Element is one part of a caption: whether it is there, and in which words.
type Element struct {
	Present bool   `json:"present"`
	Spans   []Span `json:"spans,omitempty"`
	Note    string `json:"note,omitempty"` // a plain sentence, when there is more to say
}

// Finding is one thing that is wrong, or worth knowing, about a picture.
type Finding struct {
	Code     string    `json:"code"` // as in the house rules: "verification.missing"
	Severity Severity  `json:"severity"`
	Message  string    `json:"message"`           // a plain sentence for an editor
	Spans    []Span    `json:"spans,omitempty"`   // the words that decided it
	Edits    []Edit    `json:"edits,omitempty"`   // changes to the caption that would mend it
	Related  []Related `json:"related,omitempty"` // other places that matter to it
	URL      string    `json:"url,omitempty"`     // of the rule's explanation, relative to the desk
}

// Edit replaces the words of a span. An insertion has Start == End.
type Edit struct {
	Span Span   `json:"span"`
	New  string `json:"new"`
}

// Related is another place that matters to a finding, and why.
type Related struct {
	Span    Span   `json:"span"`
	Message string `json:"message"`
}

// Rules names the rules that made a report.
type Rules struct {
	Packs  []string `json:"packs"`  // names, the built-in ones first
	Digest string   `json:"digest"` // SHA-256 of the packs' contents, in hex
}

// Worst returns the verdict that the findings add up to.
func Worst(findings []Finding) Verdict {
	worst := Pass
	for _, f := range findings {
		switch f.Severity {
		case SeverityFail:
			return Fail
		case SeverityReview:
			worst = Review
		}
	}
	return worst
}
