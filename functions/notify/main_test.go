package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"cutline/internal/templatetest"
)

const (
	topic     = "arn:aws:sns:eu-west-1:123456789012:notices"
	queue     = "https://sqs.eu-west-1.amazonaws.com/123456789012/undelivered"
	secretARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf"
	hook      = "https://cms.example/hook"
	key       = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)

func variables(t *testing.T, more map[string]string) {
	t.Helper()
	for _, name := range []string{"CUTLINE_TOPIC", "CUTLINE_UNDELIVERED", "CUTLINE_WEBHOOK_URL", "CUTLINE_WEBHOOK_SECRET", "CUTLINE_NOTIFY_REVIEWS", "CUTLINE_URL"} {
		t.Setenv(name, more[name])
	}
	for name, value := range map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"} {
		t.Setenv(name, value)
	}
}

func TestWire(t *testing.T) {
	for name, c := range map[string]struct {
		variables map[string]string
		missing   string
	}{
		"nothing":            {nil, "CUTLINE_TOPIC"},
		"no queue":           {map[string]string{"CUTLINE_TOPIC": topic}, "CUTLINE_UNDELIVERED"},
		"no secret":          {map[string]string{"CUTLINE_WEBHOOK_URL": hook, "CUTLINE_UNDELIVERED": queue}, "CUTLINE_WEBHOOK_SECRET"},
		"a webhook, no TLS":  {map[string]string{"CUTLINE_WEBHOOK_URL": "http://127.0.0.1/", "CUTLINE_WEBHOOK_SECRET": key, "CUTLINE_UNDELIVERED": queue}, "CUTLINE_WEBHOOK_URL"},
		"a topic":            {map[string]string{"CUTLINE_TOPIC": topic, "CUTLINE_UNDELIVERED": queue}, ""},
		"a webhook and both": {map[string]string{"CUTLINE_TOPIC": topic, "CUTLINE_WEBHOOK_URL": hook, "CUTLINE_WEBHOOK_SECRET": key, "CUTLINE_UNDELIVERED": queue}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			variables(t, c.variables)
			_, err := wire(t.Context(), slog.New(slog.DiscardHandler))
			if (err == nil) != (c.missing == "") || err != nil && (!strings.Contains(err.Error(), c.missing) || strings.Contains(err.Error(), key)) {
				t.Errorf("error %v, want one about %q", err, c.missing)
			}
		})
	}
}

// services answers as SNS, SQS and Secrets Manager do, each in its own protocol.
type services struct {
	*httptest.Server
	status            int    // of SNS
	code              string // with which it refuses
	queued, published int
}

func start(t *testing.T) *services {
	t.Helper()
	s := &services{status: http.StatusOK}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch target := r.Header.Get("X-Amz-Target"); {
		case strings.HasPrefix(target, "AmazonSQS."):
			var sent struct{ MessageBody string }
			if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || !strings.Contains(sent.MessageBody, `"reason":`) {
				t.Errorf("queued %q, %v", sent.MessageBody, err)
			}
			s.queued++
			fmt.Fprint(w, `{"MessageId": "1"}`)
		case strings.HasPrefix(target, "secretsmanager."):
			fmt.Fprintf(w, `{"SecretString": %q}`, key)
		default:
			s.published++
			if message := r.FormValue("Message"); !strings.Contains(message, `"type":"picture.failed"`) || !strings.Contains(message, `"report":"https://desk.example/reports/photos/demo/train.jpg"`) {
				t.Errorf("published %s", message)
			}
			w.WriteHeader(s.status)
			if s.status == http.StatusOK {
				fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
				return
			}
			fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error></ErrorResponse>`, s.code)
		}
	}))
	t.Cleanup(s.Close)
	variables(t, map[string]string{"CUTLINE_TOPIC": topic, "CUTLINE_UNDELIVERED": s.URL + "/1/undelivered", "CUTLINE_URL": "https://desk.example/"})
	t.Setenv("AWS_ENDPOINT_URL", s.URL)
	return s
}

func stream(t *testing.T) (in events.DynamoDBEvent) {
	t.Helper()
	raw, err := os.ReadFile("stream.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// The event of the file, in AWS's own protocols: what SNS takes is published,
// what it refuses for good goes to the queue, and what fails comes again.
func TestEvent(t *testing.T) {
	in := stream(t)
	for name, c := range map[string]struct {
		status   int
		code     string
		queued   int
		failures int
	}{
		"taken":   {200, "", 0, 0},
		"refused": {400, "InvalidParameter", 1, 0},
		"failing": {500, "InternalError", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			s.status, s.code = c.status, c.code
			n, err := wire(t.Context(), slog.New(slog.DiscardHandler), once)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := n.Handle(t.Context(), in)
			if err != nil || len(answer.BatchItemFailures) != c.failures || s.queued != c.queued || s.published != 1 {
				t.Errorf("%+v, %v, %d published, %d queued", answer, err, s.published, s.queued)
			}
			if c.failures == 1 && answer.BatchItemFailures[0].ItemIdentifier != in.Records[0].Change.SequenceNumber {
				t.Errorf("%+v", answer)
			}
		})
	}
}

// The policy of the function allows what it asks of AWS, and nothing else:
// with a topic that refuses for good, and a webhook's secret.
func TestThePolicyIsWhatIsAsked(t *testing.T) {
	s := start(t)
	s.status, s.code = http.StatusBadRequest, "InvalidParameter"
	asked := templatetest.Operations{Names: map[string]string{topic: "Notices", s.URL + "/1/undelivered": "Undelivered", secretARN: "WebhookSecret"}}
	// Lambda takes from the stream in the function's name ("Using AWS Lambda
	// with Amazon DynamoDB", Lambda Developer Guide).
	asked.Add("dynamodb:DescribeStream Reports", "dynamodb:GetRecords Reports", "dynamodb:GetShardIterator Reports", "dynamodb:ListStreams Reports")
	record := config.WithAPIOptions([]func(*middleware.Stack) error{asked.Record})
	n, err := wire(t.Context(), slog.New(slog.DiscardHandler), record)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := n.Handle(t.Context(), stream(t)); err != nil || s.queued != 1 {
		t.Errorf("%+v, %v, %d queued", answer, err, s.queued)
	}
	t.Setenv("CUTLINE_WEBHOOK_URL", hook)
	t.Setenv("CUTLINE_WEBHOOK_SECRET", secretARN)
	if _, err := wire(t.Context(), slog.New(slog.DiscardHandler), record); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asked.Needed(), templatetest.Load(t).Granted("Notify")); diff != "" {
		t.Errorf("actions (-needed +granted):\n%s", diff)
	}
}

// once asks AWS one time.
func once(o *config.LoadOptions) error {
	o.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	return nil
}
