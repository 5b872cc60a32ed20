package likeness_test

import (
	"testing"

	"cutline/internal/likeness"
	"cutline/internal/likeness/likenesstest"
)

func BenchmarkProbes(b *testing.B) {
	p := likeness.Of(likenesstest.Scene(1, width, height))
	for b.Loop() {
		if _, err := p.Probes(); err != nil {
			b.Fatal(err)
		}
	}
}
