package browser_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"cutline/internal/demo"
)

var drawn = sync.OnceValues(demo.Pictures)

// demoPictures are the pictures of the demo by name.
func demoPictures(t *testing.T) map[string][]byte {
	t.Helper()
	list, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	pictures := map[string][]byte{}
	for _, p := range list {
		pictures[p.Name] = p.JPEG
	}
	return pictures
}

// shown are the keys of the rows, from the top.
const shown = `[...document.querySelectorAll('#rows .row .text a')].map(a => decodeURIComponent(a.pathname).replace('/reports/photos/', ''))`

// What is uploaded shows in the open page by itself, the newest on top, and
// what another editor decides shows too.
func TestArrivals(t *testing.T) {
	s := start(t)
	pictures := demoPictures(t)
	p := open(t, s.url)
	p.wait("document.querySelector('#empty')")
	for i, name := range []string{"harbour-own.jpg", "kcna-factory-no-disclaimer.jpg", "harbour-own.jpg"} {
		key := fmt.Sprintf("%d.jpg", i)
		s.upload(t, key, pictures[name])
		p.wait(shown + "[0] == " + quote(key))
	}
	if got := eval[[]string](p, shown); len(got) != 3 {
		t.Errorf("the page shows %v", got)
	}
	p.wait("!document.querySelector('#empty')")

	other := open(t, s.url)
	other.keys("jj")
	other.keys("h") // holds the second, the one that failed
	other.wait("document.querySelector('.row:nth-child(2) .decided.hold')")
	p.wait("document.querySelector('.row:nth-child(2) .decided.hold')")

	// A new version of a picture comes to the top, once.
	s.upload(t, "0.jpg", pictures["market-wrong-weekday.jpg"])
	p.wait(shown + "[0] == '0.jpg'")
	if got := eval[[]string](p, shown); len(got) != 3 {
		t.Errorf("after a new version the page shows %v", got)
	}
}

