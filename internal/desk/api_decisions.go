package desk

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"cutline/internal/store"
)

// apiDecide takes a decision about the report that the program has seen: it
// gives the revision in the body or the report's ETag as If-Match.
func (d *desk) apiDecide(w http.ResponseWriter, r *http.Request) {
	var in decision
	if err := readJSON(r, &in); err != nil {
		d.apiFailed(w, r, err)
		return
	}
	match := r.Header.Get("If-Match")
	switch {
	case match != "":
		seen, ok := revisionOf(match)
		if !ok || in.Revision != "" && in.Revision != seen {
			d.apiFailed(w, r, fmt.Errorf("%w: If-Match is no ETag of the picture's report", errPrecondition))
			return
		}
		in.Revision = seen
	case in.Revision == "":
		d.apiFailed(w, r, fmt.Errorf("%w: send the report's ETag as If-Match, or its revision", errUnguarded))
		return
	}
	rec, err := d.record(r, in)
	if match != "" && errors.Is(err, store.ErrConflict) {
		err = fmt.Errorf("%w: %s", errPrecondition, err)
	}
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.document(w, r, rec)
}

// revisionOf is the revision in the ETag of a report.
func revisionOf(tag string) (string, bool) {
	inner, ok := strings.CutPrefix(tag, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	revision, hash, parted := strings.Cut(inner, "-")
	return revision, ok && closed && parted && len(hash) == 16 && revision != "" && strings.Trim(revision, "0123456789") == ""
}

// apiUpload gives an address to put a picture to, straight in S3.
func (d *desk) apiUpload(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name string `json:"name"`
	}
	if err := readJSON(r, &in); err != nil {
		d.apiFailed(w, r, err)
		return
	}
	name := path.Base("/" + strings.ReplaceAll(in.Name, "\\", "/"))
	if d.Uploads == "" || name == "/" || name == "." || name == ".." || len(name) > 300 || strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == 0x7F }) {
		d.apiFailed(w, r, fmt.Errorf("%w: a picture cannot be uploaded under this name", errBadRequest))
		return
	}
	address, err := d.Bucket.PresignPut(r.Context(), d.Uploads, name, pictureValid)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.answer(w, r, http.StatusOK, "", map[string]string{"url": address, "report": reportURL(d.Uploads, name)})
}
