package bucket_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"cutline/internal/bucket"
)

// Each file of testdata/events has an invocation and what is read of it. An
// error is given by words of it.
func TestEvents(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no events: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			raw, want := eventFile(t, name)
			batch, err := bucket.Parse(raw)
			if words, fails := strings.CutPrefix(want, "error "); fails {
				if err == nil || !strings.Contains(err.Error(), strings.TrimSpace(words)) {
					t.Errorf("error %v, want %s", err, words)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, described(t, batch, want)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func eventFile(t testing.TB, name string) (raw []byte, want string) {
	t.Helper()
	file, err := txtar.ParseFile(name)
	if err != nil || len(file.Files) != 2 {
		t.Fatalf("%s: two parts are needed: %v", name, err)
	}
	return file.Files[0].Data, string(file.Files[1].Data)
}

// described writes a batch as the files have it. Of a message's error only the
// words that are wanted are shown, if it has them.
func described(t *testing.T, batch bucket.Batch, want string) string {
	t.Helper()
	var b strings.Builder
	for _, m := range batch.Messages {
		fmt.Fprintf(&b, "message %q", m.ID)
		if m.Err != nil {
			_, words, _ := strings.Cut(want, fmt.Sprintf("message %q error ", m.ID))
			words, _, _ = strings.Cut(words, "\n")
			if words == "" || !strings.Contains(m.Err.Error(), words) {
				words = m.Err.Error()
			}
			b.WriteString(" error " + words)
		}
		b.WriteString("\n")
		for _, e := range m.Events {
			fmt.Fprintf(&b, "  %s bucket=%q key=%q version=%q etag=%q size=%d sequencer=%s time=%s\n",
				e.Kind, e.Bucket, e.Key, e.VersionID, e.ETag, e.Size, e.Sequencer, e.Time.Format(time.RFC3339))
		}
	}
	return b.String()
}

// Any key comes back as it was, in every envelope; and the messages of a batch
// have the same events in whatever order they stand.
func TestKeysComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.StringN(1, 60, 1024).Filter(utf8.ValidString), 1, 8).Draw(t, "keys")
		var records []any
		for i, key := range keys {
			body := rapid.SampledFrom([]func(string) any{notification, throughSNS, throughEventBridge}).Draw(t, "envelope")(key)
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, map[string]any{"eventSource": "aws:sqs", "messageId": fmt.Sprint(i), "body": string(text)})
		}
		records = rapid.Permutation(records).Draw(t, "order")
		raw, err := json.Marshal(map[string]any{"Records": records})
		if err != nil {
			t.Fatal(err)
		}
		batch, err := bucket.Parse(raw)
		if err != nil || !batch.SQS || len(batch.Messages) != len(keys) {
			t.Fatalf("%d messages of %d: %v", len(batch.Messages), len(keys), err)
		}
		for _, m := range batch.Messages {
			var i int
			fmt.Sscan(m.ID, &i)
			if m.Err != nil || len(m.Events) != 1 || m.Events[0].Key != keys[i] {
				t.Errorf("%q: %+v, %v", keys[i], m.Events, m.Err)
			}
		}
	})
}

func notification(key string) any {
	return map[string]any{"Records": []any{map[string]any{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": map[string]any{
		"bucket": map[string]any{"name": "photos"}, "object": map[string]any{"key": url.QueryEscape(key)},
	}}}}
}

func throughSNS(key string) any {
	text, _ := json.Marshal(notification(key))
	return map[string]any{"Type": "Notification", "Message": string(text)}
}

func throughEventBridge(key string) any {
	return map[string]any{"detail-type": "Object Created", "detail": map[string]any{"bucket": map[string]any{"name": "photos"}, "object": map[string]any{"key": key}}}
}

// Whatever comes is read or refused, within bounds.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/events/*.txtar")
	for _, name := range files {
		raw, _ := eventFile(f, name)
		f.Add(raw)
	}
	samples, _ := filepath.Glob("../../functions/check/*.json")
	for _, name := range samples {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		batch, err := bucket.Parse(raw)
		if err != nil {
			return
		}
		for _, m := range batch.Messages {
			if m.Err != nil && len(m.Events) > 0 {
				t.Errorf("message %q has events and an error", m.ID)
			}
			for _, e := range m.Events {
				if e.Key == "" || len(e.Key) > 1024 || e.Bucket == "" || len(e.Bucket) > 255 || e.Size < 0 || e.Kind != bucket.Created && e.Kind != bucket.Removed {
					t.Errorf("event %+v", e)
				}
			}
		}
	})
}
