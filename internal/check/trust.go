package check

import (
	"bytes"
	"context"
	"fmt"

	"cutline/internal/credential"
)

// LoadTrust reads the certificates of those whose content credentials are
// trusted, in PEM, from their place. No place, "", is a list of nobody, nil.
func LoadTrust(ctx context.Context, place string, open S3) (*credential.TrustList, error) {
	if place == "" {
		return nil, nil
	}
	found, err := files(ctx, place, open, credential.TrustListFile)
	if err != nil {
		return nil, fmt.Errorf("trust list: %w", err)
	}
	var all bytes.Buffer
	for _, f := range found {
		all.Write(f.Text)
		all.WriteByte('\n')
	}
	list, err := credential.ParseTrustList(all.Bytes())
	if err != nil {
		return nil, fmt.Errorf("trust list %s: %w", place, err)
	}
	return list, nil
}
