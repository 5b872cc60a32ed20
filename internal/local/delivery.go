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
	ready   []message       // in their order
	later   []message       // that failed, until their time
	created map[string]bool // versions of which an event of their upload waits
	wake    chan struct{}
	dead    []DeadLetter
	next    int
	working int
}

type message struct {
	id      string
	body    string
	version string // that was uploaded; "" of other events
	tries   int
	after   time.Time
}

func newDelivery(path string) (*delivery, error) {
	d := &delivery{path: path, created: map[string]bool{}, wake: make(chan struct{}, 1)}
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
	version := ""
	if strings.HasPrefix(r.EventName, "ObjectCreated:") {
		version = r.S3.Object.VersionID
	}
	d.mu.Lock()
	defer d.nudge()
	defer d.mu.Unlock()
	if d.created[version] {
		return
	}
	d.next++
	d.ready = append(d.ready, message{id: strconv.Itoa(d.next), body: string(body), version: version})
	d.waits(version, true)
}

// waits notes whether an event of a version's upload waits. The caller holds
// the lock.
func (d *delivery) waits(version string, whether bool) {
	switch {
	case version == "":
	case whether:
		d.created[version] = true
	default:
		delete(d.created, version)
	}
}

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
	d.later = slices.DeleteFunc(d.later, func(m message) bool {
		if len(batch) < batchSize && !m.after.After(now) {
			batch = append(batch, m)
			return true
		}
		wait = min(wait, max(m.after.Sub(now), time.Millisecond))
		return false
	})
	n := min(len(d.ready), batchSize-len(batch))
	batch = append(batch, d.ready[:n]...)
	d.ready = d.ready[n:]
	for _, m := range batch {
		d.waits(m.version, false)
	}
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
			d.later = append(d.later, m)
			d.waits(m.version, true)
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
	return len(d.ready)+len(d.later) == 0 && d.working == 0
}

func (d *delivery) deadLetters() []DeadLetter {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.dead)
}
