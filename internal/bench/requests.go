package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/local"
	"cutline/internal/rules"
)

// requests measures what the first report of a picture asks of S3.
func requests(b *bench) ([]row, error) {
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	s, err := b.stack()
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(b.folder + "/*")
	if err != nil {
		return nil, err
	}
	checker, pictures := &check.Checker{Rules: house}, bucket.New(s.S3)
	var gets, read []int64
	for _, path := range paths[:min(68, len(paths))] {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		key := "requests/" + filepath.Base(path)
		if err := put(s, key, data); err != nil {
			return nil, err
		}
		o, err := pictures.Open(context.Background(), bucket.Event{Kind: bucket.Created, Bucket: local.Bucket, Key: key})
		if err != nil {
			return nil, err
		}
		if _, err := checker.Open(o, o.Size(), key, nil); err != nil {
			return nil, err
		}
		n, size := o.Cost()
		gets, read = append(gets, int64(n)), append(read, int64(size))
	}
	slices.Sort(gets)
	slices.Sort(read)
	at, once := len(gets)*95/100, 0
	for _, n := range gets {
		if n == 1 {
			once++
		}
	}
	return []row{{
		what: "S3 for the first report", ours: fmt.Sprintf("1 GET for %d %%, %d KiB or less for 95 %%; %d GETs and %d KiB at most", 100*once/len(gets), read[at]>>10, gets[len(gets)-1], read[len(read)-1]>>10),
		goal: "1 GET, 256 KiB for 95 %; 3 GETs", met: met(gets[at] == 1 && read[at] <= 256<<10 && gets[len(gets)-1] <= 3), limit: "1 GET",
	}}, nil
}
