package rules_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"cutline/internal/rules"
)

// The packs that the README shows load, and their examples hold.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var pack []rules.File
	for _, block := range regexp.MustCompile(`(?m)(^    .*\n|^\n)+`).FindAllString(string(readme), -1) {
		block = strings.TrimLeft(block, "\n")
		if name, yaml, ok := strings.Cut(strings.TrimPrefix(block, "    # "), "\n"); ok && strings.HasPrefix(name, "mypack/") {
			pack = append(pack, rules.File{Name: name, Text: []byte(yaml)})
		}
	}
	if len(pack) != 2 {
		t.Fatalf("%d files of a pack", len(pack))
	}
	r, err := rules.Load(pack)
	if err != nil {
		t.Fatal(err)
	}
	run := 0
	for _, trial := range r.Try() {
		if strings.HasPrefix(trial.At, "mypack/") {
			run++
			if len(trial.Missed) > 0 {
				t.Errorf("%s: %v", trial.At, trial.Missed)
			}
		}
	}
	if run != 2 {
		t.Errorf("%d examples", run)
	}
}

// Every code that is found in Go has its entry in the house rules, and the
// other way round.
func TestCodesHaveEntries(t *testing.T) {
	found := map[string]bool{}
	for _, dir := range []string{".", "../check"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			source, err := os.ReadFile(dir + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`"([a-z0-9]+\.[a-z-]+)"`).FindAllStringSubmatch(string(source), -1) {
				found[m[1]] = true
			}
		}
	}
	for _, code := range builtIn(t).Codes() {
		if !found[code] {
			t.Errorf("%s has an entry, and nothing finds it", code)
		}
	}
	source, err := os.ReadFile("findings.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`add\(rep, "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		if _, known := builtIn(t).Finding(m[1]); !known {
			t.Errorf("%s is found, and has no entry", m[1])
		}
	}
}
