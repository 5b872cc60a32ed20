package rules_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cutline/internal/rules"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the wanted errors of testdata/broken anew")

// Each file of testdata/broken is a pack that cannot be loaded, and under
// "want" what its author is told.
func TestBrokenPacks(t *testing.T) {
	paths, err := filepath.Glob("testdata/broken/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no broken packs: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var pack []rules.File
			want := ""
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				pack = append(pack, rules.File{Name: f.Name, Text: f.Data})
			}
			r, err := rules.Load(pack)
			if err == nil || r != nil {
				t.Fatal("it was loaded")
			}
			got := err.Error() + "\n"
			if *update {
				files := archive.Files[:len(pack)]
				archive.Files = append(files[:len(pack):len(pack)], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What no text file can hold.
func TestHostilePacks(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not in UTF-8":      {"name: \xff\n", "desk.yaml: the file is not in UTF-8"},
		"too large":         {"# " + strings.Repeat("x", 1<<20), "at most 1048576 are read"},
		"a million opened":  {strings.Repeat("[", 1<<20-1), "nested too deeply"},
		"a million entries": {strings.Repeat("- ", 1<<19-1), "nested too deeply"},
		"a million keys":    {strings.Repeat("? ", 1<<19-1), "nested too deeply"},
		"indented steps":    {staircase(400), "nested too deeply"},
	} {
		_, err := rules.Load(oneFile(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.300v, want %q", name, err, c.want)
		}
	}
}

func staircase(steps int) string {
	var b strings.Builder
	for i := range steps {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func FuzzLoad(f *testing.F) {
	paths, _ := filepath.Glob("testdata/broken/*.txt")
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := rules.Decode(rules.File{Name: "desk.yaml", Text: text}); err != nil && !strings.HasPrefix(err.Error(), "desk.yaml:") {
			t.Errorf("an error without its file: %v", err)
		}
	})
}
