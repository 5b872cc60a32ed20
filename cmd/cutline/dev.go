package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/fsnotify/fsnotify"
	"golang.org/x/sync/errgroup"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/demo"
	"cutline/internal/desk"
	"cutline/internal/local"
	"cutline/internal/start"
	"cutline/internal/telemetry"
)

// DevCmd runs everything on this machine.
type DevCmd struct {
	packs
	trust
	Demo     bool   `help:"Upload demo pictures, drawn by a program."`
	Data     string `default:"cutline-data" type:"path" help:"Folder for pictures and reports."`
	Watch    string `type:"existingdir" placeholder:"DIR" help:"Upload the pictures that are put into this folder."`
	Desk     string `default:"127.0.0.1:8300" placeholder:"ADDR" help:"Address of the desk (${default})."`
	S3       string `name:"s3" default:"127.0.0.1:8301" placeholder:"ADDR" help:"Address of S3 (${default})."`
	DynamoDB string `name:"dynamodb" default:"127.0.0.1:8302" placeholder:"ADDR|URL" help:"Address of DynamoDB (${default}), or the URL of one that runs already."`
	AlsoOn   string `placeholder:"IP" help:"Further address that S3 and DynamoDB listen on: 172.17.0.1 is where Docker's containers reach this machine."`

	Webhook string `placeholder:"URL" help:"Post a signed notice here when a picture failed or was decided about; http:// on this machine only. CUTLINE_WEBHOOK_SECRET holds the secret; without it one is made."`
	Reviews bool   `help:"Notices of pictures to look at, too."`
}

func (cmd DevCmd) Run(ctx context.Context, std streams) error {
	start.Over()
	checker, err := cmd.checker(ctx)
	if err != nil {
		return err
	}
	if checker.Trust, err = cmd.trust.load(ctx); err != nil {
		return err
	}
	watch := cmd.Watch
	if watch != "" { // versitygw changes the working directory
		if watch, err = filepath.Abs(watch); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", cmd.Desk)
	if err != nil {
		return fmt.Errorf("desk: %w", err)
	}
	defer listener.Close()
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	notifier, secret, err := cmd.notifier(listener.Addr(), log)
	if err != nil {
		return err
	}
	traces, err := telemetry.NewTraces(ctx, "check", cutlineVersion(), log)
	if err != nil {
		return err
	}
	stack, err := local.Start(ctx, local.Config{Data: cmd.Data, S3: cmd.S3, DynamoDB: cmd.DynamoDB, AlsoOn: cmd.AlsoOn, Stream: cmd.Webhook != ""})
	if err != nil {
		return err
	}
	pictures := bucket.New(stack.S3)
	guard, err := cmd.guard(ctx, listener.Addr(), stack.Store, log)
	if err != nil {
		return errors.Join(err, stack.Close())
	}
	pages, err := desk.New(desk.Config{
		Store: stack.Store, Bucket: pictures, Checker: checker, Log: log, Uploads: local.Bucket, Pictures: stack.S3URL, Guard: guard,
		DeadLetters: func() []desk.DeadLetter {
			var list []desk.DeadLetter
			for _, d := range stack.DeadLetters() {
				list = append(list, desk.DeadLetter{Message: d.Body, Error: d.Error, At: d.At})
			}
			return list
		},
	})
	if err != nil {
		return errors.Join(err, stack.Close())
	}
	uploads := &check.Uploads{Checker: checker, Bucket: pictures, Store: stack.Store, Log: log}

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return stack.Deliver(ctx, telemetry.Traced(traces, "check", uploads.Handle)) })
	if notifier != nil {
		group.Go(func() error { stack.Notify(ctx, notifier.Handle); return nil })
	}
	server := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second}
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		return server.Shutdown(last)
	})
	if watch != "" {
		group.Go(func() error { return watchFolder(ctx, watch, stack.S3, log) })
	}
	if cmd.Demo {
		if err := uploadDemo(ctx, stack); err != nil {
			log.Error("demo pictures", "error", err)
		}
	}
	cmd.tell(std.out, stack, listener.Addr().String(), guard.SignsIn(), watch)
	if notifier != nil {
		fmt.Fprintf(std.out, "Notices go to %s, signed with %s\n", cmd.Webhook, secret)
	}
	fmt.Fprintln(std.out, "Stop with Ctrl-C.")
	err = group.Wait()
	return errors.Join(err, stack.Close())
}

func (cmd DevCmd) tell(w io.Writer, s *local.Stack, deskAddr string, signsIn bool, watch string) {
	who := "no sign-in: everybody on this machine may do everything"
	if signsIn {
		who = "sign-in with an OpenID provider"
	}
	fmt.Fprintf(w, `Cutline is running on this machine. Anybody who can reach S3 and DynamoDB may use them.
  desk      http://%[1]s/ (%[9]s)
  S3        %[2]s, bucket %[3]s
  DynamoDB  %[4]s, table %[5]s

Upload a picture of your own:
  in the page   http://%[1]s/upload
  with aws      AWS_ACCESS_KEY_ID=%[6]s AWS_SECRET_ACCESS_KEY=%[7]s AWS_REGION=%[8]s \
                aws --endpoint-url %[2]s s3 cp picture.jpg s3://%[3]s/
`, deskAddr, s.S3URL, local.Bucket, s.DynamoDBURL, local.Table, local.AccessKey, local.SecretKey, local.Region, who)
	if watch != "" {
		fmt.Fprintf(w, "  in a folder   put it into %s\n", watch)
	} else {
		fmt.Fprintln(w, "  in a folder   start with --watch DIR and put it there")
	}
}

// uploadDemo uploads the demo pictures that are not there. The one that shows
// another again comes when the other's report is complete, as it would.
func uploadDemo(ctx context.Context, stack *local.Stack) error {
	pictures, err := demo.Pictures()
	if err != nil {
		return err
	}
	client := stack.S3
	for _, p := range pictures {
		key := "demo/" + p.Name
		if _, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(local.Bucket), Key: &key}); err == nil {
			continue
		}
		for n := 0; p.Again != "" && n < 250 && ctx.Err() == nil; n++ {
			if rec, err := stack.Store.Get(ctx, local.Bucket, "demo/"+p.Again); err == nil && !rec.Pending() {
				break
			}
			time.Sleep(20 * time.Millisecond) // between two looks
		}
		if err := upload(ctx, client, key, p.JPEG); err != nil {
			return err
		}
	}
	return nil
}

func upload(ctx context.Context, client *s3.Client, key string, picture []byte) error {
	_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(picture)})
	return err
}

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
	_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: f})
	return err
}
