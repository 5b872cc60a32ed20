package credential_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutline/internal/credential"
	"cutline/internal/report"
)

const corpus = "../../../shared/corpus/images/c2pa"

// TestCorpus compares the labelled pictures with what is known of them.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the shared corpus is not beside the checkout")
	}
	table, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		words := strings.Fields(line)
		if words[0] == "#" {
			continue
		}
		t.Run(words[0], func(t *testing.T) {
			got := readFile(t, filepath.Join(corpus, words[0]), "jpeg", credential.Options{})
			if got.State != words[1] || !slices.Equal(got.Failures, words[2:]) {
				t.Errorf("got %s %v, want %s %v", got.State, got.Failures, words[1], words[2:])
			}
		})
	}
}

func readFile(t testing.TB, path, format string, opts credential.Options) report.Credentials {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	got, err := credential.Read(f, info.Size(), format, opts)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
