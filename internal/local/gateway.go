package local

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3response"
)

// gateway is S3 over a folder. It raises events of the same form as S3's
// where an object comes or goes, since versitygw's own differ from them.
type gateway struct {
	backend.Backend
	raise      func(events.S3EventRecord)
	attributes meta.MetadataStorer

	// Events of one key are numbered in the order of its versions, and nobody
	// reads or tags a version while the next one takes its place, which moves it.
	locks [64]sync.RWMutex
	seed  maphash.Seed
	last  atomic.Int64
}

// newGateway opens the folder, which it makes if it is not there. Only one
// can be open in a process: versitygw changes the working directory.
func newGateway(dir string, raise func(events.S3EventRecord)) (*gateway, error) {
	data, versions, side := filepath.Join(dir, "objects"), filepath.Join(dir, "versions"), filepath.Join(dir, "attributes")
	for _, d := range []string{data, versions, side} {
		if err := os.MkdirAll(d, 0o750); err != nil {
			return nil, err
		}
	}
	attributes, err := meta.NewSideCar(side)
	if err != nil {
		return nil, fmt.Errorf("S3 over %s: %w", dir, err)
	}
	under, err := posix.New(data, attributes, posix.PosixOpts{VersioningDir: versions, SideCarDir: side, CopyObjectThreshold: 5 << 30})
	if err != nil {
		return nil, fmt.Errorf("S3 over %s: %w", dir, err)
	}
	return &gateway{Backend: under, raise: raise, attributes: attributes, seed: maphash.MakeSeed()}, nil
}

// serve answers at the addresses until the context ends.
func (g *gateway) serve(ctx context.Context, addrs []string) error {
	return embedgw.RunVersityGW(ctx, g, &embedgw.Config{
		RootUserAccess: AccessKey, RootUserSecret: SecretKey, Region: Region, Ports: addrs,
		MaxConnections: 1000, MaxRequests: 500, MultipartMaxParts: 10000, Quiet: true, KeepAlive: true, HealthPath: "/healthz",
		CORSAllowOrigin: "*",
	})
}

func (g *gateway) lock(bucket, key string) *sync.RWMutex {
	return &g.locks[maphash.String(g.seed, bucket+"/"+key)%uint64(len(g.locks))]
}

// sequencer grows with every call, also over restarts.
func (g *gateway) sequencer() string {
	for {
		last := g.last.Load()
		next := max(last+1, time.Now().UnixNano())
		if g.last.CompareAndSwap(last, next) {
			return fmt.Sprintf("%016X", next)
		}
	}
}

// event makes S3's record of what happened to an object. Keys are escaped as
// in a query, as S3 does.
func (g *gateway) event(name, bucket, key, version, etag string, size int64) events.S3EventRecord {
	return events.S3EventRecord{
		EventVersion: "2.1", EventSource: "aws:s3", AWSRegion: Region, EventTime: time.Now().UTC(), EventName: name,
		S3: events.S3Entity{
			SchemaVersion: "1.0", ConfigurationID: "cutline",
			Bucket: events.S3Bucket{Name: bucket, Arn: "arn:aws:s3:::" + bucket},
			Object: events.S3Object{
				Key: url.QueryEscape(key), Size: size, VersionID: version, ETag: strings.Trim(etag, `"`), Sequencer: g.sequencer(),
			},
		},
	}
}

// renew takes from a version just written what versitygw 1.8.0 leaves of the
// one before, where attributes lie beside the files: that it is a delete
// marker, and its tags.
func (g *gateway) renew(bucket, key string, tagged bool) error {
	stale := []string{"delete-marker"}
	if !tagged {
		stale = append(stale, "X-Amz-Tagging")
	}
	for _, name := range stale {
		if err := g.attributes.DeleteAttribute(bucket, key, name); err != nil && !errors.Is(err, meta.ErrNoSuchKey) {
			return fmt.Errorf("renew the attributes of %s/%s: %w", bucket, key, err)
		}
	}
	return nil
}

