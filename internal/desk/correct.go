package desk

import (
	"bytes"
	"net/http"

	"cutline/internal/photo"
	"cutline/internal/report"
)

type checkPage struct {
	Text, Credit, Source, Instructions string
	Done                               bool
	Checked                            checked
	Suggestion                         []change
}

// checkPage is a box to check a caption without its picture.
func (d *desk) checkPage(w http.ResponseWriter, r *http.Request) {
	p := checkPage{Text: r.FormValue("caption"), Credit: r.FormValue("credit"), Source: r.FormValue("source"), Instructions: r.FormValue("instructions")}
	if r.Method == http.MethodPost {
		p.Done, p.Checked = true, d.checked(d.Checker.Caption(given(r)))
		if p.Checked.Suggestion != "" {
			p.Suggestion = compare(p.Text, p.Checked.Suggestion)
		}
	}
	d.page(w, r, http.StatusOK, "check.html", "Check a caption", p)
}

// given are the fields that a form holds.
func given(r *http.Request) []photo.Field {
	var fields []photo.Field
	for _, name := range []photo.Name{photo.Caption, photo.Credit, photo.Source, photo.Instructions} {
		if value := r.FormValue(string(name)); value != "" {
			fields = append(fields, photo.Field{Name: name, From: string(name), Value: value})
		}
	}
	return fields
}

// recheck checks a caption while it is typed: of a picture, with everything
// else that is known of it, or alone. The answer is a piece of a page.
func (d *desk) recheck(w http.ResponseWriter, r *http.Request) {
	text := r.FormValue("caption")
	var c checked
	if key := r.FormValue("key"); key != "" {
		rec, err := d.Store.Get(r.Context(), r.FormValue("bucket"), key)
		if err != nil {
			d.apiFailed(w, r, err)
			return
		}
		c = d.draft(rec.Report, text)
	} else {
		c = d.checked(d.Checker.Caption(given(r)))
	}
	var body bytes.Buffer
	if err := d.pages.ExecuteTemplate(&body, "checked", c); err != nil {
		d.apiFailed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body.Bytes())
}

// draft is the picture of a report with another caption.
func (d *desk) draft(rep report.Report, text string) checked {
	c := d.checked(d.Checker.Corrected(rep, text))
	c.Changes, c.Changed = compare(rep.Caption.Text, text), rep.Caption.Text != text
	return c
}
