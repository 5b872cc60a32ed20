package credential

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A vector is a file to compare the two validators on.
type vector struct {
	name    string
	format  string
	data    []byte
	anchors string // PEM, of the trust list; "" for none
}

// A workshop signs pictures with the reference.
type workshop struct {
	t       *testing.T
	ref     *reference
	dir     string
	root    *authority
	signers map[string]credential
	n       int
	vectors []vector
}

func newWorkshop(t *testing.T) *workshop {
	w := &workshop{t: t, ref: startReference(t), dir: t.TempDir(), root: newAuthority(t, "Throw-away Root"), signers: map[string]credential{}}
	for _, alg := range []string{"es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"} {
		w.signers[alg] = w.root.signer(alg)
	}
	return w
}

func (w *workshop) path(format string) string {
	w.n++
	return filepath.Join(w.dir, fmt.Sprintf("%03d.%s", w.n, format))
}

func (w *workshop) write(data []byte, format string) string {
	path := w.path(format)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// with changes a signing job.
type with func(*signJob)

func by(c credential) with {
	return func(j *signJob) { j.Alg, j.Cert, j.Key = c.alg, c.chain, c.key }
}

func stamped(url string) with { return func(j *signJob) { j.Stamper = url } }

func set(key string, value any) with { return func(j *signJob) { j.Manifest[key] = value } }

func intent(name string) with {
	return func(j *signJob) { j.Intent = name; delete(j.Manifest, "assertions") }
}

func settings(key string, value map[string]any) with {
	return func(j *signJob) { j.Settings[key] = value }
}

func using(data []byte, format, relationship string) with {
	return func(j *signJob) {
		path := j.Out + fmt.Sprintf(".%d", len(j.Ingredients))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			panic(err)
		}
		j.Ingredients = append(j.Ingredients, ingredientJob{path, mediaTypes[format], map[string]any{
			"title": "part " + relationship, "relationship": relationship,
			"label": fmt.Sprintf("part%d", len(j.Ingredients)),
		}})
	}
}

// actions makes an actions assertion.
func actions(list ...map[string]any) []any {
	return []any{map[string]any{"label": "c2pa.actions.v2", "data": map[string]any{"actions": list}}}
}

var created = map[string]any{
	"action": "c2pa.created", "softwareAgent": map[string]any{"name": "Camera", "version": "7"},
	"when":              "2026-01-02T03:04:05Z",
	"digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
}

