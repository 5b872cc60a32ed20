// Package templatetest reads template.yaml in tests, and records what the
// functions ask of AWS, so that the two can be compared.
//
// Imports: AWS.
package templatetest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
)

// Template is template.yaml. Its short functions (!Ref, !Sub, !If) are left
// out: what they are called with stands in their place.
type Template struct {
	Resources map[string]Resource `yaml:"Resources"`
}

// Resource is one of its resources.
type Resource struct {
	Type       string         `yaml:"Type"`
	Properties map[string]any `yaml:"Properties"`
}

// Load reads the template at the root of the repository.
func Load(t testing.TB) Template {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		var raw []byte
		if raw, err = os.ReadFile(filepath.Join(dir, "template.yaml")); err == nil {
			var template Template
			if err := yaml.Unmarshal(raw, &template); err != nil {
				t.Fatal(err)
			}
			return template
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir, err = parent, nil
		}
	}
	t.Fatal(err)
	return Template{}
}

// Granted are the actions that a function's own policies allow, sorted. Those
// that depend on a parameter count as well. What SAM adds by itself, to write
// logs and to take from the queue, does not.
func (t Template) Granted(function string) []string {
	var actions []string
	collect(t.Resources[function].Properties["Policies"], &actions)
	slices.Sort(actions)
	return slices.Compact(actions)
}

// collect adds the actions of every statement below a value.
func collect(value any, actions *[]string) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			collect(one, actions)
		}
	case map[string]any:
		if v["Effect"] == "Allow" {
			switch action := v["Action"].(type) {
			case string:
				*actions = append(*actions, action)
			case []any:
				for _, one := range action {
					*actions = append(*actions, one.(string))
				}
			}
			return
		}
		for _, one := range v {
			collect(one, actions)
		}
	}
}
