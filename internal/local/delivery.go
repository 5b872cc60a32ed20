package local

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Handler is the Lambda function that events go to.
type Handler func(ctx context.Context, raw json.RawMessage) (events.SQSEventResponse, error)

// DeadLetter is a message that failed every time it was tried.
type DeadLetter struct {
	ID    string    `json:"id"`
	Body  string    `json:"body"` // S3's notification
	Error string    `json:"error"`
	At    time.Time `json:"at"`
}

// How often and how fast a message is tried.
const (
	batchSize = 10
	maxTries  = 5
	firstWait = 50 * time.Millisecond
	handling  = 30 * time.Second // one invocation's time
)

// delivery is the queue between S3 and the function: at least once, in
// batches as SQS makes them, with retries and dead letters. What waits in
// memory when the process is killed is found again at the next start.
type delivery struct {
	handle Handler
	path   string // of the dead letters

	mu      sync.Mutex
	waiting []message
	wake    chan struct{}
	dead    []DeadLetter
	next    int
	working int
}

type message struct {
	id    string
	body  string
	tries int
	after time.Time
}

func newDelivery(path string) (*delivery, error) {
	d := &delivery{path: path, wake: make(chan struct{}, 1)}
	raw, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &d.dead); err != nil {
		return nil, fmt.Errorf("dead letters %s: %w", path, err)
	}
	return d, nil
}

// raise queues one record. Of a version that comes while the start looks for
// what it missed, one event waits, not two.
func (d *delivery) raise(r events.S3EventRecord) {
	body, err := json.Marshal(events.S3Event{Records: []events.S3EventRecord{r}})
	if err != nil {
		panic(err) // a struct of strings and times
	}
	version := `"versionId":"` + r.S3.Object.VersionID + `"`
	d.mu.Lock()
	defer d.nudge()
	defer d.mu.Unlock()
	if r.S3.Object.VersionID != "" && strings.HasPrefix(r.EventName, created) && slices.ContainsFunc(d.waiting, func(m message) bool {
		return strings.Contains(m.body, version) && strings.Contains(m.body, `"eventName":"`+created)
	}) {
		return
	}
	d.next++
	d.waiting = append(d.waiting, message{id: strconv.Itoa(d.next), body: string(body)})
}

// created is what the names of the events of new objects begin with.
const created = "ObjectCreated:"

func (d *delivery) nudge() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// run delivers with so many workers until the context ends.
func (d *delivery) run(ctx context.Context, workers int) {
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				batch, wait := d.take()
				if len(batch) == 0 {
					timer := time.NewTimer(wait)
					select {
					case <-ctx.Done():
						timer.Stop()
						return
					case <-d.wake:
					case <-timer.C:
					}
					timer.Stop()
					continue
				}
				d.nudge()
				d.deliver(ctx, batch)
			}
		})
	}
	group.Wait()
}

// take returns the messages that are due, or how long to wait.
func (d *delivery) take() ([]message, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, wait := time.Now(), time.Second
	var batch []message
	d.waiting = slices.DeleteFunc(d.waiting, func(m message) bool {
		if len(batch) < batchSize && !m.after.After(now) {
			batch = append(batch, m)
			return true
		}
		wait = min(wait, max(m.after.Sub(now), time.Millisecond))
		return false
	})
	d.working += len(batch)
	return batch, wait
}

func (d *delivery) deliver(ctx context.Context, batch []message) {
	var in events.SQSEvent
	for _, m := range batch {
		in.Records = append(in.Records, events.SQSMessage{MessageId: m.id, Body: m.body, EventSource: "aws:sqs"})
	}
	raw, err := json.Marshal(in)
	if err != nil {
		panic(err) // strings
	}
	invocation, cancel := context.WithTimeout(ctx, handling)
	answer, err := d.handle(invocation, raw)
	cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.working -= len(batch)
	for _, m := range batch {
		failed := err != nil || slices.ContainsFunc(answer.BatchItemFailures, func(f events.SQSBatchItemFailure) bool { return f.ItemIdentifier == m.id })
		if !failed || ctx.Err() != nil {
			continue
		}
		m.tries++
		if m.tries < maxTries {
			m.after = time.Now().Add(firstWait << (2 * m.tries))
			d.waiting = append(d.waiting, m)
			continue
		}
		reason := "the function refused it; its log says why"
		if err != nil {
			reason = err.Error()
		}
		d.dead = append(d.dead, DeadLetter{ID: m.id, Body: m.body, Error: reason, At: time.Now().UTC()})
		d.keep()
	}
}

// keep writes the dead letters down. The caller holds the lock.
func (d *delivery) keep() {
	raw, err := json.Marshal(d.dead)
	if err == nil {
		err = os.WriteFile(d.path+".new", raw, 0o600)
	}
	if err == nil {
		err = os.Rename(d.path+".new", d.path)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cutline: dead letters:", err)
	}
}

// idle says whether nothing waits and nothing is being handled.
func (d *delivery) idle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.waiting) == 0 && d.working == 0
}

func (d *delivery) deadLetters() []DeadLetter {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.dead)
}
