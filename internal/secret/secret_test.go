package secret_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cutline/internal/secret"
)

func TestVariable(t *testing.T) {
	const there, binary = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:binary-AbCdEf"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ SecretId string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		switch in.SecretId {
		case there:
			io.WriteString(w, `{"SecretString": "from the manager"}`)
		case binary:
			io.WriteString(w, `{"SecretBinary": "AAAA"}`)
		default:
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"__type": "ResourceNotFoundException", "message": "no such secret"}`)
		}
	}))
	defer s.Close()
	config := aws.Config{Region: "eu-west-1", BaseEndpoint: &s.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	for _, c := range []struct{ value, want, err string }{
		{"", "", ""},
		{"the key itself", "the key itself", ""},
		{there, "from the manager", ""},
		{binary, "", "CUTLINE_TEST_SECRET"},
		{"arn:aws:secretsmanager:eu-west-1:123456789012:secret:none", "", "CUTLINE_TEST_SECRET"},
	} {
		t.Setenv("CUTLINE_TEST_SECRET", c.value)
		got, err := secret.Variable(t.Context(), config, "CUTLINE_TEST_SECRET")
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q: %q, %v", c.value, got, err)
		}
	}
}
