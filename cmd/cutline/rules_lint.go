package main

import (
	"context"
	"errors"
	"fmt"

	"cutline/internal/check"
	"cutline/internal/rules"
)

// RulesLintCmd looks for what is doubtful in rule packs.
type RulesLintCmd struct {
	packs
	Pack []string `arg:"" optional:"" help:"Packs to look at, each over those before it. With none, the folder it stands in."`
}

// Run prints what would keep a pack from loading, and what loads but is
// hardly meant. The exit status is 1 when there is anything.
func (cmd RulesLintCmd) Run(ctx context.Context, std streams) error {
	var own [][]rules.File
	if len(cmd.Rules)+len(cmd.Pack) == 0 {
		cmd.Pack = []string{"."}
	}
	for _, name := range append(cmd.Rules, cmd.Pack...) {
		pack, err := check.ReadPack(ctx, name, openS3)
		if err != nil {
			return err
		}
		own = append(own, pack)
	}
	doubts, err := rules.Lint(own...)
	var broken *rules.Problem
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	if err != nil {
		fmt.Fprintln(std.out, err)
		return errFailed
	}
	for _, d := range doubts {
		fmt.Fprintln(std.out, d)
	}
	if len(doubts) > 0 {
		return errFailed
	}
	return nil
}
