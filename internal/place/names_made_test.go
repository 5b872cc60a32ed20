package place

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

var update = flag.Bool("update", false, "write names.txt anew")

// languages are those that the caption reader knows. x/text has the names of
// countries in them from Unicode's CLDR; making them takes longer than a
// function's start should, so that they are kept as a text.
var languages = []language.Tag{
	language.English, language.German, language.French, language.Spanish, language.Portuguese,
	language.Italian, language.Dutch, language.Norwegian, language.Swedish, language.Danish,
	language.Polish, language.Russian, language.Ukrainian, language.Arabic, language.Turkish,
	language.Indonesian, language.Japanese, language.Korean, language.SimplifiedChinese, language.TraditionalChinese,
}

// names.txt is what x/text says.
func TestNamesAreUpToDate(t *testing.T) {
	all := map[string]string{}
	for _, tag := range languages {
		namer := display.Regions(tag)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				region, err := language.ParseRegion(string([]rune{a, b}))
				if err != nil || !region.IsCountry() || region.Canonicalize() != region {
					continue
				}
				if name := fold(namer.Name(region)); utf8.RuneCountInString(name) > 1 {
					all[name] = region.String()
				}
			}
		}
	}
	var text bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&text, "%s\t%s\n", name, all[name])
	}
	if *update {
		if err := os.WriteFile("names.txt", text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if is, err := os.ReadFile("names.txt"); err != nil || !bytes.Equal(is, text.Bytes()) {
		t.Errorf("names.txt is not what x/text says: run go test ./internal/place -update (%v)", err)
	}
}
