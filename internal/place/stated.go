package place

import (
	"strings"
	"unicode"
)

// maxWords is the most words that a country's name is looked for in.
const maxWords = 5

// Stated returns the codes of the countries that the text gives as the place
// of something: behind a town and a comma, or behind a town in brackets (Oban,
// Scotland; Seúl (Corea del Sur)). A country that is only spoken of is none,
// nor is one in a list of countries.
func Stated(text string) []string {
	var codes []string
	for i, c := range text {
		if c != ',' && c != '(' {
			continue
		}
		town := lastWord(text[:i])
		if town == "" || town == strings.ToLower(town) || Country(town) != "" {
			continue
		}
		rest := text[i+1:]
		if end := strings.IndexAny(rest, ",.;:()\n"); end >= 0 {
			rest = rest[:end]
		}
		words := strings.Fields(rest)
		for n := min(maxWords, len(words)); n > 0; n-- {
			if code, ok := names()[fold(strings.Join(words[:n], " "))]; ok {
				codes = append(codes, code)
				break
			}
		}
	}
	return codes
}

func lastWord(text string) string {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	return strings.Trim(strings.TrimLeftFunc(text[max(strings.LastIndexFunc(text, unicode.IsSpace), 0):], unicode.IsSpace), "\"'")
}
