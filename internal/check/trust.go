package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"cutline/internal/bucket"
	"cutline/internal/credential"
)

// maxTrust bounds a trust list in S3, in bytes.
const maxTrust = 4 << 20

// LoadTrust reads the certificates of those whose content credentials are
// trusted: a PEM file, a folder of them, s3://bucket/key, or all below
// s3://bucket/prefix/. The bucket is opened only for the latter two. An empty
// place is a list of nobody, nil.
func LoadTrust(ctx context.Context, place string, open func(context.Context) (*bucket.Bucket, error)) (*credential.TrustList, error) {
	if place == "" {
		return nil, nil
	}
	if address, ok := strings.CutPrefix(place, "s3://"); ok {
		b, err := open(ctx)
		if err != nil {
			return nil, err
		}
		name, key, _ := strings.Cut(address, "/")
		return trustObjects(ctx, b, name, key)
	}
	info, err := os.Stat(place)
	if err != nil {
		return nil, fmt.Errorf("trust list: %w", err)
	}
	if info.IsDir() {
		return credential.LoadTrustList(os.DirFS(place))
	}
	data, err := os.ReadFile(place)
	if err != nil {
		return nil, fmt.Errorf("trust list: %w", err)
	}
	list, err := credential.ParseTrustList(data)
	if err != nil {
		return nil, fmt.Errorf("trust list %s: %w", place, err)
	}
	return list, nil
}

func trustObjects(ctx context.Context, b *bucket.Bucket, name, key string) (*credential.TrustList, error) {
	keys := []string{key}
	if key == "" || strings.HasSuffix(key, "/") {
		var err error
		if keys, err = b.Keys(ctx, name, key); err != nil {
			return nil, fmt.Errorf("trust list: %w", err)
		}
	}
	var all bytes.Buffer
	for _, k := range keys {
		if len(keys) > 1 && !credential.TrustListFile(k) {
			continue
		}
		data, err := b.Small(ctx, name, k, maxTrust)
		if err != nil {
			return nil, fmt.Errorf("trust list: %w", err)
		}
		if all.Len()+len(data) > maxTrust {
			return nil, errors.New("trust list: it is larger than 4 MiB")
		}
		all.Write(data)
		all.WriteByte('\n')
	}
	list, err := credential.ParseTrustList(all.Bytes())
	if err != nil {
		return nil, fmt.Errorf("trust list s3://%s/%s: %w", name, key, err)
	}
	return list, nil
}
