// Command notify is the Lambda function that tells others of pictures that
// failed and of decisions, from the stream of the reports' table.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"cutline/internal/cloud"
	"cutline/internal/notify"
	"cutline/internal/secret"
	"cutline/internal/telemetry"
)

// version is set by the linker.
var version = "dev"

func main() {
	log := telemetry.Log(os.Stderr)
	ctx := context.Background()
	traces, err := telemetry.NewTraces(ctx, "notify", version, log)
	if err != nil {
		telemetry.CannotStart(log, err)
	}
	notifier, err := wire(ctx, log)
	if err != nil {
		telemetry.CannotStart(log, err)
	}
	lambda.Start(telemetry.Traced(traces, "notify", notifier.Handle))
}

// wire builds the function by its environment. Options go over what the
// environment says of AWS.
func wire(ctx context.Context, log *slog.Logger, options ...func(*config.LoadOptions) error) (*notify.Notifier, error) {
	topic, webhook, queue := os.Getenv("CUTLINE_TOPIC"), os.Getenv("CUTLINE_WEBHOOK_URL"), os.Getenv("CUTLINE_UNDELIVERED")
	if topic == "" && webhook == "" {
		return nil, errors.New("neither CUTLINE_TOPIC nor CUTLINE_WEBHOOK_URL is set: they name the SNS topic and the webhook that notices go to")
	}
	if queue == "" {
		return nil, errors.New("CUTLINE_UNDELIVERED is not set: it is the URL of the SQS queue for notices that are refused")
	}
	loaded, err := cloud.Config(ctx, options...)
	if err != nil {
		return nil, err
	}
	n := &notify.Notifier{
		Reviews: os.Getenv("CUTLINE_NOTIFY_REVIEWS") == "true", Desk: strings.TrimSuffix(os.Getenv("CUTLINE_URL"), "/"), Log: log,
		Undelivered: notify.NewUndelivered(loaded, queue),
	}
	if topic != "" {
		n.Targets = append(n.Targets, notify.NewTopic(loaded, topic))
	}
	if webhook != "" {
		key, err := secret.Variable(ctx, loaded, "CUTLINE_WEBHOOK_SECRET")
		if err != nil {
			return nil, err
		}
		if key == "" {
			return nil, errors.New("CUTLINE_WEBHOOK_SECRET is not set: the webhook's notices are signed with it")
		}
		target, err := notify.NewWebhook(webhook, key, false)
		if err != nil {
			return nil, fmt.Errorf("CUTLINE_WEBHOOK_URL, CUTLINE_WEBHOOK_SECRET: %w", err)
		}
		n.Targets = append(n.Targets, target)
	}
	return n, nil
}
