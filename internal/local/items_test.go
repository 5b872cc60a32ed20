package local

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const indexed = `{"TableName":"t","BillingMode":"PAY_PER_REQUEST",
"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"all_shard","AttributeType":"S"},{"AttributeName":"arrived_at","AttributeType":"S"}],
"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
"GlobalSecondaryIndexes":[{"IndexName":"by-time","KeySchema":[{"AttributeName":"all_shard","KeyType":"HASH"},{"AttributeName":"arrived_at","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]}`

// plain is an item whose attributes are all strings.
type plain map[string]string

func (p plain) json(t *rapid.T) string {
	item := map[string]map[string]string{}
	for name, value := range p {
		item[name] = map[string]string{"S": value}
	}
	raw, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Whatever was written, a query gives what looking at every item would. (That
// minidyn is no measure: an item that left an index and came back is lost to it.)
func TestQueries(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		d, err := OpenDatabase(filepath.Join(dir, fmt.Sprint(n)))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		ask := func(operation, body string) []byte {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("X-Amz-Target", operations+operation)
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %s", operation, w.Body)
			}
			return w.Body.Bytes()
		}
		ask("CreateTable", indexed)
		letter := rapid.SampledFrom([]string{"a", "b", "c", "ab", "é"})
		there := map[string]plain{}
		for i := range rapid.IntRange(1, 30).Draw(t, "writes") {
			item := plain{"pk": letter.Draw(t, "pk"), "sk": letter.Draw(t, "sk")}
			id := item["pk"] + "/" + item["sk"]
			if rapid.IntRange(0, 4).Draw(t, "delete") == 0 {
				delete(there, id)
				ask("DeleteItem", `{"TableName":"t","Key":`+item.json(t)+`}`)
				continue
			}
			there[id] = item
			item["n"] = fmt.Sprint(i)
			if rapid.Bool().Draw(t, "listed") {
				item["all_shard"], item["arrived_at"] = letter.Draw(t, "list"), fmt.Sprintf("%s%03d", letter.Draw(t, "at"), i)
			}
			put := `{"TableName":"t","Item":` + item.json(t) + `}`
			if rapid.Bool().Draw(t, "transaction") {
				ask("TransactWriteItems", `{"TransactItems":[{"Put":`+put+`}]}`)
			} else {
				ask("PutItem", put)
			}
		}
		for range 10 {
			partition, sort, index := "pk", "sk", ""
			if rapid.Bool().Draw(t, "index") {
				partition, sort, index = "all_shard", "arrived_at", `"IndexName":"by-time",`
			}
			list, from, to := letter.Draw(t, "partition"), letter.Draw(t, "from"), letter.Draw(t, "to")+"zz"
			limit, forward := rapid.IntRange(1, 9).Draw(t, "limit"), rapid.Bool().Draw(t, "forward")
			var want []plain
			for _, item := range there {
				if item[partition] == list && from <= item[sort] && item[sort] <= to {
					want = append(want, item)
				}
			}
			slices.SortFunc(want, func(a, b plain) int { return strings.Compare(a[sort], b[sort]) })
			if !forward {
				slices.Reverse(want)
			}
			want = want[:min(len(want), limit)]
			body := fmt.Sprintf(`{"TableName":"t",%s"KeyConditionExpression":"%s = :p AND %s BETWEEN :from AND :to","ScanIndexForward":%v,"Limit":%d,"ExpressionAttributeValues":%s}`,
				index, partition, sort, forward, limit, plain{":p": list, ":from": from, ":to": to}.json(t))
			if _, ok := d.items.query([]byte(body)); !ok {
				t.Fatalf("the index does not know %s", body)
			}
			if diff := cmp.Diff(want, listed(t, ask("Query", body))); diff != "" {
				t.Fatalf("%s: wanted -, got +:\n%s", body, diff)
			}
		}
	})
}

func listed(t *rapid.T, answer []byte) []plain {
	var out struct {
		Items []map[string]struct{ S string }
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	var list []plain
	for _, item := range out.Items {
		p := plain{}
		for name, value := range item {
			p[name] = value.S
		}
		list = append(list, p)
	}
	return list
}
