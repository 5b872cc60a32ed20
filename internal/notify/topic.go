package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// Topic publishes notices to an SNS topic. The message is the notice in JSON;
// its type, verdict and origin are attributes too, to filter by.
type Topic struct {
	client *sns.Client
	arn    string
}

// NewTopic returns the topic of the ARN.
func NewTopic(config aws.Config, arn string) *Topic {
	return &Topic{client: sns.NewFromConfig(config), arn: arn}
}

// Send publishes the notice.
func (t *Topic) Send(ctx context.Context, n Notice) error {
	body, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	attribute := func(value string) types.MessageAttributeValue {
		return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
	}
	text := string(body)
	_, err = t.client.Publish(ctx, &sns.PublishInput{
		TopicArn: &t.arn, Message: &text,
		MessageAttributes: map[string]types.MessageAttributeValue{
			"id": attribute(n.ID), "type": attribute(string(n.Type)), "verdict": attribute(string(n.Data.Verdict)), "origin": attribute(string(n.Data.Origin)),
		},
	})
	var invalid *types.InvalidParameterException
	if errors.As(err, &invalid) {
		return fmt.Errorf("%w: topic: %w", ErrRefused, err)
	}
	if err != nil {
		return fmt.Errorf("topic: %w", err)
	}
	return nil
}
