// Command bare is a Lambda function that makes the clients of the check
// function and does nothing: what a cold start costs at least.
package main

import (
	"context"
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"cutline/internal/bucket"
	"cutline/internal/store"
)

func main() {
	loaded, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	pictures, reports := bucket.NewClient(loaded), store.NewClient(loaded)
	lambda.Start(func(context.Context) (int, error) {
		return len(pictures.Options().Region) + len(reports.Options().Region), nil
	})
}
