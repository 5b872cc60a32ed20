// Command check is the Lambda function that checks pictures as they are
// uploaded.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/cloud"
	_ "cutline/internal/start"
	"cutline/internal/store"
	"cutline/internal/telemetry"
)

// version is set by the linker.
var version = "dev"

func main() {
	log := telemetry.Log(os.Stderr)
	ctx := context.Background()
	traces, err := telemetry.NewTraces(ctx, "check", version, log)
	if err != nil {
		telemetry.CannotStart(log, err)
	}
	uploads, err := wire(ctx, log)
	if err != nil {
		telemetry.CannotStart(log, err)
	}
	lambda.Start(telemetry.Traced(traces, "check", uploads.Invoke))
}

// wire builds the function by its environment. Options go over what the
// environment says of AWS.
func wire(ctx context.Context, log *slog.Logger, options ...func(*config.LoadOptions) error) (*check.Uploads, error) {
	table := os.Getenv("CUTLINE_TABLE")
	if table == "" {
		return nil, fmt.Errorf("CUTLINE_TABLE is not set: it names the DynamoDB table of the reports")
	}
	loaded, err := cloud.Config(ctx, options...)
	if err != nil {
		return nil, err
	}
	pictures := bucket.New(bucket.NewClient(loaded))
	reports := store.New(store.NewClient(loaded), table)
	house, err := check.DeployedRules(ctx, os.Getenv("CUTLINE_RULES"), check.Opened(pictures), reports, log)
	if err != nil {
		return nil, fmt.Errorf("CUTLINE_RULES: %w", err)
	}
	trust, err := check.LoadTrust(ctx, os.Getenv("CUTLINE_TRUST"), check.Opened(pictures))
	if err != nil {
		return nil, fmt.Errorf("CUTLINE_TRUST: %w", err)
	}
	return &check.Uploads{
		Checker: &check.Checker{Rules: house, Trust: trust, Version: version},
		Bucket:  pictures,
		Store:   reports,
		Log:     log,
		Metrics: telemetry.NewMetrics(os.Getenv("CUTLINE_METRICS"), os.Stdout, time.Now),
	}, nil
}
