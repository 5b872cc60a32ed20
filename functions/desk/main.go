// Command desk is the Lambda function that serves the editors' pages and the
// JSON API behind an HttpApi.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/cloud"
	"cutline/internal/desk"
	"cutline/internal/secret"
	"cutline/internal/signin"
	"cutline/internal/store"
	"cutline/internal/telemetry"
)

// version is set by the linker.
var version = "dev"

func main() {
	log := telemetry.Log(os.Stderr)
	ctx := context.Background()
	traces, err := telemetry.NewTraces(ctx, "desk", version, log)
	if err != nil {
		telemetry.CannotStart(log, err)
	}
	pages, err := wire(ctx, log)
	if err != nil {
		telemetry.CannotStart(log, err)
	}
	lambda.Start(telemetry.Traced(traces, "desk", httpadapter.NewV2(telemetry.Pages(pages)).ProxyWithContext))
}

// wire builds the function by its environment. Options go over what the
// environment says of AWS.
func wire(ctx context.Context, log *slog.Logger, options ...func(*config.LoadOptions) error) (http.Handler, error) {
	table := os.Getenv("CUTLINE_TABLE")
	if table == "" {
		return nil, errors.New("CUTLINE_TABLE is not set: it names the DynamoDB table of the reports")
	}
	origin := os.Getenv("CUTLINE_PICTURES")
	if origin == "" {
		return nil, errors.New("CUTLINE_PICTURES is not set: it is the origin of the pictures' addresses, such as https://BUCKET.s3.REGION.amazonaws.com")
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
	guard, err := guard(ctx, loaded, reports, log)
	if err != nil {
		return nil, err
	}
	return desk.New(desk.Config{
		Store:    reports,
		Bucket:   pictures,
		Checker:  &check.Checker{Rules: house, Version: version},
		Log:      log,
		Uploads:  os.Getenv("CUTLINE_UPLOADS"),
		Pictures: origin,
		Guard:    guard,
	})
}

// guard is sign-in by the variables. Only "sam local" may go without: in AWS
// a desk that is open to everybody does not start.
func guard(ctx context.Context, loaded aws.Config, reports *store.Store, log *slog.Logger) (*signin.Guard, error) {
	config, err := signin.FromVariables(os.Getenv, func(name string) (string, error) { return secret.Variable(ctx, loaded, name) })
	if errors.Is(err, signin.ErrUnconfigured) && os.Getenv("AWS_SAM_LOCAL") == "true" {
		log.Warn("the desk has no sign-in: everybody on this machine may do everything", "variable", signin.VarIssuer)
		return signin.Open("editor on this machine", reports, log), nil
	}
	if err != nil {
		return nil, err
	}
	return signin.New(config, reports, log)
}
