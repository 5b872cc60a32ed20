// Package rules decides what is right and wrong about a caption. What it
// decides by (sources, lexicons, severities, texts) is data: packs of YAML
// files, the built-in ones first and a desk's own after them.
//
// Imports: caption, photo, place, report.
package rules

import (
	"cutline/internal/photo"
	"cutline/internal/report"
)

// Pack is what a YAML file of a pack may hold. Every part is optional. A pack
// is a folder of such files; in which file something stands does not matter.
// pack.schema.json says the same for editors.
type Pack struct {
	Name         string                 `yaml:"name"`         // for reports, one file a pack
	Sources      []Source               `yaml:"sources"`      // parties that pictures come from
	Lexicons     map[string]Lexicon     `yaml:"lexicons"`     // words, by language
	Findings     map[string]Rule        `yaml:"findings"`     // by code
	Exceptions   []Exception            `yaml:"exceptions"`   // where a finding is taken otherwise
	Suggestions  map[string]Suggestions `yaml:"suggestions"`  // texts, by language
	Placeholders []string               `yaml:"placeholders"` // texts that are no captions
	Programs     []Program              `yaml:"programs"`     // that make or change pictures
	Whole        *Whole                 `yaml:"whole"`        // which pictures are read whole
	Examples     []Example              `yaml:"examples"`     // its tests
}

// Source is a party that pictures come from.
type Source struct {
	ID           string              `yaml:"id" json:"id"`
	Kind         string              `yaml:"kind" json:"kind"`                           // one of Kinds
	Country      string              `yaml:"country" json:"country,omitempty"`           // ISO 3166-1, two letters
	Language     string              `yaml:"language" json:"language,omitempty"`         // of an agency's captions, ISO 639-1, where it is one
	Names        map[string][]string `yaml:"names" json:"names"`                         // by language, as captions use them
	Credit       []string            `yaml:"credit" json:"credit,omitempty"`             // names that mean it in credit lines only
	Distributors []string            `yaml:"distributors" json:"distributors,omitempty"` // ids of those who pass its pictures on
	Watermark    string              `yaml:"watermark" json:"watermark,omitempty"`       // what its mark in pictures reads
	Note         string              `yaml:"note" json:"note,omitempty"`                 // for people
	Off          bool                `yaml:"off" json:"off,omitempty"`                   // true takes a source of an earlier pack out

	name, packed string // of a source that is not full: see full
}

// Program is a program that makes or changes pictures.
type Program struct {
	Kind  string   `yaml:"kind"`  // one of ProgramKinds
	Names []string `yaml:"names"` // as they stand in metadata, whole words, in any case
}

// ProgramKinds are the kinds of programs: generators make pictures by AI,
// editors change what a picture shows.
var ProgramKinds = []string{"generator", "editor"}

// Kinds are the kinds of sources: an agency's pictures are its own, a
// distributor's those of others, the rest are origins.
var Kinds = []string{"state", "agency", "distributor", "handout", "social", "satellite"}

// Lexicon holds the words of one language, as packs/lexicons/en.yaml explains.
type Lexicon struct {
	Name      string              `yaml:"name"`
	Script    string              `yaml:"script"` // one of Scripts
	Grammar   Grammar             `yaml:"grammar"`
	Related   []string            `yaml:"related"`    // languages so near that their words count as well
	DateOrder string              `yaml:"date_order"` // "dmy", "mdy" or "ymd"
	Function  []string            `yaml:"function"`   // words that only tell the language
	Words     map[string][]string `yaml:"words"`      // by what they do in a caption
	Months    [][]string          `yaml:"months"`     // twelve, January first
	Weekdays  [][]string          `yaml:"weekdays"`   // seven, Monday first
}

// Scripts are the scripts that a lexicon may be written in.
var Scripts = []string{"latin", "cyrillic", "arabic", "han", "kana", "hangul"}

// Grammar is how a language builds its phrases.
type Grammar struct {
	Head       string `yaml:"head"`       // "first" or "last": which noun of a phrase is its head
	Adposition string `yaml:"adposition"` // "before" or "after" its noun
	Object     string `yaml:"object"`     // "before", "after" the verb, or "both"
	Negation   string `yaml:"negation"`   // "before", "after" the verb, or "both"
	Double     string `yaml:"double"`     // "cancels", or "one": two denials are one
	Agent      string `yaml:"agent"`      // "preposition" or "case": how a passive names who did it
	Owner      string `yaml:"owner"`      // "preposition" or "case": how what something belongs to follows it; "case" where the agent is in one
	Compound   bool   `yaml:"compound"`   // what something belongs to stands before it, joined or not
	Capitals   bool   `yaml:"capitals"`   // nouns, and only they, begin with a capital
}

