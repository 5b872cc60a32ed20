package faults_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// What the schedules look at, they would see broken: with a bug in the code,
// some of them fail.
func TestBugsAreFound(t *testing.T) {
	w := openWorld(t)
	for name, bug := range map[string]func(*http.Request) *http.Response{
		"conditions are forgotten": func(r *http.Request) *http.Response {
			if r.Header.Get("X-Amz-Target") != "" {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				body = condition.ReplaceAll(body, nil)
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			}
			return nil
		},
		"tags are not put": func(r *http.Request) *http.Response {
			if r.Method == http.MethodPut && r.URL.Query().Has("tagging") {
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
			}
			return nil
		},
		"notices are not sent": func(r *http.Request) *http.Response {
			if r.URL.Host != atSNS {
				return nil
			}
			body := io.NopCloser(strings.NewReader(`<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`))
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				_, err := one(t, func() (*schedule, error) {
					s, err := someSchedule(w, seed)
					if err == nil {
						s.network.bug = bug
					}
					return s, err
				})
				if err != nil {
					t.Logf("found by seed %d: %v", seed, err)
					return
				}
			}
			t.Error("no schedule finds it")
		})
	}
}

var condition = regexp.MustCompile(`"ConditionExpression":"[^"]*",`)
