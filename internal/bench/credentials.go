package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cutline/internal/credential"
)

// credentials measures the validation of content credentials.
func credentials(b *bench) ([]row, error) {
	paths, err := filepath.Glob("../shared/corpus/images/c2pa/*")
	if err != nil || len(paths) == 0 {
		return []row{{what: "content credentials, per file", ours: "the corpus is not there"}}, err
	}
	ours := timed(func() error {
		for _, path := range paths {
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			info, err := f.Stat()
			if err == nil {
				_, err = credential.Read(f, info.Size(), "jpeg", credential.Options{})
			}
			if f.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	hashed := timed(func() error {
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sha256.Sum256(data)
		}
		return nil
	})
	var theirs func() (time.Duration, error)
	if python := os.Getenv("CUTLINE_PYTHON"); python != "" {
		theirs = func() (time.Duration, error) { return c2paPython(python, paths) }
	}
	m, err := sideBySide(b.times(3, 7), ours, theirs)
	if err != nil {
		return nil, err
	}
	least, err := sideBySide(7, hashed, nil)
	if err != nil {
		return nil, err
	}
	n := time.Duration(len(paths))
	m.ours, m.other, least.ours = m.ours/n, m.other/n, least.ours/n
	hash, err := dataHash(b, paths)
	return []row{
		m.row("content credentials, per file", "c2pa-python", atLeast(1, "faster"), timesLimit(least.ours, "one SHA-256 pass takes", m.ours)),
		hash,
	}, err
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
times = []
for _ in range(5):
    began = time.perf_counter(); read(); times.append(time.perf_counter() - began)
print(int(sorted(times)[2] * 1e9))
`
	var nanoseconds int64
	out, err := exec.Command(python, append([]string{"-c", script}, paths...)...).Output()
	if err == nil {
		_, err = fmt.Sscan(string(out), &nanoseconds)
	}
	return time.Duration(nanoseconds), err
}

// dataHash compares the streaming check of a picture's bytes with SHA-256 alone.
func dataHash(b *bench, paths []string) (row, error) {
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
		data = append(data, make([]byte, 8<<20)...) // the manifest itself is not hashed
		const passes = 3                            // of a picture, in what is timed
		ours := func() (took time.Duration, err error) {
			for range passes {
				checked, err := found.Check(credential.Options{})
				if err != nil {
					return 0, err
				}
				began := time.Now()
				if _, err := checked.Binding().Write(data); err != nil {
					return 0, err
				}
				took += time.Since(began)
			}
			return took, nil
		}
		alone := timed(func() error {
			for range passes {
				sha256.Sum256(data)
			}
			return nil
		})
		m, err := sideBySide(b.times(15, 51), ours, alone)
		speed := func(d time.Duration) float64 { return passes * float64(len(data)) / d.Seconds() / 1e6 }
		return row{
			what: "data hash of credentials, MB/s", ours: fmt.Sprintf("%.0f", speed(m.ours)), beside: fmt.Sprintf("SHA-256 alone %.0f", speed(m.other)),
			ratio: m.ratio, goal: "0.80", met: met(m.ratio >= 0.8), limit: "one SHA-256 pass",
		}, err
	}
	return row{what: "data hash of credentials, MB/s", ours: "no picture with one is there"}, nil
}
