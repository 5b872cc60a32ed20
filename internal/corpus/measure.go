package corpus

import (
	"fmt"
	"maps"
	"slices"

	"cutline/internal/report"
	"cutline/internal/rules"
)

// A Matrix counts what was judged, by what was expected.
type Matrix map[string]map[string]int

func (m Matrix) count(expected, judged string) {
	if m[expected] == nil {
		m[expected] = map[string]int{}
	}
	m[expected][judged]++
}

// Tally counts how many of a kind were right.
type Tally struct{ Right, All int }

// Miss is a caption that was judged wrongly, with every difference.
type Miss struct {
	Caption
	Report report.Report
	Wrong  []string // plain sentences
}

// Measure is how well captions were judged.
type Measure struct {
	Captions  int
	Origins   Matrix
	Verdicts  Matrix
	Elements  map[string]Matrix // "yes" and "no", by element
	Languages map[string]Tally  // captions right in everything
	Misses    []Miss
}

// Evaluate judges all captions by the rules. The error is that of a caption
// whose fields cannot be read.
func Evaluate(r *rules.Rules, captions []Caption) (Measure, error) {
	m := Measure{Captions: len(captions), Origins: Matrix{}, Verdicts: Matrix{}, Elements: map[string]Matrix{}, Languages: map[string]Tally{}}
	for _, c := range captions {
		rep, err := c.Judge(r)
		if err != nil {
			return Measure{}, err
		}
		m.add(c, rep)
	}
	return m, nil
}

func (m *Measure) add(c Caption, rep report.Report) {
	var wrong []string
	compare := func(in Matrix, what, expected, judged string) {
		in.count(expected, judged)
		if expected != judged {
			wrong = append(wrong, fmt.Sprintf("%s is %s, expected %s", what, judged, expected))
		}
	}
	compare(m.Origins, "origin", string(c.Expect.Origin), string(rep.Origin))
	compare(m.Verdicts, "verdict", string(c.Expect.Verdict), string(rep.Verdict))
	has := elements(rep.Elements)
	for _, name := range slices.Sorted(maps.Keys(c.Expect.Elements)) {
		if m.Elements[name] == nil {
			m.Elements[name] = Matrix{}
		}
		compare(m.Elements[name], name, yes(c.Expect.Elements[name]), yes(has[name]))
	}
	t := m.Languages[c.Lang]
	t.All++
	if len(wrong) == 0 {
		t.Right++
	} else {
		m.Misses = append(m.Misses, Miss{Caption: c, Report: rep, Wrong: wrong})
	}
	m.Languages[c.Lang] = t
}

func yes(present bool) string {
	if present {
		return "yes"
	}
	return "no"
}
