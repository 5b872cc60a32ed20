package credential

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The vectors under testdata/vectors are files that c2pa-python signed, some
// damaged afterwards. Each starts with lines that say what to find, an empty
// line, then the picture:
//
//	name: caption changed
//	format: jpeg
//	now: 2026-11-24T12:00:00Z
//	trust: yes                  (in root.pem; no line when nobody is trusted)
//	state: Invalid
//	failures: assertion.dataHash.mismatch signingCredential.untrusted
//
// The keys that signed them are gone. TestConformance -write makes them anew.
const vectorFolder = "testdata/vectors"

var writeVectors = flag.Bool("write", false, "write the files under "+vectorFolder+" anew")

// maxVector is the size in bytes up to which a vector is kept as a file.
const maxVector = 9000

// keep writes a vector, with what was found in it.
func (v vector) keep(t *testing.T, got ours, now time.Time) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "name: %s\nformat: %s\nnow: %s\n", v.name, v.format, now.UTC().Format(time.RFC3339))
	if v.anchors != "" {
		fmt.Fprintf(&b, "trust: yes\n")
	}
	fmt.Fprintf(&b, "state: %s\nfailures: %s\n\n", got.State, strings.Join(got.Failures, " "))
	b.Write(v.data)
	name := strings.NewReplacer(" ", "_", ",", "").Replace(v.name) + ".vector"
	if err := os.WriteFile(filepath.Join(vectorFolder, name), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A vectorFile is a vector with what to find in it.
type vectorFile struct {
	vector
	now      time.Time
	state    string
	failures []string
}

func loadVectors(t testing.TB) []vectorFile {
	root, err := os.ReadFile(filepath.Join(vectorFolder, "root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(vectorFolder, "*.vector"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no vectors", err)
	}
	var all []vectorFile
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head, data, ok := bytes.Cut(file, []byte("\n\n"))
		if !ok {
			t.Fatalf("%s has no head", path)
		}
		v := vectorFile{vector: vector{data: data}}
		for line := range strings.Lines(string(head)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			value = strings.TrimSpace(value)
			switch key {
			case "name":
				v.name = value
			case "format":
				v.format = value
			case "now":
				if v.now, err = time.Parse(time.RFC3339, value); err != nil {
					t.Fatal(path, err)
				}
			case "trust":
				v.anchors = string(root)
			case "state":
				v.state = value
			case "failures":
				v.failures = strings.Fields(value)
			default:
				t.Fatalf("%s: unknown line %q", path, line)
			}
		}
		all = append(all, v)
	}
	return all
}

func (v vectorFile) options(t testing.TB) Options {
	opts := Options{Now: func() time.Time { return v.now }}
	if v.anchors != "" {
		list, err := ParseTrustList([]byte(v.anchors))
		if err != nil {
			t.Fatal(err)
		}
		opts.Trust = list
	}
	return opts
}

func TestVectors(t *testing.T) {
	for _, v := range loadVectors(t) {
		t.Run(v.name, func(t *testing.T) {
			got, err := Read(bytes.NewReader(v.data), int64(len(v.data)), v.format, v.options(t))
			if err != nil {
				t.Fatal(err)
			}
			if got.State != v.state || !slices.Equal(got.Failures, v.failures) {
				t.Errorf("got %s %v %s, want %s %v", got.State, got.Failures, got.Problem, v.state, v.failures)
			}
		})
	}
}
