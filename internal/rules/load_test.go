package rules_test

import (
	"bytes"
	"os"
	"testing"

	"cutline/internal/rules"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := rules.Load(); err != nil {
			b.Fatal(err)
		}
	}
}

// A desk's pack is parsed at every start.
func BenchmarkLoadOwn(b *testing.B) {
	pack := oneFile(desk)
	for b.Loop() {
		if _, err := rules.Load(pack); err != nil {
			b.Fatal(err)
		}
	}
}

func builtInPack(t testing.TB) []rules.File {
	t.Helper()
	files, err := rules.Folder(os.DirFS("packs"), "packs")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What is embedded is what the packs say.
func TestCompiledIsUpToDate(t *testing.T) {
	compiled, err := rules.Compile(builtInPack(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range compiled {
		if is, err := os.ReadFile("builtin/" + name); err != nil || !bytes.Equal(is, want) {
			t.Errorf("%s is not what packs say: run go generate ./internal/rules (%v)", name, err)
		}
	}
}

// Nothing in the built-in pack loads and is hardly meant.
func TestLintBuiltIn(t *testing.T) {
	doubts, err := rules.LintAlone(builtInPack(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range doubts {
		t.Error(d)
	}
}
