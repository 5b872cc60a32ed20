package browser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Without JavaScript one reads, searches, decides and corrects: only arrivals
// and the check while one types need it.
func TestWithoutScripts(t *testing.T) {
	s := start(t)
	pictures := demoPictures(t)
	s.fill(t, 60)
	s.upload(t, "a.jpg", pictures["kcna-factory-no-disclaimer.jpg"])
	p := tab(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.visit(s.url)
	if n := eval[int](p, "document.querySelectorAll('.row').length"); n != 50 || eval[bool](p, "typeof desk != 'undefined'") {
		t.Fatalf("%d rows, or scripts run", n)
	}
	press := func(selector string) {
		t.Helper()
		eval[bool](p, "!!(document.documentElement.dataset.seen = 1)")
		p.click(selector)
		p.wait("document.readyState == 'complete' && !document.documentElement.dataset.seen")
	}
	press("#older")
	if n := eval[int](p, "document.querySelectorAll('.row').length"); n != 11 {
		t.Errorf("the second page has %d rows", n)
	}
	p.visit(s.url)
	press(".counted a")
	press(".facet.by-verdict a.fail")
	if n := eval[int](p, "document.querySelectorAll('.row').length"); n != 21 {
		t.Errorf("%d rows failed", n)
	}
	p.do(chromedp.SendKeys(".search input[type=search]", "hamhung factory"))
	press(".search button")
	if got := eval[[]string](p, shown); fmt.Sprint(got) != "[a.jpg]" {
		t.Fatalf("the search finds %v", got)
	}
	press(".row .text a")
	press("#decide [value=approve]") // without a reason
	if got := p.text("main"); !strings.Contains(got, "reason") {
		t.Errorf("approved without a reason: %s", got)
	}
	p.visit(s.url + "/reports/photos/a.jpg")
	p.do(chromedp.SendKeys("#decide [name=reason]", "The agency confirmed it."))
	press("#decide [value=approve]")
	if got := p.text(".stands"); !strings.Contains(got, "approved by") || !strings.Contains(got, "The agency confirmed it.") {
		t.Errorf("the page says %q", got)
	}
	press("[formaction]")
	for range 400 { // until the new version is checked
		if eval[bool](p, "!!document.querySelector('.top .verdict.pass')") {
			return
		}
		p.visit(s.url + "/reports/photos/a.jpg")
	}
	t.Errorf("the page says %s", p.text("main"))
}
