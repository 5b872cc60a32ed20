package browser_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/local"
	"cutline/internal/store"
)

// pages are all pages of a desk with the demo pictures, by name.
var pages = map[string]string{
	"queue":         "/",
	"report-state":  "/reports/photos/demo/kcna-factory-no-disclaimer.jpg",
	"report-pass":   "/reports/photos/demo/harbour-own.jpg",
	"report-seen":   "/reports/photos/demo/train-again-no-source.jpg",
	"check":         "/check",
	"upload":        "/upload",
	"overview":      "/overview",
	"rules":         "/rules",
	"rule":          "/rules/verification.missing",
	"tokens":        "/tokens",
	"dead":          "/dead-letters",
	"missing":       "/reports/photos/none.jpg",
	"queue-none":    "/?q=nothing-has-this-word",
	"queue-counts":  "/?counts=1&day=2001-01-01&prefix=demo/",
	"report-signed": "/reports/photos/signed.jpg",
	"report-broken": "/reports/photos/broken.jpg",
	"report-again":  "/reports/photos/demo/market-wrong-weekday.jpg",
	"report-none":   "/reports/photos/empty.txt",
}

// Every page, light and dark, wide and narrow: axe-core finds nothing, and
// nothing is wider than the window.
func TestPages(t *testing.T) {
	s := startDemo(t)
	s.upload(t, "signed.jpg", signed(t, "resigned"))
	s.upload(t, "broken.jpg", signed(t, "caption_changed"))
	s.upload(t, "empty.txt", []byte("This is no picture."))
	s.again(t, "demo/market-wrong-weekday.jpg")
	p := tab(t)
	for name, path := range pages {
		p.visit(s.url + path)
		p.inspect(name, 1440, 390)
	}
}

// The dialogs, too.
func TestDialogs(t *testing.T) {
	s := start(t)
	s.upload(t, "a.jpg", demoPictures(t)["kcna-factory-no-disclaimer.jpg"])
	p := tab(t)
	for _, keys := range []string{"?", "ja", "jn"} {
		p.visit(s.url)
		p.keys(keys)
		p.wait("document.querySelector('dialog[open]')")
		p.inspect("dialog-"+strings.Trim(keys, "j?"), 390)
	}
}

// signed is a picture with content credentials.
func signed(t *testing.T, vector string) []byte {
	t.Helper()
	file, err := os.ReadFile("../../credential/testdata/vectors/" + vector + ".vector")
	if err != nil {
		t.Fatal(err)
	}
	_, picture, _ := bytes.Cut(file, []byte("\n\n"))
	return picture
}

// again decides about a picture, and uploads it anew with a caption in another
// field that says something else.
func (s *stack) again(t *testing.T, key string) {
	t.Helper()
	rec, err := s.store.Get(t.Context(), local.Bucket, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []store.Action{store.Note, store.Hold} {
		rec, err = s.store.Decide(t.Context(), local.Bucket, key, store.Decision{Action: action, By: "Ann Bee", ByID: "1", At: time.Now().UTC(), Reason: "Ask the photographer which day it was."}, rec.Revision)
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := s.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(local.Bucket), Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	picture, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	// The same length, so that nothing else in the file moves.
	s.upload(t, key, bytes.Replace(picture, []byte("Lisbon, Portugal"), []byte("Madrid, Portugal"), 1))
}
