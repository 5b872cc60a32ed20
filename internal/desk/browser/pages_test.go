package browser_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/chromedp/chromedp"

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
	var axe string
	if name := os.Getenv("CUTLINE_AXE"); name != "" {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		axe = string(source)
	} else {
		t.Log("without axe-core: CUTLINE_AXE names no file")
	}
	p := tab(t)
	for name, path := range pages {
		for _, width := range []int64{1440, 390} {
			for _, scheme := range []string{"light", "dark"} {
				p.look(scheme, width, 900)
				p.visit(s.url + path)
				p.wait("[...document.images].every(i => i.complete || i.loading == 'lazy')")
				if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
					t.Errorf("%s is %d pixels wide in a window of %d", name, wide, width)
				}
				if axe != "" {
					for _, v := range violations(p, axe) {
						t.Errorf("%s, %s, %d wide: %s", name, scheme, width, v)
					}
				}
				p.shoot(fmt.Sprintf("%s-%d-%s", name, width, scheme))
			}
		}
	}
}

// The dialogs, too.
func TestDialogs(t *testing.T) {
	name := os.Getenv("CUTLINE_AXE")
	if name == "" {
		t.Skip("CUTLINE_AXE names no file")
	}
	axe, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t)
	s.upload(t, "a.jpg", demoPictures(t)["kcna-factory-no-disclaimer.jpg"])
	p := tab(t)
	for _, scheme := range []string{"light", "dark"} {
		for _, keys := range []string{"?", "ja", "jn"} {
			p.look(scheme, 390, 900)
			p.visit(s.url)
			p.keys(keys)
			p.wait("document.querySelector('dialog[open]')")
			for _, v := range violations(p, string(axe)) {
				t.Errorf("%s, %s: %s", keys, scheme, v)
			}
			p.shoot("dialog-" + strings.Trim(keys, "j?") + "-" + scheme)
		}
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

// violations runs axe-core in the page.
func violations(p *page, axe string) []string {
	p.t.Helper()
	return eval[[]string](p, axe+`;axe.run(document, {resultTypes: ["violations"]}).then(r =>
		r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary)))`)
}

// shoot keeps a picture of the whole page.
func (p *page) shoot(name string) {
	p.t.Helper()
	dir := os.Getenv("CUTLINE_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
