package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
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
type image struct{ key, item row }

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

// KeepChanges keeps what changes from now on, for Changes.
func (d *Database) KeepChanges() { d.stream = newStream() }

// Changes is the batch of changes that comes next, as Lambda makes it; it has no
// records when nothing waits.
func (d *Database) Changes() (events.DynamoDBEvent, error) { return eventOf(d.stream.take()) }

// Told forgets the first n of the changes that Changes gave.
func (d *Database) Told(n int) { d.stream.drop(n) }

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
	in, err := eventOf(batch)
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

func eventOf(batch []json.RawMessage) (in events.DynamoDBEvent, err error) {
	raw, err := json.Marshal(map[string]any{"Records": batch})
	if err == nil {
		err = json.Unmarshal(raw, &in)
	}
	return in, err
}

func (s *stream) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting) == 0 && !s.working
}
