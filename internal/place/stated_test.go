package place_test

import (
	"slices"
	"testing"

	"cutline/internal/place"
)

func TestStated(t *testing.T) {
	for text, want := range map[string][]string{
		"Boats leave the harbour of Oban, Scotland, on Monday.":     {"GB"},
		"Varias personas en Seúl (Corea del Sur), el lunes.":        {"KR"},
		"A man walks in Tbilisi, Georgia. (AP Photo/Nino Beridze)":  {"GE"},
		"Ein Markt in Lyon, Frankreich, am Montag":                  {"FR"},
		"Runners from Kenya, Ethiopia and Uganda race.":             nil,
		"Chancellor Friedrich Merz meets the president of France.":  nil,
		"In this photo, Japan players celebrate.":                   nil,
		"Rescuers search in Valencia, eastern Spain":                nil,
		"Rescuers work at a mine in Soma, Turkey, on May 14, 2014.": {"TR"},
	} {
		if got := place.Stated(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
