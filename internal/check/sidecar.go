package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"cutline/internal/bucket"
	"cutline/internal/store"
)

// A sidecar is an XMP document in an object of its own, "picture.jpg.xmp" or
// "picture.xmp". It has no report: it is part of the report of its picture.
//
// Picture and sidecar come in any order, and S3 is not asked for something
// that is not there. So the store keeps that a sidecar came, under the name
// without extensions; a picture's check reads that item once before and once
// after, and a sidecar's event checks its picture again, if there is one.

// MaxSidecar bounds a sidecar, in bytes.
const MaxSidecar = 4 << 20

// pictureExtensions are those that a sidecar's name may have lost.
var pictureExtensions = []string{".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".png", ".webp", ".heic", ".heif", ".avif"}

// IsSidecar says whether an object or file of that name is a sidecar.
func IsSidecar(key string) bool { return strings.EqualFold(path.Ext(key), ".xmp") }

// withoutExtension is what a picture and its sidecars have in common.
func withoutExtension(key string) string {
	if IsSidecar(key) {
		key = strings.TrimSuffix(key, path.Ext(key))
	}
	if ext := path.Ext(key); slices.Contains(pictureExtensions, strings.ToLower(ext)) {
		key = strings.TrimSuffix(key, ext)
	}
	return key
}

// SidecarsOf returns the names that a picture's sidecar may have, the one that
// only this picture can have first.
func SidecarsOf(key string) []string {
	return []string{key + ".xmp", withoutExtension(key) + ".xmp"}
}

// picturesOf returns the keys that a sidecar's picture may have.
func picturesOf(key string) []string {
	base := strings.TrimSuffix(key, path.Ext(key))
	if withoutExtension(base) != base {
		return []string{base}
	}
	var keys []string
	for _, ext := range pictureExtensions {
		keys = append(keys, base+ext, base+strings.ToUpper(ext))
	}
	return keys
}

// sidecar takes the event of a sidecar: it checks the pictures again that it
// lies beside.
func (u *Uploads) sidecar(ctx context.Context, e bucket.Event) error {
	err := u.Store.Beside(ctx, e.Bucket, withoutExtension(e.Key), store.Sidecar{Key: e.Key, ETag: e.ETag})
	if err != nil {
		return err
	}
	for _, key := range picturesOf(e.Key) {
		rec, err := u.Store.Get(ctx, e.Bucket, key)
		switch {
		case errors.Is(err, store.ErrNotFound):
			continue
		case err != nil:
			return err
		case rec.Deleted:
			continue
		}
		p := rec.Photo
		again := bucket.Event{Kind: bucket.Created, Bucket: e.Bucket, Key: key, VersionID: p.VersionID, ETag: p.ETag, Size: p.Size, Sequencer: p.Sequencer, Time: e.Time}
		if err := u.picture(ctx, again, rec.CheckedAt); err != nil {
			return err
		}
	}
	return nil
}

// document is a sidecar that was read.
type document struct {
	key  string
	text []byte
}

// readBeside reads the sidecar of a picture among those that came.
func (u *Uploads) readBeside(ctx context.Context, key, inBucket string, came []store.Sidecar) (document, error) {
	for _, name := range SidecarsOf(key) {
		for _, s := range came {
			if !strings.EqualFold(s.Key, name) {
				continue
			}
			text, err := u.read(ctx, bucket.Event{Kind: bucket.Created, Bucket: inBucket, Key: s.Key})
			if gone(err) {
				continue
			}
			if err != nil {
				return document{}, fmt.Errorf("sidecar of s3://%s/%s: %w", inBucket, key, err)
			}
			return document{s.Key, text}, nil
		}
	}
	return document{}, nil
}

// read reads a small object; what is longer than a sidecar may be is left out.
func (u *Uploads) read(ctx context.Context, e bucket.Event) ([]byte, error) {
	o, err := u.Bucket.Open(ctx, e)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(o, 0, min(o.Size(), MaxSidecar)))
}
