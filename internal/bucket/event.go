package bucket

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Kind is what happened to an object.
type Kind string

// The kinds of events that matter here. Others (tagging, restoring) are left out.
const (
	Created Kind = "created"
	Removed Kind = "removed"
)

// Event says that an object was created or removed.
type Event struct {
	Kind   Kind
	Bucket string
	Key    string // decoded, as S3 stores it

	// VersionID is the version that was created, or removed for good. It is
	// empty in a bucket without versions, and when a delete marker hides the
	// object: a marker has no bytes.
	VersionID string
	ETag      string // without quotes; empty for Removed
	Size      int64  // bytes; 0 for Removed

	// Sequencer orders the events of one key: hexadecimal, the shorter of two
	// padded with zeros on the right, compared as text. Events of different
	// keys have no order.
	Sequencer string
	Time      time.Time
}

// Message is what arrives and is acknowledged as one: a record of an SQS
// batch, or a whole invocation.
type Message struct {
	ID     string // of the SQS message; empty outside a batch
	Events []Event
	Err    error // why the message could not be read; then it has no events
}

// Batch is one invocation's messages.
type Batch struct {
	SQS      bool // messages can fail one by one
	Messages []Message
}

// The bounds on what is read of an invocation. Lambda itself hands over at
// most 6 MB, SQS bodies of at most 1 MiB; S3 keys have at most 1,024 bytes.
const (
	maxInvocation = 8 << 20
	maxKey        = 1024
	maxBucket     = 255
	maxDepth      = 3 // SQS around SNS around S3
)

// envelope is the outside of everything that S3's events arrive in. SNS and
// SQS spell their fields differently, but never two of them alike.
type envelope struct {
	Records []json.RawMessage `json:"Records"`

	// S3 sends this once, when notifications are set up.
	TestEvent string `json:"Event"`

	// SNS
	Type    string `json:"Type"`
	Message string `json:"Message"`

	// EventBridge
	DetailType string          `json:"detail-type"`
	Detail     json.RawMessage `json:"detail"`
	Time       time.Time       `json:"time"`
}

// record is one entry of a notification of S3 or of a batch of SQS.
type record struct {
	EventSource string `json:"eventSource"`

	MessageID string `json:"messageId"`
	Body      string `json:"body"`

	EventName string    `json:"eventName"`
	EventTime time.Time `json:"eventTime"`
	S3        struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"`
			Size      int64  `json:"size"`
			ETag      string `json:"eTag"`
			VersionID string `json:"versionId"`
			Sequencer string `json:"sequencer"`
		} `json:"object"`
	} `json:"s3"`
}

// Parse reads an invocation of any of three shapes: S3's notification itself,
// SQS messages around notifications (straight, through SNS or EventBridge),
// and EventBridge's event. A message of a batch that cannot be read has its
// error with it; the error returned is about the invocation as a whole.
//
// The shapes are those of "Event message structure" and "EventBridge event
// message structure" in the S3 User Guide.
func Parse(raw []byte) (Batch, error) {
	if len(raw) > maxInvocation {
		return Batch{}, fmt.Errorf("event of %d bytes: at most %d are read", len(raw), maxInvocation)
	}
	var outside envelope
	if err := json.Unmarshal(raw, &outside); err != nil {
		return Batch{}, fmt.Errorf("event: %w", err)
	}
	var batch Batch
	for _, r := range outside.Records {
		var message record
		if err := json.Unmarshal(r, &message); err != nil {
			return Batch{}, fmt.Errorf("event: %w", err)
		}
		if message.EventSource != "aws:sqs" {
			break
		}
		batch.SQS = true
		events, err := parse([]byte(message.Body), 1)
		batch.Messages = append(batch.Messages, Message{ID: message.MessageID, Events: events, Err: err})
	}
	if batch.SQS {
		return batch, nil
	}
	events, err := parse(raw, 0)
	if err != nil {
		return Batch{}, err
	}
	batch.Messages = []Message{{Events: events}}
	return batch, nil
}

