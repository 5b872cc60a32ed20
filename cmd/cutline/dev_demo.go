package main

import (
	"bytes"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/demo"
	"cutline/internal/local"
)

// uploadDemo uploads the demo pictures that are not there. The one that shows
// another again comes when the other's report is complete, as it would.
func uploadDemo(ctx context.Context, stack *local.Stack) error {
	pictures, err := demo.Pictures()
	if err != nil {
		return err
	}
	client := stack.S3
	for _, p := range pictures {
		key := "demo/" + p.Name
		if _, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(local.Bucket), Key: &key}); err == nil {
			continue
		}
		for n := 0; p.Again != "" && n < 250 && ctx.Err() == nil; n++ {
			if rec, err := stack.Store.Get(ctx, local.Bucket, "demo/"+p.Again); err == nil && !rec.Pending() {
				break
			}
			time.Sleep(20 * time.Millisecond) // between two looks
		}
		if err := upload(ctx, client, key, bytes.NewReader(p.JPEG)); err != nil {
			return err
		}
	}
	return nil
}
