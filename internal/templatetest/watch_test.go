package templatetest_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		metric, of := "", ""
		if list, ok := p["Metrics"].([]any); ok {
			metric = asked(list[0].(map[string]any)["Expression"].(string))
		} else if metric = p["MetricName"].(string); p["Dimensions"] != nil {
			of = " of " + p["Dimensions"].([]any)[0].(map[string]any)["Value"].(string)
		}
		if space, _ := p["Namespace"].(string); !strings.HasPrefix(space, "AWS/") && !slices.Contains(metrics, metric) {
			t.Errorf("%s waits for %s, which nothing writes", name, metric)
		}
		got = append(got, metric+of)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		"ApproximateAgeOfOldestMessage of Uploads.QueueName", "ApproximateNumberOfMessagesVisible of DeadLetters.QueueName", "ApproximateNumberOfMessagesVisible of Undelivered.QueueName",
		"CannotStart", "Errors of Check", "Errors of Desk", "Errors of Notify", "ExecutionsFailed of Recheck", "IteratorAge of Notify", "RulePackRefused", "SourceFailures by Source",
	}, got); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
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
		if !shown[m] && m != "Checks" && m != "CannotStart" && m != "RulePackRefused" { // the first by verdict, the others are alarms
			t.Errorf("nothing shows %s", m)
		}
	}
}
