package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"cutline/internal/bucket"
	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/templatetest"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
)

// The policy of the function allows what it asks of AWS, and nothing else:
// with rules and a trust list in S3, in buckets with and without versions,
// for objects that come, go, come back, and have tags already.
func TestThePolicyIsWhatIsAsked(t *testing.T) {
	granted := templatetest.Load(t).Granted("Check")
	stack, err := local.Start(t.Context(), local.Config{Data: t.TempDir(), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stack.Close() })
	s := session{t, stack.S3}
	s.must(s.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("plain")}))
	s.put("plain", "rules/own.yaml", []byte("findings:\n  access.missing: {severity: review}\n"))

	for name, value := range map[string]string{
		"CUTLINE_TABLE": local.Table, "CUTLINE_RULES": "s3://plain/rules/",
		"AWS_ENDPOINT_URL_S3": stack.S3URL, "AWS_ENDPOINT_URL_DYNAMODB": stack.DynamoDBURL,
		"AWS_REGION": local.Region, "AWS_ACCESS_KEY_ID": local.AccessKey, "AWS_SECRET_ACCESS_KEY": local.SecretKey,
	} {
		t.Setenv(name, value)
	}
	// S3 says that an object is gone only to those who may list the bucket.
	var asked templatetest.Operations
	asked.Add("s3:ListBucket")
	uploads, err := wire(t.Context(), slog.New(slog.DiscardHandler), config.WithAPIOptions([]func(*middleware.Stack) error{asked.Record}))
	if err != nil {
		t.Fatal(err)
	}
	handle := func(e bucket.Event) {
		t.Helper()
		name := "ObjectCreated:Put"
		if e.Kind == bucket.Removed {
			name = "ObjectRemoved:Delete"
		}
		raw, err := json.Marshal(events.S3Event{Records: []events.S3EventRecord{{EventSource: "aws:s3", EventName: name, S3: events.S3Entity{
			Bucket: events.S3Bucket{Name: e.Bucket}, Object: events.S3Object{Key: e.Key, VersionID: e.VersionID, Sequencer: e.Sequencer},
		}}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := uploads.Handle(t.Context(), raw); err != nil {
			t.Error(err)
		}
	}
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{local.Bucket, "plain"} {
		for i, p := range pictures {
			key := fmt.Sprintf("%d.jpg", i%4)
			version := s.put(name, key, p.JPEG)
			if i%3 == 0 {
				s.must(s.PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{Bucket: &name, Key: &key, Tagging: &types.Tagging{
					TagSet: []types.Tag{{Key: aws.String("desk"), Value: aws.String("sport")}},
				}}))
			}
			created := bucket.Event{Kind: bucket.Created, Bucket: name, Key: key, VersionID: version, Sequencer: fmt.Sprintf("%04X", 2*i+1)}
			handle(created)
			handle(created)
			if i%4 == 3 {
				s.must(s.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &name, Key: &key, VersionId: some(version)}))
				handle(bucket.Event{Kind: bucket.Removed, Bucket: name, Key: key, VersionID: version, Sequencer: fmt.Sprintf("%04X", 2*i+2)})
				handle(created)
			}
		}
	}
	if diff := cmp.Diff(asked.Actions(), granted); diff != "" {
		t.Errorf("actions (-asked +granted):\n%s", diff)
	}
}

type session struct {
	*testing.T
	*s3.Client
}

func (s session) put(name, key string, body []byte) (version string) {
	s.Helper()
	out, err := s.PutObject(s.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: bytes.NewReader(body)})
	s.must(out, err)
	return aws.ToString(out.VersionId)
}

func (s session) must(_ any, err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
