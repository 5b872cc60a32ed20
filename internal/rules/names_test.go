package rules_test

import (
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cutline/internal/report"
	"cutline/internal/rules"
)

// A party with a stake is known by every name that it has, in every form of
// credit line: none of its pictures passes without a disclaimer.
func TestEveryNameOfAStateIsKnown(t *testing.T) {
	r := builtIn(t)
	forms := []string{
		"A train at a station. %s via REUTERS",
		"A train at a station. (%s via AP)",
		"A train at a station. (Photo by Handout / %s / AFP)",
		"A train at a station. EPA-EFE/%s",
		"Ein Zug steht im Bahnhof. Foto: -/%s/dpa",
	}
	names, unknown := 0, 0
	for _, s := range r.Sources() {
		if s.Kind != "state" {
			continue
		}
		for _, name := range namesOf(s) {
			names++
			for _, form := range forms {
				rep := judgeCaption(r, strings.Replace(form, "%s", name, 1))
				if rep.Origin == report.Unknown && rep.Verdict == report.Fail { // IS via REUTERS: a word as well
					unknown++
				} else if rep.Origin != report.State || rep.Verdict != report.Fail {
					t.Errorf("%s: %s %s: %s", s.ID, rep.Origin, rep.Verdict, rep.Caption.Text)
					break
				}
			}
		}
	}
	if names < 2000 || unknown > 10 {
		t.Errorf("%d names, %d times not known for one", names, unknown)
	}
}

// Short names of parties are given names of photographers as well: Sana, Lana,
// Petra.
func TestNamesOfStatesAreNoPhotographers(t *testing.T) {
	r := builtIn(t)
	for _, s := range r.Sources() {
		for _, name := range namesOf(s) {
			if utf8.RuneCountInString(name) > 5 || !strings.ContainsAny(strings.ToLower(name), "aeiouyаеиоуыэюяіїє") || strings.ContainsFunc(name, func(c rune) bool { return !unicode.In(c, unicode.Latin, unicode.Cyrillic) }) {
				continue
			}
			first := strings.ToUpper(name[:1]) + strings.ToLower(name[1:])
			if c, size := utf8.DecodeRuneInString(name); size > 1 {
				first = string(unicode.ToUpper(c)) + strings.ToLower(name[size:])
			}
			for _, form := range []string{"A market in Oslo. REUTERS/%s Novak", "A market in Oslo. (AP Photo/%s Novak)", "A market in Oslo. (Photo by %s Novak / AFP)"} {
				rep := judgeCaption(r, strings.Replace(form, "%s", first, 1))
				if rep.Origin != report.Own || rep.Verdict != report.Pass {
					t.Errorf("%s: %s %s: %s", s.ID, rep.Origin, rep.Verdict, rep.Caption.Text)
				}
			}
		}
	}
}

// A picture is its photographer's own however often its caption speaks of a
// party.
func TestMentionsAreNoOrigin(t *testing.T) {
	r := builtIn(t)
	for _, s := range r.Sources() {
		for _, name := range s.Names["en"] {
			if strings.Contains(name, "/") || strings.Contains(name, " via ") {
				continue // a credit line of its own
			}
			for _, form := range []string{
				"People walk past the building of %s in Oslo. (AP Photo/Kari Lie)",
				"A spokesman of %s speaks to reporters in Oslo. REUTERS/Kari Lie",
				"%s said on Monday that the road was closed. (Photo by Kari Lie / AFP)",
			} {
				rep := judgeCaption(r, strings.Replace(form, "%s", name, 1))
				if rep.Origin != report.Own || rep.Verdict != report.Pass {
					t.Errorf("%s: %s %s: %s", s.ID, rep.Origin, rep.Verdict, rep.Caption.Text)
				}
			}
		}
	}
}

func namesOf(s rules.Source) []string {
	var names []string
	for _, list := range s.Names {
		names = append(names, list...)
	}
	return append(names, s.Credit...)
}

// Parties are found in sentences as their languages inflect and compound them.
func TestPartiesInSentences(t *testing.T) {
	r := builtIn(t)
	raw, err := os.ReadFile("testdata/parties.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, " | ")
		for _, party := range strings.Split(fields[2], "; ") {
			rep := judgeCaption(r, strings.Replace(fields[1], "{}", party, 1))
			if rep.Origin != report.State || rep.Verdict != report.Fail {
				t.Errorf("%s %s %s: %s", fields[0], rep.Origin, rep.Verdict, rep.Caption.Text)
			}
		}
	}
}
