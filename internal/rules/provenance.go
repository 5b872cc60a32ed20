package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// findProvenance adds what the file proves, and what was known before about
// its picture, where that speaks against the caption.
func (c *assessment) findProvenance(rep *report.Report) {
	p := c.picture.Provenance
	if p.C2PA != nil && p.C2PA.Present && p.C2PA.State == "Invalid" {
		c.add(rep, "c2pa.invalid", nil, p.C2PA.Holds(false))
	}
	for _, preview := range p.Previews {
		c.add(rep, "thumbnail.differs", nil, fmt.Sprintf("It is the one in %s.", preview.From))
		break
	}
	if len(c.reading.Kill) > 0 {
		c.add(rep, "kill.notice", c.spansOf(c.reading.Kill), "The caption is the notice.")
	} else if len(p.Kills) > 0 {
		c.add(rep, "kill.notice", nil, tellKill(p.Kills[0]))
	}
	c.findRecirculation(rep)
}

func tellKill(k report.Kill) string {
	how := "by " + strings.Join(k.Names, ", ")
	if k.Why != "" {
		how = "as it shows the same as " + k.Why + ", which was named"
	}
	return fmt.Sprintf("A notice of %s withdraws it, %s: %q.", told(k.At), how, short(k.Text, 200))
}

// findRecirculation compares the picture with what was said when it came
// before. Coming again is no fault: agencies send pictures twice.
func (c *assessment) findRecirculation(rep *report.Report) {
	verdict := report.Worst(rep.Findings)
	var said []string
	for _, s := range c.picture.Provenance.Seen {
		differs := c.differs(s, rep, verdict)
		if len(differs) == 0 {
			continue
		}
		said = append(said, fmt.Sprintf("It came on %s (%s): %s.", told(s.At), s.Key, strings.Join(differs, "; ")))
	}
	if len(said) > 0 {
		c.add(rep, "picture.recirculated", nil, strings.Join(said[:min(3, len(said))], " "))
	}
}

// differs says what of an earlier upload speaks against this one.
func (c *assessment) differs(s report.Sighting, rep *report.Report, verdict report.Verdict) []string {
	var list []string
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if day := c.day(); day != "" && s.Date != "" && apart(day, s.Date) > 36*time.Hour && len(c.reading.File) == 0 {
		say("it was dated %s then, and %s now", s.Date, day)
	}
	mine, theirs := c.knownSources(c.sources), c.knownSources(s.Sources)
	switch {
	case len(mine) > 0 && len(theirs) > 0 && !c.share(mine, theirs):
		say("its source was %s then, and is %s now", c.called(theirs), c.called(mine))
	case s.Origin != c.origin && s.Origin != report.Unknown && c.origin != report.Unknown:
		say("its origin was %s then, and is %s now", s.Origin, c.origin)
	}
	if s.Disclaimer && !rep.Elements.Verification.Present {
		say("its caption said then that it could not be verified")
	}
	switch {
	case s.Killed:
		say("it was withdrawn")
	case s.Decision == "kill" || s.Decision == "hold":
		say("an editor decided to %s it", s.Decision)
	case s.Verdict == report.Fail && verdict != report.Fail:
		say("it failed then")
	}
	return list
}

func (c *assessment) knownSources(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, known := c.index[id]; return !known })
}

func (c *assessment) called(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, c.Rules.sources[c.index[id]].Name())
	}
	return strings.Join(names, ", ")
}

// Remember is what a report says of a picture, for the day when it comes again.
func (r *Rules) Remember(rep report.Report) report.Sighting {
	c := r.read(Again(rep))
	return report.Sighting{
		Verdict: rep.Verdict, Origin: rep.Origin, Sources: rep.Sources, Provider: rep.Provider,
		Caption: short(rep.Caption.Text, 4000), Date: c.day(), Disclaimer: rep.Elements.Verification.Present,
		Killed: slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Code == "kill.notice" }),
	}
}

// day is the first that the caption says, since that is what readers are told;
// else that of the fields.
func (c *assessment) day() string {
	for _, d := range c.reading.Dates {
		if d.Year > 0 && !d.Provided && !d.Numeric && !d.Impossible() {
			return d.Time().Format(time.DateOnly)
		}
	}
	for _, f := range c.picture.Metadata.All(photo.DateCreated) {
		if day, ok := fieldDay(f.Value); ok {
			return day.Format(time.DateOnly)
		}
	}
	return ""
}

// Refs are the transmission references in a text, such as TOK801.
func Refs(text string) []string {
	var refs []string
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return !isASCII(c) }) {
		if isRef(word) && !slices.Contains(refs, word) {
			refs = append(refs, word)
		}
	}
	return refs
}

func isASCII(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// isRef wants three capital letters and two to five digits.
func isRef(word string) bool {
	if len(word) < 5 || len(word) > 8 {
		return false
	}
	for i := range len(word) {
		if letter := word[i] >= 'A' && word[i] <= 'Z'; letter != (i < 3) || i >= 3 && (word[i] < '0' || word[i] > '9') {
			return false
		}
	}
	return true
}

func apart(a, b string) time.Duration {
	x, errX := time.Parse(time.DateOnly, a)
	y, errY := time.Parse(time.DateOnly, b)
	if errX != nil || errY != nil {
		return 0
	}
	return x.Sub(y).Abs()
}

func told(t time.Time) string { return t.UTC().Format("2 January 2006") }

func short(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}
