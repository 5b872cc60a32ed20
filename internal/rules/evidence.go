package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cutline/internal/photo"
	"cutline/internal/place"
	"cutline/internal/report"
)

// findEvidence adds what the metadata says against the caption, beside its
// dates.
func (c *assessment) findEvidence(rep *report.Report) {
	c.findPlace(rep)
	if name, span := c.program("editor"); name != "" {
		c.add(rep, "editing.software", []report.Span{span}, "It is "+name+".")
	}
}

// How near a country has to be, in kilometres. At sea nothing is near.
const nearby = 50

// findPlace compares where the camera was with the countries that the fields
// name, or, where they name none, the caption as the place of the picture.
func (c *assessment) findPlace(rep *report.Report) {
	gps := c.picture.Metadata.First(photo.GPS)
	latitude, longitude, ok := position(gps.Value)
	if !ok {
		return
	}
	var said []string
	spans := []report.Span{wholeField(gps)}
	for _, f := range c.picture.Metadata.Fields {
		if f.Name != photo.Country && f.Name != photo.CountryCode {
			continue
		}
		if code := place.Country(f.Value); code != "" {
			said, spans = append(said, code), append(spans, wholeField(f))
		}
	}
	if len(said) == 0 {
		said = place.Stated(c.text)
	}
	if len(said) == 0 {
		return
	}
	near := place.Countries(latitude, longitude, nearby)
	if len(near) == 0 || slices.ContainsFunc(said, func(code string) bool { return slices.Contains(near, code) }) {
		return
	}
	c.add(rep, "place.conflict", spans, fmt.Sprintf("The camera was in or near %s, the picture is said to be from %s.", strings.Join(near, ", "), strings.Join(said, ", ")))
}

// position reads latitude and longitude in decimal degrees. Zeros are what a
// camera without reception writes.
func position(value string) (latitude, longitude float64, ok bool) {
	a, b, found := strings.Cut(value, ",")
	if !found {
		return 0, 0, false
	}
	latitude, err := strconv.ParseFloat(strings.TrimSpace(a), 64)
	longitude, err2 := strconv.ParseFloat(strings.TrimSpace(b), 64)
	ok = err == nil && err2 == nil && latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180
	return latitude, longitude, ok && (latitude != 0 || longitude != 0)
}

// program returns the first program of that kind that left its name in the
// metadata, and where.
func (c *assessment) program(kind string) (name string, at report.Span) {
	for _, f := range c.picture.Metadata.Fields {
		whole := false // is the name all that the field may hold?
		switch f.Name {
		case photo.Software, photo.History, photo.Prompt:
		case photo.Credit, photo.Source, photo.Byline:
			if kind != "generator" {
				continue
			}
			whole = true
		default:
			continue
		}
		for _, p := range c.programs {
			if p.Kind != kind {
				continue
			}
			for _, n := range p.Names {
				if i := wordsIn(f.Value, n); i >= 0 && (!whole || len(n) == len(strings.TrimSpace(f.Value))) {
					return n, report.Span{Field: f.From, Start: i, End: i + len(n)}
				}
			}
		}
	}
	return "", report.Span{}
}

// wordsIn returns where the words stand in the text as whole words, in any
// case, or -1.
func wordsIn(text, words string) int {
	for i := 0; i+len(words) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(words)], words) && !letter(text[:i], true) && !letter(text[i+len(words):], false) {
			return i
		}
	}
	return -1
}

// letter says whether the text ends, or begins, with one.
func letter(text string, atEnd bool) bool {
	r, _ := utf8.DecodeRuneInString(text)
	if atEnd {
		r, _ = utf8.DecodeLastRuneInString(text)
	}
	return unicode.IsLetter(r)
}
