package desk

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct{ first, second, want string }{
		{"", "", ""},
		{"A train stands.", "A train stands.", "A train stands."},
		{"A train stands. (AP)", "A train stands. It is green. (AP)", "A train stands. [+It is green. ](AP)"},
		{"A train.", "A train. It is green.", "A train.[+ It is green.]"},
		{"A train.\n\nAP", "A train.", "A train.[-\n\nAP]"},
		{"A red train", "A green train", "A [-red ][+green ]train"},
		{"A train", "", "[-A train]"},
		{"写真は列車。", "写真は青い列車。", "写真は[+青い]列車。"},
		{"a\u202Eb", "a", "[-a⟦RLO⟧b][+a]"},
	} {
		var got strings.Builder
		for _, ch := range compare(c.first, c.second) {
			switch ch.Op {
			case "same":
				got.WriteString(ch.Text)
			case "gone":
				got.WriteString("[-" + ch.Text + "]")
			default:
				got.WriteString("[+" + ch.Text + "]")
			}
		}
		if got.String() != c.want {
			t.Errorf("%q to %q: %s, want %s", c.first, c.second, got.String(), c.want)
		}
	}
}

// A comparison holds both texts whole, however long they are.
func TestCompareHoldsBothTexts(t *testing.T) {
	holds := func(t interface{ Fatalf(string, ...any) }, first, second string) {
		var a, b strings.Builder
		for _, ch := range compare(first, second) {
			if ch.Op != "new" {
				a.WriteString(ch.Text)
			}
			if ch.Op != "gone" {
				b.WriteString(ch.Text)
			}
		}
		if a.String() != first || b.String() != second {
			t.Fatalf("%.80q and %.80q became %.80q and %.80q", first, second, a.String(), b.String())
		}
	}
	text := rapid.StringMatching(`[ab \n列車م]{0,40}`)
	rapid.Check(t, func(t *rapid.T) { holds(t, text.Draw(t, "first"), text.Draw(t, "second")) })
	holds(t, strings.Repeat("one two ", 10_000), strings.Repeat("two three ", 10_000))
}
