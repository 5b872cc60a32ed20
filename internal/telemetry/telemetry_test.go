package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"cutline/internal/telemetry"
)

func TestMetrics(t *testing.T) {
	var out bytes.Buffer
	m := telemetry.NewMetrics("Cutline/desk", &out, func() time.Time { return time.UnixMilli(1_790_000_000_000) })
	m.Check(telemetry.Check{
		Verdict: "fail", Failed: true, Sources: []string{"kcna"}, Codes: []string{"verification.missing", "access.missing"},
		Bytes: 27726, Gets: 1, Times: map[string]time.Duration{"store": 12345 * time.Microsecond, "open": 3 * time.Millisecond},
	})
	m.Check(telemetry.Check{Verdict: "pass", Sources: []string{"ap"}, Bytes: 100, Gets: 2})
	golden := filepath.Join("testdata", "metrics.jsonl")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	telemetry.NewMetrics("", &out, time.Now).Check(telemetry.Check{}) // writes nothing, and does no harm
}

// A line belongs to a request, and no text can make two lines of it.
func TestLogInjection(t *testing.T) {
	var out bytes.Buffer
	ctx := lambdacontext.NewContext(context.Background(), &lambdacontext.LambdaContext{AwsRequestID: "6c9c1870"})
	const key = "a\n{\"level\":\"ERROR\",\"msg\":\"forged\"}\u2028\r\x1b[31m.jpg"
	telemetry.Log(&out).With("a", 1).InfoContext(ctx, "checked", "key", key)
	if strings.Count(out.String(), "\n") != 1 || strings.ContainsAny(strings.TrimSuffix(out.String(), "\n"), "\r\n\x1b") {
		t.Errorf("more than one line: %q", out.String())
	}
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["key"] != key || line["request"] != "6c9c1870" {
		t.Errorf("line %v", line)
	}
}
