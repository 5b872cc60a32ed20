package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/desk"
	"cutline/internal/local"
	"cutline/internal/notify"
	"cutline/internal/signin"
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
	Reviews bool   `help:"Send notices of pictures that an editor has to look at, too."`
}

// Run runs it until the context ends.
func (cmd DevCmd) Run(ctx context.Context, std streams) (failed error) {
	start.Over()
	watch := cmd.Watch
	if watch != "" { // the gateway changes the working directory
		var err error
		if watch, err = filepath.Abs(watch); err != nil {
			return err
		}
	}
	if std.out == os.Stdout {
		quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer quiet.Close()
		os.Stdout = quiet // where the gateway prints of its folders, and nobody else
	}
	m, err := cmd.start(ctx, std.err)
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, m.Close()) }()
	group, ctx := errgroup.WithContext(ctx)
	m.serve(ctx, group)
	if watch != "" {
		group.Go(func() error { return watchFolder(ctx, watch, m.stack.S3, m.log) })
	}
	if cmd.Demo {
		if err := uploadDemo(ctx, m.stack); err != nil {
			m.log.Error("demo pictures", "error", err)
		}
	}
	cmd.tell(std.out, m, watch)
	return group.Wait()
}

// oneMachine is what stands in AWS otherwise: the stack, the functions over it,
// and the desk.
type oneMachine struct {
	stack    *local.Stack
	uploads  *check.Uploads
	notifier *notify.Notifier // nil without a webhook
	secret   string           // of the notices, as it is shown
	guard    *signin.Guard
	pages    http.Handler
	listener net.Listener // of the desk
	traces   *telemetry.Traces
	log      *slog.Logger
}

// start makes all of it, and starts the stack. What cannot be is said before
// anything is served.
func (cmd DevCmd) start(ctx context.Context, logged io.Writer) (_ *oneMachine, failed error) {
	m := &oneMachine{log: slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	defer func() {
		if failed != nil {
			failed = errors.Join(failed, m.Close())
		}
	}()
	checker, err := cmd.checker(ctx)
	if err != nil {
		return nil, err
	}
	if checker.Trust, err = cmd.trust.load(ctx); err != nil {
		return nil, err
	}
	if m.listener, err = net.Listen("tcp", cmd.Desk); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	if m.notifier, m.secret, err = cmd.notifier(m.listener.Addr(), m.log); err != nil {
		return nil, err
	}
	if m.traces, err = telemetry.NewTraces(ctx, "check", cutlineVersion(), m.log); err != nil {
		return nil, err
	}
	m.stack, err = local.Start(ctx, local.Config{Data: cmd.Data, S3: cmd.S3, DynamoDB: cmd.DynamoDB, AlsoOn: cmd.AlsoOn, Stream: m.notifier != nil})
	if err != nil {
		return nil, err
	}
	pictures := bucket.New(m.stack.S3)
	m.uploads = &check.Uploads{Checker: checker, Bucket: pictures, Store: m.stack.Store, Log: m.log}
	if m.guard, err = cmd.guard(ctx, m.listener.Addr(), m.stack.Store, m.log); err != nil {
		return nil, err
	}
	m.pages, err = desk.New(desk.Config{
		Store: m.stack.Store, Bucket: pictures, Checker: checker, Log: m.log, Uploads: local.Bucket, Pictures: m.stack.S3URL, Guard: m.guard,
		DeadLetters: m.deadLetters,
	})
	return m, err
}

// serve hands uploads to the function, changes to the notifier, and requests
// to the desk, until the context ends.
func (m *oneMachine) serve(ctx context.Context, group *errgroup.Group) {
	group.Go(func() error { return m.stack.Deliver(ctx, telemetry.Traced(m.traces, "check", m.uploads.Handle)) })
	if m.notifier != nil {
		group.Go(func() error { m.stack.Notify(ctx, m.notifier.Handle); return nil })
	}
	server := &http.Server{Handler: m.pages, ReadHeaderTimeout: 10 * time.Second}
	group.Go(func() error {
		if err := server.Serve(m.listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := server.Shutdown(last); !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return server.Close() // on those who still read
	})
}

func (m *oneMachine) deadLetters() []desk.DeadLetter {
	var list []desk.DeadLetter
	for _, d := range m.stack.DeadLetters() {
		list = append(list, desk.DeadLetter{Message: d.Body, Error: d.Error, At: d.At})
	}
	return list
}

// Close stops what was started. The desk's listener may be closed already.
func (m *oneMachine) Close() error {
	if m.listener != nil {
		m.listener.Close()
	}
	if m.stack == nil {
		return nil
	}
	return m.stack.Close()
}

// tell says what runs where, and how to upload a picture.
func (cmd DevCmd) tell(w io.Writer, m *oneMachine, watch string) {
	who := "no sign-in: everybody on this machine may do everything"
	if m.guard.SignsIn() {
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
`, m.listener.Addr(), m.stack.S3URL, local.Bucket, m.stack.DynamoDBURL, local.Table, local.AccessKey, local.SecretKey, local.Region, who)
	if watch != "" {
		fmt.Fprintf(w, "  in a folder   put it into %s\n", watch)
	} else {
		fmt.Fprintln(w, "  in a folder   start with --watch DIR and put it there")
	}
	if m.notifier != nil {
		fmt.Fprintf(w, "Notices go to %s, signed with %s\n", cmd.Webhook, m.secret)
	}
	fmt.Fprintln(w, "Stop with Ctrl-C.")
}
