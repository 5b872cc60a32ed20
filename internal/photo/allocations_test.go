package photo_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"cutline/internal/photo"
)

// TestAllocations holds what BenchmarkRead measures, in the one part that is
// the same on every machine: the golden pictures say more than most.
func TestAllocations(t *testing.T) {
	paths, _ := filepath.Glob("testdata/pictures/*.*")
	var counts []float64
	for _, path := range paths {
		if filepath.Ext(path) == ".json" {
			continue
		}
		picture, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, testing.AllocsPerRun(3, func() {
			if _, err := photo.Read(bytes.NewReader(picture), int64(len(picture))); err != nil {
				t.Fatal(err)
			}
		}))
	}
	if m := median(counts); m > 200 {
		t.Errorf("%.0f allocations for the median picture", m)
	} else {
		t.Logf("%.0f allocations for the median picture", m)
	}
}
