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
)

func variables(t *testing.T, more map[string]string) {
	t.Helper()
	for _, name := range []string{"CUTLINE_TOPIC", "CUTLINE_UNDELIVERED", "CUTLINE_WEBHOOK_URL", "CUTLINE_WEBHOOK_SECRET", "CUTLINE_NOTIFY_REVIEWS", "CUTLINE_URL"} {
		t.Setenv(name, more[name])
	}
	for name, value := range map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_MAX_ATTEMPTS": "1"} {
		t.Setenv(name, value)
	}
}

func TestWire(t *testing.T) {
	const topic, queue, hook, key = "arn:aws:sns:eu-west-1:123456789012:notices", "https://sqs.eu-west-1.amazonaws.com/123456789012/undelivered", "https://cms.example/hook", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
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

// The event of the file, in AWS's own protocols: what SNS takes is published,
// what it refuses for good goes to the queue, and what fails comes again.
func TestEvent(t *testing.T) {
	raw, err := os.ReadFile("stream.json")
	if err != nil {
		t.Fatal(err)
	}
	var in events.DynamoDBEvent
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
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
			queued, published := 0, 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.") {
					var sent struct{ MessageBody string }
					if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || !strings.Contains(sent.MessageBody, `"reason":`) {
						t.Errorf("queued %q, %v", sent.MessageBody, err)
					}
					queued++
					fmt.Fprint(w, `{"MessageId": "1"}`)
					return
				}
				published++
				if message := r.FormValue("Message"); !strings.Contains(message, `"type":"picture.failed"`) || !strings.Contains(message, `"report":"https://desk.example/reports/photos/demo/train.jpg"`) {
					t.Errorf("published %s", message)
				}
				w.WriteHeader(c.status)
				if c.status == 200 {
					fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
					return
				}
				fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error></ErrorResponse>`, c.code)
			}))
			defer s.Close()
			variables(t, map[string]string{"CUTLINE_TOPIC": "arn:aws:sns:eu-west-1:123456789012:notices", "CUTLINE_UNDELIVERED": s.URL + "/1/undelivered", "CUTLINE_URL": "https://desk.example/"})
			t.Setenv("AWS_ENDPOINT_URL", s.URL)
			n, err := wire(t.Context(), slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			answer, err := n.Handle(t.Context(), in)
			if err != nil || len(answer.BatchItemFailures) != c.failures || queued != c.queued || published != 1 {
				t.Errorf("%+v, %v, %d published, %d queued", answer, err, published, queued)
			}
			if c.failures == 1 && answer.BatchItemFailures[0].ItemIdentifier != in.Records[0].Change.SequenceNumber {
				t.Errorf("%+v", answer)
			}
		})
	}
}
