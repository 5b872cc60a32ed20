//go:build !race

package check_test

import (
	"bytes"
	"slices"
	"testing"

	"cutline/internal/check"
	"cutline/internal/rules"
)

// TestAllocations holds what reading a picture's head allocates, its caption
// and the verdict with it: the one part of a measurement that is the same on
// every machine. The race detector, though, has pools forget at random.
func TestAllocations(t *testing.T) {
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	checker := &check.Checker{Rules: house}
	names, pictures := realPictures(t)
	var counts []float64
	for i, picture := range pictures {
		counts = append(counts, testing.AllocsPerRun(3, func() {
			if _, err := checker.Open(bytes.NewReader(picture), int64(len(picture)), names[i], nil); err != nil {
				t.Fatal(err)
			}
		}))
	}
	slices.Sort(counts)
	median := counts[len(counts)/2]
	t.Logf("%.0f allocations for the median of %d pictures", median, len(counts))
	if median > 200 {
		t.Error("more than 200")
	}
}
