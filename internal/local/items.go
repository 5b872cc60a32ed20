package local

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// items are those of all tables. What a request costs here does not grow with
// the table, as it does in minidyn (0.8.2), where a transaction copies all of
// it and a query looks at every item.
type items struct {
	tables map[string]*table
}

// request is one to the database.
type request struct {
	target string
	body   []byte
}

type row = map[string]json.RawMessage

// table is the items of one table in the order of its own keys and of each of
// its indexes.
type table struct {
	schema []request        // that made it so
	items  map[string]row   // by key
	lists  map[string]*list // by index; "" is the table itself
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

func newItems() *items { return &items{tables: map[string]*table{}} }

// create adds a table for the body of a CreateTable request.
func (x *items) create(body []byte) error {
	type keys []struct{ AttributeName, KeyType string }
	var in struct {
		TableName              string
		KeySchema              keys
		GlobalSecondaryIndexes []struct {
			IndexName string
			KeySchema keys
		}
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	t := &table{schema: []request{{operations + "CreateTable", body}}, items: map[string]row{}, lists: map[string]*list{}}
	add := func(name string, k keys) {
		if len(k) == 2 {
			t.lists[name] = &list{partition: k[0].AttributeName, sort: k[1].AttributeName, rows: map[string][]entry{}}
		}
	}
	add("", in.KeySchema)
	for _, i := range in.GlobalSecondaryIndexes {
		add(i.IndexName, i.KeySchema)
	}
	if own := t.lists[""]; own == nil || own.partition != "pk" || own.sort != "sk" {
		return errors.New("tables have the keys pk and sk here, both strings")
	}
	x.tables[in.TableName] = t
	return nil
}

// alter takes down what UpdateTable changed. Indexes are no longer known then,
// so that whole looks at every item.
func (x *items) alter(body []byte) error {
	var in struct{ TableName string }
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	if t := x.tables[in.TableName]; t != nil {
		t.schema = append(t.schema, request{operations + "UpdateTable", body})
		t.lists = map[string]*list{"": t.lists[""]}
	}
	return nil
}

func (x *items) drop(body []byte) error {
	var in struct{ TableName string }
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	delete(x.tables, in.TableName)
	return nil
}

// id is an item's key as one string.
func id(key row) string { return text(key["pk"]) + "\x00" + text(key["sk"]) }

// get returns an item, or nil.
func (x *items) get(name string, key row) row {
	if t := x.tables[name]; t != nil {
		return t.items[id(key)]
	}
	return nil
}

// set makes an item what it is now; nil when it is gone.
func (x *items) set(name string, key, now row) {
	t := x.tables[name]
	if t == nil {
		return
	}
	id := id(key)
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
