// Command check is the Lambda function that checks pictures as they are
// uploaded.
package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"cutline/internal/check"
	_ "cutline/internal/start"
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
	d, err := check.FromVariables(ctx, os.Getenv, version, log, options...)
	if err != nil {
		return nil, err
	}
	return &check.Uploads{
		Checker: d.Checker,
		Bucket:  d.Bucket,
		Store:   d.Store,
		Log:     log,
		Metrics: telemetry.NewMetrics(os.Getenv("CUTLINE_METRICS"), os.Stdout, time.Now),
	}, nil
}
