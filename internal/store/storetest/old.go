// Package storetest holds tables as earlier versions of Cutline wrote them, so
// that tests show that they keep working.
//
// Imports: AWS.
package storetest

import (
	"bytes"
	"embed"
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Each file is a whole table, an item a line, as the version of that day wrote
// it: before content credentials and sign-in (22), before likeness and kill
// notices (23), before the suggestions' own form (24). In each, under the day:
//
//	factory.jpg   v1 passed; v2 fails, was held, and has a note
//	train.jpg     v1 passed, and was approved
//	harbour.jpg   v1 passed
//	gone.jpg      v1 passed, and the object was deleted
//
// When what is stored changes its form, a file of the form before is added.
//
//go:embed tables/*.jsonl
var tables embed.FS

// Days are the tables' names, and what their keys begin with.
var Days = []string{"2026-11-22", "2026-11-23", "2026-11-24"}

// Fill puts the items of all tables into one.
func Fill(t testing.TB, db *dynamodb.Client, table string) {
	t.Helper()
	for _, day := range Days {
		raw, err := tables.ReadFile("tables/" + day + ".jsonl")
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(raw) {
			var texts map[string]string
			if err := json.Unmarshal(line, &texts); err != nil {
				t.Fatalf("%s: %v", day, err)
			}
			item := map[string]types.AttributeValue{}
			for name, text := range texts {
				item[name] = &types.AttributeValueMemberS{Value: text}
			}
			if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
				t.Fatalf("%s: %v", day, err)
			}
		}
	}
}