// Far down in the list one is told how many came, and a click leads there;
// what is looked at stays where it is.
func TestArrivalsAbove(t *testing.T) {
	s := start(t)
	s.fill(t, 50)
	p := tab(t)
	p.look("light", 1440, 900)
	p.visit(s.url)
	p.wait(shown + ".length == 50")
	p.keys(strings.Repeat("j", 40))
	p.wait("scrollY > 200")
	eval[bool](p, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
	const place = "Math.round(document.querySelector('[aria-current=true].row').getBoundingClientRect().top)"
	before := eval[int](p, place)
	s.fill(t, 2)
	p.wait("document.getElementById('fresh').textContent == '↑ 2 new'")
	if after := eval[int](p, place); after < before-2 || after > before+2 {
		t.Errorf("the row in work went from %d to %d", before, after)
	}
	p.click("#fresh")
	p.wait("scrollY == 0 && !document.getElementById('fresh').checkVisibility() && document.querySelector('.row:first-child[aria-current]')")
}

func TestEachFilter(t *testing.T) {
	s := startDemo(t)
	p := open(t, s.url)
	p.wait(shown + ".length == " + fmt.Sprint(len(demoPictures(t))))
	p.wait("document.querySelector('.facet .n')") // counted

	// Each choice lists as many as it counts, all of them alike.
	type link struct{ Group, URL, N string }
	links := eval[[]link](p, `[...document.querySelectorAll('.facet a:has(.n)')].map(a => ({Group: a.closest('nav').ariaLabel, URL: a.href, N: a.querySelector('.n').textContent}))`)
	groups := map[string]bool{}
	for _, l := range links {
		groups[l.Group] = true
		p.visit(l.URL)
		if n := eval[int](p, shown+".length"); fmt.Sprint(n) != l.N {
			t.Errorf("%s: %s counts %s and lists %d", l.Group, l.URL, l.N, n)
		}
	}
	if len(groups) != 6 {
		t.Errorf("filters by %v", groups)
	}

	// The others are written.
	for field, c := range map[string]struct{ value, key string }{
		"q":      {"container rotterdam", "demo/harbour-own.jpg"},
		"prefix": {"demo/port", "demo/port-satellite.jpg"},
		"source": {"planet labs", "demo/port-satellite.jpg"},
		"day":    {"2001-01-01", ""},
		"bucket": {"another", ""},
	} {
		p.visit(s.url)
		eval[bool](p, fmt.Sprintf(`(() => { const f = document.querySelector('[name=%s]:not([type=hidden])'); f.value = %s; f.form.requestSubmit(); return true })()`, field, quote(c.value)))
		p.wait("location.search.includes('" + field + "=')")
		if got := eval[[]string](p, shown); strings.Join(got, " ") != c.key {
			t.Errorf("%s %s: %v", field, c.value, got)
		}
	}
	p.visit(s.url + "/?sort=oldest")
	oldest := eval[[]string](p, shown)
	p.visit(s.url)
	newest := eval[[]string](p, shown)
	if oldest[0] != newest[len(newest)-1] {
		t.Errorf("oldest first begins with %s, newest first ends with %s", oldest[0], newest[len(newest)-1])
	}
	p.visit(s.url + "/?sort=worst")
	if got := eval[string](p, `[...document.querySelectorAll('.row')].map(r => r.classList[1][0]).join('')`); strings.Trim(got, "f") != strings.TrimLeft(got, "f") || !strings.HasSuffix(got, "p") {
		t.Errorf("worst first: %s", got)
	}
}

// Ten pictures are reviewed with the keyboard alone.
func TestKeyboard(t *testing.T) {
	s := start(t)
	pictures := demoPictures(t)
	for n := range 10 {
		name := "harbour-own.jpg"
		if n%3 == 0 {
			name = "kcna-factory-no-disclaimer.jpg"
		}
		s.upload(t, fmt.Sprintf("%d.jpg", n), pictures[name])
	}
	p := open(t, s.url)
	p.wait(shown + ".length == 10")
	p.keys("j") // the newest, 9.jpg, which failed
	for n := 9; n >= 0; n-- {
		p.wait("document.querySelector('[aria-current] .text a')?.pathname.endsWith('/" + fmt.Sprint(n) + ".jpg')")
		switch {
		case n%3 == 0:
			p.keys("a")
			p.wait("document.querySelector('#reason[open]')")
			p.keys("the agency confirmed it\t\r")
		case n == 4:
			p.keys("h")
		default:
			p.keys("a")
		}
		p.wait(fmt.Sprintf("document.querySelectorAll('.row .decided').length == %d", 10-n))
	}
	for n := range 10 {
		decision, _ := s.report(t, fmt.Sprintf("%d.jpg", n))["decision"].(map[string]any)
		want, reason := "approve", any(nil)
		if n == 4 {
			want = "hold"
		}
		if n%3 == 0 {
			reason = "the agency confirmed it"
		}
		if decision["action"] != want || decision["reason"] != reason {
			t.Errorf("%d.jpg: %v", n, decision)
		}
	}
	// From the list into a report, to its neighbour, and back.
	p.keys("?")
	p.wait("document.querySelector('#keys[open]')")
	p.keys("\x1b")
	p.wait("!document.querySelector('#keys[open]')")
	p.keys("kkko")
	p.wait("location.pathname.startsWith('/reports/')")
	p.keys("u")
	p.wait("location.pathname == '/' && document.querySelector('#rows')")
	p.keys("/")
	p.wait("document.activeElement.type == 'search'")
}

// Who comes back from a report finds the list as long as it was, and the row
// of that picture chosen; or the next one, where the list has it no more.
func TestBackToTheList(t *testing.T) {
	s := start(t)
	s.fill(t, 260)
	p := tab(t)
	p.look("light", 1440, 900)
	for _, c := range []struct {
		query, decide string
		back          func()
	}{
		{"/", "", func() { p.keys("u") }},
		{"/?verdict=fail", "h", func() { eval[bool](p, "(history.back(), true)") }},
		{"/?reviewed=no", "h", func() { p.keys("u") }},
	} {
		p.visit(s.url + c.query)
		rows := 50
		for p.wait(fmt.Sprintf(shown+".length == %d", rows)); eval[bool](p, "!!document.getElementById('older')") && rows < 250; {
			p.click("#older")
			p.wait(fmt.Sprintf(shown+".length > %d", rows))
			rows = eval[int](p, shown+".length")
		}
		if rows < 80 {
			t.Fatalf("%s: only %d rows", c.query, rows)
		}
		keys := eval[[]string](p, shown)
		eval[bool](p, fmt.Sprintf("(choose(list.children[%d]), true)", rows-10))
		p.keys("o")
		p.wait("location.pathname.endsWith(" + quote(keys[rows-10]) + ")")
		want := keys[rows-10]
		if c.decide != "" {
			p.keys(c.decide)
			p.wait("document.querySelector('.stands .decided')")
		}
		if c.query == "/?reviewed=no" {
			want = keys[rows-9]
			rows-- // at least
		}
		c.back()
		p.wait(fmt.Sprintf("document.getElementById('rows') && %s.length >= %d", shown, rows))
		p.wait("decodeURIComponent(document.querySelector('.row[aria-current] .text a')?.pathname).endsWith(" + quote(want) + ")")
		p.wait("(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector('.row[aria-current]').getBoundingClientRect())")
	}
}
