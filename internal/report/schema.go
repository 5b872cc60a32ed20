package report

import _ "embed"

// JSONSchema is the form of a report, as a JSON Schema (draft 2020-12).
//
//go:embed report.schema.json
var JSONSchema []byte
