package notify

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func newHook(t *testing.T, address string) *Webhook {
	t.Helper()
	w, err := NewWebhook(address, key, true)
	if err != nil {
		t.Fatal(err)
	}
	w.wait = func(context.Context, int) error { return nil }
	return w
}

// The vector of the Standard Webhooks specification, computed apart from the
// library that signs.
func TestSignature(t *testing.T) {
	sign, err := webhooks.NewWebhook(key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sign.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestSend(t *testing.T) {
	verify, err := webhooks.NewWebhook(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		answers []int // of each call; the last one stands for all that follow
		calls   int64
		refused bool
		failed  bool
	}{
		"taken":              {[]int{204}, 1, false, false},
		"away for a moment":  {[]int{503, 200}, 2, false, false},
		"slower":             {[]int{429, 408, 202}, 3, false, false},
		"away":               {[]int{500}, 3, false, true},
		"not wanted":         {[]int{400}, 1, true, true},
		"gone":               {[]int{410}, 1, true, true},
		"moved":              {[]int{302}, 1, true, true},
		"moved for good":     {[]int{308}, 1, true, true},
		"wanted after a 500": {[]int{500, 404}, 2, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			var ids []string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n := int(calls.Add(1))
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				if err := verify.Verify(body, r.Header); err != nil {
					t.Errorf("signature: %v", err)
				}
				if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("%s of %s", r.Method, r.Header.Get("Content-Type"))
				}
				ids = append(ids, r.Header.Get("webhook-id"))
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.answers[min(n, len(c.answers))-1])
			}))
			defer s.Close()
			err := newHook(t, s.URL).Send(t.Context(), Notice{ID: "msg_1", Type: Failed})
			if (err != nil) != c.failed || errors.Is(err, ErrRefused) != c.refused || calls.Load() != c.calls {
				t.Errorf("%d calls, %v", calls.Load(), err)
			}
			for _, id := range ids {
				if id != "msg_1" {
					t.Errorf("sent again as %s", id)
				}
			}
		})
	}
}

func TestSendEndsWithItsTime(t *testing.T) {
	w := newHook(t, "http://127.0.0.1:1/")
	w.wait = backoff
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Send(ctx, Notice{ID: "msg_1"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestTheAddressStaysOutOfErrors(t *testing.T) {
	err := newHook(t, "http://127.0.0.1:1/a-secret-path").Send(t.Context(), Notice{ID: "msg_1"})
	if err == nil || strings.Contains(err.Error(), "a-secret-path") {
		t.Errorf("error %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for address, c := range map[string]struct{ anywhere, here bool }{
		"https://cms.example.org/hook":    {true, true},
		"http://cms.example.org/hook":     {false, false},
		"http://127.0.0.1:9000/":          {false, true},
		"http://localhost:9000/":          {false, true},
		"http://localhost.example.org/":   {false, false},
		"http://169.254.169.254/":         {false, false},
		"file:///etc/passwd":              {false, false},
		"gopher://127.0.0.1/":             {false, false},
		"https://user:pass@example.org/":  {false, false},
		"https://":                        {false, false},
		"cms.example.org":                 {false, false},
		"":                                {false, false},
		"http://127.0.0.1@example.org:80": {false, false},
	} {
		if _, err := NewWebhook(address, key, false); (err == nil) != c.anywhere {
			t.Errorf("%q: %v", address, err)
		}
		if _, err := NewWebhook(address, key, true); (err == nil) != c.here {
			t.Errorf("%q here: %v", address, err)
		}
	}
	for _, secret := range []string{"", "whsec_", "c2hvcnQ=", "not base64 at all, but long enough!"} {
		if _, err := NewWebhook("https://cms.example.org", secret, false); err == nil || secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("secret %q: %v", secret, err)
		}
	}
}

// Names may resolve to anything; what is dialled decides.
func TestReachable(t *testing.T) {
	for address, c := range map[string]struct{ anywhere, here bool }{
		"93.184.216.34:443": {true, true}, "[2606:2800:220:1::1]:443": {true, true}, "10.1.2.3:443": {true, true},
		"127.0.0.1:443": {false, true}, "[::1]:443": {false, true}, "[::ffff:127.0.0.1]:443": {false, true},
		"169.254.169.254:443": {false, false}, "[fe80::1]:443": {false, false}, "[::ffff:169.254.170.2]:443": {false, false},
		"0.0.0.0:443": {false, false}, "[::]:443": {false, false}, "224.0.0.1:443": {false, false}, "x": {false, false},
	} {
		if err := reachable(address, false); (err == nil) != c.anywhere {
			t.Errorf("%s: %v", address, err)
		}
		if err := reachable(address, true); (err == nil) != c.here {
			t.Errorf("%s here: %v", address, err)
		}
	}
	// And it does decide: an https webhook whose name is this machine's.
	w, err := NewWebhook("https://localhost:1/", key, false)
	if err != nil {
		t.Fatal(err)
	}
	w.wait = func(context.Context, int) error { return nil }
	if err := w.Send(t.Context(), Notice{ID: "msg_1"}); !errors.Is(err, ErrRefused) {
		t.Errorf("error %v", err)
	}
}
