package caption_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"cutline/internal/caption"
	"cutline/internal/rules"
)

// lines returns what stands before and behind the bar in each line of a file
// of testdata.
func lines(t *testing.T, path string) [][2]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all [][2]string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		want, text, found := strings.Cut(line, " | ")
		if !found {
			t.Fatalf("%s: no bar: %s", path, line)
		}
		all = append(all, [2]string{want, text})
	}
	return all
}

func lexicon(t *testing.T) *caption.Lexicon {
	t.Helper()
	l, err := rules.BuiltInLexicon()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDates(t *testing.T) {
	l := lexicon(t)
	for _, line := range lines(t, "testdata/dates.txt") {
		var days []string
		for _, d := range l.Read(line[1]).Dates {
			day := fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
			if d.Weekday > 0 {
				day += fmt.Sprint(" ", d.Weekday)
			}
			if d.Provided {
				day += " provided"
			}
			if d.Taken {
				day += " taken"
			}
			days = append(days, day)
		}
		got := strings.Join(days, ", ")
		if got == "" {
			got = "none"
		}
		if got != line[0] {
			t.Errorf("%s, want %s: %s", got, line[0], line[1])
		}
	}
}

func TestImpossibleDays(t *testing.T) {
	l := lexicon(t)
	for text, want := range map[string]bool{
		"Rain on February 29, 2024.": false, "Rain on February 29, 2023.": true, "Rain on June 31.": true,
		"Regen am 31. April 2024.": true, "2023年2月30日": true, "Rain on February 29.": false,
	} {
		dates := l.Read(text).Dates
		if len(dates) != 1 || dates[0].Impossible() != want {
			t.Errorf("%s: %+v, want impossible %v", text, dates, want)
		}
	}
}
