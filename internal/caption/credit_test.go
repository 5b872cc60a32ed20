package caption_test

import (
	"slices"
	"strings"
	"testing"

	"cutline/internal/caption"
)

func TestCredits(t *testing.T) {
	l := lexicon(t)
	classes := map[caption.Class]string{
		caption.Nameless: "nobody", caption.AState: "state", caption.ABody: "body", caption.APress: "press",
		caption.Somebody: "somebody", caption.Account: "account",
	}
	roles := map[caption.Role]string{caption.Maker: "m", caption.Provider: "p", caption.Distributor: "d"}
	for _, line := range lines(t, "testdata/credits.txt") {
		var got []string
		for _, c := range l.Read(line[1]).Credits {
			for _, p := range c.Parts {
				name := classes[p.Class]
				if p.Class == caption.Known {
					name = l.Sources[p.Source].ID
				}
				if p.Class != caption.APress {
					name = roles[p.Role] + " " + name
				}
				got = append(got, name)
			}
			for _, says := range []struct {
				so   bool
				word string
			}{{c.Handout, "handout"}, {c.Pool, "pool"}, {c.Via, "via"}} {
				if says.so {
					got = append(got, says.word)
				}
			}
		}
		if want := strings.Split(line[0], ", "); !slices.Equal(got, want) {
			t.Errorf("%s\n want %s: %s", strings.Join(got, ", "), line[0], line[1])
		}
	}
}
