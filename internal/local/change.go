package local

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/truora/minidyn/server"
)

// A change is carried out by minidyn, which knows DynamoDB's expressions and
// errors, on a table of nothing but the items that the request names. What
// becomes of them is kept. So a change costs the same however many items there
// are.

// subject is an item that a request names.
type subject struct {
	table   string
	key     row
	put     row  // what it becomes; nil unless that stands in the request
	updated bool // what it becomes has to be read
	checked bool // it is not changed
}

// subjects are the items that a changing request names.
func subjects(target string, body []byte) ([]subject, error) {
	type one struct {
		TableName string
		Item, Key row
	}
	var list []subject
	add := func(table string, o *one, s subject) {
		if o == nil {
			return
		}
		s.table, s.key = table, o.Key
		if o.Item != nil {
			s.key, s.put = row{"pk": o.Item["pk"], "sk": o.Item["sk"]}, o.Item
		}
		list = append(list, s)
	}
	switch strings.TrimPrefix(target, operations) {
	case "PutItem", "DeleteItem", "UpdateItem":
		var in one
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		add(in.TableName, &in, subject{updated: target == operations+"UpdateItem"})
	case "TransactWriteItems":
		var in struct {
			TransactItems []struct{ Put, Delete, Update, ConditionCheck *one }
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		for _, t := range in.TransactItems {
			for _, o := range []*one{t.Put, t.Delete, t.Update, t.ConditionCheck} {
				if o != nil {
					add(o.TableName, o, subject{updated: o == t.Update, checked: o == t.ConditionCheck})
				}
			}
		}
	case "BatchWriteItem":
		var in struct {
			RequestItems map[string][]struct{ PutRequest, DeleteRequest *one }
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		for table, all := range in.RequestItems {
			for _, r := range all {
				add(table, r.PutRequest, subject{})
				add(table, r.DeleteRequest, subject{})
			}
		}
	}
	return list, nil
}

// apply carries a changing request out, and returns minidyn's answer and what
// the items were and are. Nothing is changed unless the answer's code is OK.
func (d *Database) apply(target string, body []byte) (answer *httptest.ResponseRecorder, before, after []image, err error) {
	named, err := subjects(target, body)
	if err != nil { // minidyn refuses it
		return send(d.bench, target, body), nil, nil, nil
	}
	defer d.clear(named)
	for _, s := range named {
		if item := d.items.get(s.table, s.key); item != nil {
			if err := put(d.bench, s.table, item); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	if answer = send(d.bench, target, body); answer.Code != http.StatusOK {
		return answer, nil, nil, nil
	}
	switch strings.TrimPrefix(target, operations) {
	case "CreateTable":
		err = d.items.create(body)
	case "UpdateTable":
		err = d.items.alter(body)
	case "DeleteTable":
		err = d.items.drop(body)
	}
	for _, s := range named {
		if s.checked {
			continue
		}
		now := s.put
		if s.updated && err == nil {
			now, err = read(d.bench, s.table, s.key)
		}
		before, after = append(before, image{s.key, d.items.get(s.table, s.key)}), append(after, image{s.key, now})
	}
	if err != nil {
		return answer, nil, nil, err
	}
	at := 0
	for _, s := range named {
		if !s.checked {
			d.items.set(s.table, s.key, after[at].item)
			at++
		}
	}
	return answer, before, after, nil
}

// clear takes the items off the bench.
func (d *Database) clear(named []subject) {
	for _, s := range named {
		if isKey(s.key) && d.items.tables[s.table] != nil {
			send(d.bench, operations+"DeleteItem", marshal(map[string]any{"TableName": s.table, "Key": s.key}))
		}
	}
}

// whole answers what items cannot: minidyn does, with all the items that there
// are where the request looks at any.
func (d *Database) whole(target string, body []byte) (*httptest.ResponseRecorder, error) {
	switch strings.TrimPrefix(target, operations) {
	case "GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan":
	default:
		return send(d.bench, target, body), nil
	}
	all := server.NewServer()
	for name, t := range d.items.tables {
		for _, r := range t.schema {
			send(all, r.target, r.body)
		}
		for _, item := range t.items {
			if err := put(all, name, item); err != nil {
				return nil, err
			}
		}
	}
	return send(all, target, body), nil
}

func send(to http.Handler, target string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	w := httptest.NewRecorder()
	to.ServeHTTP(w, r)
	return w
}

func put(to http.Handler, table string, item row) error {
	if w := send(to, operations+"PutItem", marshal(map[string]any{"TableName": table, "Item": item})); w.Code != http.StatusOK {
		return fmt.Errorf("put an item that is there: %d %s", w.Code, w.Body)
	}
	return nil
}

func read(from http.Handler, table string, key row) (row, error) {
	w := send(from, operations+"GetItem", marshal(map[string]any{"TableName": table, "Key": key}))
	var out struct{ Item row }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		return nil, fmt.Errorf("read an item: %d %s", w.Code, w.Body)
	}
	return out.Item, nil
}

// marshal writes JSON of values that were read from JSON.
func marshal(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}
