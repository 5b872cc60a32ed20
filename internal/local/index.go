package local

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// index answers queries. For each of them minidyn (0.8.2, core's
// Table.SearchData) evaluates the condition on every item of the table, so
// that a thousand pictures make an upload slow. Here a query goes straight to
// its place. What it does not know is left to minidyn.
type index struct {
	tables map[string]*table
}

type row = map[string]json.RawMessage

// table is the items of one table in the order of its own keys and of each of
// its indexes.
type table struct {
	items map[string]row   // by key
	lists map[string]*list // by index; "" is the table itself
}

// list is items by partition, in the order of the sort key.
type list struct {
	partition, sort string // attributes
	rows            map[string][]entry
}

type entry struct {
	sort string
	key  string // in the table
	row  row
}

func newIndex() *index { return &index{tables: map[string]*table{}} }

// create adds a table for the body of a CreateTable request whose keys are all
// strings.
func (x *index) create(body []byte) {
	type keys []struct{ AttributeName, KeyType string }
	var in struct {
		TableName              string
		KeySchema              keys
		GlobalSecondaryIndexes []struct {
			IndexName string
			KeySchema keys
		}
	}
	if json.Unmarshal(body, &in) != nil || x.tables[in.TableName] != nil {
		return
	}
	t := &table{items: map[string]row{}, lists: map[string]*list{}}
	add := func(name string, k keys) {
		if len(k) == 2 {
			t.lists[name] = &list{partition: k[0].AttributeName, sort: k[1].AttributeName, rows: map[string][]entry{}}
		}
	}
	add("", in.KeySchema)
	for _, i := range in.GlobalSecondaryIndexes {
		add(i.IndexName, i.KeySchema)
	}
	if t.lists[""] != nil {
		x.tables[in.TableName] = t
	}
}

// set makes an item what it is now; nil when it is gone.
func (x *index) set(name string, key, now row) {
	t := x.tables[name]
	if t == nil {
		return
	}
	own := t.lists[""]
	id := text(key[own.partition]) + "\x00" + text(key[own.sort])
	for _, l := range t.lists {
		l.remove(id, t.items[id])
		l.add(id, now)
	}
	if delete(t.items, id); now != nil {
		t.items[id] = now
	}
}

func (l *list) add(id string, r row) {
	partition, sort := text(r[l.partition]), text(r[l.sort])
	if partition == "" || sort == "" { // an index holds only items with its keys
		return
	}
	rows := l.rows[partition]
	at, _ := slices.BinarySearchFunc(rows, entry{sort: sort, key: id}, inOrder)
	l.rows[partition] = slices.Insert(rows, at, entry{sort, id, r})
}

func (l *list) remove(id string, r row) {
	partition := text(r[l.partition])
	rows := l.rows[partition]
	at, found := slices.BinarySearchFunc(rows, entry{sort: text(r[l.sort]), key: id}, inOrder)
	if found {
		l.rows[partition] = slices.Delete(rows, at, at+1)
	}
}

func inOrder(a, b entry) int {
	if c := strings.Compare(a.sort, b.sort); c != 0 {
		return c
	}
	return strings.Compare(a.key, b.key)
}

// text is the value of an attribute that is a string, {"S":"..."}; else "".
func text(value json.RawMessage) string {
	var v struct{ S string }
	if json.Unmarshal(value, &v) != nil {
		return ""
	}
	return v.S
}

// A query's condition: a partition, and a range of the sort key or all of it.
var condition = regexp.MustCompile(`^(\w+) = (:\w+)(?: AND (\w+) BETWEEN (:\w+) AND (:\w+))?$`)

// query answers a Query request, if it is one of those that the store makes.
func (x *index) query(body []byte) (answer []byte, ok bool) {
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
	for _, other := range []string{"FilterExpression", "ExclusiveStartKey", "ExpressionAttributeNames", "Select", "KeyConditions", "QueryFilter", "AttributesToGet"} {
		if asked[other] != nil {
			return nil, false
		}
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
	if names == "" {
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

// keep brings the index up to date with a change that the database made.
func (d *database) keep(target string, body []byte) ([]image, error) {
	switch strings.TrimPrefix(target, operations) {
	case "CreateTable":
		d.index.create(body)
		return nil, nil
	case "DeleteTable", "UpdateTable": // of no use here; minidyn answers from now on
		var in struct{ TableName string }
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		delete(d.index.tables, in.TableName)
		return nil, nil
	}
	changed, err := touched(target, body)
	if err != nil {
		return nil, err
	}
	after, err := d.images(changed)
	if err != nil {
		return nil, err
	}
	for i, c := range changed {
		d.index.set(c.table, c.key, after[i].item)
	}
	return after, nil
}

// before is what the items that a request will change are now. A request that
// cannot be read is refused by the database itself.
func (d *database) before(target string, body []byte) []image {
	changing, err := touched(target, body)
	if err != nil {
		return nil
	}
	images := make([]image, 0, len(changing))
	for _, c := range changing {
		i := image{key: c.key}
		if t := d.index.tables[c.table]; t != nil {
			own := t.lists[""]
			i.item = t.items[text(c.key[own.partition])+"\x00"+text(c.key[own.sort])]
		}
		images = append(images, i)
	}
	return images
}

// answerQuery answers from the index, if that can.
func (d *database) answerQuery(w http.ResponseWriter, body []byte) bool {
	answer, ok := d.index.query(body)
	if ok {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.Write(answer)
	}
	return ok
}
