//go:build !race

package caption_test

import (
	"testing"

	"cutline/internal/rules"
)

// TestAllocations holds that reading a caption allocates what it returns, and
// hardly more. (The race detector has pools forget at random.)
func TestAllocations(t *testing.T) {
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for lang, text := range typical {
		n := testing.AllocsPerRun(20, func() { lexicon.Read(text) })
		t.Logf("%s: %.0f allocations for %d bytes", lang, n, len(text))
		if n > 12 {
			t.Error("more than 12")
		}
	}
}
