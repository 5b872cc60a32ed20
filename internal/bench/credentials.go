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
	paths, err := signed()
	if err != nil || len(paths) == 0 {
		return []row{{what: "content credentials, per file", ours: "the corpus is not there"}}, err
	}
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
	m, err := sideBySide(7, validates(paths), c2paPython(paths))
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

// signed are the corpus's pictures with content credentials, and some without.
func signed() ([]string, error) { return filepath.Glob("../shared/corpus/images/c2pa/*") }

func validates(paths []string) run {
	return timed(func() error {
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
}

// c2paPython has the reference validate the same files, without its start; nil
// when it is not there.
func c2paPython(paths []string) run {
	python := os.Getenv("CUTLINE_PYTHON")
	if python == "" {
		return nil
	}
	script := `
import sys, time, c2pa
def read():
    for p in sys.argv[1:]:
        try:
            with c2pa.Reader(p) as r: r.json()
        except c2pa.C2paError: pass
read()
clock, processor = [], []
for _ in range(5):
    began, before = time.perf_counter_ns(), time.process_time_ns()
    read()
    clock.append(time.perf_counter_ns() - began); processor.append(time.process_time_ns() - before)
print(sorted(clock)[2], min(processor))
`
	return func() (s spent, err error) {
		out, err := exec.Command(python, append([]string{"-c", script}, paths...)...).Output()
		if err == nil {
			_, err = fmt.Sscan(string(out), &s.clock, &s.processor)
		}
		return s, err
	}
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
		ours := func() (took spent, err error) {
			for range passes {
				checked, err := found.Check(credential.Options{})
				if err != nil {
					return spent{}, err
				}
				began := time.Now()
				if _, err := checked.Binding().Write(data); err != nil {
					return spent{}, err
				}
				took.clock += time.Since(began)
			}
			return took, nil
		}
		alone := timed(func() error {
			for range passes {
				sha256.Sum256(data)
			}
			return nil
		})
		m, err := sideBySide(51, ours, alone)
		speed := func(d time.Duration) float64 { return passes * float64(len(data)) / d.Seconds() / 1e6 }
		return row{
			what: "data hash of credentials, MB/s", ours: fmt.Sprintf("%.0f", speed(m.ours)), beside: fmt.Sprintf("SHA-256 alone %.0f", speed(m.other)),
			ratio: m.ratio, goal: "0.80", met: met(m.ratio >= 0.8), limit: "one SHA-256 pass",
		}, err
	}
	return row{what: "data hash of credentials, MB/s", ours: "no picture with one is there"}, nil
}
