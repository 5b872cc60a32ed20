package store_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/store"
	"cutline/internal/store/storetest"
)

// What earlier versions of Cutline stored is read, listed, decided about and
// checked again beside what this one stores.
func TestOldTablesGoOn(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		client, table := db.table(t)
		storetest.Fill(t, client, table)
		s := store.New(client, table)
		put(t, s, made("new.jpg", "v1", "01", 0))

		every := func(names ...string) (keys []string) {
			for _, day := range storetest.Days {
				for _, name := range names {
					keys = append(keys, day+"/"+name)
				}
			}
			return keys
		}
		for _, c := range []struct {
			q    store.Query
			want []string
		}{
			{store.Query{}, append(every("factory.jpg", "train.jpg", "harbour.jpg"), "new.jpg")},
			{store.Query{Verdict: report.Fail}, append(every("factory.jpg"), "new.jpg")},
			{store.Query{Verdict: report.Fail, Order: store.Worst}, append(every("factory.jpg"), "new.jpg")},
			{store.Query{Origin: report.State}, append(every("factory.jpg", "train.jpg"), "new.jpg")},
			{store.Query{Source: "kcna"}, append(every("factory.jpg", "train.jpg"), "new.jpg")},
			{store.Query{Source: "kp-government"}, every("factory.jpg", "train.jpg")},
			{store.Query{Day: "2026-11-23"}, []string{"2026-11-23/factory.jpg", "2026-11-23/train.jpg", "2026-11-23/harbour.jpg"}},
			{store.Query{Code: "verification.missing"}, append(every("factory.jpg"), "new.jpg")},
			{store.Query{Reviewed: aws.Bool(true)}, every("factory.jpg", "train.jpg")},
			{store.Query{Text: "hamhung"}, every("factory.jpg")},
		} {
			var got []string
			for {
				page := list(t, s, c.q)
				for _, row := range page.Rows {
					if !row.Deleted {
						got = append(got, row.Key)
					}
				}
				if c.q.Cursor = page.Next; page.Next == "" {
					break
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("%+v: %q, want %q", c.q, got, c.want)
			}
		}

		for _, day := range storetest.Days {
			t.Run(day, func(t *testing.T) {
				key := day + "/factory.jpg"
				was := get(t, s, key)
				if was.Report.Schema != 1 || was.Report.Verdict != report.Fail || was.Decision.Action != store.Hold || was.Report.Caption.Text == "" || len(was.Report.Metadata) == 0 {
					t.Errorf("%+v", was)
				}
				if earlier, err := s.GetVersion(t.Context(), "photos", key, "v1"); err != nil || earlier.Report.Verdict != report.Pass {
					t.Errorf("the version before: %+v, %v", earlier, err)
				}
				if !get(t, s, day+"/gone.jpg").Deleted {
					t.Error("what was deleted is there again")
				}

				// Checked again by new rules, and by the event that comes twice.
				again := was.Report
				again.Verdict, again.CheckedAt, again.Rules.Digest = report.Review, was.Report.CheckedAt.Add(time.Hour), fmt.Sprintf("%064d", 1)
				again.Photo.Sequencer = ""
				if !put(t, s, again) {
					t.Error("what is checked again is not the latest")
				}
				now := get(t, s, key)
				if now.Report.Verdict != report.Review || now.Decision == nil || now.Decision.Reason != "Ask the agency." || !now.ArrivedAt.Equal(was.ArrivedAt) {
					t.Errorf("checked again: %+v", now)
				}

				// A decision, and a version, of today.
				decided, err := s.Decide(t.Context(), "photos", key, store.Decision{Action: store.Approve, By: "An editor", ByID: "1", At: was.Report.CheckedAt.Add(2 * time.Hour), Reason: "As agreed."}, now.Revision)
				if err != nil || decided.Decision.Action != store.Approve {
					t.Fatalf("%+v, %v", decided, err)
				}
				if !put(t, s, made(key, "v3", "03", 7200)) {
					t.Error("a new version is not the latest")
				}
				versions, err := s.Versions(t.Context(), "photos", key)
				if err != nil || len(versions) != 3 {
					t.Errorf("%d versions, %v", len(versions), err)
				}
				history, err := s.History(t.Context(), "photos", key)
				if err != nil || len(history) != 3 {
					t.Errorf("%d decisions, %v", len(history), err)
				}
				if err := s.MarkDeleted(t.Context(), "photos", key, "", "04"); err != nil || !get(t, s, key).Deleted {
					t.Errorf("deleted: %v", err)
				}
			})
		}
	})
}

