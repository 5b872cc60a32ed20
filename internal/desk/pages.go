package desk

import (
	"net/http"
	"strings"

	"cutline/internal/report"
	"cutline/internal/rules"
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
	Weighs []weight
}

// weight is how much a finding matters, of whose pictures.
type weight struct {
	Severity report.Severity
	Of       string
}

// weighs tells the severities apart by origin, the worst first. One that only
// some origins' pictures have is not said to be off for the others.
func weighs(r rules.Rule) []weight {
	var list []weight
	for _, severity := range []report.Severity{report.SeverityFail, report.SeverityReview, report.SeverityAdvice, report.SeverityOff} {
		var of []string
		for _, origin := range origins {
			if r.By[origin] == severity {
				of = append(of, string(origin))
			}
		}
		general := r.Severity == severity
		switch {
		case general && severity == report.SeverityOff && len(r.By) > 0:
		case general && len(r.By) > 0:
			list = append(list, weight{severity, "others"})
		case general:
			list = append(list, weight{severity, ""})
		case len(of) > 0:
			list = append(list, weight{severity, strings.Join(of, ", ")})
		}
	}
	return list
}

func (d *desk) rules(w http.ResponseWriter, r *http.Request) {
	p := rulesPage{Code: r.PathValue("code")}
	for _, code := range d.Checker.Rules.Codes() {
		if f, _ := d.Checker.Rules.Finding(code); p.Code == "" || p.Code == code {
			p.Rules = append(p.Rules, rule{code, f, weighs(f)})
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
