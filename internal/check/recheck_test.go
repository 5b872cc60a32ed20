package check_test

import (
	"encoding/json"
	"log/slog"
	"testing"

	"cutline/internal/check"
)

// A recheck that is none, or that cannot be read, says so; everything else is
// taken for events.
func TestInvoke(t *testing.T) {
	u := &check.Uploads{Log: slog.New(slog.DiscardHandler)}
	for name, c := range map[string]struct{ in, out, err string }{
		"nothing to check": {`{"recheck": {"bucket": "photos", "since": "", "objects": []}}`, `{"checked":0,"skipped":0}`, ""},
		"too old":          {`{"recheck": {"bucket": "photos", "since": "2026-11-24T00:00:00Z", "objects": [{"key": "a.jpg", "modified": 1668699881}]}}`, `{"checked":0,"skipped":1}`, ""},
		"no time":          {`{"recheck": {"bucket": "photos", "since": "yesterday", "objects": []}}`, "", "since"},
		"an event":         {`{"Records": []}`, `{"batchItemFailures":[]}`, ""},
		"no event":         {`{}`, "", "event"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := u.Invoke(t.Context(), json.RawMessage(c.in))
			if c.err != "" {
				if err == nil {
					t.Errorf("%v, want an error about %s", out, c.err)
				}
				return
			}
			got, _ := json.Marshal(out)
			if err != nil || string(got) != c.out {
				t.Errorf("%s, %v; want %s", got, err, c.out)
			}
		})
	}
}