// After going back to an earlier Cutline, what a later one stored is read as
// far as it is known.
func TestLaterReportsAreRead(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		client, table := db.table(t)
		s := store.New(client, table)
		put(t, s, made("a.jpg", "v1", "01", 0))
		key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "photo/photos/a.jpg"}, "sk": &types.AttributeValueMemberS{Value: "version/v1"}}
		out, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		doc := unpacked(t, out.Item["doc"].(*types.AttributeValueMemberB).Value)
		doc = strings.Replace(doc, `"schema":1`, `"schema":2,"of_tomorrow":{"a":[1]}`, 1)
		out.Item["doc"] = &types.AttributeValueMemberS{Value: doc}
		out.Item["of_tomorrow"] = &types.AttributeValueMemberN{Value: "1"}
		if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: out.Item}); err != nil {
			t.Fatal(err)
		}
		got := get(t, s, "a.jpg")
		if got.Report.Schema != 2 || got.Report.Verdict != report.Fail {
			t.Errorf("%+v", got)
		}
		if page := list(t, s, store.Query{}); len(page.Rows) != 1 {
			t.Errorf("%d rows", len(page.Rows))
		}
	})
}

// unpacked reads a packed document as any other program would.
func unpacked(t *testing.T, packed []byte) string {
	t.Helper()
	dictionary, err := os.ReadFile("dictionary.txt")
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReaderDict(bytes.NewReader(packed), dictionary)
	if err != nil {
		t.Fatal(err)
	}
	document, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(document)
}

// What is stored packed is read for ever: a changed dictionary would lose it.
func TestPackedRowIsRead(t *testing.T) {
	packed, err := base64.StdEncoding.DecodeString(`ePmZHt0aw+gRlhmit4DBItA2sFmySSrunqGRubmRGa7mu0mIIbDsMrQyNInC2Y5HVQNv0JuaJqammKUkp1gaGFkYppoS0X/MSCxKAqYhbC16mA+JbYkXpZYCW6TFSP1GR2DbKa8kEZgvihSKMzILFHJSE8tSIWMlUItBIxdB+SVAjSmJuToKfqmgYQtgAkop1lFwBPbScxQsdBRA/tZTCHINDXENCtb3AjqhWKEsMU/BMRvcy8TW48TdbTQ3MkB0NkwsDKgYD6idOwBeMqmx`)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"pk": "photo/photos/harbour.jpg", "sk": "latest"}
	row, ok, err := store.RowOfImage(texts, map[string][]byte{"doc": packed})
	if err != nil || !ok || row.Key != "harbour.jpg" || row.Verdict != report.Pass || row.Sources[0] != "reuters" {
		t.Errorf("%+v, %t, %v", row, ok, err)
	}
	for name, broken := range map[string][]byte{"cut short": packed[:len(packed)-9], "of another dictionary": append([]byte{packed[0], packed[1], 1, 2, 3, 4}, packed[6:]...), "empty": {}} {
		if row, _, err := store.RowOfImage(texts, map[string][]byte{"doc": broken}); err == nil {
			t.Errorf("%s: %+v", name, row)
		}
	}
}

// What a report of a usual picture takes, in the table and in each index, is
// at most one unit of writing.
func TestUsualItemsAreSmall(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		client, table := db.table(t)
		rep := made("a.jpg", "3HL4kqtJvjVBH40Nrjfkd", "0055AED6DCD90281E5", 0)
		rep.Caption.Text = strings.Repeat("A train leaves the station of the town, which is in the north. ", 10)
		for _, from := range []string{"exif:ImageDescription", "iptc:2:120", "xmp:dc:description"} {
			rep.Metadata = append(rep.Metadata, photo.Field{Name: photo.Caption, From: from, Value: rep.Caption.Text})
		}
		put(t, store.New(client, table), rep)
		all, err := client.Query(t.Context(), &dynamodb.QueryInput{
			TableName: &table, KeyConditionExpression: aws.String("pk = :pk"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: "photo/photos/a.jpg"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range all.Items {
			size := 0
			for name, value := range item {
				switch v := value.(type) {
				case *types.AttributeValueMemberS:
					size += len(name) + len(v.Value)
				case *types.AttributeValueMemberB:
					size += len(name) + len(v.Value)
				}
			}
			if size > 1024 {
				t.Errorf("%s takes %d bytes", item["sk"].(*types.AttributeValueMemberS).Value, size)
			}
		}
	})
}
