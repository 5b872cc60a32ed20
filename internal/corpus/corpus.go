// Package corpus reads captions that people have labelled, and measures how
// well the rules judge them.
//
// Imports: photo, report, rules.
package corpus

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// Caption is one labelled caption with its fields.
type Caption struct {
	ID     string          `json:"id"`
	Lang   string          `json:"lang"` // ISO 639-1
	Fields json.RawMessage `json:"fields"`
	Expect Expected        `json:"expect"`
	Note   string          `json:"note"` // why it is there
}

// Expected is what has to be decided about a caption. An element of which
// nothing is said may be there or not.
type Expected struct {
	Origin   report.Origin
	Verdict  report.Verdict
	Elements map[string]bool // "verification", "provided" and so on, as in a report
}

// UnmarshalJSON reads origin and verdict, and takes every other key for an
// element.
func (e *Expected) UnmarshalJSON(raw []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	e.Elements = map[string]bool{}
	for key, value := range all {
		var err error
		switch key {
		case "origin":
			err = json.Unmarshal(value, &e.Origin)
		case "verdict":
			err = json.Unmarshal(value, &e.Verdict)
		default:
			if _, known := elements(report.Elements{})[key]; !known {
				return fmt.Errorf("expect: no element %q", key)
			}
			var present bool
			err = json.Unmarshal(value, &present)
			e.Elements[key] = present
		}
		if err != nil {
			return fmt.Errorf("expect: %s: %w", key, err)
		}
	}
	return nil
}

// elements returns which elements a caption has, by their names.
func elements(e report.Elements) map[string]bool {
	return map[string]bool{
		"source": e.Source.Present, "provided": e.Provided.Present, "verification": e.Verification.Present, "access": e.Access.Present,
		"watermark": e.Watermark.Present, "credit": e.Credit.Present, "date": e.Date.Present,
	}
}

// maxLine bounds a line of a corpus, in bytes.
const maxLine = 1 << 20

// Read reads a corpus: JSON Lines, or one JSON list. An error names the line.
func Read(r io.Reader) ([]Caption, error) {
	in := bufio.NewReaderSize(r, 4096)
	if list, err := in.Peek(1); err == nil && list[0] == '[' {
		var all []Caption
		if err := json.NewDecoder(in).Decode(&all); err != nil {
			return nil, err
		}
		return all, nil
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	var all []Caption
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var c Caption
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all = append(all, c)
	}
	return all, lines.Err()
}

// Judge judges a caption by the rules.
func (c Caption) Judge(r *rules.Rules) (report.Report, error) {
	fields, err := photo.Given(c.Fields)
	if err != nil {
		return report.Report{}, fmt.Errorf("%s: %w", c.ID, err)
	}
	rep := r.Judge(rules.Picture{Metadata: photo.Metadata{Fields: fields}})
	rep.ID = c.ID
	return rep, nil
}
