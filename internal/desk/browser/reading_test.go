package browser_test

import (
	"slices"
	"strings"
	"testing"
)

// A report shows the caption with its elements, each in a pattern of its own,
// and leads from the words to what is said of them; the chain, the dates, the
// credentials, what other fields say, the metadata and the history.
func TestReport(t *testing.T) {
	s := startDemo(t)
	p := open(t, s.url+"/reports/photos/demo/kcna-factory-no-disclaimer.jpg")
	marks := eval[[]string](p, "[...document.querySelectorAll('.elements .mark')].map(m => { const s = getComputedStyle(m); return s.textDecorationLine + ' ' + s.textDecorationStyle + ' ' + s.textDecorationThickness })")
	slices.Sort(marks)
	if len(marks) != 7 || len(slices.Compact(marks)) != 7 {
		t.Errorf("the elements are told apart by colour alone: %q", marks)
	}
	p.click("a.mark.problem")
	p.wait("document.querySelector('.finding:target')?.innerText.includes('could not be independently verified')")
	p.click("a.mark.date")
	p.wait("document.querySelector('.elements li:target .mark.date')")
	if first := p.text(".what"); !strings.Contains(first, "no disclaimer") || !strings.Contains(first, "Korean Central News Agency") {
		t.Errorf("on top stands %q", first)
	}
	if !eval[bool](p, "document.getElementById('write').getBoundingClientRect().bottom <= 900") {
		t.Error("one has to scroll to mend the caption")
	}
	for selector, want := range map[string][]string{
		".elements":                   {"Not independently verified missing", "Credit line yes", "Watermark explained no"},
		".findings":                   {"It comes from somebody with a stake", "“Korean Central News Agency” in the caption", "verification.missing"},
		".chain":                      {"provided by", "Korean Central News Agency", "passed on by", "Associated Press"},
		".timeline":                   {"taken", "named", "2026-03-03", "the caption", "later", "uploaded"},
		".history":                    {"No decision yet."},
		"[aria-label=Versions]":       {"FAIL", "shown here"},
		"article > details":           {"14 fields", "iptc:2:120", "xmp:photoshop:Credit"},
		"#checked ins":                {"cannot be independently verified"},
		"article > .small:last-child": {"Checked ", "rules "},
	} {
		eval[bool](p, "(document.querySelectorAll('details').forEach(d => { d.open = true }), true)")
		text := p.text(selector)
		for _, words := range want {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), words) {
				t.Errorf("%s lacks %q: %s", selector, words, text)
			}
		}
	}

	s.upload(t, "signed.jpg", signed(t, "resigned"))
	s.again(t, "demo/market-wrong-weekday.jpg")
	p.visit(s.url + "/reports/photos/signed.jpg")
	if text := p.text(".credentials"); !strings.Contains(text, "Signed by") || !strings.Contains(text, "What was done") || !strings.Contains(text, "They hold") {
		t.Errorf("the credentials: %s", text)
	}
	p.visit(s.url + "/reports/photos/demo/market-wrong-weekday.jpg")
	p.wait("document.querySelector('.other del') && document.querySelector('.other ins')")
	if text := p.text("article"); !strings.Contains(text, "An earlier version was") || !strings.Contains(text, "Ask the photographer which day it was.") {
		t.Errorf("the earlier decision is not said: %s", text)
	}
}

// The keys c and w take the suggestion to where it is wanted.
func TestSuggestionByKeys(t *testing.T) {
	s := startDemo(t)
	const key = "demo/kcna-factory-no-disclaimer.jpg"
	suggestion, _ := s.report(t, key)["suggestion"].(string)
	p := open(t, s.url+"/?q=machine+factory+hamhung")
	copied := func() {
		t.Helper()
		eval[bool](p, "(navigator.clipboard.writeText = async (text) => { window.copied = text }, true)") // the machine's is not asked
		p.keys("c")
		p.wait("window.copied == " + quote(suggestion))
		p.wait("document.getElementById('said').textContent == 'Copied.'")
	}
	p.keys("j")
	copied()
	p.keys("o")
	p.wait("document.getElementById('draft')")
	copied()
	p.keys("w")
	p.wait("document.querySelector('.top .verdict.pass')")
	if got, _ := s.report(t, key)["caption"].(map[string]any); got["text"] != suggestion {
		t.Errorf("the caption is %v", got["text"])
	}
}
