package templatetest_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutline/internal/check"
	"cutline/internal/telemetry"
	"cutline/internal/templatetest"
)

// own are the metrics that the functions write, of all or by a dimension, such
// as "Checks" and "Checks by Verdict", and those that the logs' filters make.
func own(t *testing.T, template templatetest.Template) []string {
	t.Helper()
	raw, err := os.ReadFile("../telemetry/testdata/metrics.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(raw)) {
		var m struct {
			AWS struct {
				CloudWatchMetrics []struct {
					Dimensions [][]string
					Metrics    []struct{ Name string }
				}
			} `json:"_aws"`
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		for _, d := range m.AWS.CloudWatchMetrics {
			for _, metric := range d.Metrics {
				all = append(all, strings.Join(append([]string{metric.Name}, d.Dimensions[0]...), " by "))
			}
		}
	}
	for _, r := range template.Resources {
		if r.Type == "AWS::Logs::MetricFilter" {
			all = append(all, r.Properties["MetricTransformations"].([]any)[0].(map[string]any)["MetricName"].(string))
		}
	}
	return all
}

var (
	searched = regexp.MustCompile(`SEARCH\('\{"Cutline/[^"]*",(\w+)\} MetricName="(\w+)"'`)
	selected = regexp.MustCompile(`SELECT \w+\((\w+)\) FROM SCHEMA\("Cutline/[^"]*", (\w+)\) GROUP BY (\w+)`)
)

// asked is what an expression asks for, as own has it.
func asked(expression string) string {
	if m := searched.FindStringSubmatch(expression); m != nil {
		return m[2] + " by " + m[1]
	}
	if m := selected.FindStringSubmatch(expression); m != nil && m[2] == m[3] {
		return m[1] + " by " + m[2]
	}
	return expression
}

// Whatever goes wrong has an alarm that tells somebody, and what to do.
func TestAlarms(t *testing.T) {
	template := templatetest.Load(t)
	metrics := own(t, template)
	var got []string
	for name, r := range template.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		p := r.Properties
		if diff := cmp.Diff([]any{"Alarms"}, p["AlarmActions"]); diff != "" || p["TreatMissingData"] != "notBreaching" || len(p["AlarmDescription"].(string)) < 40 {
			t.Errorf("%s tells nobody, or not what it is: %+v", name, p)
		}
		for _, one := range watched(p) {
			if space := one.namespace; !strings.HasPrefix(space, "AWS/") && !slices.Contains(metrics, one.metric) {
				t.Errorf("%s waits for %s, which nothing writes", name, one.metric)
			}
			got = append(got, one.metric+one.of)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		"5xx of Api", "ApproximateAgeOfOldestMessage of DeadLetters.QueueName", "ApproximateAgeOfOldestMessage of Undelivered.QueueName", "ApproximateAgeOfOldestMessage of Uploads.QueueName",
		"ApproximateNumberOfMessagesVisible of DeadLetters.QueueName", "ApproximateNumberOfMessagesVisible of Undelivered.QueueName",
		"CannotStart", "Checks by Verdict of fail", "DestinationDeliveryFailures of Notify", "Errors of Check", "Errors of Notify", "ExecutionsFailed of Recheck", "IteratorAge of Notify", "RulePackRefused", "SourceFailures by Source", "TagMissing",
	}, got); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
}

// watch is a metric that an alarm waits for.
type watch struct{ namespace, metric, of string }

// watched are the metrics of an alarm: one, a query, or those of an expression.
func watched(alarm map[string]any) []watch {
	one := func(p map[string]any) watch {
		w := watch{metric: p["MetricName"].(string)}
		w.namespace, _ = p["Namespace"].(string)
		if list, ok := p["Dimensions"].([]any); ok {
			d := list[0].(map[string]any)
			w.of = " of " + d["Value"].(string)
			if !strings.HasPrefix(w.namespace, "AWS/") {
				w.metric += " by " + d["Name"].(string)
			}
		}
		return w
	}
	list, several := alarm["Metrics"].([]any)
	if !several {
		return []watch{one(alarm)}
	}
	var all []watch
	for _, m := range list {
		m := m.(map[string]any)
		if stat, ok := m["MetricStat"].(map[string]any); ok {
			all = append(all, one(stat["Metric"].(map[string]any)))
		} else if query := m["Expression"].(string); strings.HasPrefix(query, "SELECT") {
			all = append(all, watch{metric: asked(query)})
		}
	}
	return all
}

