package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/telemetry"
)

// One upload is one trace: the picture in it, its stages as the log has them,
// and what was asked of AWS; and not a word of the caption.
func TestTraceOfAnUpload(t *testing.T) {
	var body []byte
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
	}))
	defer collector.Close()
	stack, err := local.Start(t.Context(), local.Config{Data: t.TempDir(), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stack.Close() })
	environment(t, stack)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	log := slog.New(slog.DiscardHandler)
	traces, err := telemetry.NewTraces(t.Context(), "check", version, log)
	if err != nil {
		t.Fatal(err)
	}
	uploads, err := wire(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(pictures, func(p demo.Picture) bool { return p.Name == "kcna-factory-no-disclaimer.jpg" })
	session{t, stack.S3}.put(local.Bucket, "a.jpg", pictures[i].JPEG)
	event := `{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "photos"}, "object": {"key": "a.jpg", "sequencer": "01"}}}]}`
	if _, err := telemetry.Traced(traces, "check", uploads.Invoke)(t.Context(), json.RawMessage(event)); err != nil {
		t.Fatal(err)
	}
	var sent struct {
		ResourceSpans []struct {
			ScopeSpans []struct {
				Spans []struct{ SpanID, ParentSpanID, Name string }
			}
		}
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, s := range sent.ResourceSpans[0].ScopeSpans[0].Spans {
		names[s.SpanID] = s.Name
	}
	var got []string
	for _, s := range sent.ResourceSpans[0].ScopeSpans[0].Spans {
		got = append(got, names[s.ParentSpanID]+" > "+s.Name)
	}
	for _, want := range []string{" > check", "check > picture", "picture > open", "picture > sidecar", "picture > check", "picture > recall", "picture > store", "picture > whole", "picture > tag",
		"picture > S3 GetObject", "picture > S3 PutObjectTagging", "picture > DynamoDB PutItem"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	if !strings.Contains(string(body), `{"key":"verdict","value":{"stringValue":"fail"}}`) || strings.Contains(string(body), "factory") {
		t.Errorf("verdict or caption in %s", body)
	}
}
