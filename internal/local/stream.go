package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// StreamHandler is the Lambda function that the table's changes go to.
type StreamHandler func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error)

// stream is the stream of the table's changes: in their order, in batches as
// Lambda makes them, and again from the first record that failed. What waits
// when the process ends is lost.
type stream struct {
	mu      sync.Mutex
	waiting []json.RawMessage // records in the form that Lambda gets
	wake    chan struct{}
	next    int
	working bool
}

func newStream() *stream { return &stream{wake: make(chan struct{}, 1)} }

// image is one item with its key, as DynamoDB writes them in JSON.
type image struct{ key, item map[string]json.RawMessage }

// record is one change in the form of a record of DynamoDB Streams.
type record struct {
	EventID      string `json:"eventID"`
	EventName    string `json:"eventName"`
	EventVersion string `json:"eventVersion"`
	EventSource  string `json:"eventSource"`
	AWSRegion    string `json:"awsRegion"`
	Change       change `json:"dynamodb"`
}

type change struct {
	At       int64                      `json:"ApproximateCreationDateTime"`
	Keys     map[string]json.RawMessage `json:"Keys"`
	NewImage map[string]json.RawMessage `json:"NewImage,omitempty"`
	OldImage map[string]json.RawMessage `json:"OldImage,omitempty"`
	Sequence string                     `json:"SequenceNumber"`
	Size     int                        `json:"SizeBytes"`
	View     string                     `json:"StreamViewType"`
}

// add queues a record for each item that is not as it was.
func (s *stream) add(before, after []image) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, was := range before {
		is := after[i]
		name := "MODIFY"
		switch {
		case same(was.item, is.item):
			continue
		case was.item == nil:
			name = "INSERT"
		case is.item == nil:
			name = "REMOVE"
		}
		s.next++
		raw, err := json.Marshal(record{
			EventID: fmt.Sprintf("%032x", s.next), EventName: name, EventVersion: "1.1", EventSource: "aws:dynamodb", AWSRegion: Region,
			Change: change{
				At: time.Now().Unix(), Keys: is.key, NewImage: is.item, OldImage: was.item,
				Sequence: fmt.Sprintf("%021d", s.next), Size: size(is.key) + size(is.item) + size(was.item), View: "NEW_AND_OLD_IMAGES",
			},
		})
		if err != nil {
			panic(err) // JSON that was read before
		}
		s.waiting = append(s.waiting, raw)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func same(a, b map[string]json.RawMessage) bool {
	if len(a) != len(b) {
		return false
	}
	for name, value := range a {
		if !bytes.Equal(value, b[name]) {
			return false
		}
	}
	return true
}

func size(item map[string]json.RawMessage) (n int) {
	for name, value := range item {
		n += len(name) + len(value)
	}
	return n
}

// run hands the records to the function until the context ends.
func (s *stream) run(ctx context.Context, handle StreamHandler) {
	for tries := 0; ; {
		batch := s.take()
		if len(batch) == 0 {
			select {
			case <-ctx.Done():
				return
			case <-s.wake:
			}
			continue
		}
		done, err := deliverStream(ctx, handle, batch)
		if err == nil {
			tries = 0
		} else if tries++; tries >= maxTries {
			fmt.Fprintln(os.Stderr, "cutline: a change of the table could not be told:", err)
			done, tries = done+1, 0
		}
		s.drop(done)
		if tries > 0 {
			select {
			case <-ctx.Done():
				return
			case <-time.After(firstWait << (2 * tries)):
			}
		}
	}
}

func (s *stream) take() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch := slices.Clone(s.waiting[:min(batchSize, len(s.waiting))])
	s.working = len(batch) > 0
	return batch
}

func (s *stream) drop(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = slices.Delete(s.waiting, 0, n)
	s.working = false
}

// deliverStream says how many of the records are done with.
func deliverStream(ctx context.Context, handle StreamHandler, batch []json.RawMessage) (done int, err error) {
	var in events.DynamoDBEvent
	raw, err := json.Marshal(map[string]any{"Records": batch})
	if err == nil {
		err = json.Unmarshal(raw, &in)
	}
	if err != nil {
		return 0, err
	}
	invocation, cancel := context.WithTimeout(ctx, handling)
	defer cancel()
	answer, err := handle(invocation, in)
	if err != nil {
		return 0, err
	}
	for i, r := range in.Records {
		if slices.ContainsFunc(answer.BatchItemFailures, func(f events.DynamoDBBatchItemFailure) bool { return f.ItemIdentifier == r.Change.SequenceNumber }) {
			return i, fmt.Errorf("the function refused record %s; its log says why", r.EventID)
		}
	}
	return len(batch), nil
}

func (s *stream) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting) == 0 && !s.working
}

// touched are the items that a request changes.
func touched(target string, body []byte) ([]request, error) {
	type put struct {
		TableName string
		Item, Key map[string]json.RawMessage
	}
	var list []request
	add := func(p *put) {
		if p == nil {
			return
		}
		key := p.Key
		if key == nil {
			key = p.Item
		}
		list = append(list, request{p.TableName, map[string]json.RawMessage{"pk": key["pk"], "sk": key["sk"]}})
	}
	switch strings.TrimPrefix(target, operations) {
	case "PutItem", "DeleteItem", "UpdateItem":
		var in put
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		add(&in)
	case "TransactWriteItems":
		var in struct {
			TransactItems []struct{ Put, Delete, Update *put }
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		for _, one := range in.TransactItems {
			add(one.Put)
			add(one.Delete)
			add(one.Update)
		}
	case "BatchWriteItem":
		var in struct {
			RequestItems map[string][]struct{ PutRequest, DeleteRequest *put }
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		for table, all := range in.RequestItems {
			for _, one := range all {
				for _, p := range []*put{one.PutRequest, one.DeleteRequest} {
					if p != nil {
						p.TableName = table
						add(p)
					}
				}
			}
		}
	}
	return list, nil
}

type request struct {
	table string
	key   map[string]json.RawMessage
}

// images reads the items as they are now.
func (d *database) images(all []request) ([]image, error) {
	list := make([]image, 0, len(all))
	for _, r := range all {
		body, err := json.Marshal(map[string]any{"TableName": r.table, "Key": r.key, "ConsistentRead": true})
		if err != nil {
			return nil, err
		}
		status, answer := d.send(operations+"GetItem", body)
		var out struct{ Item map[string]json.RawMessage }
		if err := json.Unmarshal(answer, &out); err != nil || status != http.StatusOK {
			return nil, fmt.Errorf("read an item: %s %s", strconv.Itoa(status), answer)
		}
		if len(out.Item) == 0 {
			out.Item = nil
		}
		list = append(list, image{r.key, out.Item})
	}
	return list, nil
}
