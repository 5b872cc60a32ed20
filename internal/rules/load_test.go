package rules_test

import (
	"testing"

	"cutline/internal/rules"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := rules.Load(); err != nil {
			b.Fatal(err)
		}
	}
}
