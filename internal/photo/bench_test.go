package photo_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cutline/internal/photo"
)

// BenchmarkRead reads each picture of the corpus beside the checkout; the
// median over them is a metric of its own.
func BenchmarkRead(b *testing.B) {
	const repeats = 50
	paths, _ := filepath.Glob("../../../shared/corpus/images/*/*")
	if len(paths) == 0 {
		b.Skip("no corpus beside the checkout")
	}
	var times, allocations []float64
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		read := func() {
			if _, err := photo.Read(bytes.NewReader(data), int64(len(data))); err != nil {
				b.Fatal(err)
			}
		}
		allocations = append(allocations, testing.AllocsPerRun(5, read))
		began := time.Now()
		for range repeats {
			read()
		}
		times = append(times, float64(time.Since(began).Nanoseconds())/1000/repeats)
		b.Logf("%-40s %8.1f us %6.0f allocs", filepath.Base(path), times[len(times)-1], allocations[len(allocations)-1])
	}
	for b.Loop() {
	}
	b.ReportMetric(median(times), "us/median-picture")
	b.ReportMetric(median(allocations), "allocs/median-picture")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
