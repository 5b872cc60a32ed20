package templatetest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutline/internal/templatetest"
)

// statement finds a statement of the bucket's policy by its Sid, below the
// conditions that it depends on.
func statement(t *testing.T, value any, sid string) map[string]any {
	t.Helper()
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			if found := statement(t, one, sid); found != nil {
				return found
			}
		}
	case map[string]any:
		if v["Sid"] == sid {
			return v
		}
	}
	return nil
}

// Who takes pictures from the bucket gets those that passed or were approved,
// cannot clear one, and nobody is let in by the bucket's own policy.
func TestTheBucketKeepsWhatIsNotCleared(t *testing.T) {
	template := templatetest.Load(t)
	policy := template.Resources["PicturesPolicy"].Properties["PolicyDocument"].(map[string]any)["Statement"]
	cleared := statement(t, policy, "OnlyCleared")
	if diff := cmp.Diff(map[string]any{
		"Sid": "OnlyCleared", "Effect": "Deny", "Principal": map[string]any{"AWS": "Consumers"}, "Action": []any{"s3:GetObject", "s3:GetObjectVersion"}, "Resource": "${Pictures.Arn}/*",
		"Condition": map[string]any{"StringNotEquals": map[string]any{"s3:ExistingObjectTag/cutline-verdict": []any{"pass", "approved"}}},
	}, cleared); diff != "" {
		t.Errorf("OnlyCleared (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{
		"Sid": "NoConsumerClears", "Effect": "Deny", "Principal": map[string]any{"AWS": "Consumers"}, "Resource": "${Pictures.Arn}/*",
		"Action": []any{"s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"},
	}, statement(t, policy, "NoConsumerClears")); diff != "" {
		t.Errorf("NoConsumerClears (-want +got):\n%s", diff)
	}
	for _, one := range policy.([]any) {
		if list, ok := one.([]any); ok {
			one = list[1]
		}
		if effect := one.(map[string]any)["Effect"]; effect != "Deny" {
			t.Errorf("the bucket's policy has a statement that says %v", effect)
		}
	}
	pictures := template.Resources["Pictures"].Properties
	if diff := cmp.Diff(map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}, pictures["PublicAccessBlockConfiguration"]); diff != "" {
		t.Errorf("public access (-want +got):\n%s", diff)
	}
}

// What may not be lost stays when the stack goes; what holds others' data is
// encrypted; the table can be brought back to any second.
func TestWhatStays(t *testing.T) {
	template := templatetest.Load(t)
	var retained []string
	for name, r := range template.Resources {
		if strings.HasPrefix(r.DeletionPolicy, "Retain") { // or RetainExceptOnCreate
			if r.UpdateReplacePolicy != "Retain" {
				t.Errorf("%s is lost when it is replaced", name)
			}
			retained = append(retained, name)
		}
		if r.Type == "AWS::SQS::Queue" && r.Properties["SqsManagedSseEnabled"] != true {
			t.Errorf("the queue %s is not encrypted", name)
		}
	}
	slices.Sort(retained)
	if diff := cmp.Diff([]string{"DeadLetters", "Pictures", "PicturesPolicy", "Rechecked", "Reports", "Undelivered"}, retained); diff != "" {
		t.Errorf("stays (-want +got):\n%s", diff)
	}
	reports := template.Resources["Reports"].Properties
	if diff := cmp.Diff([]any{map[string]any{"SSEEnabled": true}, map[string]any{"PointInTimeRecoveryEnabled": true}},
		[]any{reports["SSESpecification"], reports["PointInTimeRecoverySpecification"]}); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

// Only S3 and EventBridge of the stack's own account put events into the queue,
// and only over TLS.
func TestWhoMaySendEvents(t *testing.T) {
	policy := templatetest.Load(t).Resources["UploadsPolicy"].Properties["PolicyDocument"].(map[string]any)["Statement"]
	if diff := cmp.Diff([]any{
		map[string]any{
			"Effect": "Allow", "Principal": map[string]any{"Service": []any{"s3.amazonaws.com", "events.amazonaws.com"}}, "Action": "sqs:SendMessage", "Resource": "Uploads.Arn",
			"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": "AWS::AccountId"}},
		},
		map[string]any{
			"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "Uploads.Arn",
			"Condition": map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
		},
	}, policy); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// However many events and requests come, the functions at once are bounded.
func TestAFloodIsBounded(t *testing.T) {
	r := templatetest.Load(t).Resources
	if diff := cmp.Diff(map[string]any{"MaximumConcurrency": "MaxConcurrency"}, r["CheckUploaded"].Properties["ScalingConfig"]); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	throttle := r["Api"].Properties["DefaultRouteSettings"].(map[string]any)
	if throttle["ThrottlingBurstLimit"].(uint64) > 100 || throttle["ThrottlingRateLimit"].(uint64) > 50 {
		t.Errorf("the desk takes %v", throttle)
	}
}
