package desk_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"cutline/internal/local"
	"cutline/internal/local/localtest"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/store"
)

// The first page of a large desk: few requests, little HTML. With
// CUTLINE_DYNAMODB_URL (DynamoDB Local, in CI) it is a really large one, which
// takes some minutes to fill.
func TestFirstPageIsCheap(t *testing.T) {
	pictures := 300
	config := local.ClientConfig()
	if url := os.Getenv("CUTLINE_DYNAMODB_URL"); url != "" {
		pictures, config.BaseEndpoint = 100_000, &url
	} else {
		config = localtest.Config(t)
	}
	var requests atomic.Int64
	config.HTTPClient = &http.Client{Transport: counting{&requests}}
	reports := store.New(store.NewClient(config), fmt.Sprintf("first-page-%d", time.Now().UnixNano()))
	if err := reports.CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	handler, checker := openOver(t, config, reports)
	// A caption as long as captions are, in a script of three bytes a letter.
	long := "조선중앙통신이 화요일 제공한 사진에서 " + strings.Repeat("관계자들이 원산의 역에서 열차를 기다리고 있다. ", 20) + "(KCNA via AP)"
	rep := checker.Caption([]photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: long}})
	began := time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC)
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	for n := range pictures {
		one := rep
		one.Photo = &report.Photo{Bucket: "photos", Key: fmt.Sprintf("wire/2026/11/25/2026-11-25T%06d_RTRMADP_3_NORTHKOREA-POLITICS-조선.jpg", n),
			VersionID: fmt.Sprintf("3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbr%06d", n), Sequencer: fmt.Sprintf("%06x", n+1), Format: "jpeg", Width: 4000, Height: 3000, Size: 5 << 20}
		one.CheckedAt = began.Add(time.Duration(n) * time.Second)
		group.Go(func() error {
			_, err := reports.Put(ctx, one)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	before := requests.Load()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
	handler.ServeHTTP(w, r)
	asked, size := requests.Load()-before, w.Body.Len()
	t.Logf("of %d pictures: %d requests of DynamoDB, %d bytes of HTML", pictures, asked, size)
	if n := strings.Count(w.Body.String(), `<li class="row`); w.Code != http.StatusOK || n != 50 {
		t.Errorf("%d, with %d rows", w.Code, n)
	}
	if asked > 3 || size > 60_000 {
		t.Errorf("%d requests, %d bytes", asked, size)
	}
}

// counting counts the requests that it passes on.
type counting struct{ requests *atomic.Int64 }

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

// The desk's own JavaScript is small, and none of it stands in the pages.
func TestScripts(t *testing.T) {
	names, err := filepath.Glob("static/*.js")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	all := 0
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += len(raw)
	}
	if all > 20_000 {
		t.Errorf("%d bytes of JavaScript", all)
	}
	pages, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	inline := regexp.MustCompile(`<script[^>]*>[^<]|<style|\son[a-z]+=|\sstyle=|javascript:`)
	for _, name := range pages {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := inline.Find(raw); found != nil {
			t.Errorf("%s: %s", name, found)
		}
	}
}

func TestFilters(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "wire/train.jpg", "01", stateCaption)
	put(t, reports, checker, "wire/boats.jpg", "02", ownCaption)
	for query, want := range map[string]string{
		"": "train boats", "verdict=fail": "train", "verdict=pass": "boats", "origin=state": "train", "code=verification.missing": "train",
		"source=kcna": "train", "source=korean+central+news+agency": "train", "source=nobody": "", "prefix=wire/b": "boats", "bucket=photos": "train boats",
		"bucket=other": "", "lang=en": "train boats", "lang=ko": "", "q=HARBOUR+oban": "boats", "reviewed=no": "train boats", "reviewed=yes": "",
		"sort=oldest": "boats train", "sort=worst": "train boats", "day=2001-01-01": "", "verdict=pass&origin=state": "",
	} {
		for _, path := range []string{"/?", "/rows?"} {
			status, body := get(t, s.URL+path+query)
			if path == "/?" && status != http.StatusOK || path == "/rows?" && status != map[bool]int{true: 204, false: 200}[want == ""] {
				t.Errorf("%s%s: %d", path, query, status)
			}
			for _, name := range []string{"train", "boats"} {
				if strings.Contains(body, "wire/"+name+".jpg") != strings.Contains(want, name) {
					t.Errorf("%s%s shows %s, or not", path, query, name)
				}
			}
		}
	}
	for _, query := range []string{"reviewed=maybe", "sort=best", "since=yesterday", "limit=501"} {
		if status, _ := get(t, s.URL+"/?"+query); status != http.StatusBadRequest {
			t.Errorf("%s: %d", query, status)
		}
	}
	if _, body := get(t, s.URL+"/facets?verdict=fail"); !strings.Contains(body, `pass <span class="n">1</span>`) || !strings.Contains(body, "no disclaimer") {
		t.Errorf("counts: %s", body)
	}
	if _, body := get(t, s.URL+"/?counts=1"); !strings.Contains(body, `English <span class="n">2</span>`) {
		t.Error("counts without JavaScript")
	}
}

// A page that is open asks again, and is told shortly that nothing is new.
func TestRowsAgain(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "a.jpg", "01", ownCaption)
	ask := func(tag string) (int, string) {
		req, err := http.NewRequest(http.MethodGet, s.URL+"/rows", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", tag)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, resp.Body)
		return resp.StatusCode, resp.Header.Get("ETag")
	}
	status, tag := ask("")
	if status != http.StatusOK || tag == "" {
		t.Fatal(status, tag)
	}
	if status, _ := ask(tag); status != http.StatusNotModified {
		t.Errorf("again: %d", status)
	}
	rec, err := reports.Get(t.Context(), "photos", "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reports.Decide(t.Context(), "photos", "a.jpg", store.Decision{Action: store.Hold, By: "an editor", ByID: "1", At: time.Now()}, rec.Revision); err != nil {
		t.Fatal(err)
	}
	if status, _ := ask(tag); status != http.StatusOK {
		t.Errorf("after a decision: %d", status)
	}
}

func TestVisible(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "a\u202Egpj.exe", "01", "Boats leave \u202Erubrah\u202C Oban\u0007. REUTERS/Joan Baird")
	for _, path := range []string{"/", "/reports/photos/a%E2%80%AEgpj.exe"} {
		_, body := get(t, s.URL+path)
		body = regexp.MustCompile(`<input type="hidden"[^>]*>`).ReplaceAllString(body, "")
		if strings.Contains(body, "\u202E") || !strings.Contains(body, "⟦RLO⟧") {
			t.Errorf("%s: an override is not written out", path)
		}
	}
}
