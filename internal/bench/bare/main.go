// Command bare is a Lambda function that makes the clients of the check
// function and does nothing: what a cold start costs at least.
package main

import (
	"context"
	"log"

	"github.com/aws/aws-lambda-go/lambda"

	"cutline/internal/bucket"
	"cutline/internal/cloud"
	"cutline/internal/store"
)

func main() {
	loaded, err := cloud.Config(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	pictures, reports := bucket.NewClient(loaded), store.NewClient(loaded)
	lambda.Start(func(context.Context) (int, error) {
		return len(pictures.Options().Region) + len(reports.Options().Region), nil
	})
}
