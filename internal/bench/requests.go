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

// asked is what pictures asked of S3 for their first reports.
type asked struct{ gets, read []int64 }

func (a asked) String() string {
	once := 0
	for _, n := range a.gets {
		if n == 1 {
			once++
		}
	}
	return fmt.Sprintf("1 GET for %d %%, %d KiB or less for 95 %%; %d GETs and %d KiB at most",
		100*once/len(a.gets), most(a.read, 95)>>10, most(a.gets, 100), most(a.read, 100)>>10)
}

// most is the greatest of the smallest so many in a hundred.
func most(n []int64, hundredth int) int64 {
	return slices.Sorted(slices.Values(n))[max(0, len(n)*hundredth/100-1)]
}

// requests measures what the first report of a picture asks of S3. Apart are
// pictures without content credentials: those are hashed before anything is
// said of them.
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
	var all, unsigned asked
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
		p, err := checker.Open(o, o.Size(), key, nil)
		if err != nil {
			return nil, err
		}
		n, size := o.Cost()
		all.gets, all.read = append(all.gets, int64(n)), append(all.read, size)
		if c := p.Report().Provenance; c == nil || c.C2PA == nil || !c.C2PA.Present {
			unsigned.gets, unsigned.read = append(unsigned.gets, int64(n)), append(unsigned.read, size)
		}
	}
	rows := []row{{
		what: "S3 for the first report", ours: all.String(), goal: "1 GET, 256 KiB for 95 %; 3 GETs",
		met: met(most(all.gets, 95) == 1 && most(all.read, 95) <= 256<<10 && most(all.gets, 100) <= 3), limit: "content credentials are hashed whole: with their thumbnails up to 1.6 MB",
	}}
	if len(unsigned.gets) > 0 {
		rows = append(rows, row{what: fmt.Sprintf("S3 for the first report, the %d pictures of %d without content credentials", len(unsigned.gets), len(all.gets)), ours: unsigned.String(), limit: "1 GET"})
	}
	return rows, nil
}
