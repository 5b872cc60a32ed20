package notify

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// NewUndelivered returns what puts notices that are refused for good into the
// queue of the URL, with the reason.
func NewUndelivered(config aws.Config, queue string) func(context.Context, Notice, error) error {
	client := sqs.NewFromConfig(config)
	return func(ctx context.Context, n Notice, reason error) error {
		body, err := json.Marshal(map[string]any{"notice": n, "reason": reason.Error()})
		if err != nil {
			return err
		}
		text := string(body)
		if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &text}); err != nil {
			return fmt.Errorf("queue of the undelivered: %w", err)
		}
		return nil
	}
}
