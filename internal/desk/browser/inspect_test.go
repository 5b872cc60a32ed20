package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core, "" where CUTLINE_AXE names none.
var axe = sync.OnceValue(func() string {
	name := os.Getenv("CUTLINE_AXE")
	if name == "" {
		fmt.Println("without axe-core: CUTLINE_AXE names no file")
		return ""
	}
	source, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(source)
})

// inspect looks at the page in windows of these widths in pixels, light and
// dark: axe-core finds nothing, and nothing is wider than the window. It keeps
// a picture of each.
func (p *page) inspect(name string, widths ...int64) {
	p.t.Helper()
	for _, width := range widths {
		for _, scheme := range []string{"light", "dark"} {
			p.look(scheme, width, 900)
			p.wait("[...document.images].every(i => i.complete || i.loading == 'lazy')")
			if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
				p.t.Errorf("%s is %d pixels wide in a window of %d", name, wide, width)
			}
			if axe() != "" {
				for _, v := range violations(p) {
					p.t.Errorf("%s, %s, %d wide: %s", name, scheme, width, v)
				}
			}
			p.shoot(fmt.Sprintf("%s-%d-%s", name, width, scheme))
		}
	}
	p.look("light", 1440, 900)
}

// violations runs axe-core in the page.
func violations(p *page) []string {
	p.t.Helper()
	return eval[[]string](p, axe()+`;axe.run(document, {resultTypes: ["violations"]}).then(r =>
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
