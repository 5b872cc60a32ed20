package desk_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/desk"
	"cutline/internal/local/localtest"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/signin"
	"cutline/internal/store"
)

// open starts a desk over a fresh store.
func open(t *testing.T) (*httptest.Server, *store.Store, *check.Checker) {
	t.Helper()
	config := localtest.Config(t)
	reports := localtest.Store(t, config)
	handler, checker := openOver(t, config, reports)
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s, reports, checker
}

// openOver makes a desk over a store.
func openOver(t *testing.T, config aws.Config, reports *store.Store) (http.Handler, *check.Checker) {
	t.Helper()
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	checker := &check.Checker{Rules: house, Version: "test"}
	handler, err := desk.New(desk.Config{
		Store: reports, Bucket: bucket.New(bucket.NewClient(config)), Checker: checker, Guard: signin.Open("an editor", reports, slog.New(slog.DiscardHandler)), Log: slog.New(slog.DiscardHandler), Uploads: "photos", Pictures: *config.BaseEndpoint,
	})
	if err != nil {
		t.Fatal(err)
	}
	return handler, checker
}

func put(t *testing.T, s *store.Store, c *check.Checker, key, sequencer, caption string) {
	t.Helper()
	rep := c.Caption([]photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: caption}})
	rep.Photo = &report.Photo{Bucket: "photos", Key: key, VersionID: "v" + sequencer, Sequencer: sequencer, Format: "jpeg", Width: 10, Height: 10, Size: 100}
	if _, err := s.Put(t.Context(), rep); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

const (
	stateCaption = `In this photo provided by the North Korean government, a train stands in Wonsan. (KCNA/KNS via AP)`
	ownCaption   = `Boats leave a harbour in Oban. REUTERS/Joan Baird`
)

// A company that the rules do not know is called by its name, wherever the
// picture's source is shown; the agency that passed it on is none.
func TestUnknownProvider(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "lorry.jpg", "01", "A lorry is seen in an undated handout picture. Norrland Trucks/Handout via REUTERS")
	shown := regexp.MustCompile(`<b>handout</b>\s*<bdi>Norrland Trucks</bdi>`)
	for _, path := range []string{"/", "/reports/photos/lorry.jpg"} {
		if _, body := get(t, s.URL+path); !shown.MatchString(body) {
			t.Errorf("%s does not show the company as the source", path)
		}
	}
	if _, body := get(t, s.URL+"/api/reports"); !strings.Contains(body, `"sources":[],"provider":"Norrland Trucks"`) {
		t.Errorf("the API says %s", body)
	}
}

func TestPagesAndAPI(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "김정은 +&?.jpg", "01", stateCaption)
	put(t, reports, checker, "boats.jpg", "02", ownCaption)

	for path, want := range map[string]string{
		"/":                         "no disclaimer",
		"/?verdict=pass":            "boats.jpg",
		"/?source=kcna":             "North Korean government",
		"/?q=harbour":               "boats.jpg",
		"/overview":                 "<b>2</b> pictures",
		"/rules":                    "verification.missing",
		"/rules/date.weekday":       "weekday",
		"/check":                    "Check a caption",
		"/upload":                   "photos",
		"/dead-letters":             "None.",
		"/healthz":                  "ok",
		"/reports/photos/boats.jpg": "Nothing was found.",
		"/reports/photos/" + url.PathEscape("김정은 +&?.jpg"): "cannot be independently verified",
	} {
		status, body := get(t, s.URL+path)
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, without %q", path, status, want)
		}
	}
	for path, want := range map[string]int{
		"/reports/photos/none.jpg": 404, "/api/reports/photos/none.jpg": 404, "/?limit=0": 400, "/?cursor=x": 400,
		"/api/reports?day=today": 400, "/rules/none": 404, "/api/none": 404, "/none": 404,
	} {
		if status, _ := get(t, s.URL+path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	_, body := get(t, s.URL+"/api/reports?verdict=fail&limit=1")
	var page struct {
		Reports []store.Row
		Next    string
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Reports) != 1 || page.Reports[0].Origin != report.State {
		t.Errorf("api: %v, %s", err, body)
	}
}

func TestCheckAPI(t *testing.T) {
	s, _, _ := open(t)
	resp, err := http.Post(s.URL+"/api/check", "application/json", strings.NewReader(`{"caption": "A train in Wonsan.", "credit": "KCNA via KNS"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var rep report.Report
	if err := json.NewDecoder(resp.Body).Decode(&rep); err != nil || rep.Origin != report.State || rep.Verdict != report.Fail || rep.Photo != nil {
		t.Errorf("%v: %+v", err, rep)
	}
	resp, err = http.Post(s.URL+"/api/check", "application/json", strings.NewReader(`{"caption": 7}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
}

// Two editors who saw the same: the second is told.
func TestTwoEditors(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "a.jpg", "01", stateCaption)
	rec, err := reports.Get(t.Context(), "photos", "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	decide := func(action, reason string) int {
		body, _ := json.Marshal(map[string]string{"action": action, "reason": reason, "revision": rec.Revision})
		resp, err := http.Post(s.URL+"/api/decisions/photos/a.jpg", "application/json", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := decide("approve", ""); got != http.StatusBadRequest {
		t.Errorf("approving a failed picture without a reason: %d", got)
	}
	if got := decide("hold", "ask the agency"); got != http.StatusOK {
		t.Errorf("the first: %d", got)
	}
	if got := decide("approve", "fine"); got != http.StatusConflict {
		t.Errorf("the second: %d", got)
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "a.jpg", "01", ownCaption)
	req, err := http.NewRequest(http.MethodPost, s.URL+"/decisions/photos/a.jpg", strings.NewReader("action=kill"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://elsewhere.example")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("%d, want 403", resp.StatusCode)
	}
}

func TestHostileCaptions(t *testing.T) {
	s, reports, checker := open(t)
	hostile := "<script>alert(1)</script>\" onload=x \u202Egpj.exe\u202C " + strings.Repeat("A very long caption. ", 5000) + "(KCNA via AP)"
	put(t, reports, checker, "<b>'\".jpg", "01", hostile)
	for _, path := range []string{"/", "/reports/photos/" + url.PathEscape("<b>'\".jpg")} {
		status, body := get(t, s.URL+path)
		if status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<b>'") {
			t.Errorf("%s: text of the picture is markup", path)
		}
	}
}

func TestArrivalsAreSortedNewestFirst(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "first.jpg", "01", ownCaption)
	time.Sleep(2 * time.Millisecond)
	put(t, reports, checker, "second.jpg", "02", ownCaption)
	_, body := get(t, s.URL+"/")
	if strings.Index(body, "second.jpg") > strings.Index(body, "first.jpg") {
		t.Error("the older picture stands first")
	}
}
