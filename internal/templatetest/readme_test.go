package templatetest_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"cutline/internal/templatetest"
)

// What the README says of a burst is what the template has.
func TestREADMEOfABurst(t *testing.T) {
	template := templatetest.Load(t)
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(raw), "\n## A burst\n")
	section, _, _ = strings.Cut(section, "\n## ")
	uploads, check := template.Resources["Uploads"].Properties, template.Resources["Check"].Properties
	most := template.Parameters["MaxConcurrency"].(map[string]any)["Default"].(uint64)
	timeout, visible := check["Timeout"].(uint64), uploads["VisibilityTimeout"].(uint64)
	if visible != 6*timeout {
		t.Errorf("messages come again after %d seconds, the function has %d", visible, timeout)
	}
	rate := most * 100 / 15 / 10 * 10 // of pictures, in tens a second
	waiting := template.Resources["Waiting"].Properties
	for _, words := range []string{
		fmt.Sprintf("keeps them for %d days", uploads["MessageRetentionPeriod"].(uint64)/86400),
		fmt.Sprintf("| functions at once, `MaxConcurrency` | %d | at 0.15 s a picture", most),
		fmt.Sprintf("%d a second: all after %d s |", rate, 10_000/rate),
		fmt.Sprintf("comes again after %d seconds, %d times before it is a dead letter", visible, uploads["RedrivePolicy"].(map[string]any)["maxReceiveCount"]),
	} {
		if !strings.Contains(section, words) {
			t.Errorf("the README does not say: %s", words)
		}
	}
	if waiting["Threshold"].(uint64) != 300 || !strings.Contains(section, "more than five minutes are an alarm") {
		t.Errorf("the alarm of waiting pictures: %v", waiting["Threshold"])
	}
}

// Every output and parameter that the README names is there.
func TestREADMENames(t *testing.T) {
	template := templatetest.Load(t)
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"DeskCallback", "PicturesBucket", "ReportsTable", "DeskURL", "CheckFunction", "DeskFunction", "DeadLetterQueueArn", "UploadsQueue", "DashboardURL", "AlarmsTopic", "RecheckStateMachine", "UndeliveredQueue", "WebhookSecretArn"} {
		if _, ok := template.Outputs[name]; !ok || !strings.Contains(string(raw), "`"+name+"`") {
			t.Errorf("the output %s", name)
		}
	}
	for _, name := range []string{"OidcIssuer", "OidcClientId", "OidcRoleClaim", "BucketName", "BucketKeyArn", "Consumers", "AlarmEmail", "RulePacks", "OtlpEndpoint", "MaxConcurrency", "WebhookUrl", "NotifyReviews", "Trust"} {
		if _, ok := template.Parameters[name]; !ok || !strings.Contains(string(raw), name) {
			t.Errorf("the parameter %s", name)
		}
	}
}
