package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cutline/internal/credential"
)

// credentials measures the validation of content credentials.
func credentials(work string) ([]row, error) {
	paths, err := filepath.Glob("../shared/corpus/images/c2pa/*")
	if err != nil || len(paths) == 0 {
		return []row{{what: "content credentials", ours: "the corpus is not there"}}, err
	}
	ours := func() error {
		for _, path := range paths {
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			info, err := f.Stat()
			if err != nil {
				return err
			}
			if _, err := credential.Read(f, info.Size(), "jpeg", credential.Options{}); err != nil {
				return err
			}
			if err := f.Close(); err != nil {
				return err
			}
		}
		return nil
	}
	a, _, err := sideBySide(10, ours, nil)
	if err != nil {
		return nil, err
	}
	a /= time.Duration(len(paths))
	r := row{what: "content credentials, per file", ours: short(a), other: "c2pa-python is not there", goal: "1"}
	if python := os.Getenv("CUTLINE_PYTHON"); python != "" {
		b, err := c2paPython(python, paths)
		if err != nil {
			return nil, err
		}
		r.other, r.ratio = "c2pa-python "+short(b), float64(b)/float64(a)
	}
	hash, err := dataHash(paths)
	return []row{r, hash}, err
}

// c2paPython times the reference on the same files, without its start.
func c2paPython(python string, paths []string) (time.Duration, error) {
	script := `
import sys, time, c2pa
def read():
    for p in sys.argv[1:]:
        try:
            with c2pa.Reader(p) as r: r.json()
        except c2pa.C2paError: pass
read()
least = 1e9
for _ in range(10):
    began = time.perf_counter(); read(); least = min(least, time.perf_counter() - began)
print(int(least * 1e9 / len(sys.argv[1:])))
`
	var nanoseconds int64
	out, err := output(python, append([]string{"-c", script}, paths...)...)
	if err == nil {
		_, err = fmt.Sscan(string(out), &nanoseconds)
	}
	return time.Duration(nanoseconds), err
}

// dataHash compares the streaming check of a picture's bytes with SHA-256 alone.
func dataHash(paths []string) (row, error) {
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return row{}, err
		}
		found, err := credential.Find(bytes.NewReader(data), int64(len(data)), "jpeg")
		if err != nil || found == nil {
			continue
		}
		checked, err := found.Check(credential.Options{})
		if err != nil || checked.Binding() == nil {
			continue
		}
		r := testing.Benchmark(func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				checked, err := found.Check(credential.Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if _, err := checked.Binding().Write(data); err != nil {
					b.Fatal(err)
				}
			}
		})
		took := float64(r.NsPerOp()) / 1e9
		ours, alone := float64(len(data))/took, hashSpeed(data)
		return row{
			what: "data hash, MB/s", ours: fmt.Sprintf("%.0f", ours/1e6),
			other: fmt.Sprintf("SHA-256 alone %.0f", alone/1e6), ratio: ours / alone, goal: "0.80",
		}, nil
	}
	return row{what: "data hash", ours: "no picture with one is there"}, nil
}
