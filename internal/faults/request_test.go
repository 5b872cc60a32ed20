package faults_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// asks is what a request is for: the operation, and the objects or items. It
// is the same in every run of a seed, once the versions have their names.
func asks(r *http.Request) (string, error) {
	target := r.Header.Get("X-Amz-Target")
	if target == "" {
		return strings.TrimSpace(r.Method + " " + r.URL.Path + " " + r.URL.RawQuery + " " + r.Header.Get("Range")), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in any
	if err := json.Unmarshal(body, &in); err != nil {
		return "", err
	}
	_, operation, _ := strings.Cut(target, ".")
	return moment.ReplaceAllString(strings.Join(append([]string{operation}, keys(in)...), " "), "(then)"), nil
}

// moment is a time in a key: that of a decision.
var moment = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`)

// keys are those of the items that a request to DynamoDB names, or looks
// through.
func keys(in any) (all []string) {
	switch in := in.(type) {
	case []any:
		for _, one := range in {
			all = append(all, keys(one)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(in)) {
			switch name {
			case "pk", "sk", ":pk", ":from":
				value, _ := in[name].(map[string]any)
				text, _ := value["S"].(string)
				all = append(all, text)
			default:
				all = append(all, keys(in[name])...)
			}
		}
	}
	return all
}
