// Package partstest reads parts of sentences for tests that put them together.
//
// Imports: nothing.
package partstest

import (
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Read reads lines like "picture | its forms | ...", by their first word, in
// which each of the kinds has to occur.
func Read(t *testing.T, path string, kinds ...string) map[string][][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][][]string{}
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, " | ")
		parts[fields[0]] = append(parts[fields[0]], fields[1:])
	}
	for _, kind := range kinds {
		if len(parts[kind]) == 0 {
			t.Fatalf("%s: no %s", path, kind)
		}
	}
	return parts
}

// Fill puts a part into a frame, with a capital at the beginning. {} takes its
// first form, {2} its second, or its first where it has no second.
func Fill(frame string, forms []string) string {
	said := strings.ReplaceAll(frame, "{}", forms[0])
	for i, slot := range []string{"{1}", "{2}", "{3}", "{4}"} {
		form := forms[0]
		if i < len(forms) {
			form = forms[i]
		}
		said = strings.ReplaceAll(said, slot, form)
	}
	first, size := utf8.DecodeRuneInString(said)
	return string(unicode.ToTitle(first)) + said[size:]
}
