package rules

import (
	"slices"
	"strings"

	"cutline/internal/report"
)

// severity is how bad a finding is for this picture: as its rule says for the
// origin, unless an exception holds. Of several the last decides.
func (c *assessment) severity(code string) (report.Severity, *Exception) {
	rule, known := c.findings[code]
	if !known {
		return report.SeverityOff, nil
	}
	severity := rule.Severity
	if s, differs := rule.By[c.origin]; differs {
		severity = s
	}
	for i := len(c.exceptions) - 1; i >= 0; i-- {
		if e := &c.exceptions[i]; slices.Contains(e.Findings, code) && c.excepts(e) {
			return e.Severity, e
		}
	}
	return severity, nil
}

// String names what the exception is for.
func (e Exception) String() string {
	s := strings.Join(e.Findings, ", ")
	if len(e.Sources) > 0 {
		s += " of " + strings.Join(e.Sources, ", ")
	}
	for i, o := range e.Origins {
		s += []string{" where the origin is ", " or "}[min(i, 1)] + string(o)
	}
	if len(e.Languages) > 0 {
		s += " in " + strings.Join(e.Languages, ", ")
	}
	return s
}

// excepts says whether all holds that the exception asks for.
func (c *assessment) excepts(e *Exception) bool {
	return (len(e.Sources) == 0 || slices.ContainsFunc(e.Sources, func(id string) bool { return slices.Contains(c.sources, id) })) &&
		(len(e.Origins) == 0 || slices.Contains(e.Origins, c.origin)) &&
		(len(e.Languages) == 0 || slices.Contains(e.Languages, c.reading.Lang))
}

// excepted is a finding that an exception changed or silenced.
type excepted struct {
	code string
	by   *Exception
}
