package store

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/transport/http"
)

// NewClient returns a DynamoDB client for the configuration.
func NewClient(config aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(config, func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, onlyRead)
	})
}

// onlyRead lets a request's body be read, but not write itself out. The SDK
// (smithy-go 1.28.9, safeWriteToReadCloser) closes the body as soon as an
// answer begins, and a body that writes itself out says io.EOF then, which
// net/http takes for a failure when it looks whether anything follows what was
// sent: it closes the connection under the answer. Only a server as near as the
// one-machine stack's is fast enough for that.
func onlyRead(stack *middleware.Stack) error {
	return stack.Serialize.Add(middleware.SerializeMiddlewareFunc("OnlyRead", func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (middleware.SerializeOutput, middleware.Metadata, error) {
		request, ok := in.Request.(*http.Request)
		if !ok {
			return middleware.SerializeOutput{}, middleware.Metadata{}, fmt.Errorf("request is a %T", in.Request)
		}
		if body, ok := request.GetStream().(io.ReadSeeker); ok {
			request, err := request.SetStream(struct{ io.ReadSeeker }{body})
			if err != nil {
				return middleware.SerializeOutput{}, middleware.Metadata{}, err
			}
			in.Request = request
		}
		return next.HandleSerialize(ctx, in)
	}), middleware.After)
}
