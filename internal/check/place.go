package check

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cutline/internal/bucket"
)

// A desk's own rule packs and certificates lie in places: a file, a folder,
// s3://bucket/key, or all below s3://bucket/prefix/.

// S3 opens the buckets. It is called only for a place that lies in one, so
// that files can be read without credentials.
type S3 func(context.Context) (*bucket.Bucket, error)

// Opened is a bucket that is open already.
func Opened(b *bucket.Bucket) S3 {
	return func(context.Context) (*bucket.Bucket, error) { return b, nil }
}

// maxPlace bounds what lies in a place, in bytes.
const maxPlace = 8 << 20

// file is one of a place, named as it can be opened.
type file struct {
	Name string
	Text []byte
}

// files reads a place: the file or object that it names, or of a folder
// or prefix those whose names belong, in the order of their names. There is at
// least one.
func files(ctx context.Context, place string, open S3, belongs func(name string) bool) ([]file, error) {
	names, read := []string{place}, readFile
	if address, ok := strings.CutPrefix(place, "s3://"); ok {
		name, key, _ := strings.Cut(address, "/")
		if name == "" {
			return nil, fmt.Errorf("%q is not s3://bucket/key or s3://bucket/prefix/", place)
		}
		b, err := open(ctx)
		if err != nil {
			return nil, err
		}
		if key == "" || strings.HasSuffix(key, "/") {
			if names, err = below(ctx, b, name, key, belongs); err != nil {
				return nil, err
			}
		}
		read = func(address string) ([]byte, error) {
			return b.Small(ctx, name, strings.TrimPrefix(address, "s3://"+name+"/"), maxPlace)
		}
	} else if info, err := os.Stat(place); err != nil {
		return nil, err
	} else if info.IsDir() {
		if names, err = within(place, belongs); err != nil {
			return nil, err
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("there is none in %s", place)
	}
	slices.Sort(names)
	var all []file
	size := 0
	for _, name := range names {
		text, err := read(name)
		if err != nil {
			return nil, err
		}
		if size += len(text); size > maxPlace {
			return nil, fmt.Errorf("%s holds more than %d MiB", place, maxPlace>>20)
		}
		all = append(all, file{name, text})
	}
	return all, nil
}

// readFile reads a file, and no more of it than a place may hold and a byte.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, fmt.Errorf("%s is no file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxPlace+1))
}

// below lists the addresses of the objects of a prefix that belong.
func below(ctx context.Context, b *bucket.Bucket, name, prefix string, belongs func(string) bool) ([]string, error) {
	keys, err := b.Keys(ctx, name, prefix)
	if err != nil {
		return nil, err
	}
	if len(keys) == bucket.MaxKeys { // there may be more, and half a pack is none
		return nil, fmt.Errorf("s3://%s/%s holds %d objects or more", name, prefix, bucket.MaxKeys)
	}
	var addresses []string
	for _, key := range keys {
		if belongs(key) {
			addresses = append(addresses, "s3://"+name+"/"+key)
		}
	}
	return addresses, nil
}

// within lists the files of a folder, and of those in it, that belong.
func within(folder string, belongs func(string) bool) ([]string, error) {
	var names []string
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && belongs(name) {
			names = append(names, name)
		}
		return err
	})
	return names, err
}
