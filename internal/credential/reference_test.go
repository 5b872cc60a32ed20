package credential

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// A reference is c2pa-python, in a process of its own.
type reference struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

type signJob struct {
	Do          string          `json:"do"`
	In          string          `json:"in"`
	Out         string          `json:"out"`
	Format      string          `json:"format"` // media type
	Alg         string          `json:"alg"`
	Cert        string          `json:"cert"` // PEM, the chain
	Key         string          `json:"key"`  // PEM
	Stamper     string          `json:"stamper,omitempty"`
	Manifest    map[string]any  `json:"manifest"`
	Intent      string          `json:"intent,omitempty"` // "create", "edit", "update"
	Ingredients []ingredientJob `json:"ingredients,omitempty"`
	Settings    map[string]any  `json:"settings,omitempty"`
}

type ingredientJob struct {
	File   string         `json:"file"`
	Format string         `json:"format"`
	JSON   map[string]any `json:"json"`
}

type readJob struct {
	Do       string         `json:"do"`
	In       string         `json:"in"`
	Format   string         `json:"format"`
	Settings map[string]any `json:"settings,omitempty"`
}

// A reading is what the reference found. Its state is "error" when it refused
// the file.
type reading struct {
	State     string           `json:"state"`
	Failures  []string         `json:"failures"`
	Details   []map[string]any `json:"details"`
	Generator string           `json:"generator"`
	Infos     []struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"generator_info"`
	Actions []string `json:"actions"`
	Alg     string   `json:"alg"`
	Time    string   `json:"time"`
	Seconds float64  `json:"seconds"`
	Error   string   `json:"error"`
}

// startReference needs CUTLINE_C2PA_PYTHON, a python that has c2pa-python.
func startReference(t *testing.T) *reference {
	python := os.Getenv("CUTLINE_C2PA_PYTHON")
	if python == "" {
		t.Skip("CUTLINE_C2PA_PYTHON names no python with c2pa-python")
	}
	cmd := exec.Command(python, "testdata/reference.py")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return &reference{t, in, bufio.NewReader(out)}
}

func (r *reference) ask(job, answer any) {
	r.t.Helper()
	if err := json.NewEncoder(r.in).Encode(job); err != nil {
		r.t.Fatal(err)
	}
	line, err := r.out.ReadBytes('\n')
	if err != nil {
		r.t.Fatal(err)
	}
	if err := json.Unmarshal(line, answer); err != nil {
		r.t.Fatalf("%v in %s", err, line)
	}
}

func (r *reference) sign(job signJob) {
	r.t.Helper()
	job.Do = "sign"
	var answer struct{ Error string }
	if r.ask(job, &answer); answer.Error != "" {
		r.t.Fatalf("signing %s: %s", job.Out, answer.Error)
	}
}

func (r *reference) read(job readJob) reading {
	r.t.Helper()
	job.Do = "read"
	var answer reading
	r.ask(job, &answer)
	return answer
}
