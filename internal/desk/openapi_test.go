package desk

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/signin"
	"cutline/internal/store"
)

func description(t *testing.T) *openapi3.T {
	t.Helper()
	text, err := openAPI()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// described is the description's name for a route.
func described(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	return method, strings.ReplaceAll(path, "...}", "}")
}

// The description and the desk have the same operations, with the same rights.
func TestDescriptionAndRoutes(t *testing.T) {
	doc := description(t)
	d := &desk{}
	known := map[string]bool{}
	for _, route := range d.routes() {
		method, path := described(route.pattern)
		if !strings.HasPrefix(path, "/api/") {
			continue
		}
		known[method+" "+path] = true
		item := doc.Paths.Value(path)
		if item == nil || item.GetOperation(method) == nil {
			t.Errorf("%s is not described", route.pattern)
			continue
		}
		var rights []string
		for _, way := range *item.GetOperation(method).Security {
			for name, scopes := range way {
				rights = append(rights, name+" "+strings.Join(scopes, " "))
			}
		}
		slices.Sort(rights)
		want := []string{"session " + string(route.need), "token " + string(route.need)}
		if route.need == signin.Public {
			want = nil
		}
		if !slices.Equal(rights, want) {
			t.Errorf("%s needs %v in the description, %v at the desk", route.pattern, rights, want)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !known[method+" "+path] {
				t.Errorf("%s %s is described, and is no route", method, path)
			}
		}
	}
}

// exchange is a request to an operation, and the status of its answer.
type exchange struct {
	name       string
	operation  string // "GET /api/reports"
	parameters string // of the path: "photos demo/a.jpg"
	query      string
	header     []string // name, value
	body       string
	who        string // "chief" when empty
	status     int
	invalid    bool // the request is not as described
}

// send sends the request, checks it and its answer against the description,
// and returns the answer.
func (e exchange) send(t *testing.T, g *guarded, doc *openapi3.T) (*http.Response, string) {
	t.Helper()
	method, path := described(e.operation)
	item := doc.Paths.Value(path)
	parameters := map[string]string{}
	if bucket, key, ok := strings.Cut(e.parameters, " "); ok {
		parameters["bucket"], parameters["key"] = bucket, key
	}
	address := g.URL + strings.NewReplacer("{bucket}", url.PathEscape(parameters["bucket"]), "{key}", url.PathEscape(parameters["key"])).Replace(path)
	if e.query != "" {
		address += "?" + e.query
	}
	r, err := http.NewRequest(method, address, strings.NewReader(e.body))
	if err != nil {
		t.Fatal(err)
	}
	if e.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(e.header); i += 2 {
		r.Header.Set(e.header[i], e.header[i+1])
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r.Clone(t.Context()), PathParams: parameters,
		Route:   &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: item.GetOperation(method)},
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true},
	}
	in.Request.Body = io.NopCloser(strings.NewReader(e.body))
	if err := openapi3filter.ValidateRequest(t.Context(), in); (err != nil) != e.invalid {
		t.Errorf("%s: the request is as described: %v", e.name, err)
	}
	who := e.who
	if who == "" {
		who = "chief"
	}
	resp, err := g.clients[who].Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != e.status {
		t.Errorf("%s: %d, want %d: %s", e.name, resp.StatusCode, e.status, body)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header, Body: io.NopCloser(bytes.NewReader(body)), Options: in.Options,
	}
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("%s: the answer is not as described: %v\n%s", e.name, err, body)
	}
	if resp.StatusCode >= 400 {
		if kind := resp.Header.Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%s: %d as %s", e.name, resp.StatusCode, kind)
		}
	}
	return resp, string(body)
}

