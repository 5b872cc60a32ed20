// Command desk is the Lambda function that serves the editors' pages and the
// JSON API behind an HttpApi.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"cutline/internal/check"
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
	origin := os.Getenv("CUTLINE_PICTURES")
	if origin == "" {
		return nil, errors.New("CUTLINE_PICTURES is not set: it is the origin of the pictures' addresses, such as https://BUCKET.s3.REGION.amazonaws.com")
	}
	d, err := check.FromVariables(ctx, os.Getenv, version, log, options...)
	if err != nil {
		return nil, err
	}
	guard, err := guard(ctx, d.Config, d.Store, log)
	if err != nil {
		return nil, err
	}
	return desk.New(desk.Config{
		Store:    d.Store,
		Bucket:   d.Bucket,
		Checker:  d.Checker,
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
