package place

import "strings"

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
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return strings.Trim(words[len(words)-1], "\"'")
}