// Nobody loses an upload without having been told: what waits is an alarm long
// before the queue forgets it, and so is what lies among the dead letters, whose
// time counts from the upload ("Amazon SQS dead-letter queues", SQS Developer
// Guide), and the notices that nobody took.
func TestAlarmsComeInTime(t *testing.T) {
	r := templatetest.Load(t).Resources
	seconds := func(resource, property string) uint64 { return r[resource].Properties[property].(uint64) }
	waits, expires := seconds("Waiting", "Threshold"), seconds("Expiring", "Threshold")
	uploads, dead, undelivered := seconds("Uploads", "MessageRetentionPeriod"), seconds("DeadLetters", "MessageRetentionPeriod"), seconds("Undelivered", "MessageRetentionPeriod")
	if waits*100 > uploads {
		t.Errorf("the alarm of what waits comes after %d of %d seconds", waits, uploads)
	}
	if uploads+2*expires > dead || 2*expires > undelivered {
		t.Errorf("the alarm comes after %d seconds among the dead letters, of which %d or %d may be left", expires, dead-uploads, undelivered)
	}
}

// What the filters of the logs look for is what the functions write.
func TestFiltersFindWhatIsWritten(t *testing.T) {
	written := map[string]string{"CannotStart": telemetry.NotStarted, "RulePackRefused": check.PackRefused, "TagMissing": check.TagMissing}
	for name, r := range templatetest.Load(t).Resources {
		if r.Type != "AWS::Logs::MetricFilter" {
			continue
		}
		makes := r.Properties["MetricTransformations"].([]any)[0].(map[string]any)["MetricName"].(string)
		if got, want := r.Properties["FilterPattern"], `{ $.msg = "`+written[makes]+`" }`; got != want {
			t.Errorf("%s looks for %v, not %s", name, got, want)
		}
	}
}

// The dashboard shows what is written, and all of it.
func TestDashboard(t *testing.T) {
	template := templatetest.Load(t)
	var body struct {
		Widgets []struct {
			X, Y, Width, Height int
			Properties          struct {
				Title   string
				Metrics [][]any
			}
		}
	}
	if err := json.Unmarshal([]byte(template.Resources["Dashboard"].Properties["DashboardBody"].(string)), &body); err != nil {
		t.Fatal(err)
	}
	places, shown := map[[2]int]string{}, map[string]bool{}
	metrics := own(t, template)
	for _, w := range body.Widgets {
		if at := [2]int{w.X, w.Y}; places[at] != "" || w.X%12 != 0 || w.Y%6 != 0 || w.Width != 12 || w.Height != 6 {
			t.Errorf("%s lies over %q", w.Properties.Title, places[at])
		} else {
			places[at] = w.Properties.Title
		}
		for _, m := range w.Properties.Metrics {
			name := ""
			switch first := m[0].(type) {
			case map[string]any:
				name = asked(first["expression"].(string))
			case string:
				if strings.HasPrefix(first, "AWS/") {
					continue
				}
				name = m[1].(string)
			}
			shown[name] = true
			if !slices.Contains(metrics, name) {
				t.Errorf("%s shows %s, which nothing writes", w.Properties.Title, name)
			}
		}
	}
	for _, m := range metrics {
		if !shown[m] && m != "Checks" && m != "CannotStart" && m != "RulePackRefused" && m != "TagMissing" { // the first by verdict, the others are alarms
			t.Errorf("nothing shows %s", m)
		}
	}
}
