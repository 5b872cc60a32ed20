package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// watching is how often the state machine is asked how far it is.
const watching = 5 * time.Second

// inAWS starts the state machine and watches it. It goes on when the command
// is stopped; what failed in it is done again by redriving it in Step
// Functions.
func (cmd RecheckCmd) inAWS(ctx context.Context, std streams, loaded aws.Config, since time.Time) error {
	asked := map[string]any{"bucket": cmd.Bucket, "prefix": cmd.Prefix, "since": "", "only_changed_rules": cmd.OnlyChangedRules}
	if !since.IsZero() {
		asked["since"] = since.UTC().Format(time.RFC3339)
	}
	input, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	client := sfn.NewFromConfig(loaded)
	started, err := client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &cmd.StateMachine, Input: aws.String(string(input))})
	if err != nil {
		return fmt.Errorf("start %s: %w", cmd.StateMachine, err)
	}
	fmt.Fprintln(std.out, *started.ExecutionArn)
	tick := time.NewTicker(watching)
	defer tick.Stop()
	for {
		state, err := client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
		if err != nil {
			return fmt.Errorf("watch %s: %w", *started.ExecutionArn, err)
		}
		if err := tellMapRun(ctx, std, client, *started.ExecutionArn); err != nil {
			return err
		}
		switch state.Status {
		case types.ExecutionStatusRunning:
			select {
			case <-ctx.Done():
				fmt.Fprintln(std.err, "it goes on in AWS")
				return nil
			case <-tick.C:
			}
		case types.ExecutionStatusSucceeded:
			return nil
		default:
			return fmt.Errorf("%s: %s %s", state.Status, aws.ToString(state.Error), aws.ToString(state.Cause))
		}
	}
}

// tellMapRun prints how many batches are done.
func tellMapRun(ctx context.Context, std streams, client *sfn.Client, execution string) error {
	runs, err := client.ListMapRuns(ctx, &sfn.ListMapRunsInput{ExecutionArn: &execution})
	if err != nil {
		return fmt.Errorf("watch %s: %w", execution, err)
	}
	for _, run := range runs.MapRuns {
		state, err := client.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: run.MapRunArn})
		if err != nil {
			return fmt.Errorf("watch %s: %w", *run.MapRunArn, err)
		}
		c := state.ItemCounts
		fmt.Fprintf(std.err, "%d of %d pictures done, %d failed\n", c.Succeeded, c.Total, c.Failed)
	}
	return nil
}
