package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cutline/internal/bucket"
)

// margin is kept of Lambda's time to answer before the function is cut off.
const margin = 2 * time.Second

// Handle takes an invocation with S3's events in any of their envelopes (see
// bucket.Parse). With SQS the answer names the messages that have to come
// again; without, an error makes all of them come again.
func (u *Uploads) Handle(ctx context.Context, raw json.RawMessage) (events.SQSEventResponse, error) {
	ctx, cancel := withMargin(ctx)
	defer cancel()
	answer := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	batch, err := bucket.Parse(raw)
	if err != nil {
		return answer, err
	}
	var failed error
	for _, m := range batch.Messages {
		if err := u.message(ctx, m); err != nil {
			u.Log.ErrorContext(ctx, "a message failed", "message", m.ID, "error", err)
			failed = errors.Join(failed, err)
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.ID})
		}
	}
	if !batch.SQS {
		answer.BatchItemFailures = answer.BatchItemFailures[:0]
		return answer, failed
	}
	return answer, nil
}

// withMargin ends the context before Lambda ends the function, so that it can
// say what was not done.
func withMargin(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, deadline.Add(-margin))
	}
	return context.WithCancel(ctx)
}

func (u *Uploads) message(ctx context.Context, m bucket.Message) error {
	if m.Err != nil {
		return m.Err
	}
	for _, e := range m.Events {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("no time left for s3://%s/%s: %w", e.Bucket, e.Key, err)
		}
		if err := u.Upload(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
