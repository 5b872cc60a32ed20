package check_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"cutline/internal/demo"
	"cutline/internal/store"
)

// meter adds up the capacity that a client's operations consume.
type meter struct{ reads, writes float64 }

func (m *meter) record(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Meter", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		var consumed []types.ConsumedCapacity
		one := func(c *types.ConsumedCapacity) {
			if c != nil {
				consumed = append(consumed, *c)
			}
		}
		switch p := in.Parameters.(type) {
		case *dynamodb.GetItemInput:
			p.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
		case *dynamodb.BatchGetItemInput:
			p.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
		case *dynamodb.QueryInput:
			p.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
		case *dynamodb.PutItemInput:
			p.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
		case *dynamodb.TransactWriteItemsInput:
			p.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
		}
		out, meta, err := next.HandleInitialize(ctx, in)
		if err != nil {
			return out, meta, err
		}
		to := &m.reads
		switch r := out.Result.(type) {
		case *dynamodb.GetItemOutput:
			one(r.ConsumedCapacity)
		case *dynamodb.BatchGetItemOutput:
			consumed = r.ConsumedCapacity
		case *dynamodb.QueryOutput:
			one(r.ConsumedCapacity)
		case *dynamodb.PutItemOutput:
			one(r.ConsumedCapacity)
			to = &m.writes
		case *dynamodb.TransactWriteItemsOutput:
			consumed, to = r.ConsumedCapacity, &m.writes
		default:
			return out, meta, fmt.Errorf("%s is not measured", awsmiddleware.GetOperationName(ctx))
		}
		for _, c := range consumed {
			*to += aws.ToFloat64(c.CapacityUnits)
		}
		return out, meta, nil
	}), middleware.After)
}

// What a picture costs in DynamoDB is what the README says of a burst. Only a
// server that counts can tell.
func TestUnitsOfAPicture(t *testing.T) {
	url := os.Getenv("CUTLINE_DYNAMODB_URL")
	if url == "" {
		t.Skip("CUTLINE_DYNAMODB_URL names no DynamoDB server")
	}
	config := aws.Config{Region: "eu-west-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "")}
	table := fmt.Sprintf("units-%d-%d", os.Getpid(), time.Now().UnixNano())
	plain := store.NewClient(config)
	if err := store.New(plain, table).CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := plain.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &table}); err != nil {
			t.Error(err)
		}
	})
	var m meter
	metered := config.Copy()
	metered.APIOptions = append(metered.APIOptions, m.record)
	b := newBench(t)
	b.Store = store.New(store.NewClient(metered), table)
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name          string
		reads, writes float64 // at most
	}{
		{"harbour-own.jpg", 4, 6},
		{"kcna-train-complete.jpg", 10, 62},
	} {
		i := slices.IndexFunc(pictures, func(p demo.Picture) bool { return p.Name == c.name })
		m = meter{}
		if err := b.upload(t, c.name, pictures[i].JPEG); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("figures: %s takes %.0f units of reading and %.0f of writing\n", c.name, m.reads, m.writes)
		if m.reads > c.reads || m.writes > c.writes {
			t.Errorf("%s: the README says %v and %v", c.name, c.reads, c.writes)
		}
	}
}
