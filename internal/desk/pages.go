package desk

import (
	"net/http"
	"slices"
	"time"

	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/store"
)

func (d *desk) uploadPage(w http.ResponseWriter, r *http.Request) {
	d.page(w, r, http.StatusOK, "upload.html", "Upload", d.Uploads)
}

type rulesPage struct {
	Code  string
	Rules []rule
}

type rule struct {
	Code string
	rules.Rule
}

func (d *desk) rules(w http.ResponseWriter, r *http.Request) {
	p := rulesPage{Code: r.PathValue("code")}
	for _, code := range d.Checker.Rules.Codes() {
		if f, _ := d.Checker.Rules.Finding(code); p.Code == "" || p.Code == code {
			p.Rules = append(p.Rules, rule{code, f})
		}
	}
	if len(p.Rules) == 0 {
		d.page(w, r, http.StatusNotFound, "error.html", "Not Found", failure{"Not Found", "There is no rule of this name."})
		return
	}
	d.page(w, r, http.StatusOK, "rules.html", "Rules", p)
}

func (d *desk) deadLetters(w http.ResponseWriter, r *http.Request) {
	var dead []DeadLetter
	if d.DeadLetters != nil {
		dead = d.DeadLetters()
	}
	d.page(w, r, http.StatusOK, "dead.html", "Uploads that could not be checked", dead)
}

type overviewPage struct {
	store.Counts
	Days    []day
	Sources []count
	Codes   []count
}

type day struct {
	Date               string
	Fail, Review, Pass int
	// The bars' places and widths in a picture 100 units wide.
	ReviewAt, PassAt, FailWidth, ReviewWidth, PassWidth int
	Decision                                            time.Duration // median is not kept; this is the mean
}

type count struct {
	Name string
	N    int
}

// counted is how many pictures the overview looks at.
const counted = 5000

func (d *desk) overview(w http.ResponseWriter, r *http.Request) {
	counts, err := d.Store.Counts(r.Context(), store.Query{Since: d.Now().AddDate(0, 0, -14)}, counted)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	p := overviewPage{Counts: counts, Sources: most(counts.Sources), Codes: most(counts.Codes)}
	for i := range p.Sources {
		p.Sources[i].Name = d.sourceNames([]string{p.Sources[i].Name})
	}
	largest := 1
	for _, c := range counts.Days {
		largest = max(largest, c.Verdicts[report.Fail]+c.Verdicts[report.Review]+c.Verdicts[report.Pass])
	}
	for date, c := range counts.Days {
		one := day{Date: date, Fail: c.Verdicts[report.Fail], Review: c.Verdicts[report.Review], Pass: c.Verdicts[report.Pass]}
		one.FailWidth, one.ReviewWidth, one.PassWidth = one.Fail*100/largest, one.Review*100/largest, one.Pass*100/largest
		one.ReviewAt, one.PassAt = one.FailWidth, one.FailWidth+one.ReviewWidth
		if c.Decided > 0 {
			one.Decision = (c.ToDecision / time.Duration(c.Decided)).Round(time.Second)
		}
		p.Days = append(p.Days, one)
	}
	slices.SortFunc(p.Days, func(a, b day) int {
		if a.Date > b.Date {
			return -1
		}
		return 1
	})
	d.page(w, r, http.StatusOK, "overview.html", "Overview", p)
}

// most returns the ten largest counts.
func most(all map[string]int) []count {
	var list []count
	for name, n := range all {
		list = append(list, count{name, n})
	}
	slices.SortFunc(list, func(a, b count) int {
		if a.N != b.N {
			return b.N - a.N
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return list[:min(10, len(list))]
}
