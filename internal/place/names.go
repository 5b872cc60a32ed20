package place

import (
	_ "embed"
	"strings"
	"sync"

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
