package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"cutline/internal/cloud"
)

// signInToAWS says how the commands come to know who asks, and where.
const signInToAWS = "Give them as the aws command line takes them: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_REGION. For cutline dev, it prints which."

// awsConfig is region, credentials and endpoints, from where the aws command
// line takes them.
func awsConfig(ctx context.Context) (aws.Config, error) {
	loaded, err := cloud.Config(ctx)
	if err == nil {
		err = credentialsKnown(ctx, loaded)
	}
	if err != nil {
		return aws.Config{}, fmt.Errorf("AWS: %w\n%s", err, signInToAWS)
	}
	return loaded, nil
}

func credentialsKnown(ctx context.Context, config aws.Config) error {
	if config.Region == "" {
		return errors.New("no region is set")
	}
	_, err := config.Credentials.Retrieve(ctx)
	return err
}
