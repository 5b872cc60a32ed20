package cloud_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"

	"cutline/internal/cloud"
)

// A server that always fails is asked a few times, and not at all any more
// when the budget of retries is spent.
func TestRetriesHaveABudget(t *testing.T) {
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer s.Close()
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", s.URL)
	t.Setenv("AWS_REGION", "eu-west-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	config, err := cloud.Config(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client := dynamodb.NewFromConfig(config)
	_, err = client.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	var api smithy.APIError
	if n := asked.Load(); err == nil || errors.As(err, &api) && api.ErrorCode() == "" || n < 2 || n > 5 {
		t.Errorf("asked %d times: %v", n, err)
	}
	if r := config.Retryer(); r.MaxAttempts() != 4 {
		t.Errorf("%d attempts", r.MaxAttempts())
	}
}
