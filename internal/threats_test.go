package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named is a test as threats.md names it: its folder, and its name.
var named = regexp.MustCompile("`([a-z/]+)\\.((?:Test|Fuzz)[A-Z]\\w*)`")

// Each threat has a test that holds what stands against it, and each test
// that is named is there.
func TestThreatsAreHeld(t *testing.T) {
	text, err := os.ReadFile("threats.md")
	if err != nil {
		t.Fatal(err)
	}
	threats := 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| threat |") {
			continue
		}
		threats++
		cells := strings.Split(line, "|")
		tests := named.FindAllStringSubmatch(cells[3], -1)
		if len(tests) == 0 {
			t.Errorf("nothing holds: %s", cells[1])
		}
		for _, test := range tests {
			dir := test[1]
			if !strings.HasPrefix(dir, "functions/") && !strings.HasPrefix(dir, "cmd/") {
				dir = "internal/" + dir
			}
			if !declared(t, filepath.Join("..", dir), test[2]) {
				t.Errorf("there is no %s in %s", test[2], dir)
			}
		}
	}
	if threats < 20 {
		t.Errorf("%d threats were read", threats)
	}
}

// declared says whether a folder's tests have a function of the name.
func declared(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