// parse reads the events in one envelope, which may stand in another.
func parse(raw []byte, depth int) ([]Event, error) {
	if depth > maxDepth {
		return nil, errors.New("event: too many envelopes in each other")
	}
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	switch {
	case e.DetailType != "":
		return fromEventBridge(e)
	case e.Type == "Notification":
		return parse([]byte(e.Message), depth+1)
	case e.Records != nil:
		return fromNotification(e.Records)
	case e.TestEvent == "s3:TestEvent":
		return nil, nil
	}
	return nil, errors.New("event: neither a notification of S3, nor an event of EventBridge, nor a batch of SQS messages")
}

func fromNotification(records []json.RawMessage) ([]Event, error) {
	var events []Event
	for _, raw := range records {
		var r record
		if err := json.Unmarshal(raw, &r); err != nil {
			return nil, fmt.Errorf("event: %w", err)
		}
		if r.EventSource != "aws:s3" {
			return nil, fmt.Errorf("event: a record of %q, not of S3", r.EventSource)
		}
		family, detail, _ := strings.Cut(strings.TrimPrefix(r.EventName, "s3:"), ":")
		kind, ok := map[string]Kind{"ObjectCreated": Created, "ObjectRemoved": Removed, "LifecycleExpiration": Removed}[family]
		if !ok {
			continue
		}
		// Keys stand in notifications as in the query of a URL.
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil {
			return nil, fmt.Errorf("event: key %q: %w", r.S3.Object.Key, err)
		}
		event := Event{
			Kind:      kind,
			Bucket:    r.S3.Bucket.Name,
			Key:       key,
			VersionID: r.S3.Object.VersionID,
			ETag:      strings.Trim(r.S3.Object.ETag, `"`),
			Size:      r.S3.Object.Size,
			Sequencer: r.S3.Object.Sequencer,
			Time:      r.EventTime,
		}
		if detail == "DeleteMarkerCreated" {
			event.VersionID = ""
		}
		if err := event.check(); err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

func fromEventBridge(e envelope) ([]Event, error) {
	kind, ok := map[string]Kind{"Object Created": Created, "Object Deleted": Removed}[e.DetailType]
	if !ok {
		return nil, nil
	}
	var detail struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"` // as it is, unlike in notifications
			Size      int64  `json:"size"`
			ETag      string `json:"etag"`
			VersionID string `json:"version-id"`
			Sequencer string `json:"sequencer"`
		} `json:"object"`
		DeletionType string `json:"deletion-type"`
	}
	if err := json.Unmarshal(e.Detail, &detail); err != nil {
		return nil, fmt.Errorf("event: detail: %w", err)
	}
	event := Event{
		Kind:      kind,
		Bucket:    detail.Bucket.Name,
		Key:       detail.Object.Key,
		VersionID: detail.Object.VersionID,
		ETag:      strings.Trim(detail.Object.ETag, `"`),
		Size:      detail.Object.Size,
		Sequencer: detail.Object.Sequencer,
		Time:      e.Time,
	}
	if detail.DeletionType == "Delete Marker Created" {
		event.VersionID = ""
	}
	if err := event.check(); err != nil {
		return nil, err
	}
	return []Event{event}, nil
}

// check refuses what S3 itself would never send.
func (e Event) check() error {
	switch {
	case e.Bucket == "" || len(e.Bucket) > maxBucket:
		return fmt.Errorf("event: a bucket's name of %d bytes", len(e.Bucket))
	case e.Key == "" || len(e.Key) > maxKey:
		return fmt.Errorf("event: a key of %d bytes", len(e.Key))
	case e.Size < 0:
		return fmt.Errorf("event: %q has a size of %d", e.Key, e.Size)
	case strings.Trim(e.Sequencer, "0123456789abcdefABCDEF") != "":
		return fmt.Errorf("event: %q has the sequencer %q, which is not hexadecimal", e.Key, e.Sequencer)
	}
	return nil
}
