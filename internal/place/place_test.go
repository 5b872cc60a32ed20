package place

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCountries(t *testing.T) {
	for _, c := range []struct {
		name      string
		lat, lon  float64
		want, not string
	}{
		{"Pyongyang", 39.03, 125.75, "KP", "KR"},
		{"Seoul", 37.57, 126.98, "KR", "CN"},
		{"Beijing", 39.91, 116.40, "CN", "KP"},
		{"Kyiv", 50.45, 30.52, "UA", "RU"},
		{"Moscow", 55.75, 37.62, "RU", "UA"},
		{"Damascus", 33.51, 36.29, "SY", "TR"},
		{"Maseru, in a country inside another", -29.31, 27.70, "LS", ""},
		{"Johannesburg", -26.20, 28.05, "ZA", "LS"},
		{"Suva, by the date line", -18.14, 178.44, "FJ", "NZ"},
		{"Reykjavik", 64.15, -21.94, "IS", "GL"},
		{"Buenos Aires", -34.60, -58.38, "AR", "BR"},
	} {
		got := Countries(c.lat, c.lon, 30)
		if !slices.Contains(got, c.want) || c.not != "" && slices.Contains(got, c.not) {
			t.Errorf("%s: %v, want %s and not %s", c.name, got, c.want, c.not)
		}
	}
	if got := Countries(-48.87, -123.39, 30); len(got) > 0 {
		t.Errorf("the middle of the Pacific lies in %v", got)
	}
}

func TestAWiderReachFindsNoFewer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := rapid.Float64Range(-90, 90).Draw(t, "latitude"), rapid.Float64Range(-180, 180).Draw(t, "longitude")
		wide := Countries(lat, lon, 200)
		for _, country := range Countries(lat, lon, 20) {
			if !slices.Contains(wide, country) {
				t.Fatalf("%s is within 20 km of %f, %f but not within 200", country, lat, lon)
			}
		}
	})
}

func TestCountry(t *testing.T) {
	for name, want := range map[string]string{
		"PRK": "KP", "kp": "KP", "Nordkorea": "KP", "대한민국": "KR", "Россия": "RU", " France ": "FR", "Atlantis": "", "": "", "XX": "",
	} {
		if got := Country(name); got != want {
			t.Errorf("Country(%q) = %q, want %q", name, got, want)
		}
	}
}
