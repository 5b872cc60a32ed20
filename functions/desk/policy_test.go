package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/rules"
	"cutline/internal/signin"
	"cutline/internal/templatetest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
)

// The policy of the function allows what it asks of AWS, and nothing else:
// with keys in Secrets Manager and rules in S3, at every address of the desk.
func TestThePolicyIsWhatIsAsked(t *testing.T) {
	granted := templatetest.Load(t).Granted("Desk")
	stack, err := local.Start(t.Context(), local.Config{Data: t.TempDir(), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stack.Close() })
	for _, name := range []string{"plain", "house"} { // without versions
		if _, err := stack.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
			t.Fatal(err)
		}
	}
	put := func(bucket, key string, body []byte) (version string) {
		t.Helper()
		out, err := stack.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body)})
		if err != nil {
			t.Fatal(err)
		}
		return aws.ToString(out.VersionId)
	}
	put("house", "own.yaml", []byte("findings:\n  access.missing: {severity: review}\n"))
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	uploads := &check.Uploads{Checker: &check.Checker{Rules: house}, Bucket: bucket.New(stack.S3), Store: stack.Store, Log: slog.New(slog.DiscardHandler)}
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for i, p := range pictures {
		versions[p.Name] = put(local.Bucket, p.Name, p.JPEG)
		put("plain", p.Name, p.JPEG)
		for _, name := range []string{local.Bucket, "plain"} {
			e := bucket.Event{Kind: bucket.Created, Bucket: name, Key: p.Name, Sequencer: fmt.Sprintf("%04X", i+1)}
			if err := uploads.Upload(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
	}

	secrets := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"SecretString": "`+strings.Repeat("k", 32)+`"}`)
	}))
	defer secrets.Close()
	const session, client = "arn:aws:secretsmanager:us-east-1:123456789012:secret:session-AbCdEf", "arn:aws:secretsmanager:us-east-1:123456789012:secret:client-AbCdEf"
	cloud := map[string]string{
		"CUTLINE_TABLE": local.Table, "CUTLINE_RULES": "s3://house/", "CUTLINE_UPLOADS": local.Bucket, "CUTLINE_PICTURES": stack.S3URL,
		"AWS_ENDPOINT_URL_S3": stack.S3URL, "AWS_ENDPOINT_URL_DYNAMODB": stack.DynamoDBURL, "AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets.URL,
		"AWS_REGION": local.Region, "AWS_ACCESS_KEY_ID": local.AccessKey, "AWS_SECRET_ACCESS_KEY": local.SecretKey,
		signin.VarIssuer: "https://a.example", signin.VarClientID: "desk", signin.VarSessionKey: session, signin.VarClientSecret: client,
	}
	asked := templatetest.Operations{Names: map[string]string{
		local.Table: "Reports", local.Bucket: "BucketName", "plain": "BucketName", "house": "RulePacks", session: "SessionKey", client: "OidcClientSecretArn",
	}}
	asked.Add("kms:Decrypt BucketKeyArn", "kms:GenerateDataKey BucketKeyArn") // by S3, in the name of who reads and writes
	record := config.WithAPIOptions([]func(*middleware.Stack) error{asked.Record})
	variables(t, cloud)
	if _, err := wire(t.Context(), slog.New(slog.DiscardHandler), record); err != nil {
		t.Fatal(err)
	}
	// The same desk without sign-in, to reach every address.
	cloud[signin.VarIssuer], cloud["AWS_SAM_LOCAL"] = "", "true"
	variables(t, cloud)
	pages, err := wire(t.Context(), slog.New(slog.DiscardHandler), record)
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, path, kind, body string) string {
		t.Helper()
		r := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		if w.Code >= 400 {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	get := func(path string) string { t.Helper(); return send("GET", path, "", "") }
	for _, path := range []string{"/", "/?verdict=fail&origin=state", "/?source=kcna", "/rows", "/facets", "/overview", "/rules", "/tokens", "/upload", "/check", "/dead-letters",
		"/api/reports?verdict=review", "/api/reports?day=2026-01-01", "/api/versions/photos/" + pictures[0].Name, "/api/decisions/photos/" + pictures[0].Name} {
		get(path)
	}
	for _, p := range pictures {
		get("/reports/photos/" + p.Name)
		for _, version := range []string{"", "?version=" + versions[p.Name]} {
			get("/thumbs/photos/" + p.Name + version)
			get("/pictures/photos/" + p.Name + version)
		}
		for _, action := range []string{"hold", "approve", "kill", "note"} {
			var rec struct {
				Revision string `json:"revision"`
			}
			if err := json.Unmarshal([]byte(get("/api/reports/photos/"+p.Name)), &rec); err != nil {
				t.Fatal(err)
			}
			send("POST", "/api/decisions/photos/"+p.Name, "application/json", `{"action": "`+action+`", "reason": "as agreed", "revision": "`+rec.Revision+`"}`)
		}
	}
	for i, p := range pictures { // into the picture, and into a sidecar of what is none
		if i == 1 {
			versions[p.Name] = put(local.Bucket, p.Name, []byte("no picture"))
			e := bucket.Event{Kind: bucket.Created, Bucket: local.Bucket, Key: p.Name, Sequencer: "FFFF"}
			if err := uploads.Upload(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		var rec struct {
			Revision string `json:"revision"`
		}
		if err := json.Unmarshal([]byte(get("/api/reports/photos/"+p.Name)), &rec); err != nil {
			t.Fatal(err)
		}
		send("POST", "/captions/photos/"+p.Name, "application/x-www-form-urlencoded", url.Values{"caption": {"A train. (KCNA via AP)"}, "revision": {rec.Revision}}.Encode())
	}
	for _, name := range []string{local.Bucket, "plain"} {
		send("POST", "/api/kills", "application/json", `{"text": "EDITORS, PLEASE KILL.", "pictures": [{"bucket": "`+name+`", "key": "`+pictures[0].Name+`"}]}`)
	}
	send("POST", "/api/check", "application/json", `{"caption": "A train in Wonsan."}`)
	send("POST", "/api/uploads", "application/json", `{"name": "a b.jpg"}`)
	send("POST", "/tokens", "application/x-www-form-urlencoded", url.Values{"name": {"a program"}, "scope": {"read"}, "days": {"30"}}.Encode())
	if diff := cmp.Diff(asked.Needed(), granted); diff != "" {
		t.Errorf("actions (-needed +granted):\n%s", diff)
	}
}
