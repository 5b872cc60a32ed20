package store_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cutline/internal/store"
)

// When an answer comes before net/http has looked whether anything follows the
// body that it sent, that finds the end and no failure, which would close the
// connection under the answer.
func TestAnswerThatComesEarly(t *testing.T) {
	var sent io.ReadCloser
	client := store.NewClient(aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), BaseEndpoint: aws.String("http://table"),
		HTTPClient: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			sent = r.Body
			if _, err := io.CopyN(io.Discard, sent, r.ContentLength); err != nil {
				return nil, err
			}
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}"))}, nil
		})},
	})
	if _, err := store.New(client, "reports").Versions(t.Context(), "photos", "a.jpg"); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, sent); n != 0 || err != nil {
		t.Errorf("after the answer the body has %d bytes more, %v", n, err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }
