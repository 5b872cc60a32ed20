package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Webhook posts notices to an address, signed as Standard Webhooks says: the
// header webhook-signature holds "v1," and the HMAC-SHA256 in base64 of
// webhook-id, webhook-timestamp (Unix time in seconds) and the body, with dots
// between them.
type Webhook struct {
	address string
	sign    *webhooks.Webhook
	client  *http.Client
	wait    func(ctx context.Context, attempt int) error
}

// How a webhook is called.
const (
	attempts  = 3 // in one go; the stream brings what failed again later
	firstWait = 200 * time.Millisecond
	calling   = 5 * time.Second // one call
	minSecret = 24              // bytes, as Standard Webhooks asks for
)

// NewWebhook returns a webhook at an https address, with a secret in base64,
// which may begin with "whsec_". At here, on one machine, it may also be an
// http address of this machine itself; elsewhere no address of the machine or
// of its own network's services can be reached.
func NewWebhook(address, secret string, here bool) (*Webhook, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(here && u.Scheme == "http" && loopback(u.Hostname())) {
		return nil, fmt.Errorf("the webhook's address must begin with https:// and hold no password")
	}
	sign, err := webhooks.NewWebhook(secret)
	if err != nil {
		return nil, errors.New("the webhook's secret is not base64")
	}
	if len(secret) < minSecret*4/3 {
		return nil, fmt.Errorf("the webhook's secret has at least %d bytes", minSecret)
	}
	dialer := &net.Dialer{Timeout: calling, Control: func(_, address string, _ syscall.RawConn) error {
		return reachable(address, here)
	}}
	return &Webhook{
		address: address, sign: sign, wait: backoff,
		client: &http.Client{
			Timeout:   calling,
			Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: calling, ResponseHeaderTimeout: calling, MaxResponseHeaderBytes: 1 << 16},
			// A redirect could lead anywhere, and would be a GET.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// reachable refuses addresses that no webhook has, after the name was
// resolved: the machine itself and the link's services, such as those that
// give out a function's credentials.
func reachable(address string, here bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s is no address", ErrRefused, address)
	}
	ip := at.Addr().Unmap()
	if ip.IsLoopback() && !here || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("%w: no webhook is at %s", ErrRefused, ip)
	}
	return nil
}

// Send posts the notice, several times if the receiver is away for a moment.
func (w *Webhook) Send(ctx context.Context, n Notice) error {
	body, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	for attempt := range attempts {
		if err = w.post(ctx, n.ID, body); err == nil || errors.Is(err, ErrRefused) {
			return err
		}
		if attempt == attempts-1 {
			break
		}
		if waited := w.wait(ctx, attempt); waited != nil {
			return errors.Join(err, waited)
		}
	}
	return err
}

func (w *Webhook) post(ctx context.Context, id string, body []byte) error {
	now := time.Now()
	signature, err := w.sign.Sign(id, now, body)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Cutline")
	r.Header.Set(webhooks.HeaderWebhookID, id)
	r.Header.Set(webhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(webhooks.HeaderWebhookSignature, signature)
	resp, err := w.client.Do(r)
	if err != nil {
		return fmt.Errorf("webhook: %w", withoutAddress(err))
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection can be used again
	switch status := resp.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		return fmt.Errorf("webhook: it answers %d", status)
	default: // a redirect, or a notice that it does not want
		return fmt.Errorf("%w: the webhook answers %d", ErrRefused, status)
	}
}

// withoutAddress leaves the webhook's address out of an error, since a part of
// it may be a secret.
func withoutAddress(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// backoff waits before another attempt, longer each time, and not all at once.
func backoff(ctx context.Context, attempt int) error {
	wait := firstWait << (2 * attempt)
	timer := time.NewTimer(wait/2 + rand.N(wait)) // #nosec G404 -- no secret
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
