package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"

	"cutline/internal/secret"
	"cutline/internal/signin"
	"cutline/internal/store"
)

// guard is sign-in by the same variables as in AWS. Without them the desk is
// open, and listens on this machine only.
func (cmd DevCmd) guard(ctx context.Context, listens net.Addr, reports *store.Store, log *slog.Logger) (*signin.Guard, error) {
	if os.Getenv(signin.VarIssuer) == "" {
		if !signin.Loopback(listens.String()) {
			return nil, fmt.Errorf("the desk would be open to everybody who can reach %s: let it listen on 127.0.0.1, or set %s and the other variables of sign-in", listens, signin.VarIssuer)
		}
		return signin.Open("editor on this machine", reports, log), nil
	}
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	asked, err := signin.FromVariables(os.Getenv, func(name string) (string, error) {
		value, err := secret.Variable(ctx, loaded, name)
		if name == signin.VarSessionKey && value == "" && err == nil {
			value = rand.Text() + rand.Text() // sessions end with this process
		}
		return value, err
	})
	if err != nil {
		return nil, err
	}
	return signin.New(asked, reports, log)
}
