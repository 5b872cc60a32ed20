package desk

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/goccy/go-yaml"

	"cutline/internal/report"
)

// openAPIText describes the API, but for the report, whose form stands in
// internal/report.
//
//go:embed openapi.yaml
var openAPIText []byte

// openAPI is the whole description in JSON (OpenAPI 3.1): the schemas of the
// report and of its parts are put among those of the document.
func openAPI() (json.RawMessage, error) {
	var doc map[string]any
	text, err := yaml.YAMLToJSON(openAPIText)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	var rep map[string]any
	moved := strings.ReplaceAll(string(report.JSONSchema), `"#/$defs/`, `"#/components/schemas/report_`)
	if err := json.Unmarshal([]byte(moved), &rep); err != nil {
		return nil, fmt.Errorf("report.schema.json: %w", err)
	}
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for name, part := range rep["$defs"].(map[string]any) {
		schemas["report_"+name] = part
	}
	// Others add properties to a report, so that this part of them leaves open
	// which there are; the schemas that use it close it.
	for _, name := range []string{"$defs", "$schema", "$id", "additionalProperties"} {
		delete(rep, name)
	}
	schemas["report_fields"] = rep
	return json.Marshal(doc)
}

func (d *desk) apiDescription(w http.ResponseWriter, r *http.Request) {
	d.answer(w, r, http.StatusOK, "", d.description)
}
