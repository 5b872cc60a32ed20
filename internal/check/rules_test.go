package check_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"cutline/internal/check"
)

// A pack that does not load leaves the last good one in use, and tells.
func TestDeployedRules(t *testing.T) {
	b := newBench(t)
	put := func(text string) {
		b.s3.mu.Lock()
		defer b.s3.mu.Unlock()
		b.s3.bodies["packs/desk.yaml"] = []byte(text)
	}
	var log bytes.Buffer
	load := func() (digest string, said string, err error) {
		log.Reset()
		r, err := check.DeployedRules(t.Context(), "s3://photos/packs/desk.yaml", check.Opened(b.Bucket), b.Store, slog.New(slog.NewJSONHandler(&log, nil)))
		if err != nil {
			return "", log.String(), err
		}
		return r.Digest(), log.String(), nil
	}
	put("findings: {access.missing: {severity: severe}}")
	if _, _, err := load(); err == nil || !strings.Contains(err.Error(), `packs/desk.yaml:1:39: no severity "severe"`) {
		t.Fatalf("a first pack that is broken: %v", err)
	}
	put("name: good\nfindings: {access.missing: {severity: review}}")
	good, said, err := load()
	if err != nil || said != "" {
		t.Fatalf("a good pack: %v, %s", err, said)
	}
	put("name: bad\nfindings: {access.missing: {severity: severe}}")
	kept, said, err := load()
	if err != nil || kept != good {
		t.Errorf("a bad pack after a good one: %s, want %s (%v)", kept, good, err)
	}
	if !strings.Contains(said, `"msg":"rule pack refused"`) || !strings.Contains(said, "desk.yaml:2:39") || check.PackRefused != "rule pack refused" {
		t.Errorf("the log does not tell: %s", said)
	}
	b.s3.mu.Lock()
	delete(b.s3.bodies, "packs/desk.yaml")
	b.s3.mu.Unlock()
	if kept, said, err := load(); err != nil || kept != good || !strings.Contains(said, "desk.yaml") {
		t.Errorf("no pack after a good one: %s (%v), %s", kept, err, said)
	}
	put("name: better\n")
	if better, said, err := load(); err != nil || said != "" || better == good {
		t.Errorf("a good pack again: %v, %s", err, said)
	}
}
