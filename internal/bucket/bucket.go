// Package bucket reads pictures in S3: what an event says of an object, the
// object's bytes over ranged GETs, and the verdict as a tag on it.
//
// It asks for one version of an object and never for "whatever is there now",
// so that a report and a tag always belong to the bytes that were read.
//
// Imports: AWS.
package bucket

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// What may have happened to an object between its event and its reading. No
// retry brings its bytes back.
var (
	ErrGone     = errors.New("the object was deleted after its event")
	ErrReplaced = errors.New("the object was replaced after its event")
)

// Bucket reads and tags the objects of any bucket that its client may read.
type Bucket struct {
	client  *s3.Client
	presign *s3.PresignClient
}

// New returns a Bucket over the client.
func New(client *s3.Client) *Bucket {
	return &Bucket{client: client, presign: s3.NewPresignClient(client)}
}

// NewClient returns an S3 client for the configuration. Where an endpoint is
// set (AWS_ENDPOINT_URL_S3 for one), buckets stand in the path, since their
// names are no hosts there.
func NewClient(config aws.Config) *s3.Client {
	return s3.NewFromConfig(config, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil
		// A part of an object has no checksum to compare it with.
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
}

// Retryable says whether asking again later may help: S3 was busy, slow, or
// out of reach. A refusal is not retryable.
func Retryable(err error) bool {
	return retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}

// asGone turns S3's words for an object that is not there (any more) into
// ErrGone and ErrReplaced.
func asGone(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "NoSuchKey", "NotFound", "NoSuchVersion", "MethodNotAllowed": // the second is HeadObject's, the last a delete marker
		return ErrGone
	case "PreconditionFailed", "ConditionalRequestConflict":
		return ErrReplaced
	}
	return err
}
