package check

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"cutline/internal/report"
	"cutline/internal/telemetry"
)

// stages is how long each stage of a check took. One follows the other, and
// each is a span of the trace.
type stages struct {
	took    map[string]time.Duration
	current telemetry.Span
}

// begin starts a stage, which the function that it returns ends. A stage that
// comes twice is added up.
func (s *stages) begin(ctx context.Context, stage string) (end func()) {
	began := time.Now()
	_, span := telemetry.Begin(ctx, stage)
	s.current = span
	return func() {
		s.took[stage] += time.Since(began)
		span.End(nil)
	}
}

// LogValue is the stages in milliseconds.
func (s *stages) LogValue() slog.Value {
	var all []slog.Attr
	for _, stage := range slices.Sorted(maps.Keys(s.took)) {
		all = append(all, slog.Int64(stage, s.took[stage].Milliseconds()))
	}
	return slog.GroupValue(all...)
}

// measure writes down what the check took and found.
func (u *upload) measure() {
	rep := u.kept.Report
	gets, bytes := u.object.Cost()
	var codes []string
	for _, f := range rep.Findings {
		if !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	u.Metrics.Check(telemetry.Check{
		Verdict: string(rep.Verdict), Failed: rep.Verdict == report.Fail, Sources: rep.Sources, Codes: codes,
		Bytes: bytes, Gets: gets, Times: u.took.took,
	})
}
