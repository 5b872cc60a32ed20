package templatetest

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
)

// Operations are what clients needed, as Granted writes it: an action of IAM
// and what it was done to, such as "sns:Publish Notices".
type Operations struct {
	// Names are those of the template, by the names that buckets, tables,
	// topics, queues and secrets have in the test.
	Names map[string]string

	mu     sync.Mutex
	needed []string
}

// Record is an option of a client's API that writes down every operation,
// those that are only signed for a browser as well.
func (o *Operations) Record(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Record", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		names := o.names(in.Parameters)
		for _, action := range actions(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), in.Parameters) {
			for _, name := range names {
				o.Add(action + " " + name)
			}
		}
		return next.HandleInitialize(ctx, in)
	}), middleware.After)
}

// Add writes down what no operation shows.
func (o *Operations) Add(needed ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.needed = append(o.needed, needed...)
}

// Needed is what was written down so far, sorted, each once.
func (o *Operations) Needed() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	slices.Sort(o.needed)
	o.needed = slices.Compact(o.needed)
	return slices.Clone(o.needed)
}

// names are what an operation is done to, in the template's names.
func (o *Operations) names(parameters any) []string {
	var names []string
	add := func(name, index string) {
		if known, ok := o.Names[name]; ok {
			name = known
		}
		if index != "" {
			name += "/index"
		}
		names = append(names, name)
	}
	switch in := parameters.(type) {
	case *dynamodb.BatchGetItemInput:
		for table := range in.RequestItems {
			add(table, "")
		}
	case *dynamodb.TransactWriteItemsInput: // of the one table
		add(aws.ToString(in.TransactItems[0].Put.TableName), "")
	case *dynamodb.QueryInput:
		add(aws.ToString(in.TableName), aws.ToString(in.IndexName))
	default:
		for _, field := range []string{"Bucket", "TableName", "TopicArn", "QueueUrl", "SecretId"} {
			if f := reflect.Indirect(reflect.ValueOf(parameters)).FieldByName(field); f.IsValid() {
				add(f.Elem().String(), "")
			}
		}
	}
	return names
}

// actions are what the Service Authorization Reference asks for an operation.
// Who reads objects may list them, too: S3 answers others with 403 where an
// object is gone, not 404.
func actions(service, operation string, parameters any) []string {
	switch in := parameters.(type) {
	case *s3.GetObjectInput:
		return []string{"s3:GetObject" + version(in.VersionId), "s3:ListBucket"}
	case *s3.HeadObjectInput:
		return []string{"s3:GetObject" + version(in.VersionId), "s3:ListBucket"}
	case *s3.PutObjectInput:
		all := []string{"s3:PutObject"}
		if in.Tagging != nil {
			all = append(all, "s3:PutObjectTagging")
		}
		if in.IfMatch != nil {
			all = append(all, "s3:GetObject")
		}
		return all
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
