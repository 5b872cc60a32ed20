// Package local runs everything on one machine: S3 over a folder, DynamoDB
// with a journal, and the delivery of S3's events to the function, with the
// real SDK's clients between them. Nothing of the product is written twice
// for it.
//
// Imports: bucket, store, AWS.
package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"

	"cutline/internal/bucket"
	"cutline/internal/store"
)

// What the local S3 and DynamoDB are asked with. They are no secrets: the
// servers listen on loopback.
const (
	AccessKey = "cutline"
	SecretKey = "cutline-local"
	Region    = "us-east-1"
	Bucket    = "photos"
	Table     = "cutline-reports"
)

// Config says where the stack keeps its data and listens.
type Config struct {
	Data     string // folder
	S3       string // address
	DynamoDB string // address, or the URL of a server that runs already

	// AlsoOn is a further IP address that both listen on, with the same ports.
	// "" for none.
	AlsoOn string

	// Stream keeps the table's changes from the start on, for Notify.
	Stream bool
}

// Stack is a running S3 and DynamoDB.
type Stack struct {
	S3    *s3.Client
	Store *store.Store

	S3URL       string
	DynamoDBURL string

	gateway  *gateway
	delivery *delivery
	database *Database
	group    *errgroup.Group
	stop     context.CancelFunc
	lock     *flock.Flock // of the data's folder
}

// Start starts the servers and returns when they answer. They run until the
// context ends or Close is called.
func Start(ctx context.Context, c Config) (*Stack, error) {
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(data, 0o750); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(data, "lock"))
	switch alone, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", data, err)
	case !alone:
		return nil, fmt.Errorf("%s is in use: Cutline runs over it already", data)
	}
	ctx, stop := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	s := &Stack{group: group, stop: stop, lock: lock}
	if err := s.start(ctx, c, data); err != nil {
		stop()
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context, c Config, data string) error {
	var err error
	if s.delivery, err = newDelivery(filepath.Join(data, "dead-letters.json")); err != nil {
		return err
	}
	s.DynamoDBURL = c.DynamoDB
	if c.Stream && strings.Contains(c.DynamoDB, "://") {
		return errors.New("the changes of a DynamoDB that runs elsewhere cannot be followed")
	}
	if !strings.Contains(c.DynamoDB, "://") {
		if err := s.serveDatabase(ctx, c.DynamoDB, c.AlsoOn, filepath.Join(data, "reports.journal"), c.Stream); err != nil {
			return err
		}
	}
	if s.gateway, err = newGateway(filepath.Join(data, "s3"), s.delivery.raise); err != nil {
		return err
	}
	addr, err := freeAddress(c.S3)
	if err != nil {
		return fmt.Errorf("S3: %w", err)
	}
	s.S3URL = "http://" + addr
	also, err := samePort(c.AlsoOn, addr)
	if err != nil {
		return fmt.Errorf("S3: %w", err)
	}
	s.group.Go(func() error { return s.gateway.serve(ctx, append([]string{addr}, also...)) })

	config := ClientConfig()
	atS3, atDynamoDB := config.Copy(), config.Copy()
	atS3.BaseEndpoint, atDynamoDB.BaseEndpoint = &s.S3URL, &s.DynamoDBURL
	s.S3 = bucket.NewClient(atS3)
	s.Store = store.New(store.NewClient(atDynamoDB), Table)
	if err := s.makeBucket(ctx); err != nil {
		return err
	}
	return s.Store.CreateTable(ctx)
}

// ClientConfig is what clients of the local servers need beside an address.
func ClientConfig() aws.Config {
	return aws.Config{Region: Region, Credentials: credentials.NewStaticCredentialsProvider(AccessKey, SecretKey, "")}
}

