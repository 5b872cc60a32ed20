package place

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
)

// listed has the names of countries in the languages of captions, each with
// its code: see TestNamesAreUpToDate.
//
//go:embed names.txt
var listed string

// informal are names that captions use and CLDR does not list.
var informal = map[string]string{
	"u.s": "US", "u.s.": "US", "usa": "US", "u.s.a.": "US", "united states of america": "US", "america": "US",
	"uk": "GB", "u.k.": "GB", "britain": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
	"uae": "AE", "burma": "MM", "myanmar": "MM", "holland": "NL", "the netherlands": "NL", "czech republic": "CZ", "turkey": "TR",
	"south korea": "KR", "north korea": "KP", "dprk": "KP", "russian federation": "RU", "ivory coast": "CI",
	"congo": "CD", "drc": "CD", "macedonia": "MK", "swaziland": "SZ", "cape verde": "CV", "vatican": "VA",
	"hong kong": "HK", "macau": "MO", "palestine": "PS", "gaza": "PS", "gaza strip": "PS", "west bank": "PS",
	"deutsche demokratische republik": "DE", "corea del norte": "KP", "corea del sur": "KR",
}

// names maps the folded name of a country to its code.
var names = sync.OnceValue(func() map[string]string {
	all := make(map[string]string, 4096)
	for line := range strings.Lines(listed) {
		if name, code, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			all[name] = code
		}
	}
	for name, code := range informal {
		all[name] = code
	}
	return all
})

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Country returns the ISO 3166 alpha-2 code of a country given as a name in
// any of the languages, or as a two- or three-letter code; "" when unknown.
func Country(s string) string {
	if code, ok := names()[fold(s)]; ok {
		return code
	}
	if code := strings.TrimSpace(s); len(code) == 2 || len(code) == 3 {
		if region, err := language.ParseRegion(code); err == nil && region.IsCountry() {
			return region.String()
		}
	}
	return ""
}

// maxWords is the most words that a country's name is looked for in.
const maxWords = 5

// Mentioned returns the codes of the countries that a text names as whole
// words, each once, in the order of the text. It reads languages that put
// spaces between their words.
func Mentioned(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '.' && r != '-' && r != '\''
	})
	var codes []string
	seen := map[string]bool{}
	for at := 0; at < len(words); {
		taken := 1
		for n := min(maxWords, len(words)-at); n > 0; n-- {
			name := strings.Join(words[at:at+n], " ")
			code, ok := names()[name]
			if !ok {
				code, ok = names()[strings.TrimSuffix(strings.TrimSuffix(name, "'s"), ".")]
			}
			if ok {
				if !seen[code] {
					seen[code] = true
					codes = append(codes, code)
				}
				taken = n
				break
			}
		}
		at += taken
	}
	return codes
}
