// Package telemetry is what the functions say of themselves: a log, and
// measurements in CloudWatch's embedded metric format.
//
// Imports: AWS.
package telemetry

import (
	"context"
	"io"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Log writes lines of JSON. Each names the request that it belongs to. JSON
// escapes line breaks and control characters, so no key and no caption can
// forge a line.
func Log(out io.Writer) *slog.Logger {
	return slog.New(requests{slog.NewJSONHandler(out, nil)})
}

// NotStarted is the message of the log when a function cannot start. The
// template's alarm looks for it.
const NotStarted = "cannot start"

// CannotStart ends a function that cannot start, and says why.
func CannotStart(log *slog.Logger, err error) {
	log.Error(NotStarted, "error", err)
	os.Exit(1)
}

// requests adds the id of Lambda's request to a line.
type requests struct {
	slog.Handler
}

func (h requests) Handle(ctx context.Context, r slog.Record) error {
	if lambda, ok := lambdacontext.FromContext(ctx); ok {
		r = r.Clone()
		r.AddAttrs(slog.String("request", lambda.AwsRequestID))
	}
	return h.Handler.Handle(ctx, r)
}

func (h requests) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requests{h.Handler.WithAttrs(attrs)}
}

func (h requests) WithGroup(name string) slog.Handler {
	return requests{h.Handler.WithGroup(name)}
}
