// Package secret reads what may stand in no log, no template and no one's
// console: keys and passwords.
//
// Imports: AWS.
package secret

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// Variable returns the secret that an environment variable holds, or "" where
// it is not set. A value that is the ARN of a secret in AWS Secrets Manager
// stands for that secret, so that the function's configuration, which many may
// read, does not hold it. No error holds a secret.
func Variable(ctx context.Context, config aws.Config, name string) (string, error) {
	value := os.Getenv(name)
	if !strings.HasPrefix(value, "arn:") {
		return value, nil
	}
	out, err := secretsmanager.NewFromConfig(config).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &value})
	if err != nil {
		return "", fmt.Errorf("%s: the secret %s: %w", name, value, err)
	}
	if out.SecretString == nil {
		return "", fmt.Errorf("%s: the secret %s is no text", name, value)
	}
	return *out.SecretString, nil
}
