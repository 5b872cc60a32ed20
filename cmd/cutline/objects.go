package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/report"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// findObjects lists the pictures of s3://bucket/key, or all below
// s3://bucket/prefix/. Region, credentials and endpoint come from where the
// aws command line takes them.
func findObjects(ctx context.Context, address string) ([]picture, error) {
	name, key, _ := strings.Cut(strings.TrimPrefix(address, "s3://"), "/")
	if name == "" {
		return nil, fmt.Errorf("%s names no bucket", address)
	}
	loaded, err := awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	client := bucket.NewClient(loaded)
	if key != "" && !strings.HasSuffix(key, "/") {
		base := strings.TrimSuffix(key, path.Ext(key)) + "."
		near, err := bucket.New(client).Keys(ctx, name, base)
		if err != nil {
			return nil, fmt.Errorf("look for a sidecar of %s: %w", address, err)
		}
		return []picture{object(client, name, key, besideOf(key, near))}, nil
	}
	var keys, sidecars []string
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &name, Prefix: &key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", address, err)
		}
		for _, o := range page.Contents {
			switch key := aws.ToString(o.Key); {
			case check.IsSidecar(key):
				sidecars = append(sidecars, key)
			case slices.Contains(pictureExtensions, strings.ToLower(path.Ext(key))):
				keys = append(keys, key)
			}
		}
	}
	var pictures []picture
	for _, key := range keys {
		pictures = append(pictures, object(client, name, key, besideOf(key, sidecars)))
	}
	return pictures, nil
}

// besideOf returns the key of a picture's sidecar among the keys, in the order
// of names; "" when it has none.
func besideOf(key string, keys []string) string {
	for _, name := range check.SidecarsOf(key) {
		for _, k := range keys {
			if strings.EqualFold(k, name) {
				return k
			}
		}
	}
	return ""
}

func object(client *s3.Client, name, key, sidecar string) picture {
	address := "s3://" + name + "/" + key
	return picture{name: address, check: func(ctx context.Context, c *check.Checker) (report.Report, error) {
		o, err := bucket.New(client).Open(ctx, bucket.Event{Kind: bucket.Created, Bucket: name, Key: key})
		if errors.Is(err, bucket.ErrGone) {
			return report.Report{}, fmt.Errorf("%s is not there", address)
		}
		if err != nil {
			return report.Report{}, err
		}
		var beside []byte
		if sidecar != "" {
			if beside, err = bucket.New(client).Small(ctx, name, sidecar, check.MaxSidecar); err != nil {
				return report.Report{}, err
			}
		}
		rep, err := c.PictureBeside(o, o.Size(), key, beside)
		if err != nil {
			return report.Report{}, err
		}
		rep.Photo.Bucket, rep.Photo.Key, rep.Photo.VersionID, rep.Photo.ETag = name, key, o.VersionID, o.ETag
		rep.Photo.Sidecar = sidecar
		return rep, nil
	}}
}
