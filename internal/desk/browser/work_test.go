package browser_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// work is what a browser does for something, counted: no clock is asked, so
// that the counts are the same on a slow machine.
type work struct {
	Styled  int // elements whose style was worked out anew
	LaidOut int // boxes that were laid out anew
	Looked  int // calls that look for elements or read their attributes
	Changed int // elements added, removed or given another attribute
}

// counting wraps what looks for elements, and watches the list.
const counting = `(() => {
	if (window.workDone) return true;
	window.workDone = {Looked: 0, Changed: 0};
	for (const [proto, names] of [[Element.prototype, ['querySelector', 'querySelectorAll', 'getAttribute', 'matches', 'closest']], [Document.prototype, ['querySelector', 'querySelectorAll', 'getElementById']]])
		for (const name of names) {
			const real = proto[name];
			proto[name] = function (...args) { workDone.Looked++; return real.apply(this, args); };
		}
	for (const [proto, name] of [[HTMLElement.prototype, 'dataset'], [Element.prototype, 'children']]) {
		const real = Object.getOwnPropertyDescriptor(proto, name);
		Object.defineProperty(proto, name, {get() {
			const found = real.get.call(this);
			workDone.Looked += name == 'children' ? found.length : 1;
			return found;
		}});
	}
	new MutationObserver((list) => {
		for (const m of list) workDone.Changed += m.type == 'attributes' ? 1 : m.addedNodes.length + m.removedNodes.length;
	}).observe(document.getElementById('rows'), {childList: true, attributes: true, subtree: true});
	return true;
})()`

// worked counts what the browser does while the steps are taken.
func (p *page) worked(steps func()) work {
	p.t.Helper()
	eval[bool](p, counting)
	var found struct{ Looked, Changed int }
	settle := "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
	eval[bool](p, settle)
	before := eval[struct{ Looked, Changed int }](p, "({...workDone})")
	traced := p.trace(func() {
		steps()
		eval[bool](p, settle)
		found = eval[struct{ Looked, Changed int }](p, "({...workDone})")
	})
	traced.Looked, traced.Changed = found.Looked-before.Looked, found.Changed-before.Changed
	return traced
}

// trace reads the browser's own account of style and layout.
func (p *page) trace(steps func()) (w work) {
	p.t.Helper()
	var lock sync.Mutex
	complete := make(chan bool, 1)
	if err := chromedp.Listen(p.ctx, func(event any) {
		switch e := event.(type) {
		case *tracing.EventDataCollected:
			lock.Lock()
			defer lock.Unlock()
			for _, raw := range e.Value {
				var one struct {
					Name string
					Args struct {
						ElementCount int
						BeginData    struct{ DirtyObjects int }
					}
				}
				if json.Unmarshal(raw, &one) == nil {
					w.Styled += one.Args.ElementCount
					w.LaidOut += one.Args.BeginData.DirtyObjects
				}
			}
		case *tracing.EventTracingComplete:
			select {
			case complete <- true:
			default:
			}
		}
	}); err != nil {
		p.t.Fatal(err)
	}
	start := tracing.StartParams{TraceConfig: &tracing.TraceConfig{IncludedCategories: []string{"devtools.timeline"}, ExcludedCategories: []string{"*"}}}
	if _, err := chromedp.Call(p.ctx, tracing.Start, start); err != nil {
		p.t.Fatal(err)
	}
	steps()
	if _, err := chromedp.Call(p.ctx, tracing.End, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-complete:
	case <-time.After(30 * time.Second):
		p.t.Fatal("the browser's trace never ended")
	}
	lock.Lock()
	defer lock.Unlock()
	return w
}

// A list of a thousand pictures costs no more to work with than one of fifty:
// what a key, an arrival, a decision or a filter touches is counted.
func TestThousandRows(t *testing.T) {
	s := start(t)
	s.fill(t, 1000)
	p := tab(t)
	p.look("light", 1440, 900)
	rows := func() int { return eval[int](p, "document.getElementById('rows').childElementCount") }
	few := map[string]work{}
	for _, least := range []int{50, 1000} {
		p.visit(s.url)
		p.wait("document.querySelector('.facet .n')")
		for n := rows(); n < least; n = rows() {
			p.click("#older")
			p.wait(fmt.Sprintf("document.getElementById('rows').childElementCount > %d", n))
		}
		eval[bool](p, "(choose(list.firstElementChild), true)")
		for _, c := range []struct {
			name  string
			steps func()
		}{
			{"ten rows down", func() { p.keys("jjjjjjjjjj") }},
			{"ten rows up", func() { p.keys("kkkkkkkkkk") }},
			{"an arrival", func() {
				n := rows()
				s.fill(t, 1)
				p.wait(fmt.Sprintf("document.getElementById('rows').childElementCount == %d", n+1))
			}},
			{"a decision", func() {
				tag := eval[string](p, "list.dataset.etag")
				p.keys("h")
				p.wait("list.dataset.etag != " + quote(tag)) // the list was asked for again
			}},
		} {
			w := p.worked(c.steps)
			t.Logf("%d rows, %s: %+v", rows(), c.name, w)
			if before, measured := few[c.name]; measured && w.beyond(before) {
				t.Errorf("%s takes %+v with %d rows, and %+v with fifty", c.name, w, rows(), before)
			}
			few[c.name] = w
		}
	}

	// A decision about a row far down shows there, and can be changed there.
	eval[bool](p, "(choose(list.lastElementChild.previousElementSibling), true)")
	p.keys("h")
	p.wait("list.lastElementChild.previousElementSibling.querySelector('.decided.hold + bdi')")
	p.wait("current == list.lastElementChild")
	p.keys("k")
	p.keys("a")
	p.wait("document.getElementById('said').textContent == 'The picture is approved.' || document.querySelector('#reason[open]')")
	if eval[bool](p, "!!document.querySelector('#reason[open]')") {
		p.keys("it is fine\t\r")
	}
	p.wait("list.lastElementChild.previousElementSibling.querySelector('.decided.approve + bdi')")

	// A filter is another page, of fifty rows however many there are.
	p.click(".facet a.fail")
	p.wait("location.search == '?verdict=fail' && document.readyState == 'complete'")
	if n, elements := rows(), eval[int](p, "document.querySelectorAll('*').length"); n != 50 || elements > 1500 {
		t.Errorf("a filtered page has %d rows, %d elements", n, elements)
	}
}

// beyond says whether it is more work than before, but for a screenful.
func (w work) beyond(before work) bool {
	return w.Styled > before.Styled+150 || w.LaidOut > before.LaidOut+150 || w.Looked > before.Looked+150 || w.Changed > before.Changed+10
}
