package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"path"

	"cutline/internal/signin"
)

// frame is what the head of every page shows.
type frame struct {
	Title   string
	Me      signin.Person
	Page    string // name of its template
	Styles  []string
	Scripts []string
}

// parts are the styles and scripts of a page beside those of all pages.
var parts = map[string]struct{ styles, scripts []string }{
	"queue.html":  {[]string{"queue.css"}, []string{"queue.js"}},
	"report.html": {[]string{"report.css"}, []string{"report.js"}},
	"check.html":  {[]string{"report.css"}, []string{"report.js"}},
	"upload.html": {nil, []string{"upload.js"}},
}

// page writes a page: the frame that all share around the named template.
func (d *desk) page(w http.ResponseWriter, r *http.Request, status int, name, title string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	head := frame{Title: visible(title), Me: signin.From(r.Context()), Page: name,
		Styles: parts[name].styles, Scripts: parts[name].scripts}
	for _, part := range []struct {
		name string
		data any
	}{{"head", head}, {name, data}, {"foot", head}} {
		if err := d.pages.ExecuteTemplate(w, part.name, part.data); err != nil {
			d.Log.ErrorContext(r.Context(), "a page could not be written", "page", name, "error", err)
			return
		}
	}
}

// parse reads the templates.
func (d *desk) parse() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"reportURL": reportURL, "day": dateOf, "clock": clock, "short": short, "line": oneLine, "base": path.Base, "words": d.codeWords, "visible": visible, "plain": plain, "field": fieldName,
		"size": bytesOf, "asset": asset,
	}).ParseFS(files, "templates/*.html")
}

// asset is the address of a file of the desk's own. It changes with the
// file, so that browsers may keep it for good.
func asset(name string) (string, error) {
	raw, err := files.ReadFile("static/" + name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return fmt.Sprintf("/static/%s?%s", name, hex.EncodeToString(sum[:6])), nil
}

// cached lets browsers keep the desk's own files.
func cached(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		h.ServeHTTP(w, r)
	})
}
