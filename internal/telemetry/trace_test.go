package telemetry_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"cutline/internal/telemetry"
)

// collector takes what is posted to it.
type collector struct {
	*httptest.Server
	header http.Header
	body   []byte
	posts  int
	status int
}

func collect(t *testing.T) *collector {
	c := &collector{status: http.StatusOK}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/traces" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		c.posts++
		c.header = r.Header
		var err error
		if c.body, err = io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(c.status)
		io.WriteString(w, "{}")
	}))
	t.Cleanup(c.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.URL)
	return c
}

// What is sent is what opentelemetry/proto/trace/v1/trace.proto says, and it
// is there when the function answers.
func TestTraces(t *testing.T) {
	c := collect(t)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b, x = y")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "stack=desk")
	traces, err := telemetry.NewTraces(t.Context(), "check", "v1", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("it broke")
	handle := telemetry.Traced(traces, "check", func(ctx context.Context, in string) (string, error) {
		ctx, picture := telemetry.Begin(ctx, "picture", "key", in, "bytes", int64(12), "latest", true)
		_, open := telemetry.Begin(ctx, "open")
		open.End(nil)
		picture.Set("verdict", "fail")
		picture.End(broken)
		picture.End(nil)
		return "done", nil
	})
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "6c9c1870"})
	if out, err := handle(ctx, "a\n\"b\".jpg"); out != "done" || err != nil {
		t.Fatal(out, err)
	}
	if c.posts != 1 || c.header.Get("api-key") != "a b" || c.header.Get("x") != "y" || c.header.Get("Content-Type") != "application/json" {
		t.Errorf("%d posts, %v", c.posts, c.header)
	}
	var sent tracepb.TracesData // strict: a name that the schema does not know is an error
	if err := protojson.Unmarshal(c.body, &sent); err != nil {
		t.Fatalf("%v in %s", err, c.body)
	}
	got := map[string]any{}
	for key, value := range attributes(sent.ResourceSpans[0].Resource.Attributes) {
		if !strings.HasPrefix(key, "telemetry.") {
			got[key] = value
		}
	}
	if diff := cmp.Diff(map[string]any{"service.name": "cutline-check", "service.version": "v1", "stack": "desk"}, got); diff != "" {
		t.Errorf("resource (-want +got):\n%s", diff)
	}
	var spans []map[string]any
	for _, s := range sent.ResourceSpans[0].ScopeSpans[0].Spans {
		if s.StartTimeUnixNano == 0 || s.EndTimeUnixNano < s.StartTimeUnixNano {
			t.Errorf("%s: from %d to %d", s.Name, s.StartTimeUnixNano, s.EndTimeUnixNano)
		}
		spans = append(spans, map[string]any{"name": s.Name, "kind": s.Kind.String(), "status": s.Status.GetCode().String(), "message": s.Status.GetMessage(), "attributes": attributes(s.Attributes)})
	}
	if diff := cmp.Diff([]map[string]any{
		{"name": "open", "kind": "SPAN_KIND_INTERNAL", "status": "STATUS_CODE_UNSET", "message": "", "attributes": map[string]any{}},
		{"name": "picture", "kind": "SPAN_KIND_INTERNAL", "status": "STATUS_CODE_ERROR", "message": "it broke",
			"attributes": map[string]any{"key": "a\n\"b\".jpg", "bytes": int64(12), "latest": true, "verdict": "fail"}},
		{"name": "check", "kind": "SPAN_KIND_SERVER", "status": "STATUS_CODE_UNSET", "message": "", "attributes": map[string]any{"faas.invocation_id": "6c9c1870"}},
	}, spans); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
	familyOf(t, c.body, "open", "picture", "check")
}

// familyOf holds that each span is the child of the next, in one trace.
func familyOf(t *testing.T, body []byte, names ...string) {
	t.Helper()
	var sent struct {
		ResourceSpans []struct {
			ScopeSpans []struct {
				Spans []struct{ TraceID, SpanID, ParentSpanID, Name string }
			}
		}
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	spans := sent.ResourceSpans[0].ScopeSpans[0].Spans
	for i, s := range spans {
		trace, err := hex.DecodeString(s.TraceID)
		id, errID := hex.DecodeString(s.SpanID)
		parent := ""
		if i+1 < len(spans) {
			parent = spans[i+1].SpanID
		}
		if s.Name != names[i] || err != nil || errID != nil || len(trace) != 16 || len(id) != 8 || s.TraceID != spans[0].TraceID || s.ParentSpanID != parent {
			t.Errorf("%+v, under %q", s, parent)
		}
	}
}

func attributes(all []*commonpb.KeyValue) map[string]any {
	out := map[string]any{}
	for _, a := range all {
		switch v := a.Value.Value.(type) {
		case *commonpb.AnyValue_StringValue:
			out[a.Key] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			out[a.Key] = v.IntValue
		case *commonpb.AnyValue_BoolValue:
			out[a.Key] = v.BoolValue
		}
	}
	return out
}

// A collector that is away or refuses costs the trace, and not the answer.
func TestATraceIsNotWorthAPicture(t *testing.T) {
	for name, spoil := range map[string]func(*collector){
		"refuses": func(c *collector) { c.status = http.StatusTooManyRequests },
		"away":    func(c *collector) { c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			c := collect(t)
			spoil(c)
			var log bytes.Buffer
			traces, err := telemetry.NewTraces(t.Context(), "check", "v1", telemetry.Log(&log))
			if err != nil {
				t.Fatal(err)
			}
			handle := telemetry.Traced(traces, "check", func(context.Context, int) (int, error) { return 7, nil })
			if out, err := handle(t.Context(), 1); out != 7 || err != nil || !strings.Contains(log.String(), `"msg":"a trace is lost"`) {
				t.Errorf("%d, %v, %s", out, err, log.String())
			}
		})
	}
}

func TestWhereTracesGo(t *testing.T) {
	for name, c := range map[string]struct {
		variables map[string]string
		traces    bool
		wrong     string // the variable that the error names
	}{
		"nowhere":          {nil, false, ""},
		"a collector":      {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, true, ""},
		"for traces alone": {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://a.example/otlp"}, true, ""},
		"no address":       {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"}, false, "OTEL_EXPORTER_OTLP_ENDPOINT"},
		"gRPC":             {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, "OTEL_EXPORTER_OTLP_PROTOCOL"},
		"no time":          {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_EXPORTER_OTLP_TIMEOUT": "10s"}, false, "OTEL_EXPORTER_OTLP_TIMEOUT"},
		"no headers":       {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_EXPORTER_OTLP_HEADERS": "a-secret"}, false, "OTEL_EXPORTER_OTLP_HEADERS"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range []string{"ENDPOINT", "TRACES_ENDPOINT", "HEADERS", "TIMEOUT", "PROTOCOL"} {
				t.Setenv("OTEL_EXPORTER_OTLP_"+v, c.variables["OTEL_EXPORTER_OTLP_"+v])
			}
			traces, err := telemetry.NewTraces(t.Context(), "check", "v1", slog.New(slog.DiscardHandler))
			if (traces != nil) != c.traces || (err == nil) != (c.wrong == "") || err != nil && (!strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "a-secret")) {
				t.Errorf("%v, %v", traces, err)
			}
		})
	}
}
