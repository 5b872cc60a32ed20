package credential

import (
	"bytes"
	"testing"
	"time"
)

// FuzzRead holds that any file is read without a panic, and that its state
// is one of those that there are.
func FuzzRead(f *testing.F) {
	for _, v := range loadVectors(f) {
		f.Add(v.format, v.data)
	}
	now := func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		got, err := Read(bytes.NewReader(data), int64(len(data)), format, Options{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		switch got.State {
		case StateNone, StateInvalid, StateValid, StateTrusted:
		default:
			t.Errorf("state %q", got.State)
		}
	})
}

// FuzzStore reads manifest stores without the picture around them, deeper than
// a fuzzer gets through a container.
func FuzzStore(f *testing.F) {
	for _, v := range loadVectors(f) {
		s := &source{r: bytes.NewReader(v.data), size: int64(len(v.data))}
		if at, err := locate(s, v.format); err == nil && at != nil {
			if store, err := s.store(at.pieces); err == nil {
				f.Add(store)
			}
		}
	}
	f.Fuzz(func(t *testing.T, store []byte) {
		s := &Store{source: &source{r: bytes.NewReader(nil)}, data: store}
		c, err := s.Check(Options{})
		if err != nil {
			t.Fatal(err)
		}
		c.Credentials().Tell(false)
	})
}
