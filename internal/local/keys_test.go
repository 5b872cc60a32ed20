package local_test

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/local"
)

// No key leads out of the folder that holds a bucket's objects: nothing beside
// it is written, read or deleted.
func TestKeysStayInTheFolder(t *testing.T) {
	outside := t.TempDir()
	const secret = "nobody's business"
	if err := os.WriteFile(filepath.Join(outside, "secret.txt"), []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	c := start(t, filepath.Join(outside, "data"))
	for _, key := range []string{
		"../../../../secret.txt", "../../../secret.txt", "a/../../../../../secret.txt", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.txt", "..%2f..%2f..%2f..%2fsecret.txt",
		`..\..\..\..\secret.txt`, outside + "/secret.txt", "../../reports.journal", "../other/a.jpg", "..", "../../../../written.txt",
	} {
		out, err := c.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(local.Bucket), Key: &key})
		if err == nil {
			body, err := io.ReadAll(out.Body)
			out.Body.Close()
			if err != nil || strings.Contains(string(body), secret) {
				t.Errorf("%q is read: %q, %v", key, body, err)
			}
		}
		// Whether such a key is refused or taken as a name is the gateway's.
		_, errPut := c.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader([]byte("evil"))})
		_, errDelete := c.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(local.Bucket), Key: &key})
		t.Logf("%q: put %v, deleted %v", key, errPut == nil, errDelete == nil)
	}
	var found []string
	err := filepath.WalkDir(outside, func(path string, d fs.DirEntry, err error) error {
		rest, err2 := filepath.Rel(outside, path)
		if err == nil && err2 == nil && !strings.HasPrefix(rest, "data") && rest != "." {
			found = append(found, rest)
		}
		return err
	})
	kept, err2 := os.ReadFile(filepath.Join(outside, "secret.txt"))
	if err != nil || err2 != nil || string(kept) != secret || len(found) != 1 {
		t.Errorf("beside the folder are %q, the secret is %q; %v, %v", found, kept, err, err2)
	}
	if _, err := c.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(local.Bucket)}); err != nil {
		t.Errorf("the bucket is broken: %v", err)
	}
}
