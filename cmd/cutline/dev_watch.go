package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/fsnotify/fsnotify"

	"cutline/internal/local"
)

// settled is how long a file must stay as it is before it is taken: programs
// write large pictures in several steps.
const settled = 300 * time.Millisecond

// watchFolder uploads each picture that comes into the folder.
func watchFolder(ctx context.Context, dir string, client *s3.Client, log *slog.Logger) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	if err := watcher.Add(dir); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	changed := map[string]time.Time{}
	tick := time.NewTicker(settled / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, open := <-watcher.Events:
			if !open {
				return nil
			}
			if e.Op.Has(fsnotify.Create) || e.Op.Has(fsnotify.Write) {
				changed[e.Name] = time.Now()
			}
		case err := <-watcher.Errors:
			log.Error("watch", "folder", dir, "error", err)
		case <-tick.C:
			for name, at := range changed {
				if time.Since(at) < settled {
					continue
				}
				delete(changed, name)
				base := filepath.Base(name)
				info, err := os.Stat(name)
				if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(base, ".") {
					continue
				}
				if err := uploadFile(ctx, client, base, name); err != nil {
					log.Error("upload", "file", base, "error", err)
				}
			}
		}
	}
}

func uploadFile(ctx context.Context, client *s3.Client, key, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return upload(ctx, client, key, f)
}

func upload(ctx context.Context, client *s3.Client, key string, picture io.ReadSeeker) error {
	_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: picture})
	return err
}
