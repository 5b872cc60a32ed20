package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cutline/internal/store"
	"cutline/internal/telemetry"
)

// Target is where notices go. Sending one again does no harm: its ID is the
// same. An error that is ErrRefused is for good, any other may go by.
type Target interface {
	Send(ctx context.Context, n Notice) error
}

// ErrRefused says that a target will not take a notice however often it is sent.
var ErrRefused = errors.New("refused for good")

// Notifier sends what is new in the changes of the table to its targets.
type Notifier struct {
	Targets []Target
	Reviews bool   // whether pictures to look at are news
	Desk    string // address of the desk, without a slash at its end; "" where it has none
	Log     *slog.Logger

	// Undelivered keeps what a target refused for good.
	Undelivered func(ctx context.Context, n Notice, reason error) error
}

// margin is kept of Lambda's time to answer before the function is cut off.
const margin = 2 * time.Second

// Handle is the Lambda function: a batch of records from the table's stream,
// in their order. The answer names the first record that has to come again,
// and with it all that follow, so that news of one picture stays in order.
func (n *Notifier) Handle(ctx context.Context, in events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	answer := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
	for _, record := range in.Records {
		if err := n.record(ctx, record); err != nil {
			n.Log.ErrorContext(ctx, "a notice has to be sent again", "event", record.EventID, "error", err)
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: record.Change.SequenceNumber})
			return answer, nil
		}
	}
	return answer, nil
}

func (n *Notifier) record(ctx context.Context, record events.DynamoDBEventRecord) error {
	change, err := changeOf(record)
	if err != nil {
		// It would be the same the next time: nothing that Cutline wrote.
		n.Log.ErrorContext(ctx, "a record cannot be read", "event", record.EventID, "error", err)
		return nil
	}
	for _, notice := range change.news(n.Desk, n.Reviews) {
		within, span := telemetry.Begin(ctx, "notice", "id", notice.ID, "type", notice.Type, "bucket", notice.Data.Bucket, "key", notice.Data.Key)
		err := n.send(within, notice)
		span.End(err)
		if err != nil {
			return fmt.Errorf("notice %s: %w", notice.ID, err)
		}
		n.Log.InfoContext(ctx, "notified", "id", notice.ID, "type", notice.Type, "bucket", notice.Data.Bucket, "key", notice.Data.Key, "verdict", notice.Data.Verdict)
	}
	return nil
}

// send sends a notice to every target.
func (n *Notifier) send(ctx context.Context, notice Notice) error {
	for _, target := range n.Targets {
		err := target.Send(ctx, notice)
		if errors.Is(err, ErrRefused) {
			err = n.undelivered(ctx, notice, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (n *Notifier) undelivered(ctx context.Context, notice Notice, reason error) error {
	n.Log.ErrorContext(ctx, "a notice is refused", "id", notice.ID, "type", notice.Type, "error", reason)
	if n.Undelivered == nil {
		return nil
	}
	return n.Undelivered(ctx, notice, reason)
}

// changeOf reads a record of the stream. Records of other items than a
// picture's row are no change.
func changeOf(record events.DynamoDBEventRecord) (Change, error) {
	var c Change
	var err error
	if c.Before, err = rowOf(record.Change.OldImage); err != nil {
		return Change{}, fmt.Errorf("before: %w", err)
	}
	if c.After, err = rowOf(record.Change.NewImage); err != nil {
		return Change{}, fmt.Errorf("after: %w", err)
	}
	return c, nil
}

func rowOf(image map[string]events.DynamoDBAttributeValue) (*store.Row, error) {
	texts, binary := map[string]string{}, map[string][]byte{}
	for name, value := range image {
		switch value.DataType() {
		case events.DataTypeString:
			texts[name] = value.String()
		case events.DataTypeBinary:
			binary[name] = value.Binary()
		}
	}
	row, ok, err := store.RowOfImage(texts, binary)
	if err != nil || !ok {
		return nil, err
	}
	return &row, nil
}
