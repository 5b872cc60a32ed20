package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"cutline/internal/local"
)

// refusal is how a proxy answers some requests in the place of S3 or DynamoDB.
type refusal struct {
	asks   string // part of "METHOD path?query target"
	status int
	code   string // of an error
	body   string // of an answer that is none
}

// proxy hands requests on to a server, but for those that are refused.
func proxy(t *testing.T, to string, refused *atomic.Pointer[refusal]) string {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	on := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // which is signed
	}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := fmt.Sprintf("%s %s %s", r.Method, r.URL.RequestURI(), r.Header.Get("X-Amz-Target"))
		no := refused.Load()
		if no == nil || !strings.Contains(asked, no.asks) {
			on.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(no.status)
		switch {
		case no.body != "":
			fmt.Fprint(w, no.body)
		case r.Header.Get("X-Amz-Target") != "":
			fmt.Fprintf(w, `{"__type": "com.amazonaws.dynamodb.v20120810#%s", "message": "no"}`, no.code)
		default:
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", no.code)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// Whatever fails, the doctor says where, and what to do.
func TestDoctorSaysWhatToDo(t *testing.T) {
	s := newSession(t)
	s.deliver()
	var refused atomic.Pointer[refusal]
	atS3, atDynamoDB := proxy(t, s.S3URL, &refused), proxy(t, s.DynamoDBURL, &refused)
	const away = "http://127.0.0.1:1"

	for name, c := range map[string]struct {
		refused   *refusal
		variables map[string]string
		says      string // of the check and its failure
		do        string // what to do
	}{
		"well":                  {nil, nil, "", ""},
		"no region":             {nil, map[string]string{"AWS_REGION": ""}, "credentials: no region is set", "AWS_REGION"},
		"no credentials":        {nil, map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "credentials: ", "AWS_PROFILE"},
		"foreign credentials":   {&refusal{"HEAD /photos", 403, "", " "}, nil, "bucket photos: ", "s3:ListBucket"},
		"they have ended":       {&refusal{"DescribeTable", 400, "ExpiredTokenException", ""}, nil, "table cutline-reports: ", "sign in again"},
		"they are not known":    {&refusal{"DescribeTable", 400, "UnrecognizedClientException", ""}, nil, "table cutline-reports: ", "are not known there"},
		"the clock":             {&refusal{"GET /photos?versioning", 403, "RequestTimeTooSkewed", ""}, nil, "versions of objects: ", "Set the clock"},
		"another region":        {&refusal{"HEAD /photos", 301, "", " "}, nil, "bucket photos: ", "another region"},
		"no bucket":             {&refusal{"HEAD /photos", 404, "", " "}, nil, "bucket photos: ", "PicturesBucket"},
		"S3 is away":            {nil, map[string]string{"AWS_ENDPOINT_URL_S3": away}, "bucket photos: ", "Nothing answers there"},
		"DynamoDB is away":      {nil, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": away}, "table cutline-reports: ", "Nothing answers there"},
		"no versions":           {&refusal{"GET /photos?versioning", 200, "", "<VersioningConfiguration/>"}, nil, "versions of objects: they are off", "Turn on versions"},
		"versions not seen":     {&refusal{"GET /photos?versioning", 403, "AccessDenied", ""}, nil, "versions of objects: ", "s3:GetBucketVersioning"},
		"everybody may read":    {&refusal{"GET /photos?policyStatus", 200, "", "<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>"}, nil, "the bucket's policy: it is public", "block public access"},
		"policy not seen":       {&refusal{"GET /photos?policyStatus", 403, "AccessDenied", ""}, nil, "the bucket's policy: ", "s3:GetBucketPolicyStatus"},
		"no table":              {&refusal{"DescribeTable", 400, "ResourceNotFoundException", ""}, nil, "table cutline-reports: ", "ReportsTable"},
		"table not seen":        {&refusal{"DescribeTable", 400, "AccessDeniedException", ""}, nil, "table cutline-reports: ", "dynamodb:DescribeTable"},
		"an earlier table":      {&refusal{"DescribeTable", 200, "", `{"Table": {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}}`}, nil, "table cutline-reports: the index by-time is missing", "deploying the template"},
		"a busy table":          {&refusal{"DescribeTable", 400, "ThrottlingException", ""}, nil, "table cutline-reports: ", "try once more"},
		"no pack":               {nil, map[string]string{"CUTLINE_RULES": "s3://photos/no-pack/"}, "rules: ", "cutline rules lint"},
		"upload forbidden":      {&refusal{"PUT /photos/cutline-doctor-", 403, "AccessDenied", ""}, nil, "upload: ", "s3:PutObject"},
		"upload as not wanted":  {&refusal{"PUT /photos/cutline-doctor-", 400, "InvalidRequest", ""}, nil, "upload: ", "a key to encrypt with"},
		"no events":             {&refusal{"GetItem", 200, "", "{}"}, nil, "events arrive, and a report is written: there is none after", "EventBridge"},
		"report not seen":       {&refusal{"GetItem", 400, "AccessDeniedException", ""}, nil, "events arrive, and a report is written: ", "dynamodb:GetItem"},
		"no tag":                {&refusal{"tagging", 404, "NoSuchTagSet", ""}, nil, "the verdict's tag: ", "May the check function tag"},
		"tag not seen":          {&refusal{"tagging", 403, "AccessDenied", ""}, nil, "the verdict's tag: ", "s3:GetObjectTagging"},
		"the picture stays":     {&refusal{"DELETE /photos/cutline-doctor-", 403, "AccessDenied", ""}, nil, "the picture is deleted again: ", "s3:DeleteObject"},
		"the picture is locked": {&refusal{"DELETE /photos/cutline-doctor-", 400, "InvalidRequest", ""}, nil, "the picture is deleted again: ", "Delete s3://photos/cutline-doctor-"},
	} {
		t.Run(name, func(t *testing.T) {
			s.T = t
			s.configure()
			for variable, value := range map[string]string{
				"AWS_ENDPOINT_URL_S3": atS3, "AWS_ENDPOINT_URL_DYNAMODB": atDynamoDB,
				"AWS_DEFAULT_REGION": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
			} {
				t.Setenv(variable, value)
			}
			for variable, value := range c.variables {
				t.Setenv(variable, value)
			}
			refused.Store(c.refused)
			defer refused.Store(nil)
			wait := "20s"
			if name == "no events" { // which never come
				wait = "300ms"
			}
			status, out := s.run("doctor", "--table", local.Table, "--wait", wait)
			if c.says == "" {
				if status != 0 || strings.Contains(out, "FAIL") {
					t.Errorf("exit status %d:\n%s", status, out)
				}
				return
			}
			_, failed, _ := strings.Cut(out, "FAIL  "+c.says)
			_, do, _ := strings.Cut(failed, "\n      ")
			do, _, _ = strings.Cut(do, "\n")
			if status != 1 || !strings.Contains(do, c.do) {
				t.Errorf("exit status %d, to do %q, want one with %q:\n%s", status, do, c.do, out)
			}
		})
	}
}
