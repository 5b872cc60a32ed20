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
	"github.com/aws/aws-sdk-go-v2/config"
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
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	client := bucket.NewClient(loaded)
	if key != "" && !strings.HasSuffix(key, "/") {
		return []picture{object(client, name, key)}, nil
	}
	var pictures []picture
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &name, Prefix: &key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", address, err)
		}
		for _, o := range page.Contents {
			if slices.Contains(pictureExtensions, strings.ToLower(path.Ext(aws.ToString(o.Key)))) {
				pictures = append(pictures, object(client, name, *o.Key))
			}
		}
	}
	return pictures, nil
}

func object(client *s3.Client, name, key string) picture {
	address := "s3://" + name + "/" + key
	return picture{name: address, check: func(ctx context.Context, c *check.Checker) (report.Report, error) {
		o, err := bucket.New(client).Open(ctx, bucket.Event{Kind: bucket.Created, Bucket: name, Key: key})
		if errors.Is(err, bucket.ErrGone) {
			return report.Report{}, fmt.Errorf("%s is not there", address)
		}
		if err != nil {
			return report.Report{}, err
		}
		rep, err := c.Picture(o, o.Size(), key)
		if err != nil {
			return report.Report{}, err
		}
		rep.Photo.Bucket, rep.Photo.Key, rep.Photo.VersionID, rep.Photo.ETag = name, key, o.VersionID, o.ETag
		return rep, nil
	}}
}
