package desk

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"cutline/internal/report"
)

// codeWords says in few words what a finding's code means. A report that an
// earlier version made may have one that the rules do not know any more.
func (d *desk) codeWords(code string) string {
	if rule, ok := d.Checker.Rules.Finding(code); ok {
		return oneLine(60, rule.Short)
	}
	return oneLine(60, strings.NewReplacer(".", " ", "_", " ").Replace(code))
}

var (
	verdicts = []report.Verdict{report.Fail, report.Review, report.Pass}
	origins  = []report.Origin{report.State, report.Handout, report.Social, report.Satellite, report.Synthetic, report.Own, report.Unknown}
)

// controls are characters that turn the direction of the text around them, or
// hide in it (Unicode Standard Annex 9, sections 2.1 to 2.5). Marks that only
// help right-to-left text along (LRM, RLM, ALM) are left alone.
var controls = map[rune]string{
	'\u202A': "LRE", '\u202B': "RLE", '\u202C': "PDF", '\u202D': "LRO", '\u202E': "RLO",
	'\u2066': "LRI", '\u2067': "RLI", '\u2068': "FSI", '\u2069': "PDI",
	'\u200B': "ZWSP", '\uFEFF': "BOM", '\u00AD': "SHY",
}

// visible writes out the characters that would make a text look like another.
func visible(s string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case !hidden(c):
			b.WriteRune(c)
		case controls[c] != "":
			b.WriteString("⟦" + controls[c] + "⟧")
		default:
			fmt.Fprintf(&b, "⟦%02X⟧", c)
		}
	}
	return b.String()
}

func hidden(c rune) bool {
	return controls[c] != "" || unicode.Is(unicode.Cc, c) && c != '\n' && c != '\t' && c != '\r'
}

// plain is a text without such characters, for a caption that is written anew.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		if hidden(c) {
			return -1
		}
		return c
	}, s)
}

// shorten cuts a text to so many columns; letters of East Asia take two.
func shorten(n int, s string) string {
	at := 0
	for i, c := range s {
		if at++; c >= 0x1100 {
			at++
		}
		if at > n {
			return s[:i] + "…"
		}
	}
	return s
}

// beginning is at most so many bytes of a text, ending between two letters.
func beginning(n int, s string) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// oneLine is the beginning of a text for a list.
func oneLine(n int, s string) string {
	return shorten(n, visible(strings.Join(strings.Fields(beginning(8*n, s)), " ")))
}

func short(s string) string { return oneLine(160, s) }

func dateOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func clock(t time.Time) string { return t.UTC().Format("15:04:05") }

// bytesOf writes a size for people.
func bytesOf(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