// Rule says how bad a finding is, why, and in which captions it is found.
type Rule struct {
	Severity report.Severity                   `yaml:"severity"` // for the origins that By does not name
	By       map[report.Origin]report.Severity `yaml:"by"`       // by origin: what each has to carry
	Short    string                            `yaml:"short"`    // a few words, for lists
	Message  string                            `yaml:"message"`  // a plain sentence
	Why      string                            `yaml:"why"`      // plain sentences
	Wrong    []Example                         `yaml:"wrong"`    // captions in which it is found
	Right    []Example                         `yaml:"right"`    // much like them, and it is not
}

// Exception changes how bad a finding is for some captions. All that is given
// has to hold.
type Exception struct {
	Findings  []string        `yaml:"findings"`  // codes
	Sources   []string        `yaml:"sources"`   // ids: the picture comes from one of them
	Origins   []report.Origin `yaml:"origins"`   // one of them
	Languages []string        `yaml:"languages"` // of the caption, ISO 639-1
	Severity  report.Severity `yaml:"severity"`
	Why       string          `yaml:"why"` // who agreed to it, and until when
}

// Example is a caption, with what must be found in it.
type Example struct {
	Caption     string                `yaml:"caption"`
	Fields      map[photo.Name]string `yaml:"fields"`      // the metadata: credit, source, byline ...
	IIM         string                `yaml:"iim"`         // what the IPTC-IIM caption says, where it is another
	Credentials string                `yaml:"credentials"` // the state of the content credentials: "Invalid"
	Unreadable  bool                  `yaml:"unreadable"`  // the file is damaged
	Before      string                `yaml:"before"`      // the caption with which the same picture came before
	Thumbnail   string                `yaml:"thumbnail"`   // "other": it shows another picture

	Origin  report.Origin  `yaml:"origin"`  // which it has; "" for any
	Verdict report.Verdict `yaml:"verdict"` // "" for any
	Sources []string       `yaml:"sources"` // ids, all of which are found
	Finds   []string       `yaml:"finds"`   // codes, all of which are found
	Clean   []string       `yaml:"clean"`   // codes, none of which is found
	Note    string         `yaml:"note"`    // what it shows

	At string `yaml:"-"` // file and line where it stands
}

// Suggestions are the texts that mend captions of a language, as
// packs/suggestions.yaml explains. An empty one is not used; a language with
// none at all takes English ones.
type Suggestions struct {
	Verification string           `yaml:"verification"`
	Provided     string           `yaml:"provided"`
	Posted       string           `yaml:"posted"`
	Credit       string           `yaml:"credit"`
	AI           string           `yaml:"ai"`
	Form         string           `yaml:"form"`
	Date         string           `yaml:"date"`     // a layout of package time
	Marks        Marks            `yaml:"marks"`    // what has to be filled in
	Doubts       Doubts           `yaml:"doubts"`   // what has to be settled
	Weekdays     [][]string       `yaml:"weekdays"` // lists of seven, Monday first
	Agencies     map[string]Style `yaml:"agencies"` // by id

	lang string // set where they are used
}

// Marks stand for what is not known.
type Marks struct {
	Source  string `yaml:"source"`
	Author  string `yaml:"author"`
	Account string `yaml:"account"`
	Scene   string `yaml:"scene"`
	Place   string `yaml:"place"`
	Date    string `yaml:"date"`
	Caption string `yaml:"caption"` // that another field says something else
}

// Doubts stand behind words that cannot be right.
type Doubts struct {
	Date     string `yaml:"date"`
	Conflict string `yaml:"conflict"` // with {date}: what the file says
	Credit   string `yaml:"credit"`   // with {credit}: what the credit field says
	Source   string `yaml:"source"`   // with {credit}: what the source field says
}

// Style is what an agency writes where others write the language's own texts.
type Style struct {
	Verification string `yaml:"verification"`
	Provided     string `yaml:"provided"`
}
