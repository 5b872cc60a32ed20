package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"

	"cutline/internal/signin"
	"cutline/internal/store"
)

// TokenCmd makes, lists and revokes the tokens of programs. Whoever may write
// the table may.
type TokenCmd struct {
	Create TokenCreateCmd `cmd:"" help:"Make a token and print it, this once."`
	List   TokenListCmd   `cmd:"" help:"List the tokens, without what is secret of them."`
	Revoke TokenRevokeCmd `cmd:"" help:"Make a token useless for ever."`
}

// table is the flag that names the reports' table. Region, credentials and
// endpoint come from where the aws command line takes them.
type table struct {
	Table string `env:"CUTLINE_TABLE" default:"cutline-reports" help:"DynamoDB table of the reports (${default})."`
}

func (t table) open(ctx context.Context) (*store.Store, error) {
	loaded, err := awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	return store.New(store.NewClient(loaded), t.Table), nil
}

// TokenCreateCmd makes a token.
type TokenCreateCmd struct {
	table
	Name  string   `required:"" help:"The program that it is for."`
	Scope []string `required:"" enum:"read,check,decide,upload,kill" placeholder:"SCOPE" help:"What it may do: ${enum}. May be given several times."`
	Days  int      `default:"365" help:"How long it lasts (${default})."`
}

// Run prints the token, which is stored nowhere.
func (cmd TokenCreateCmd) Run(ctx context.Context, std streams) error {
	s, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	var scopes []signin.Right
	for _, scope := range cmd.Scope {
		scopes = append(scopes, signin.Right(scope))
	}
	text, made, err := signin.NewToken(ctx, s, cmd.Name, scopes, time.Duration(cmd.Days)*24*time.Hour, whoami(), time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, text)
	fmt.Fprintf(std.err, "The token %s of %s lasts until %s. It is not shown again.\n", made.ID, made.Name, made.ExpiresAt.Format(time.DateOnly))
	return nil
}

// TokenListCmd lists the tokens.
type TokenListCmd struct{ table }

// Run prints a line for each token, the newest first.
func (cmd TokenListCmd) Run(ctx context.Context, std streams) error {
	s, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	all, err := s.Tokens(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tSCOPES\tMADE\tBY\tUNTIL\tSTATE")
	for _, t := range all {
		state := "good"
		switch {
		case !t.RevokedAt.IsZero():
			state = "revoked " + t.RevokedAt.Format(time.DateOnly) + " by " + t.RevokedBy
		case !t.Live(time.Now()):
			state = "expired"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, strings.Join(t.Scopes, ","), t.CreatedAt.Format(time.DateOnly), t.CreatedBy, t.ExpiresAt.Format(time.DateOnly), state)
	}
	return w.Flush()
}

// TokenRevokeCmd revokes a token.
type TokenRevokeCmd struct {
	table
	ID string `arg:"" help:"Id of the token, as list shows it."`
}

// Run revokes it; once more does no harm.
func (cmd TokenRevokeCmd) Run(ctx context.Context, std streams) error {
	s, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	if err := s.RevokeToken(ctx, cmd.ID, whoami(), time.Now()); err != nil {
		return fmt.Errorf("token %s: %w", cmd.ID, err)
	}
	fmt.Fprintf(std.out, "The token %s is revoked.\n", cmd.ID)
	return nil
}

// whoami is who stands in the record of a token: the user of this machine.
func whoami() string {
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil {
		name += " at " + host
	}
	return name
}
