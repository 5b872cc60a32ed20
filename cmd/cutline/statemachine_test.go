package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/blues/jsonata-go"
	"github.com/google/go-cmp/cmp"

	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/templatetest"
)

// evaluated is a value of the definition with its JSONata expressions
// evaluated ("Transforming data with JSONata", Step Functions Developer Guide).
func evaluated(t *testing.T, value any, states map[string]any) any {
	t.Helper()
	switch v := value.(type) {
	case string:
		text, ok := strings.CutPrefix(v, "{%")
		if !ok {
			return v
		}
		expression, err := jsonata.Compile(strings.TrimSuffix(text, "%}"))
		if err != nil {
			t.Fatalf("%s: %v", v, err)
		}
		if err := expression.RegisterVars(map[string]any{"states": states}); err != nil {
			t.Fatal(err)
		}
		out, err := expression.Eval(nil)
		if err != nil {
			t.Fatalf("%s: %v", v, err)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, one := range v {
			out[name] = evaluated(t, one, states)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = evaluated(t, one, states)
		}
		return out
	}
	return value
}

// through is what JSON makes of a value.
func through(t *testing.T, value any) (out map[string]any) {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// machine runs the template's definition of the distributed map as Step
// Functions does: it lists the bucket, makes batches of what is listed, and
// hands each to the function.
type machine struct {
	*testing.T
	definition map[string]any
	stack      *local.Stack
	invoke     func(context.Context, json.RawMessage) (any, error)
	batches    []int // pictures in each
	output     []any
}

func (m *machine) run(input map[string]any) {
	m.Helper()
	pictures := m.definition["States"].(map[string]any)[m.definition["StartAt"].(string)].(map[string]any)
	states := map[string]any{"input": input}
	reader := evaluated(m.T, pictures["ItemReader"].(map[string]any)["Arguments"], states).(map[string]any)
	name, prefix := reader["Bucket"].(string), reader["Prefix"].(string)
	listed, err := m.stack.S3.ListObjectsV2(m.Context(), &s3.ListObjectsV2Input{Bucket: &name, Prefix: &prefix})
	if err != nil {
		m.Fatal(err)
	}
	var items []any
	for _, o := range listed.Contents { // "ItemReader (Map)": what a listing gives
		items = append(items, map[string]any{"Etag": *o.ETag, "Key": *o.Key, "LastModified": o.LastModified.Unix(), "Size": *o.Size, "StorageClass": "STANDARD"})
	}
	batcher := pictures["ItemBatcher"].(map[string]any)
	processor := pictures["ItemProcessor"].(map[string]any)
	task := processor["States"].(map[string]any)[processor["StartAt"].(string)].(map[string]any)
	for batch := range slices.Chunk(items, int(batcher["MaxItemsPerBatch"].(uint64))) {
		m.batches = append(m.batches, len(batch))
		one := through(m.T, map[string]any{"Items": batch, "BatchInput": evaluated(m.T, batcher["BatchInput"], states)})
		arguments := evaluated(m.T, task["Arguments"], map[string]any{"input": one}).(map[string]any)
		payload, err := json.Marshal(arguments["Payload"])
		if err != nil {
			m.Fatal(err)
		}
		out, err := m.invoke(m.Context(), payload)
		if err != nil {
			m.Fatalf("%s: %v", payload, err)
		}
		result := map[string]any{"input": one, "result": through(m.T, map[string]any{"StatusCode": 200, "Payload": out})}
		m.output = append(m.output, evaluated(m.T, task["Output"], result))
	}
}

// "cutline recheck --state-machine" and the definition in the template do what
// "cutline recheck" does: what the command sends runs through the map, and
// through the function.
func TestStateMachine(t *testing.T) {
	definition := templatetest.Load(t).Resources["Recheck"].Properties["Definition"].(map[string]any)
	s := newSession(t)
	s.configure()
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		key := fmt.Sprintf("2026/%d.jpg", i)
		if i == 11 {
			key = "other/12.jpg"
		}
		if _, err := s.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(pictures[i%len(pictures)].JPEG)}); err != nil {
			t.Fatal(err)
		}
	}
	m := &machine{T: t, definition: definition, stack: s.Stack, invoke: s.uploads().Invoke}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		switch operation {
		case "StartExecution":
			var in struct {
				Input           string `json:"input"`
				StateMachineArn string `json:"stateMachineArn"`
			}
			var asked map[string]any
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				t.Error(err)
			}
			if err := json.Unmarshal([]byte(in.Input), &asked); err != nil || in.StateMachineArn != "arn:recheck" {
				t.Errorf("%+v, %v", in, err)
			}
			m.run(asked)
			fmt.Fprint(w, `{"executionArn": "arn:execution", "startDate": 1790000000}`)
		case "DescribeExecution":
			fmt.Fprint(w, `{"executionArn": "arn:execution", "status": "SUCCEEDED"}`)
		case "ListMapRuns":
			fmt.Fprint(w, `{"mapRuns": [{"mapRunArn": "arn:run"}]}`)
		case "DescribeMapRun":
			done := 0
			for _, n := range m.batches {
				done += n
			}
			fmt.Fprintf(w, `{"mapRunArn": "arn:run", "itemCounts": {"succeeded": %d, "total": %d}}`, done, done)
		default:
			t.Errorf("asked for %s", operation)
		}
	}))
	defer service.Close()
	t.Setenv("AWS_ENDPOINT_URL_SFN", service.URL)
	for _, c := range []struct {
		options []string
		batches string
		output  string
	}{
		{[]string{"--prefix", "2026/"}, "[10 1]", `[{"checked":10,"skipped":0},{"checked":1,"skipped":0}]`},
		{[]string{"--prefix", "2026/", "--only-changed-rules"}, "[10 1]", `[{"checked":0,"skipped":10},{"checked":0,"skipped":1}]`},
		{[]string{"--only-changed-rules"}, "[10 2]", `[{"checked":0,"skipped":10},{"checked":1,"skipped":1}]`},
		{[]string{"--prefix", "other/"}, "[1]", `[{"checked":1,"skipped":0}]`},
		{[]string{"--since", "2200-01-01"}, "[10 2]", `[{"checked":0,"skipped":10},{"checked":0,"skipped":2}]`},
	} {
		m.batches, m.output = nil, nil
		s.says(0, `pictures done, 0 failed`, append([]string{"recheck", "--bucket", local.Bucket, "--state-machine", "arn:recheck"}, c.options...)...)
		output, err := json.Marshal(m.output)
		if err != nil || fmt.Sprint(m.batches) != c.batches || string(output) != c.output {
			t.Errorf("%q: batches %v, output %s, %v; want %s and %s", c.options, m.batches, output, err, c.batches, c.output)
		}
	}
	for i := range 11 {
		if _, err := s.Store.Get(t.Context(), local.Bucket, fmt.Sprintf("2026/%d.jpg", i)); err != nil {
			t.Error(err)
		}
	}
}

