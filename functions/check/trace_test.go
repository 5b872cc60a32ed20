package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/telemetry"
)

// One upload is one trace: the picture in it, its stages as the log has them,
// and what was asked of AWS; and not a word of the caption.
func TestTraceOfAnUpload(t *testing.T) {
	var mu sync.Mutex
	var bodies [][]byte // an upload that takes seconds is told in parts
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		bodies = append(bodies, body)
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
	mu.Lock()
	defer mu.Unlock()
	type span struct{ SpanID, ParentSpanID, Name string }
	var spans []span
	for _, body := range bodies {
		var sent struct {
			ResourceSpans []struct{ ScopeSpans []struct{ Spans []span } }
		}
		if err := json.Unmarshal(body, &sent); err != nil {
			t.Fatal(err)
		}
		spans = append(spans, sent.ResourceSpans[0].ScopeSpans[0].Spans...)
	}
	names := map[string]string{}
	for _, s := range spans {
		names[s.SpanID] = s.Name
	}
	var got []string
	for _, s := range spans {
		got = append(got, names[s.ParentSpanID]+" > "+s.Name)
	}
	for _, want := range []string{" > check", "check > picture", "picture > open", "picture > sidecar", "picture > check", "picture > recall", "picture > store", "picture > whole", "picture > tag",
		"picture > S3 GetObject", "picture > S3 PutObjectTagging", "picture > DynamoDB PutItem"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	body := bytes.Join(bodies, nil)
	if !bytes.Contains(body, []byte(`{"key":"verdict","value":{"stringValue":"fail"}}`)) || bytes.Contains(body, []byte("factory")) {
		t.Errorf("verdict or caption in %s", body)
	}
}
