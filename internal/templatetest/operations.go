package templatetest

import (
	"context"
	"slices"
	"strings"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
)

// Operations are the actions of IAM that clients needed.
type Operations struct {
	mu      sync.Mutex
	actions []string
}

// Record is an option of a client's API that writes down every operation,
// those that are only signed for a browser as well.
func (o *Operations) Record(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Record", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		o.Add(actions(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), in.Parameters)...)
		return next.HandleInitialize(ctx, in)
	}), middleware.After)
}

// Add writes down actions that no operation shows.
func (o *Operations) Add(actions ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.actions = append(o.actions, actions...)
}

// Actions are those written down so far, sorted, each once.
func (o *Operations) Actions() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	slices.Sort(o.actions)
	o.actions = slices.Compact(o.actions)
	return slices.Clone(o.actions)
}

// actions are what the Service Authorization Reference asks for an operation.
func actions(service, operation string, parameters any) []string {
	switch in := parameters.(type) {
	case *s3.GetObjectInput:
		return []string{"s3:GetObject" + version(in.VersionId)}
	case *s3.GetObjectTaggingInput:
		return []string{"s3:GetObject" + version(in.VersionId) + "Tagging"}
	case *s3.PutObjectTaggingInput:
		return []string{"s3:PutObject" + version(in.VersionId) + "Tagging"}
	case *s3.ListObjectsV2Input:
		return []string{"s3:ListBucket"}
	case *dynamodb.TransactWriteItemsInput:
		var all []string
		for _, item := range in.TransactItems {
			switch {
			case item.Put != nil:
				all = append(all, "dynamodb:PutItem")
			case item.Delete != nil:
				all = append(all, "dynamodb:DeleteItem")
			case item.Update != nil:
				all = append(all, "dynamodb:UpdateItem")
			case item.ConditionCheck != nil:
				all = append(all, "dynamodb:ConditionCheckItem")
			}
		}
		return all
	}
	return []string{strings.ToLower(strings.ReplaceAll(service, " ", "")) + ":" + operation}
}

// version is what stands in an action's name when a version is asked for.
func version(id *string) string {
	if id == nil {
		return ""
	}
	return "Version"
}
