package corpus_test

import (
	"strings"
	"testing"

	"cutline/internal/corpus"
	"cutline/internal/rules"
)

const lines = `{"id": "a", "lang": "en", "fields": {"caption": "Boats leave a harbour in Oban. REUTERS/Joan Baird"}, "expect": {"origin": "own", "verdict": "pass", "verification": false, "credit": true}}

{"id": "b", "lang": "en", "fields": {"caption": "A train in Wonsan. KCNA via REUTERS"}, "expect": {"origin": "handout", "verdict": "pass", "verification": true}}
`

func TestEvaluate(t *testing.T) {
	r, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	asList := "[" + strings.Join(strings.Split(strings.TrimSpace(lines), "\n\n"), ",") + "]"
	for _, text := range []string{lines, asList} {
		captions, err := corpus.Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		m, err := corpus.Evaluate(r, captions)
		if err != nil {
			t.Fatal(err)
		}
		if m.Captions != 2 || m.Origins["own"]["own"] != 1 || m.Origins["handout"]["state"] != 1 || m.Verdicts["pass"]["fail"] != 1 ||
			m.Elements["verification"]["yes"]["no"] != 1 || m.Elements["verification"]["no"]["no"] != 1 || m.Elements["credit"]["yes"]["yes"] != 1 ||
			m.Languages["en"] != (corpus.Tally{Right: 1, All: 2}) {
			t.Errorf("%+v", m)
		}
		if len(m.Misses) != 1 || m.Misses[0].ID != "b" || len(m.Misses[0].Wrong) != 3 {
			t.Errorf("misses %+v", m.Misses)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for text, want := range map[string]string{
		"{}\n{":                             "line 2: ",
		`{"expect": {"origin": 1}}`:         "origin",
		`{"expect": {"verifcation": true}}`: `no element "verifcation"`,
		"[{":                                "EOF",
	} {
		if _, err := corpus.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