func (g *gateway) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	lock := g.lock(aws.ToString(in.Bucket), aws.ToString(in.Key))
	lock.Lock()
	defer lock.Unlock()
	out, err := g.Backend.PutObject(ctx, in)
	if err == nil {
		err = g.renew(aws.ToString(in.Bucket), aws.ToString(in.Key), aws.ToString(in.Tagging) != "")
	}
	if err == nil {
		g.raise(g.event("ObjectCreated:Put", aws.ToString(in.Bucket), aws.ToString(in.Key), out.VersionID, out.ETag, aws.ToInt64(in.ContentLength)))
	}
	return out, err
}

func (g *gateway) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	lock := g.lock(aws.ToString(in.Bucket), aws.ToString(in.Key))
	lock.Lock()
	defer lock.Unlock()
	out, version, err := g.Backend.CompleteMultipartUpload(ctx, in)
	if err == nil {
		err = g.renew(aws.ToString(in.Bucket), aws.ToString(in.Key), true)
	}
	if err == nil {
		g.raise(g.event("ObjectCreated:CompleteMultipartUpload", aws.ToString(in.Bucket), aws.ToString(in.Key), version, aws.ToString(out.ETag), 0))
	}
	return out, version, err
}

func (g *gateway) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	lock := g.lock(aws.ToString(in.Bucket), aws.ToString(in.Key))
	lock.Lock()
	defer lock.Unlock()
	out, err := g.Backend.CopyObject(ctx, in)
	if err == nil {
		err = g.renew(aws.ToString(in.Bucket), aws.ToString(in.Key), true)
	}
	if err == nil {
		etag := ""
		if out.CopyObjectResult != nil {
			etag = aws.ToString(out.CopyObjectResult.ETag)
		}
		g.raise(g.event("ObjectCreated:Copy", aws.ToString(in.Bucket), aws.ToString(in.Key), aws.ToString(out.VersionId), etag, 0))
	}
	return out, err
}

func (g *gateway) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	lock := g.lock(aws.ToString(in.Bucket), aws.ToString(in.Key))
	lock.Lock()
	defer lock.Unlock()
	out, err := g.Backend.DeleteObject(ctx, in)
	if err == nil {
		g.removed(aws.ToString(in.Bucket), aws.ToString(in.Key), aws.ToString(in.VersionId))
	}
	return out, err
}

func (g *gateway) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	lock := g.lock(aws.ToString(in.Bucket), aws.ToString(in.Key))
	lock.RLock()
	defer lock.RUnlock()
	return g.Backend.GetObject(ctx, in) // opens the file, which may then be moved
}

func (g *gateway) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	lock := g.lock(aws.ToString(in.Bucket), aws.ToString(in.Key))
	lock.RLock()
	defer lock.RUnlock()
	return g.Backend.HeadObject(ctx, in)
}

func (g *gateway) GetObjectTagging(ctx context.Context, bucket, key, version string) (map[string]string, error) {
	lock := g.lock(bucket, key)
	lock.RLock()
	defer lock.RUnlock()
	return g.Backend.GetObjectTagging(ctx, bucket, key, version)
}

func (g *gateway) PutObjectTagging(ctx context.Context, bucket, key, version string, tags map[string]string) error {
	lock := g.lock(bucket, key)
	lock.Lock()
	defer lock.Unlock()
	return g.Backend.PutObjectTagging(ctx, bucket, key, version, tags)
}

func (g *gateway) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	out, err := g.Backend.DeleteObjects(ctx, in)
	for _, d := range out.Deleted {
		g.removed(aws.ToString(in.Bucket), aws.ToString(d.Key), aws.ToString(d.VersionId))
	}
	return out, err
}

func (g *gateway) removed(bucket, key, version string) {
	name := "ObjectRemoved:Delete"
	if version == "" {
		name = "ObjectRemoved:DeleteMarkerCreated"
	}
	g.raise(g.event(name, bucket, key, version, "", 0))
}
