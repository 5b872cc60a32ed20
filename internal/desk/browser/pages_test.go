package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// pages are all pages of a desk with the demo pictures, by name.
var pages = map[string]string{
	"queue":        "/",
	"report-state": "/reports/photos/demo/kcna-factory-no-disclaimer.jpg",
	"report-pass":  "/reports/photos/demo/harbour-own.jpg",
	"report-seen":  "/reports/photos/demo/train-again-no-source.jpg",
	"check":        "/check",
	"upload":       "/upload",
	"overview":     "/overview",
	"rules":        "/rules",
	"rule":         "/rules/verification.missing",
	"tokens":       "/tokens",
	"dead":         "/dead-letters",
	"missing":      "/reports/photos/none.jpg",
}

// Every page, light and dark, wide and narrow: axe-core finds nothing, and
// nothing is wider than the window.
func TestPages(t *testing.T) {
	s := startDemo(t)
	var axe string
	if name := os.Getenv("CUTLINE_AXE"); name != "" {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		axe = string(source)
	} else {
		t.Log("without axe-core: CUTLINE_AXE names no file")
	}
	p := tab(t)
	for name, path := range pages {
		for _, width := range []int64{1440, 390} {
			for _, scheme := range []string{"light", "dark"} {
				p.look(scheme, width, 900)
				p.visit(s.url + path)
				p.wait("[...document.images].every(i => i.complete || i.loading == 'lazy')")
				if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
					t.Errorf("%s is %d pixels wide in a window of %d", name, wide, width)
				}
				if axe != "" {
					for _, v := range violations(p, axe) {
						t.Errorf("%s, %s, %d wide: %s", name, scheme, width, v)
					}
				}
				p.shoot(fmt.Sprintf("%s-%d-%s", name, width, scheme))
			}
		}
	}
}

// violations runs axe-core in the page.
func violations(p *page, axe string) []string {
	p.t.Helper()
	return eval[[]string](p, axe+`;axe.run(document, {resultTypes: ["violations"]}).then(r =>
		r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary)))`)
}

// shoot keeps a picture of the whole page.
func (p *page) shoot(name string) {
	p.t.Helper()
	dir := os.Getenv("CUTLINE_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
