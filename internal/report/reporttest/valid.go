// Package reporttest checks reports in tests.
//
// Imports: report.
package reporttest

import (
	"bytes"
	"encoding/json"
	"sync"
	"testing"

	"cutline/internal/report"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.JSONSchema))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("report.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("report.json")
})

// Valid fails the test unless the report has the form of the JSON Schema and
// its spans lie in their texts.
func Valid(t testing.TB, rep report.Report) {
	t.Helper()
	encoded, err := json.Marshal(rep)
	if err != nil {
		t.Fatalf("report: %v", err)
	}
	ValidJSON(t, encoded)
	for _, f := range rep.Findings {
		for _, s := range f.Spans {
			if s.Field == rep.Caption.Field && (s.Start > s.End || s.End > len(rep.Caption.Text)) {
				t.Errorf("%s: span %+v is outside the caption of %d bytes", f.Code, s, len(rep.Caption.Text))
			}
		}
	}
}

// ValidJSON fails the test unless the report in JSON has the form of the schema.
func ValidJSON(t testing.TB, encoded []byte) {
	t.Helper()
	compiled, err := schema()
	if err != nil {
		t.Fatalf("the schema of reports: %v", err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatalf("report: %v", err)
	}
	if err := compiled.Validate(document); err != nil {
		t.Errorf("the report does not have the form of the schema: %v\n%s", err, encoded)
	}
}