func TestRequestsAndAnswersAreAsDescribed(t *testing.T) {
	doc := description(t)
	g := openGuarded(t)
	for _, key := range []string{"demo/김 +&?.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg"} {
		g.put(t, key)
	}
	const reports, report, versions, history, decide = "GET /api/reports", "GET /api/reports/{bucket}/{key...}", "GET /api/versions/{bucket}/{key...}", "GET /api/decisions/{bucket}/{key...}", "POST /api/decisions/{bucket}/{key...}"
	const odd, large = "photos demo/김 +&?.jpg", 1 << 20
	list := []exchange{
		{name: "description", operation: "GET /api/openapi.json", status: 200, who: "nobody"},
		{name: "list", operation: reports, status: 200},
		{name: "list by all filters", operation: reports, query: "verdict=fail&origin=state&source=kcna&code=verification.missing&lang=en&day=2026-11-24&since=2026-11-24T00:00:00Z&bucket=photos&prefix=demo/&q=train&reviewed=no&limit=5", status: 200},
		{name: "one of a list", operation: reports, query: "limit=1", status: 200},
		{name: "a verdict that is none", operation: reports, query: "verdict=bad", status: 400, invalid: true},
		{name: "an origin that is none", operation: reports, query: "origin=bad", status: 400, invalid: true},
		{name: "a limit of 0", operation: reports, query: "limit=0", status: 400, invalid: true},
		{name: "a limit of 501", operation: reports, query: "limit=501", status: 400, invalid: true},
		{name: "a day that is none", operation: reports, query: "day=2026-13-01", status: 400, invalid: true},
		{name: "a time that is none", operation: reports, query: "since=yesterday", status: 400, invalid: true},
		{name: "reviewed perhaps", operation: reports, query: "reviewed=perhaps", status: 400, invalid: true},
		{name: "the oldest", operation: reports, query: "sort=oldest", status: 200},
		{name: "the worst", operation: reports, query: "sort=worst", status: 200},
		{name: "the best", operation: reports, query: "sort=best", status: 400, invalid: true},
		{name: "a cursor that is none", operation: reports, query: "cursor=x", status: 400},
		{name: "list, nobody", operation: reports, status: 401, who: "nobody"},
		{name: "list, without the scope", operation: reports, status: 403, who: "check"},

		{name: "report", operation: report, parameters: odd, status: 200},
		{name: "report of a version", operation: report, parameters: odd, query: "version=v1", status: 200},
		{name: "report of no version", operation: report, parameters: odd, query: "version=v2", status: 404},
		{name: "no report", operation: report, parameters: "photos none.jpg", status: 404},
		{name: "report, nobody", operation: report, parameters: odd, status: 401, who: "nobody"},
		{name: "report, without the scope", operation: report, parameters: odd, status: 403, who: "kill"},

		{name: "versions", operation: versions, parameters: odd, status: 200},
		{name: "versions of nothing", operation: versions, parameters: "photos none.jpg", status: 404},
		{name: "versions, nobody", operation: versions, parameters: odd, status: 401, who: "nobody"},
		{name: "versions, without the scope", operation: versions, parameters: odd, status: 403, who: "check"},

		{name: "history of none", operation: history, parameters: odd, status: 200},
		{name: "history of nothing", operation: history, parameters: "photos none.jpg", status: 404},
		{name: "history, nobody", operation: history, parameters: odd, status: 401, who: "nobody"},
		{name: "history, without the scope", operation: history, parameters: odd, status: 403, who: "check"},

		{name: "hold", operation: decide, parameters: odd, body: `{"action": "hold", "reason": "ask", "revision": "1"}`, status: 200},
		{name: "hold what has changed", operation: decide, parameters: odd, body: `{"action": "hold", "revision": "1"}`, status: 409},
		{name: "history", operation: history, parameters: odd, status: 200},
		{name: "report that is decided", operation: report, parameters: odd, status: 200},
		{name: "list with a decision", operation: reports, query: "reviewed=yes", status: 200},
		{name: "another ETag", operation: decide, parameters: "photos b.jpg", header: []string{"If-Match", `"7-0123456789abcdef"`}, body: `{"action": "hold"}`, status: 412},
		{name: "no ETag", operation: decide, parameters: "photos b.jpg", header: []string{"If-Match", "x"}, body: `{"action": "hold"}`, status: 412},
		{name: "no precondition", operation: decide, parameters: "photos b.jpg", body: `{"action": "hold"}`, status: 428},
		{name: "approve without a reason", operation: decide, parameters: "photos b.jpg", body: `{"action": "approve", "revision": "1"}`, status: 400},
		{name: "a long reason", operation: decide, parameters: "photos b.jpg", body: `{"action": "note", "revision": "1", "reason": "` + strings.Repeat("x", 4001) + `"}`, status: 400, invalid: true},
		{name: "an action that is none", operation: decide, parameters: "photos b.jpg", body: `{"action": "burn", "revision": "1"}`, status: 400, invalid: true},
		{name: "a field too many", operation: decide, parameters: "photos b.jpg", body: `{"action": "hold", "revision": "1", "by": "the chief"}`, status: 400, invalid: true},
		{name: "half a body", operation: decide, parameters: "photos b.jpg", body: `{"action": "hold"`, status: 400, invalid: true},
		{name: "two bodies", operation: decide, parameters: "photos b.jpg", body: `{"action": "hold", "revision": "1"} {}`, status: 400},
		{name: "decide by a form", operation: decide, parameters: "photos b.jpg", header: []string{"Content-Type", formKind}, body: "action=hold", status: 415, invalid: true},
		{name: "decide in Latin-1", operation: decide, parameters: "photos b.jpg", header: []string{"Content-Type", "application/json; charset=iso-8859-1"}, body: `{"action": "hold", "revision": "1"}`, status: 415},
		{name: "a large decision", operation: decide, parameters: "photos b.jpg", body: `{"action": "note", "revision": "` + strings.Repeat("x", large) + `"}`, status: 413},
		{name: "decide on nothing", operation: decide, parameters: "photos none.jpg", body: `{"action": "hold", "revision": "1"}`, status: 404},
		{name: "decide, nobody", operation: decide, parameters: "photos b.jpg", body: `{"action": "hold", "revision": "1"}`, status: 401, who: "nobody"},
		{name: "kill without the scope", operation: decide, parameters: "photos b.jpg", body: `{"action": "kill", "revision": "1"}`, status: 403, who: "decide"},
		{name: "kill", operation: decide, parameters: "photos b.jpg", body: `{"action": "kill", "revision": "1", "reason": "Manipulated."}`, status: 200},

		{name: "notice", operation: "POST /api/kills", body: `{"text": "EDITORS, PLEASE KILL TOK801.", "pictures": [{"bucket": "photos", "key": "c.jpg"}]}`, status: 200},
		{name: "notice of nothing", operation: "POST /api/kills", body: `{"text": "EDITORS, PLEASE KILL."}`, status: 400},
		{name: "notice without words", operation: "POST /api/kills", body: `{"text": ""}`, status: 400, invalid: true},
		{name: "notice of no picture", operation: "POST /api/kills", body: `{"text": "Kill.", "pictures": [{"bucket": "", "key": ""}]}`, status: 400, invalid: true},
		{name: "notice as a text", operation: "POST /api/kills", header: []string{"Content-Type", "text/plain"}, body: `EDITORS`, status: 415, invalid: true},
		{name: "notice too long", operation: "POST /api/kills", body: `{"text": "` + strings.Repeat("x", large) + `"}`, status: 413, invalid: true},
		{name: "notice, nobody", operation: "POST /api/kills", body: `{"text": "KILL TOK801"}`, status: 401, who: "nobody"},
		{name: "notice, without the scope", operation: "POST /api/kills", body: `{"text": "KILL TOK801"}`, status: 403, who: "decide"},

		{name: "check", operation: "POST /api/check", body: `{"caption": "A train in Wonsan.", "credit": ["KCNA", "KNS"], "instructions": null}`, status: 200},
		{name: "check nothing", operation: "POST /api/check", body: `{}`, status: 200},
		{name: "check a number", operation: "POST /api/check", body: `{"caption": 3}`, status: 400, invalid: true},
		{name: "check a list", operation: "POST /api/check", body: `[]`, status: 400, invalid: true},
		{name: "check a text", operation: "POST /api/check", header: []string{"Content-Type", "text/plain"}, body: `A train`, status: 415, invalid: true},
		{name: "check too much", operation: "POST /api/check", body: `{"caption": "` + strings.Repeat("x", large) + `"}`, status: 413},
		{name: "check, nobody", operation: "POST /api/check", body: `{}`, status: 401, who: "nobody"},
		{name: "check, without the scope", operation: "POST /api/check", body: `{}`, status: 403, who: "read"},

		{name: "upload", operation: "POST /api/uploads", body: `{"name": "a b.jpg"}`, status: 200},
		{name: "upload no name", operation: "POST /api/uploads", body: `{"name": ""}`, status: 400, invalid: true},
		{name: "upload a folder", operation: "POST /api/uploads", body: `{"name": ".."}`, status: 400},
		{name: "upload as a form", operation: "POST /api/uploads", header: []string{"Content-Type", formKind}, body: `name=x`, status: 415, invalid: true},
		{name: "upload too long a name", operation: "POST /api/uploads", body: `{"name": "` + strings.Repeat("x", large) + `"}`, status: 413, invalid: true},
		{name: "upload, nobody", operation: "POST /api/uploads", body: `{"name": "a.jpg"}`, status: 401, who: "nobody"},
		{name: "upload, without the scope", operation: "POST /api/uploads", body: `{"name": "a.jpg"}`, status: 403, who: "viewer"},
	}
	seen := map[string]bool{}
	mark := func(e exchange) {
		_, path := described(e.operation)
		seen[path+" "+fmt.Sprint(e.status)+" "+strings.Fields(e.operation)[0]] = true
	}
	for _, e := range list {
		resp, _ := e.send(t, g, doc)
		mark(e)
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(e.operation, "GET") {
			continue
		}
		// The same again with its ETag is not sent again.
		again := e
		again.name, again.header, again.status = e.name+", again", []string{"If-None-Match", `"x", W/` + resp.Header.Get("ETag")}, http.StatusNotModified
		again.send(t, g, doc)
		mark(again)
	}
	// Everything that the description says can happen did, but for what needs
	// DynamoDB to refuse.
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				if status != strconv.Itoa(http.StatusServiceUnavailable) && !seen[path+" "+status+" "+method] {
					t.Errorf("%s %s: no request is answered with %s", method, path, status)
				}
			}
		}
	}
}

