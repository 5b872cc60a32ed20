package photo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Given returns the fields of a caption that was typed rather than read from
// a picture: a JSON object whose keys are Names and whose values are strings,
// lists of strings, or null. A field's From is then its name. The order is
// that of the names, so that equal objects give equal fields.
func Given(object []byte) ([]Field, error) {
	var values map[Name]texts
	if err := json.Unmarshal(object, &values); err != nil {
		return nil, fmt.Errorf("fields of a caption: %w", err)
	}
	var fields []Field
	for name, texts := range values {
		for _, text := range texts {
			fields = append(fields, Field{Name: name, From: string(name), Value: text})
		}
	}
	slices.SortStableFunc(fields, func(a, b Field) int {
		return strings.Compare(string(a.Name), string(b.Name))
	})
	return fields, nil
}

// texts is one string or several.
type texts []string

func (t *texts) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(t))
	}
	var one *string
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	if one != nil {
		*t = texts{*one}
	}
	return nil
}