// The role of the state machine allows what its definition asks for, and
// nothing else, but to start and watch executions of itself.
func TestStateMachinesPolicy(t *testing.T) {
	template := templatetest.Load(t)
	definition := template.Resources["Recheck"].Properties["Definition"].(map[string]any)
	pictures := definition["States"].(map[string]any)["Pictures"].(map[string]any)
	check := pictures["ItemProcessor"].(map[string]any)["States"].(map[string]any)["Check"].(map[string]any)
	var needed []string
	for _, c := range []struct {
		field    map[string]any
		resource string // of the service
		actions  string // "IAM policies for using Distributed Map states"
		on       string
	}{
		{pictures["ItemReader"].(map[string]any), "s3:listObjectsV2", "s3:ListBucket", "BucketName"},
		{pictures["ResultWriter"].(map[string]any), "s3:putObject", "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject",
			pictures["ResultWriter"].(map[string]any)["Arguments"].(map[string]any)["Bucket"].(string)},
		{check, "lambda:invoke", "lambda:InvokeFunction", strings.TrimSuffix(check["Arguments"].(map[string]any)["FunctionName"].(string), ".Arn")},
	} {
		if got := c.field["Resource"]; got != "arn:${AWS::Partition}:states:::"+c.resource {
			t.Errorf("it calls %s, want %s", got, c.resource)
		}
		for action := range strings.FieldsSeq(c.actions) {
			needed = append(needed, action+" "+c.on)
		}
	}
	slices.Sort(needed)
	if diff := cmp.Diff(needed, template.Granted("Recheck")); diff != "" {
		t.Errorf("actions (-needed +granted):\n%s", diff)
	}
}

// The definition is Amazon States Language, as asl-validator has it.
func TestStateMachineIsASL(t *testing.T) {
	validator := os.Getenv("CUTLINE_ASL")
	if validator == "" {
		t.Skip("CUTLINE_ASL names no asl-validator")
	}
	definition := templatetest.Load(t).Resources["Recheck"].Properties["Definition"].(map[string]any)
	pictures := definition["States"].(map[string]any)["Pictures"].(map[string]any)
	pictures["MaxConcurrency"] = 50 // a parameter of the template
	raw, err := json.Marshal(definition)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "recheck.asl.json")
	if err := os.WriteFile(file, bytes.ReplaceAll(raw, []byte("${AWS::Partition}"), []byte("aws")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(validator, "--json-path", file).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
