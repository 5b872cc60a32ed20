package store_test

import (
	"testing"

	"cutline/internal/store"
)

// The order of versions is that of S3's events, whatever the clocks say by
// which they were checked. Rows without it go by the clock.
func TestEarlier(t *testing.T) {
	read := func(rank, arrived string) store.Row {
		t.Helper()
		row, ok, err := store.RowOfImage(map[string]string{"sk": "latest", "doc": `{"latest": {"id": "v", "rank": "` + rank + `"}, "row": {"arrived_at": "` + arrived + `"}}`}, nil)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return row
	}
	first, second := read("1", "2026-11-25T10:00:00Z"), read("2", "2026-11-25T09:00:00Z")
	if !first.Earlier(second) || second.Earlier(first) {
		t.Error("clocks count more than the order of events")
	}
	first, second = read("", "2026-11-25T10:00:00Z"), read("2", "2026-11-25T11:00:00Z")
	if !first.Earlier(second) || second.Earlier(first) {
		t.Error("rows without an order do not go by the clock")
	}
}