// A list can be walked by its cursors, and by the links that mean the same.
func TestCursors(t *testing.T) {
	doc := description(t)
	g := openGuarded(t)
	for i := range 7 {
		g.put(t, fmt.Sprintf("%d.jpg", i))
	}
	var keys []string
	query := "limit=3"
	for range 5 {
		resp, body := exchange{name: "page", operation: "GET /api/reports", query: query, status: 200}.send(t, g, doc)
		for part := range strings.SplitSeq(body, `"key":"`) {
			if key, _, ok := strings.Cut(part, `"`); ok && strings.HasSuffix(key, ".jpg") {
				keys = append(keys, key)
			}
		}
		link := resp.Header.Get("Link")
		if link == "" {
			break
		}
		_, after, _ := strings.Cut(link, "?")
		query, _, _ = strings.Cut(after, ">")
	}
	slices.Sort(keys)
	if got := strings.Join(keys, " "); got != "0.jpg 1.jpg 2.jpg 3.jpg 4.jpg 5.jpg 6.jpg" {
		t.Errorf("the pages have %s", got)
	}
}

// Two programs decide about what both saw: the second is told.
func TestIfMatch(t *testing.T) {
	doc := description(t)
	g := openGuarded(t)
	g.put(t, "a.jpg")
	seen, _ := exchange{name: "report", operation: "GET /api/reports/{bucket}/{key...}", parameters: "photos a.jpg", status: 200}.send(t, g, doc)
	tag := seen.Header.Get("ETag")
	decide := func(name, tag, body string, status int) *http.Response {
		resp, _ := exchange{name: name, operation: "POST /api/decisions/{bucket}/{key...}", parameters: "photos a.jpg", header: []string{"If-Match", tag}, body: body, status: status}.send(t, g, doc)
		return resp
	}
	decide("a weak tag", "W/"+tag, `{"action": "hold"}`, 412)
	decide("another revision", tag, `{"action": "hold", "revision": "9"}`, 412)
	first := decide("the first", tag, `{"action": "hold"}`, 200)
	decide("the second", tag, `{"action": "approve", "reason": "fine"}`, 412)
	decide("who has seen the first", first.Header.Get("ETag"), `{"action": "approve", "reason": "fine"}`, 200)
}

