package local

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// answer answers a request that reads, if it is of the plain kind that the
// store makes: what it costs grows with what it reads.
func (x *items) answer(target string, body []byte) (answer []byte, ok bool) {
	switch strings.TrimPrefix(target, operations) {
	case "GetItem":
		return x.getItem(body)
	case "BatchGetItem":
		return x.batchGetItem(body)
	case "Query":
		return x.query(body)
	}
	return nil, false
}

// unknown says whether a request has a parameter that is left to minidyn.
func unknown(asked row) bool {
	for _, name := range []string{"FilterExpression", "ExclusiveStartKey", "ExpressionAttributeNames", "Select", "KeyConditions", "QueryFilter", "AttributesToGet"} {
		if asked[name] != nil {
			return true
		}
	}
	return false
}

var names = regexp.MustCompile(`^[\w, ]*$`)

func (x *items) getItem(body []byte) ([]byte, bool) {
	var in struct {
		TableName, ProjectionExpression string
		Key                             row
	}
	var asked row
	if json.Unmarshal(body, &in) != nil || json.Unmarshal(body, &asked) != nil || unknown(asked) || !names.MatchString(in.ProjectionExpression) || !isKey(in.Key) || x.tables[in.TableName] == nil {
		return nil, false
	}
	out := struct {
		Item row `json:",omitempty"`
	}{project(x.get(in.TableName, in.Key), in.ProjectionExpression)}
	answer, err := json.Marshal(out)
	return answer, err == nil
}

// isKey says whether it is a key of a table here.
func isKey(key row) bool { return len(key) == 2 && text(key["pk"]) != "" && text(key["sk"]) != "" }

// maxBatch is how many items DynamoDB gives for one BatchGetItem.
const maxBatch = 100

func (x *items) batchGetItem(body []byte) ([]byte, bool) {
	var in struct {
		RequestItems map[string]json.RawMessage
	}
	if json.Unmarshal(body, &in) != nil {
		return nil, false
	}
	responses, n := map[string][]row{}, 0
	for table, raw := range in.RequestItems {
		var of struct {
			Keys                 []row
			ProjectionExpression string
		}
		var asked row
		if json.Unmarshal(raw, &of) != nil || json.Unmarshal(raw, &asked) != nil || unknown(asked) || !names.MatchString(of.ProjectionExpression) || x.tables[table] == nil {
			return nil, false
		}
		found, seen := []row{}, map[string]bool{}
		for _, key := range of.Keys {
			if n++; n > maxBatch || !isKey(key) || seen[id(key)] {
				return nil, false // what is refused, minidyn refuses
			}
			seen[id(key)] = true
			if item := x.get(table, key); item != nil {
				found = append(found, project(item, of.ProjectionExpression))
			}
		}
		responses[table] = found
	}
	answer, err := json.Marshal(map[string]any{"Responses": responses, "UnprocessedKeys": map[string]any{}})
	return answer, n > 0 && err == nil
}

// A query's condition: a partition, and a range of the sort key or all of it.
var condition = regexp.MustCompile(`^(\w+) = (:\w+)(?: AND (\w+) BETWEEN (:\w+) AND (:\w+))?$`)

// query answers a Query request, if it is one of those that the store makes.
func (x *items) query(body []byte) (answer []byte, ok bool) {
	var in struct {
		TableName, IndexName      string
		KeyConditionExpression    string
		ExpressionAttributeValues map[string]json.RawMessage
		ProjectionExpression      string
		ScanIndexForward          *bool
		Limit                     int
	}
	var asked map[string]json.RawMessage
	if json.Unmarshal(body, &in) != nil || json.Unmarshal(body, &asked) != nil {
		return nil, false
	}
	if unknown(asked) || !names.MatchString(in.ProjectionExpression) {
		return nil, false
	}
	t := x.tables[in.TableName]
	if t == nil || t.lists[in.IndexName] == nil {
		return nil, false
	}
	l := t.lists[in.IndexName]
	c := condition.FindStringSubmatch(in.KeyConditionExpression)
	if c == nil || c[1] != l.partition || c[3] != "" && c[3] != l.sort {
		return nil, false
	}
	rows := l.rows[text(in.ExpressionAttributeValues[c[2]])]
	if c[3] != "" {
		rows = between(rows, text(in.ExpressionAttributeValues[c[4]]), text(in.ExpressionAttributeValues[c[5]]))
	}
	backward := in.ScanIndexForward != nil && !*in.ScanIndexForward
	n := len(rows)
	if in.Limit > 0 {
		n = min(n, in.Limit)
	}
	out := struct {
		Items               []row
		Count, ScannedCount int
		LastEvaluatedKey    row `json:",omitempty"`
	}{make([]row, 0, n), n, n, nil}
	for i := range n {
		e := rows[i]
		if backward {
			e = rows[len(rows)-1-i]
		}
		out.Items = append(out.Items, project(e.row, in.ProjectionExpression))
		if i+1 == n && in.Limit > 0 && n == in.Limit {
			out.LastEvaluatedKey = row{}
			for _, k := range []*list{l, t.lists[""]} {
				out.LastEvaluatedKey[k.partition], out.LastEvaluatedKey[k.sort] = e.row[k.partition], e.row[k.sort]
			}
		}
	}
	answer, err := json.Marshal(out)
	return answer, err == nil
}

// between returns the rows whose sort key is in the range, both ends included.
func between(rows []entry, from, to string) []entry {
	first, _ := slices.BinarySearchFunc(rows, from, func(e entry, s string) int { return strings.Compare(e.sort, s) })
	rows = rows[first:]
	after, _ := slices.BinarySearchFunc(rows, to, func(e entry, s string) int {
		if e.sort <= s {
			return -1
		}
		return 1
	})
	return rows[:after]
}

// project returns the attributes that are named, or all of them.
func project(r row, names string) row {
	if names == "" || r == nil {
		return r
	}
	part := row{}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if value, ok := r[name]; ok {
			part[name] = value
		}
	}
	return part
}