func (s *Stack) serveDatabase(ctx context.Context, addr, alsoOn, journal string, streamed bool) error {
	var err error
	if s.database, err = OpenDatabase(journal); err != nil {
		return err
	}
	if streamed {
		s.database.KeepChanges()
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("DynamoDB: %w", err)
	}
	s.DynamoDBURL = "http://" + listener.Addr().String()
	listeners := []net.Listener{listener}
	also, err := samePort(alsoOn, listener.Addr().String())
	if err != nil {
		return fmt.Errorf("DynamoDB: %w", errors.Join(err, listener.Close()))
	}
	for _, addr := range also {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return fmt.Errorf("DynamoDB: %w", errors.Join(err, listener.Close()))
		}
		listeners = append(listeners, l)
	}
	server := &http.Server{Handler: s.database, ReadHeaderTimeout: 10 * time.Second}
	for _, l := range listeners {
		s.group.Go(func() error {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
	}
	s.group.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := server.Shutdown(last); !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return server.Close() // on those who still ask
	})
	return nil
}

// samePort is the address with the IP and the port of another address, which
// listens already; none when there is no IP. Its error is about the IP.
func samePort(ip, addr string) ([]string, error) {
	if ip == "" {
		return nil, nil
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	// Port 0 asks for the address alone; the port is tried by who listens.
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		return nil, fmt.Errorf("%s is no address of this machine: %w", ip, err)
	}
	return []string{net.JoinHostPort(ip, port)}, l.Close()
}

// freeAddress checks that the address can be listened on, and chooses a port
// for port 0, since versitygw does neither.
func freeAddress(addr string) (string, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// makeBucket waits for S3 to answer, and makes the bucket with versions.
func (s *Stack) makeBucket(ctx context.Context) error {
	var err error
	for range 200 {
		_, err = s.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(Bucket)})
		var owned *types.BucketAlreadyOwnedByYou
		var exists *types.BucketAlreadyExists
		if err == nil || errors.As(err, &owned) || errors.As(err, &exists) {
			_, err = s.S3.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
				Bucket:                  aws.String(Bucket),
				VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
			})
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return fmt.Errorf("S3 at %s: %w", s.S3URL, err)
}

// Deliver hands S3's events to the function, those of objects that came while
// nothing listened first, until the context ends.
func (s *Stack) Deliver(ctx context.Context, handle Handler) error {
	s.delivery.handle = handle
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	s.delivery.run(ctx, 4)
	return nil
}

// catchUp raises events for the objects whose latest version has no report.
func (s *Stack) catchUp(ctx context.Context) error {
	buckets, err := s.S3.ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		return fmt.Errorf("look for new objects: %w", err)
	}
	for _, b := range buckets.Buckets {
		pages := s3.NewListObjectVersionsPaginator(s.S3, &s3.ListObjectVersionsInput{Bucket: b.Name})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return fmt.Errorf("look for new objects in %s: %w", aws.ToString(b.Name), err)
			}
			for _, v := range page.Versions {
				if !aws.ToBool(v.IsLatest) {
					continue
				}
				known, err := s.Store.Get(ctx, *b.Name, *v.Key)
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
				if err == nil && known.Photo != nil && known.Photo.VersionID == aws.ToString(v.VersionId) && !known.Deleted && !known.Pending() {
					continue
				}
				s.delivery.raise(s.gateway.event("ObjectCreated:Put", *b.Name, *v.Key, aws.ToString(v.VersionId), aws.ToString(v.ETag), aws.ToInt64(v.Size)))
			}
		}
	}
	return nil
}

// Notify hands the changes of the table to the function, until the context
// ends. The stack must have been started with Stream.
func (s *Stack) Notify(ctx context.Context, handle StreamHandler) {
	s.database.stream.run(ctx, handle)
}

// Idle says whether every event so far has been handled.
func (s *Stack) Idle() bool {
	return s.delivery.idle() && (s.database == nil || s.database.stream == nil || s.database.stream.idle())
}

// DeadLetters returns the messages that failed for good.
func (s *Stack) DeadLetters() []DeadLetter { return s.delivery.deadLetters() }

// Close stops the servers, and leaves the folder to others.
func (s *Stack) Close() error {
	s.stop()
	err := s.group.Wait()
	if s.database != nil {
		err = errors.Join(err, s.database.Close())
	}
	return errors.Join(err, s.lock.Close())
}
