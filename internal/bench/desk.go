package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"golang.org/x/sync/errgroup"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/desk"
	"cutline/internal/local"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/signin"
)

// deskList measures the first page of a large desk.
func deskList(b *bench) ([]row, error) {
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	s, err := b.stack()
	if err != nil {
		return nil, err
	}
	checker := &check.Checker{Rules: house}
	quiet := slog.New(slog.DiscardHandler)
	pages, err := desk.New(desk.Config{Store: s.Store, Bucket: bucket.New(s.S3), Checker: checker, Guard: signin.Open("an editor", s.Store, quiet),
		Log: quiet, Uploads: local.Bucket, Pictures: s.S3URL})
	if err != nil {
		return nil, err
	}
	rep := checker.Caption([]photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: caption}})
	began := time.Now().Add(-time.Duration(b.reports) * time.Second)
	var group errgroup.Group
	group.SetLimit(8)
	for n := range b.reports {
		one := rep
		one.Photo = &report.Photo{Bucket: local.Bucket, Key: fmt.Sprintf("desk/%06d.jpg", n), Sequencer: fmt.Sprintf("%08x", n+1), Format: "jpeg", Width: 4000, Height: 3000, Size: 5 << 20}
		one.CheckedAt = began.Add(time.Duration(n) * time.Second)
		group.Go(func() error {
			_, err := s.Store.Put(context.Background(), one)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	m, err := sideBySide(51, timed(func() error {
		w := httptest.NewRecorder()
		if pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/", nil)); w.Code != http.StatusOK {
			return fmt.Errorf("the desk's list: %d", w.Code)
		}
		return nil
	}), nil)
	return []row{{what: fmt.Sprintf("desk, first page of %d reports", b.reports), ours: short(m.ours), goal: "20ms", met: met(m.ours < 20*time.Millisecond)}}, err
}
