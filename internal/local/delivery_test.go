package local

import (
	"path/filepath"
	"testing"
)

// A version that comes while the start looks for what it missed is handed
// over once; its removal, and another version, are other events.
func TestWaitingEvents(t *testing.T) {
	d, err := newDelivery(filepath.Join(t.TempDir(), "dead.json"))
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{}
	for _, c := range []struct {
		name, version string
		waiting       int
	}{
		{"ObjectCreated:Put", "01M88TA6B7", 1}, {"ObjectCreated:Put", "01M88TA6B7", 1}, {"ObjectRemoved:Delete", "01M88TA6B7", 2},
		{"ObjectCreated:Put", "01M88TA6B8", 3}, {"ObjectCreated:Put", "", 4}, {"ObjectCreated:Put", "", 5},
	} {
		if d.raise(g.event(c.name, "photos", `a "1".jpg`, c.version, "e", 1)); len(d.ready) != c.waiting {
			t.Errorf("%s %q: %d wait, want %d", c.name, c.version, len(d.ready), c.waiting)
		}
	}
}
