package desk

import (
	"net/http"

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
