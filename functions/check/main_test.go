package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"testing"
	"time"

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
	for _, name := range []string{"plain", "house", "trust"} {
		s.must(s.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}))
	}
	s.put("house", "rules/own.yaml", []byte("findings:\n  access.missing: {severity: review}\n"))
	s.put("trust", "one.pem", authority(t))

	environment(t, stack)
	t.Setenv("CUTLINE_RULES", "s3://house/rules/")
	t.Setenv("CUTLINE_TRUST", "s3://trust/")
	asked := templatetest.Operations{Names: map[string]string{
		local.Table: "Reports", local.Bucket: "BucketName", "plain": "BucketName", "house": "RulePacks", "trust": "Trust",
	}}
	asked.Add("kms:Decrypt BucketKeyArn") // by S3, in the name of who reads
	// By Lambda, in the function's name.
	asked.Add("sqs:ReceiveMessage Uploads", "sqs:DeleteMessage Uploads", "sqs:GetQueueAttributes Uploads")
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
		sidecar := "1.jpg.xmp"
		handle(bucket.Event{Kind: bucket.Created, Bucket: name, Key: sidecar, VersionID: s.put(name, sidecar, []byte(beside)), Sequencer: "01"})
		recheck := fmt.Sprintf(`{"recheck": {"bucket": %q, "only_changed_rules": true, "objects": [{"key": "1.jpg", "modified": 1790000000}, {"key": "none.jpg", "modified": 1790000000}]}}`, name)
		if _, err := uploads.Invoke(t.Context(), []byte(recheck)); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(asked.Needed(), granted); diff != "" {
		t.Errorf("actions (-needed +granted):\n%s", diff)
	}
}

const beside = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="KCNA via AP"/></rdf:RDF></x:xmpmeta>`

// authority is a certificate of an authority, in PEM.
func authority(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "An authority"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// environment is the function's, over a stack on this machine.
func environment(t *testing.T, stack *local.Stack) {
	for name, value := range map[string]string{
		"CUTLINE_TABLE": local.Table, "AWS_ENDPOINT_URL_S3": stack.S3URL, "AWS_ENDPOINT_URL_DYNAMODB": stack.DynamoDBURL,
		"AWS_REGION": local.Region, "AWS_ACCESS_KEY_ID": local.AccessKey, "AWS_SECRET_ACCESS_KEY": local.SecretKey,
	} {
		t.Setenv(name, value)
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
