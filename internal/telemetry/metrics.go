package telemetry

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// Metrics writes measurements as lines of JSON that CloudWatch makes metrics
// of ("Specification: Embedded metric format", CloudWatch User Guide), with no
// request to any service:
//
//	Checks, Bytes, Gets, ColdStarts   of all
//	Checks                            by Verdict
//	Findings                          by Code
//	SourceFailures                    by Source, of pictures that failed
//	Time (milliseconds)               by Stage
//
// Nothing of a picture or caption is a dimension. A nil Metrics writes nothing.
type Metrics struct {
	namespace string
	out       io.Writer
	now       func() time.Time

	mu   sync.Mutex
	warm bool // whether something was written since the start
}

// NewMetrics returns nil where the namespace is empty.
func NewMetrics(namespace string, out io.Writer, now func() time.Time) *Metrics {
	if namespace == "" {
		return nil
	}
	return &Metrics{namespace: namespace, out: out, now: now}
}

// Check is what one check is measured by.
type Check struct {
	Verdict string
	Sources []string // ids
	Codes   []string // of the findings, each once
	Failed  bool     // whether the verdict is the worst
	Bytes   int64    // read of the object
	Gets    int
	Times   map[string]time.Duration // by stage
}

// metric is one entry of a directive.
type metric struct {
	Name string `json:"Name"`
	Unit string `json:"Unit"`
}

type directive struct {
	Namespace  string     `json:"Namespace"`
	Dimensions [][]string `json:"Dimensions"`
	Metrics    []metric   `json:"Metrics"`
}

// Check writes down one check. An error in writing is nobody's: measurements
// are not worth a picture.
func (m *Metrics) Check(c Check) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	cold := 0
	if !m.warm {
		cold, m.warm = 1, true
	}
	m.write([]directive{
		{m.namespace, [][]string{{}}, []metric{{"Checks", "Count"}, {"Bytes", "Bytes"}, {"Gets", "Count"}, {"ColdStarts", "Count"}}},
		{m.namespace, [][]string{{"Verdict"}}, []metric{{"Checks", "Count"}}},
	}, map[string]any{"Verdict": c.Verdict, "Checks": 1, "Bytes": c.Bytes, "Gets": c.Gets, "ColdStarts": cold})
	for _, code := range c.Codes {
		m.count("Findings", "Code", code)
	}
	if c.Failed {
		for _, source := range c.Sources {
			m.count("SourceFailures", "Source", source)
		}
	}
	for _, stage := range slices.Sorted(maps.Keys(c.Times)) {
		m.write([]directive{{m.namespace, [][]string{{"Stage"}}, []metric{{"Time", "Milliseconds"}}}},
			map[string]any{"Stage": stage, "Time": float64(c.Times[stage].Microseconds()) / 1000})
	}
}

func (m *Metrics) count(name, dimension, value string) {
	m.write([]directive{{m.namespace, [][]string{{dimension}}, []metric{{name, "Count"}}}}, map[string]any{dimension: value, name: 1})
}

// write writes one line. The caller holds the lock.
func (m *Metrics) write(directives []directive, values map[string]any) {
	values["_aws"] = map[string]any{"Timestamp": m.now().UnixMilli(), "CloudWatchMetrics": directives}
	line, err := json.Marshal(values)
	if err != nil {
		return
	}
	m.out.Write(append(line, '\n'))
}
