// Package templatetest reads template.yaml in tests, and records what the
// functions ask of AWS, so that the two can be compared.
//
// Imports: AWS.
package templatetest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// Template is template.yaml. Its short functions (!Ref, !Sub, !If) are left
// out: what they are called with stands in their place.
type Template struct {
	Parameters map[string]any      `yaml:"Parameters"`
	Resources  map[string]Resource `yaml:"Resources"`
	Outputs    map[string]any      `yaml:"Outputs"`
}

// Resource is one of its resources.
type Resource struct {
	Type                string         `yaml:"Type"`
	Properties          map[string]any `yaml:"Properties"`
	DeletionPolicy      string         `yaml:"DeletionPolicy"`
	UpdateReplacePolicy string         `yaml:"UpdateReplacePolicy"`
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

// Granted is what a function's own policies allow, sorted: an action and the
// parameter or resource of the template that it is allowed on, such as
// "sns:Publish Notices"; "/index" stands behind a table whose indexes are
// meant. What depends on a parameter counts as well. What SAM adds by itself,
// to write logs, does not.
func (t Template) Granted(function string) []string {
	var granted []string
	t.collect(t.Resources[function].Properties["Policies"], &granted)
	slices.Sort(granted)
	return slices.Compact(granted)
}

// collect adds what the statements below a value grant.
func (t Template) collect(value any, granted *[]string) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			t.collect(one, granted)
		}
	case map[string]any:
		if v["Effect"] == "Allow" {
			names := t.names(v["Resource"])
			for _, action := range texts(v["Action"]) {
				for _, name := range names {
					*granted = append(*granted, action+" "+name)
				}
			}
			return
		}
		for _, one := range v {
			t.collect(one, granted)
		}
	}
}

// words are the names in a text, with what follows a table's.
var words = regexp.MustCompile(`[A-Za-z]+(\.Arn\}/index)?`)

// names are the parameters and resources that a statement is about. The
// bucket is BucketName, whether it is new or not.
func (t Template) names(resource any) []string {
	var names []string
	for _, text := range texts(resource) {
		for _, word := range words.FindAllString(text, -1) {
			name, index := strings.CutSuffix(word, ".Arn}/index")
			_, resource := t.Resources[name]
			_, parameter := t.Parameters[name]
			if !resource && !parameter {
				continue
			}
			if index {
				name += "/index"
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// texts are all texts in a value.
func texts(value any) []string {
	var all []string
	switch v := value.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, one := range v {
			all = append(all, texts(one)...)
		}
	case map[string]any:
		for _, one := range v {
			all = append(all, texts(one)...)
		}
	}
	return all
}
