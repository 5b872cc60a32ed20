package rules_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/rules"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Every built-in pack has the form that the schema tells editors.
func TestPacksMatchSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("pack.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir("packs", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		encoded, err := yaml.YAMLToJSON(raw)
		if err != nil {
			return err
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
		if err != nil {
			return err
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		head, _, _ := strings.Cut(string(raw), "\n")
		up := strings.Repeat("../", strings.Count(path, "/"))
		if want := "# yaml-language-server: $schema=" + up + "pack.schema.json"; head != want {
			t.Errorf("%s begins with %q, not with %q, so editors cannot complete it", path, head, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

type definition struct {
	Properties map[string]any `json:"properties"`
	Enum       []string       `json:"enum"`
}

// What the schema allows is what the Go types hold, key by key and word by
// word.
func TestSchemaMatchesTypes(t *testing.T) {
	raw, err := os.ReadFile("pack.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		definition
		Defs map[string]definition `json:"$defs"`
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	schema.Defs["pack"] = schema.definition
	for name, of := range map[string]any{
		"pack": rules.Pack{}, "source": rules.Source{}, "lexicon": rules.Lexicon{}, "grammar": rules.Grammar{}, "rule": rules.Rule{},
		"exception": rules.Exception{}, "suggestions": rules.Suggestions{}, "marks": rules.Marks{}, "doubts": rules.Doubts{}, "style": rules.Style{}, "example": rules.Example{},
		"whole": rules.Whole{},
	} {
		var keys []string
		for i := range reflect.TypeOf(of).NumField() {
			if field := reflect.TypeOf(of).Field(i); field.IsExported() && field.Tag.Get("yaml") != "-" {
				keys = append(keys, field.Tag.Get("yaml"))
			}
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(keys)), slices.Sorted(maps.Keys(schema.Defs[name].Properties))); diff != "" {
			t.Errorf("%s: the type (-) and the schema (+) differ:\n%s", name, diff)
		}
	}
	var fields []string
	for _, name := range photo.Names {
		if name != photo.Caption {
			fields = append(fields, string(name))
		}
	}
	kind := schema.Defs["source"].Properties["kind"].(map[string]any)["enum"].([]any)
	script := schema.Defs["lexicon"].Properties["script"].(map[string]any)["enum"].([]any)
	for name, c := range map[string]struct{ schema, types []string }{
		"words":      {schema.Defs["kind"].Enum, caption.KindNames()},
		"fields":     {schema.Defs["field"].Enum, fields},
		"severities": {schema.Defs["severity"].Enum, rules.Words("severity")},
		"origins":    {schema.Defs["origin"].Enum, rules.Words("origin")},
		"verdicts":   {schema.Defs["verdict"].Enum, rules.Words("verdict")},
		"kinds":      {texts(kind), rules.Kinds},
		"scripts":    {texts(script), rules.Scripts},
	} {
		if diff := cmp.Diff(c.types, c.schema); diff != "" {
			t.Errorf("%s: the code (-) and the schema (+) differ:\n%s", name, diff)
		}
	}
}

func texts(list []any) []string {
	var texts []string
	for _, one := range list {
		texts = append(texts, one.(string))
	}
	return texts
}
