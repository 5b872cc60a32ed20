package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"os"

	"cutline/internal/notify"
)

// notifier sends notices to the webhook, if there is one. The second value is
// the secret that they are signed with, to be shown: it is the one in the
// environment, under its name, or a new one.
func (cmd DevCmd) notifier(desk net.Addr, log *slog.Logger) (*notify.Notifier, string, error) {
	if cmd.Webhook == "" {
		return nil, "", nil
	}
	secret, shown := os.Getenv("CUTLINE_WEBHOOK_SECRET"), "CUTLINE_WEBHOOK_SECRET" // #nosec G101 -- a name
	if secret == "" {
		random := make([]byte, 24)
		rand.Read(random)
		secret = "whsec_" + base64.StdEncoding.EncodeToString(random)
		shown = secret
	}
	target, err := notify.NewWebhook(cmd.Webhook, secret, true)
	if err != nil {
		return nil, "", fmt.Errorf("--webhook: %w", err)
	}
	return &notify.Notifier{Targets: []notify.Target{target}, Reviews: cmd.Reviews, Desk: "http://" + desk.String(), Log: log}, shown, nil
}
