// Package cloud is how long Cutline waits for AWS, and how often it asks again.
//
// Imports: telemetry, AWS.
package cloud

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/middleware"

	"cutline/internal/telemetry"
)

// A request is tried so often, with pauses of random length that double up to
// the longest. The SDK's own budget of retries (500 tokens, 5 a retry, 10
// after a time-out) is for the whole client: when all requests fail, it soon
// stops asking again, and the queue's redelivery takes over.
const (
	attempts     = 4
	longestPause = 2 * time.Second
)

// What is waited for. There is no limit for a whole answer, since a picture of
// 200 MB is one; the function's deadline ends that.
const (
	toConnect = 2 * time.Second
	toAnswer  = 5 * time.Second // until the head of the answer
)

// Config is region, credentials and endpoints from where the aws command line
// takes them, with Cutline's time-outs. Options go over these.
func Config(ctx context.Context, options ...func(*config.LoadOptions) error) (aws.Config, error) {
	client := awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = toConnect }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = toConnect
			t.ResponseHeaderTimeout = toAnswer
			t.MaxIdleConnsPerHost = 64
		})
	return config.LoadDefaultConfig(ctx, append([]func(*config.LoadOptions) error{
		config.WithHTTPClient(client),
		config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts = attempts
				o.MaxBackoff = longestPause
				o.Backoff = retry.NewExponentialJitterBackoff(longestPause)
			})
		}),
		config.WithAPIOptions([]func(*middleware.Stack) error{traced}),
	}, options...)...)
}

// traced makes every operation a part of the trace that it is done in, with
// all its attempts.
func traced(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Traced", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		ctx, span := telemetry.Begin(ctx, awsmiddleware.GetServiceID(ctx)+" "+awsmiddleware.GetOperationName(ctx))
		out, meta, err := next.HandleInitialize(ctx, in)
		span.End(err)
		return out, meta, err
	}), middleware.After)
}