func TestHeadAndMethods(t *testing.T) {
	g := openGuarded(t)
	g.put(t, "a.jpg")
	for _, path := range []string{"/api/reports", "/api/reports/photos/a.jpg", "/api/openapi.json", "/api/versions/photos/a.jpg"} {
		got, body := g.ask(t, "chief", http.MethodGet, path, "", "")
		head, none := g.ask(t, "chief", http.MethodHead, path, "", "")
		if head.StatusCode != 200 || none != "" || head.Header.Get("ETag") != got.Header.Get("ETag") || head.ContentLength != int64(len(body)) {
			t.Errorf("HEAD %s: %d, %d of %d bytes, ETag %s, not %s", path, head.StatusCode, head.ContentLength, len(body), head.Header.Get("ETag"), got.Header.Get("ETag"))
		}
	}
	for _, c := range []struct {
		method, path, allow string
		status              int
	}{
		{"DELETE", "/api/reports/photos/a.jpg", "GET, HEAD", 405}, {"POST", "/api/reports", "GET, HEAD", 405},
		{"GET", "/api/check", "POST", 405}, {"PUT", "/api/decisions/photos/a.jpg", "GET, HEAD, POST", 405},
		{"BREW", "/api/uploads", "POST", 405}, {"OPTIONS", "/api/reports", "GET, HEAD", 405},
		{"GET", "/api/", "", 404}, {"GET", "/api/none", "", 404},
	} {
		resp, body := g.ask(t, "chief", c.method, c.path, "", "")
		if resp.StatusCode != c.status || resp.Header.Get("Allow") != c.allow || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d, Allow %q, %s %s", c.method, c.path, resp.StatusCode, resp.Header.Get("Allow"), resp.Header.Get("Content-Type"), body)
		}
	}
}