func (w *workshop) sign(data []byte, format string, change ...with) []byte {
	w.t.Helper()
	job := signJob{
		In: w.write(data, format), Out: w.path(format), Format: mediaTypes[format],
		Manifest: map[string]any{
			"title":                "A bridge",
			"claim_generator_info": []any{map[string]any{"name": "Cutline tests", "version": "1.0"}},
			"assertions":           actions(created),
		},
		Settings: map[string]any{
			"verify":  map[string]any{"verify_after_sign": false, "verify_after_reading": true},
			"builder": map[string]any{"thumbnail": map[string]any{"enabled": false}},
		},
	}
	by(w.signers["es256"])(&job)
	for _, f := range change {
		f(&job)
	}
	w.ref.sign(job)
	out, err := os.ReadFile(job.Out)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// add keeps a vector, after some damage.
func (w *workshop) add(name, format string, data []byte, damages ...damage) {
	data = bytes.Clone(data)
	for _, d := range damages {
		data = d(w.t, data, format)
	}
	w.vectors = append(w.vectors, vector{name: name, format: format, data: data})
}

// trusting sets the trust list of the last vector.
func (w *workshop) trusting(anchors string) { w.vectors[len(w.vectors)-1].anchors = anchors }

// TestConformance compares this package with c2pa-python, on the shared corpus
// and on files that it signs and this test damages. Where they differ for a
// reason, testdata/differences.txt says so.
func TestConformance(t *testing.T) {
	w := newWorkshop(t)
	w.makeAll()
	files, err := filepath.Glob("../../../shared/corpus/images/c2pa/*.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		w.vectors = append(w.vectors, vector{name: filepath.Base(f), format: "jpeg", data: data})
	}
	reasons := readReasons(t)
	start := time.Now()
	if *writeVectors {
		if err := os.WriteFile(filepath.Join(vectorFolder, "root.pem"), []byte(w.root.pem()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tally := map[string]int{}
	var table strings.Builder
	for _, v := range w.vectors {
		want := w.ref.read(readJob{In: w.write(v.data, v.format), Format: mediaTypes[v.format], Settings: trustSettings(v.anchors)})
		got := w.readOurs(v)
		diffs := compare(got, want)
		for _, part := range compared {
			if !slices.Contains(diffs, part) {
				tally[part]++
			}
		}
		mark := "agree"
		if _, ok := reasons[v.name]; ok && len(diffs) == 0 {
			t.Errorf("testdata/differences.txt explains %q, on which both agree", v.name)
		}
		if len(diffs) > 0 {
			mark = "DIFFER in " + strings.Join(diffs, ", ")
			if why, ok := reasons[v.name]; ok {
				mark = "differ in " + strings.Join(diffs, ", ") + ": " + why
				tally["explained"]++
			} else {
				t.Errorf("%s: got %s %v %q %v, want %s %v %q %v %s", v.name,
					got.State, got.Failures, got.Generator, got.Actions, want.State, want.Failures, generatorOf(want), want.Actions, want.Error)
			}
		}
		if *writeVectors && len(v.data) <= maxVector && (v.anchors == "" || v.anchors == w.root.pem()) {
			v.keep(t, got, start)
		}
		fmt.Fprintf(&table, "%-44s %-8s %-60s %s\n", v.name, got.State, strings.Join(got.Failures, " "), mark)
		delete(reasons, v.name)
	}
	for _, name := range slices.Sorted(maps.Keys(reasons)) {
		t.Errorf("testdata/differences.txt explains %q, which is no vector", name)
	}
	for _, part := range compared {
		fmt.Fprintf(&table, "%-12s %d of %d agree\n", part, tally[part], len(w.vectors))
	}
	fmt.Fprintf(&table, "%-12s %d\n", "explained", tally["explained"])
	t.Logf("agreement with c2pa-python\n%s", table.String())
}

var compared = []string{"state", "failures", "generator", "actions", "algorithm", "time"}

func trustSettings(anchors string) map[string]any {
	s := map[string]any{"verify": map[string]any{"verify_after_reading": true, "ocsp_fetch": false}}
	if anchors != "" {
		s["trust"] = map[string]any{"trust_anchors": anchors}
	}
	return s
}

// ours is what this package finds, in the reference's terms.
type ours struct {
	State     string
	Failures  []string
	Generator string
	Actions   []string
	Algorithm string
	Time      time.Time
	Problem   string
}

func (w *workshop) readOurs(v vector) ours {
	w.t.Helper()
	var opts Options
	if v.anchors != "" {
		list, err := ParseTrustList([]byte(v.anchors))
		if err != nil {
			w.t.Fatal(err)
		}
		opts.Trust = list
	}
	c, err := Read(bytes.NewReader(v.data), int64(len(v.data)), v.format, opts)
	if err != nil {
		w.t.Fatal(err)
	}
	o := ours{State: c.State, Failures: c.Failures, Generator: c.Generator, Algorithm: c.Algorithm, Time: c.SignedAt, Problem: c.Problem}
	for _, a := range c.Actions {
		o.Actions = append(o.Actions, a.Action)
	}
	return o
}

func generatorOf(r reading) string {
	if r.Generator != "" || len(r.Infos) == 0 {
		return r.Generator
	}
	return generatorInfo{r.Infos[0].Name, r.Infos[0].Version}.String()
}

// compare names the parts that differ. A file that the reference refuses must
// be Invalid here; there is nothing more to compare.
func compare(got ours, want reading) []string {
	var diffs []string
	differ := func(part string, is bool) {
		if is {
			diffs = append(diffs, part)
		}
	}
	if want.State == "error" {
		differ("state", got.State != StateInvalid)
		return diffs
	}
	differ("state", got.State != want.State)
	differ("failures", !slices.Equal(got.Failures, want.Failures))
	differ("generator", got.Generator != generatorOf(want))
	differ("actions", !slices.Equal(got.Actions, want.Actions))
	differ("algorithm", got.Algorithm != strings.ToLower(want.Alg))
	at := ""
	if !got.Time.IsZero() {
		at = got.Time.Format("2006-01-02T15:04:05-07:00")
	}
	differ("time", at != want.Time)
	return diffs
}

// readReasons reads why some vectors differ: a name, a colon, a sentence.
func readReasons(t *testing.T) map[string]string {
	data, err := os.ReadFile("testdata/differences.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if name, why, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(line, "#") {
			reasons[name] = why
		}
	}
	return reasons
}
