package desk

import (
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"cutline/internal/signin"
)

// route is an address of the desk, and the right that it needs.
type route struct {
	pattern string
	need    signin.Right
	handler http.Handler
}

// routes are all addresses of the desk. Whatever is not here is not found.
func (d *desk) routes() []route {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the folder is embedded
	}
	page := func(pattern string, need signin.Right, h http.HandlerFunc) route { return route{pattern, need, h} }
	return []route{
		page("GET /{$}", signin.Read, d.queue),
		page("GET /rows", signin.Read, d.queueRows),
		page("GET /facets", signin.Read, d.queueFacets),
		page("GET /export.csv", signin.Read, d.exportCSV),
		page("GET /export.json", signin.Read, d.exportJSON),
		page("GET /thumbs/{bucket}/{key...}", signin.Read, d.thumbnail),
		page("GET /pictures/{bucket}/{key...}", signin.Read, d.picture),
		page("GET /reports/{bucket}/{key...}", signin.Read, d.report),
		page("POST /decisions/{bucket}/{key...}", signin.Decide, d.decide),
		page("POST /tags/{bucket}/{key...}", signin.Decide, d.retag),
		page("POST /captions/{bucket}/{key...}", signin.Decide, d.correct),
		page("GET /check", signin.Check, d.checkPage),
		page("POST /check", signin.Check, d.checkPage),
		page("POST /recheck", signin.Check, d.recheck),
		page("GET /upload", signin.Upload, d.uploadPage),
		page("GET /overview", signin.Read, d.overview),
		page("GET /rules", signin.Read, d.rules),
		page("GET /rules/{code}", signin.Read, d.rules),
		page("GET /dead-letters", signin.Read, d.deadLetters),
		page("GET /tokens", signin.Tokens, d.tokens),
		page("POST /tokens", signin.Tokens, d.makeToken),
		page("POST /tokens/{id}/revoke", signin.Tokens, d.revokeToken),
		page("GET /sign-in", signin.Public, d.signIn),
		page("GET "+signin.CallbackPath, signin.Public, d.signedIn),
		page("POST /sign-out", signin.Public, d.signOut),
		page("GET /healthz", signin.Public, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }),
		{"GET /static/", signin.Public, http.StripPrefix("/static/", cached(http.FileServerFS(static)))},

		page("GET /api/openapi.json", signin.Public, d.apiDescription),
		page("GET /api/reports", signin.Read, d.apiList),
		page("GET /api/reports/{bucket}/{key...}", signin.Read, d.apiReport),
		page("GET /api/versions/{bucket}/{key...}", signin.Read, d.apiVersions),
		page("GET /api/decisions/{bucket}/{key...}", signin.Read, d.apiHistory),
		page("POST /api/decisions/{bucket}/{key...}", signin.Decide, d.apiDecide),
		page("POST /api/kills", signin.Kill, d.apiKill),
		page("POST /api/check", signin.Check, d.apiCheck),
		page("POST /api/uploads", signin.Upload, d.apiUpload),
	}
}

// forPrograms says whether an address is asked by programs, the pages' own
// among them, and not opened as a page.
func forPrograms(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || slices.Contains([]string{"/rows", "/facets", "/recheck"}, r.URL.Path)
}
