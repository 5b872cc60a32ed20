package store_test

import (
	"slices"
	"testing"

	"cutline/internal/store"
	"cutline/internal/templatetest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

// The table that the template makes has the keys and indexes that the store
// asks for.
func TestTheTemplatesTable(t *testing.T) {
	table := templatetest.Load(t).Resources["Reports"].Properties
	schema := store.Schema("reports")

	var want []string
	for _, a := range schema.AttributeDefinitions {
		want = append(want, aws.ToString(a.AttributeName)+" "+string(a.AttributeType))
	}
	var got []string
	for _, a := range objects(table["AttributeDefinitions"]) {
		got = append(got, a["AttributeName"].(string)+" "+a["AttributeType"].(string))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-store +template):\n%s", diff)
	}

	keys := map[string][]string{"": nil}
	for _, k := range schema.KeySchema {
		keys[""] = append(keys[""], aws.ToString(k.AttributeName)+" "+string(k.KeyType))
	}
	for _, index := range schema.GlobalSecondaryIndexes {
		for _, k := range index.KeySchema {
			keys[*index.IndexName] = append(keys[*index.IndexName], aws.ToString(k.AttributeName)+" "+string(k.KeyType))
		}
		keys[*index.IndexName] = append(keys[*index.IndexName], string(index.Projection.ProjectionType))
	}
	made := map[string][]string{}
	for _, k := range objects(table["KeySchema"]) {
		made[""] = append(made[""], k["AttributeName"].(string)+" "+k["KeyType"].(string))
	}
	for _, index := range objects(table["GlobalSecondaryIndexes"]) {
		name := index["IndexName"].(string)
		for _, k := range objects(index["KeySchema"]) {
			made[name] = append(made[name], k["AttributeName"].(string)+" "+k["KeyType"].(string))
		}
		made[name] = append(made[name], index["Projection"].(map[string]any)["ProjectionType"].(string))
	}
	if diff := cmp.Diff(keys, made); diff != "" {
		t.Errorf("keys (-store +template):\n%s", diff)
	}
}

func objects(value any) []map[string]any {
	var all []map[string]any
	for _, one := range value.([]any) {
		all = append(all, one.(map[string]any))
	}
	return all
}
