// Package browser_test works the desk in a real Chromium, over the program
// that runs everything on one machine. CUTLINE_CHROMIUM names the browser
// (else the tests are skipped), CUTLINE_AXE the file axe.min.js of axe-core,
// and CUTLINE_SHOTS a folder for pictures of the pages.
package browser_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cutline/internal/bucket"
	"cutline/internal/local"
	"cutline/internal/store"
)

// browser is the one Chromium of all tests, and program what it looks at.
var (
	browser context.Context
	program string
)

func TestMain(m *testing.M) {
	chromium := os.Getenv("CUTLINE_CHROMIUM")
	if chromium == "" {
		fmt.Println("skipped: CUTLINE_CHROMIUM names no browser")
		return
	}
	os.Exit(run(m, chromium))
}

func run(m *testing.M, chromium string) int {
	dir, err := os.MkdirTemp("", "cutline-browser-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "cutline")
	if out, err := exec.Command("go", "build", "-o", program, "cutline/cmd/cutline").CombinedOutput(); err != nil {
		fmt.Printf("build: %v\n%s", err, out)
		return 1
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	defer stop()
	var leave context.CancelFunc
	browser, leave = chromedp.NewContext(allocator)
	defer leave()
	if err := chromedp.Do(browser); err != nil {
		fmt.Println("start the browser:", err)
		return 1
	}
	return m.Run()
}

// stack is a running `cutline dev`.
type stack struct {
	url   string
	s3    *s3.Client
	store *store.Store
}

var announced = regexp.MustCompile(`(?m)^\s+(desk|S3|DynamoDB)\s+(http://[0-9.:]+)`)

func start(t *testing.T, flags ...string) *stack {
	t.Helper()
	cmd := exec.Command(program, append([]string{"dev", "--data", t.TempDir(), "--desk", "127.0.0.1:0", "--s3", "127.0.0.1:0", "--dynamodb", "127.0.0.1:0"}, flags...)...)
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() && failed.Len() > 0 {
			t.Logf("cutline dev said:\n%s", failed.String())
		}
	})
	found := map[string]string{}
	lines := bufio.NewScanner(out)
	for len(found) < 3 && lines.Scan() {
		if m := announced.FindStringSubmatch(lines.Text()); m != nil {
			found[m[1]] = m[2]
		}
	}
	if len(found) < 3 {
		t.Fatalf("cutline dev did not start: %s", failed.String())
	}
	go func() {
		for lines.Scan() {
		}
	}()
	pictures, reports := local.ClientConfig(), local.ClientConfig()
	pictures.BaseEndpoint, reports.BaseEndpoint = aws.String(found["S3"]), aws.String(found["DynamoDB"])
	return &stack{url: found["desk"], s3: bucket.NewClient(pictures), store: store.New(store.NewClient(reports), local.Table)}
}

// upload puts a picture in the bucket and waits for its complete report: one
// that is completed later is another revision. The version's id is returned.
func (s *stack) upload(t *testing.T, key string, picture []byte) string {
	t.Helper()
	out, err := s.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(picture)})
	if err != nil {
		t.Fatal(err)
	}
	version := aws.ToString(out.VersionId)
	s.reported(t, key, version)
	s.complete(t, key)
	return version
}

// reported waits until the latest report of the key is of that version, and
// returns it.
func (s *stack) reported(t *testing.T, key, version string) map[string]any {
	t.Helper()
	for range 600 {
		rep := s.report(t, key)
		photo, _ := rep["photo"].(map[string]any)
		if photo != nil && (version == "" || photo["version_id"] == version) {
			return rep
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
	t.Fatalf("no report of %s, version %s", key, version)
	return nil
}

// startDemo starts a stack whose demo pictures have all been checked whole.
func startDemo(t *testing.T) *stack {
	t.Helper()
	s := start(t, "--demo")
	for range 600 {
		var list struct {
			Reports []struct{ Pending bool }
		}
		resp, err := http.Get(s.url + "/api/reports")
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(resp.Body).Decode(&list)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		pending := false
		for _, rep := range list.Reports {
			pending = pending || rep.Pending
		}
		if !pending && len(list.Reports) == len(demoPictures(t)) {
			return s
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
	t.Fatal("the demo pictures are not all checked")
	return nil
}

// complete waits until the whole picture was read.
func (s *stack) complete(t *testing.T, key string) {
	t.Helper()
	for range 600 {
		rep := s.report(t, key)
		found, _ := rep["provenance"].(map[string]any)
		if rep["verdict"] != nil && found["pending"] != true {
			return
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
	t.Fatalf("the report of %s is not completed", key)
}

func (s *stack) report(t *testing.T, key string) map[string]any {
	t.Helper()
	resp, err := http.Get(s.url + "/api/reports/" + local.Bucket + "/" + escapePath(key))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var rep map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&rep); err != nil {
		t.Fatal(err)
	}
	return rep
}

// page is an open tab.
type page struct {
	t   *testing.T
	ctx context.Context
}

// tab opens a tab of its own. What a page in it throws, or says to its
// console as an error, fails the test.
func tab(t *testing.T) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	p := &page{t, ctx}
	if err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("a page threw: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.URL)
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" && len(e.Args) > 0 {
				t.Errorf("a page's console: %s", e.Args[0].Value)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t *testing.T, address string) *page {
	t.Helper()
	p := tab(t)
	p.visit(address)
	return p
}

func (p *page) visit(address string) {
	p.t.Helper()
	p.do(chromedp.Navigate(address))
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// keys presses them one after another, wherever the focus is, as a keyboard
// does: a page that takes a key keeps its letter out of fields.
func (p *page) keys(keys string) {
	p.t.Helper()
	p.wait("document.readyState == 'complete'")
	for _, key := range keys {
		events := kb.Encode(key)
		down, up := *events[0], *events[len(events)-1]
		if len(events) == 3 {
			down.Type, down.Text, down.UnmodifiedText = "keyDown", events[1].Text, events[1].UnmodifiedText
		}
		for _, event := range []input.DispatchKeyEventParams{down, up} {
			if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, event); err != nil {
				p.t.Fatal(err)
			}
		}
	}
}

// wait looks until the JavaScript expression is true, also while pages change.
func (p *page) wait(expression string) {
	p.t.Helper()
	for range 400 {
		ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond) // between two looks
	}
	text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText"))
	p.t.Fatalf("never true: %s\nthe page says:\n%.3000s", expression, text)
}

// text is what the element shows.
func (p *page) text(selector string) string {
	p.t.Helper()
	return eval[string](p, "document.querySelector("+quote(selector)+").innerText")
}

// eval is the value of an expression in the page, awaited if it is a promise.
func eval[T any](p *page, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%.200s: %v", expression, err)
	}
	return value
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string
	}
	return string(b)
}

// look sets light or dark, and the size of the window in pixels.
func (p *page) look(scheme string, width, height int64) {
	p.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, media); err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(width, height))
}

func escapePath(key string) string {
	var b strings.Builder
	for _, c := range []byte(key) {
		if c == '/' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
