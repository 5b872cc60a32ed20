package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// The variables that say where traces go, and how, as OpenTelemetry names them
// ("OpenTelemetry Protocol Exporter", "Environment Variable Specification").
// The SDK itself reads OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
// OTEL_TRACES_SAMPLER and those of the batches.
const (
	varEndpoint       = "OTEL_EXPORTER_OTLP_ENDPOINT"
	varTracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	varHeaders        = "OTEL_EXPORTER_OTLP_HEADERS"
	varTimeout        = "OTEL_EXPORTER_OTLP_TIMEOUT"
	varProtocol       = "OTEL_EXPORTER_OTLP_PROTOCOL"
)

// sending is how long one export may take where nothing else is said. The
// answer of a function waits for it.
const sending = time.Second

// Traces sends what a function did, and when, to a collector. A nil Traces
// sends nothing and costs nothing.
type Traces struct {
	provider *sdktrace.TracerProvider
	log      *slog.Logger
}

// NewTraces returns the traces of a function by the environment: nil where
// it names no collector.
func NewTraces(ctx context.Context, function, version string, log *slog.Logger) (*Traces, error) {
	endpoint, name := os.Getenv(varTracesEndpoint), varTracesEndpoint
	if base := os.Getenv(varEndpoint); endpoint == "" && base != "" {
		endpoint, name = strings.TrimSuffix(base, "/")+"/v1/traces", varEndpoint
	}
	if endpoint == "" {
		return nil, nil
	}
	if u, err := url.Parse(endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s is no http address", name)
	}
	if p := os.Getenv(varProtocol); p != "" && p != "http/json" {
		return nil, fmt.Errorf("%s is %q: traces are sent as http/json only", varProtocol, p)
	}
	out := &exporter{endpoint: endpoint, header: http.Header{}, client: &http.Client{Timeout: sending}}
	if ms := os.Getenv(varTimeout); ms != "" {
		n, err := strconv.Atoi(ms)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("%s is %q: it has to be milliseconds", varTimeout, ms)
		}
		out.client.Timeout = time.Duration(n) * time.Millisecond
	}
	for pair := range strings.SplitSeq(os.Getenv(varHeaders), ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok && pair != "" {
			return nil, fmt.Errorf("%s has to be name=value,name=value", varHeaders)
		}
		if value, err := url.QueryUnescape(strings.TrimSpace(value)); ok && err == nil {
			out.header.Set(strings.TrimSpace(key), value)
		}
	}
	attributes := []attribute.KeyValue{attribute.String("service.name", "cutline-"+function), attribute.String("service.version", version)}
	if lambdacontext.FunctionName != "" { // not on one machine
		attributes = append(attributes, attribute.String("cloud.provider", "aws"), attribute.String("cloud.region", os.Getenv("AWS_REGION")), attribute.String("faas.name", lambdacontext.FunctionName))
	}
	of, err := resource.New(ctx, resource.WithAttributes(attributes...), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	t := &Traces{provider: sdktrace.NewTracerProvider(sdktrace.WithBatcher(out), sdktrace.WithResource(of)), log: log}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("a trace is lost", "error", err) }))
	return t, nil
}

// Traced is a function of Lambda with a trace of each invocation, which is
// sent before the answer: afterwards the function may be frozen. What cannot
// be sent is lost, and logged.
func Traced[In, Out any](t *Traces, name string, handle func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	if t == nil {
		return handle
	}
	return func(ctx context.Context, in In) (Out, error) {
		within, span := t.provider.Tracer(scope).Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
		if lambda, ok := lambdacontext.FromContext(ctx); ok {
			span.SetAttributes(attribute.String("faas.invocation_id", lambda.AwsRequestID))
		}
		out, err := handle(within, in)
		Span{span}.End(err)
		if lost := t.provider.ForceFlush(ctx); lost != nil {
			t.log.WarnContext(ctx, "a trace is lost", "error", lost)
		}
		return out, err
	}
}

const scope = "cutline"

// Span is a part of a trace: what was done, from when to when.
type Span struct{ span trace.Span }

// Begin begins a part of what the context's trace is about; without a trace it
// does nothing. Attributes are pairs as in the log, and hold no caption.
func Begin(ctx context.Context, name string, attributes ...any) (context.Context, Span) {
	ctx, span := trace.SpanFromContext(ctx).TracerProvider().Tracer(scope).Start(ctx, name)
	s := Span{span}
	s.Set(attributes...)
	return ctx, s
}

// Set adds attributes.
func (s Span) Set(attributes ...any) {
	if !s.span.IsRecording() {
		return
	}
	for i := 0; i+1 < len(attributes); i += 2 {
		key := fmt.Sprint(attributes[i])
		switch v := attributes[i+1].(type) {
		case int:
			s.span.SetAttributes(attribute.Int(key, v))
		case int64:
			s.span.SetAttributes(attribute.Int64(key, v))
		case bool:
			s.span.SetAttributes(attribute.Bool(key, v))
		default:
			s.span.SetAttributes(attribute.String(key, fmt.Sprint(v)))
		}
	}
}

// End ends the part, with the error that it failed with, if any. What has
// ended stays as it is.
func (s Span) End(err error) {
	if err != nil {
		s.span.SetStatus(codes.Error, err.Error())
	}
	s.span.End()
}

// Pages writes down of each request what was asked for and answered.
func Pages(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := Begin(r.Context(), "page", "method", r.Method, "path", r.URL.Path)
		if !span.span.IsRecording() {
			pages.ServeHTTP(w, r)
			return
		}
		answer := &answer{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			span.Set("status", answer.status)
			span.End(nil)
		}()
		pages.ServeHTTP(answer, r.WithContext(ctx))
	})
}

// answer remembers its status.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