// A page of another site can use nobody's session, and is told so in the form
// that each address speaks.
func TestOtherSites(t *testing.T) {
	g := openGuarded(t)
	g.put(t, "a.jpg")
	for path, kind := range map[string]string{
		"/api/decisions/photos/a.jpg": "application/problem+json", "/api/check": "application/problem+json",
		"/decisions/photos/a.jpg": "text/html; charset=utf-8", "/tokens": "text/html; charset=utf-8", "/sign-out": "text/html; charset=utf-8",
	} {
		for _, header := range [][2]string{{"Origin", "https://elsewhere.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
			r, err := http.NewRequest(http.MethodPost, g.URL+path, strings.NewReader(`{"action": "kill", "reason": "x", "revision": "1"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set(header[0], header[1])
			resp, err := g.clients["chief"].Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusForbidden || resp.Header.Get("Content-Type") != kind || resp.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s with %s: %d %s", path, header, resp.StatusCode, resp.Header.Get("Content-Type"))
			}
		}
	}
	if history, err := g.desk.Store.History(t.Context(), "photos", "a.jpg"); err != nil || len(history) != 0 {
		t.Errorf("decided all the same: %+v, %v", history, err)
	}
}

// What DynamoDB refuses for a while is told as such.
func TestBusy(t *testing.T) {
	db := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slower"}`)
	}))
	t.Cleanup(db.Close)
	config := aws.Config{Region: "us-east-1", BaseEndpoint: &db.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), RetryMaxAttempts: 1}
	reports, log := store.New(store.NewClient(config), "reports"), slog.New(slog.DiscardHandler)
	handler, err := New(Config{Store: reports, Bucket: bucket.New(bucket.NewClient(config)), Checker: &check.Checker{}, Guard: signin.Open("x", reports, log), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"/api/reports", "/api/reports/photos/a.jpg", "/api/versions/photos/a.jpg"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, address, nil)
		r.Host = "localhost"
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "slower") {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
}
