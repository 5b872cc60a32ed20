package desk

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"cutline/internal/store"
)

// The bounds of an export: Lambda answers with 6 MB at most.
const (
	maxExported      = 5000 // pictures
	maxExportedBytes = 5 << 20
)

// exported are the pictures of a list, one row at a time, until there are no
// more or enough. The cursor says where the rest begins.
func (d *desk) exported(r *http.Request, take func(store.Row) (size int, err error)) (cursor string, err error) {
	q, err := d.query(r)
	if err != nil {
		return "", err
	}
	q.Limit = 500
	for n, size := 0, 0; ; {
		page, err := d.Store.List(r.Context(), q)
		if err != nil {
			return "", err
		}
		for _, row := range page.Rows {
			more, err := take(row)
			if err != nil {
				return "", err
			}
			n, size = n+1, size+more
		}
		q.Cursor = page.Next
		// A page of 500 rows has at most a megabyte.
		if q.Cursor == "" || n >= maxExported || size >= maxExportedBytes-1<<20 || !page.Searched.IsZero() {
			return q.Cursor, nil
		}
	}
}

// exportJSON is a list as one document; "next" is the cursor of the rest.
func (d *desk) exportJSON(w http.ResponseWriter, r *http.Request) {
	rows := []json.RawMessage{}
	next, err := d.exported(r, func(row store.Row) (int, error) {
		raw, err := json.Marshal(row)
		rows = append(rows, raw)
		return len(raw), err
	})
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	body, err := json.Marshal(map[string]any{"reports": rows, "next": next})
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.file(w, "json", "application/json", next, body)
}

// exportCSV is a list as a table. Where it had to stop, its name says so.
func (d *desk) exportCSV(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	body.WriteString("\uFEFF") // without it spreadsheets take it for Latin-1
	table := csv.NewWriter(&body)
	write := func(cells ...string) error {
		for i := range cells {
			cells[i] = inert(cells[i])
		}
		return table.Write(cells)
	}
	if err := write("bucket", "key", "version", "verdict", "origin", "sources", "provider", "findings", "language", "arrived", "decision", "by", "decided", "reason", "caption"); err != nil {
		d.apiFailed(w, r, err)
		return
	}
	next, err := d.exported(r, func(row store.Row) (int, error) {
		var done store.Decision
		decided := ""
		if row.Decision != nil {
			done, decided = *row.Decision, row.Decision.At.UTC().Format(time.RFC3339)
		}
		before := body.Len()
		err := write(row.Bucket, row.Key, row.VersionID, string(row.Verdict), string(row.Origin), strings.Join(row.Sources, " "), row.Provider, strings.Join(row.Codes, " "),
			row.Lang, row.ArrivedAt.UTC().Format(time.RFC3339), string(done.Action), done.By, decided, done.Reason, row.Text)
		table.Flush()
		return body.Len() - before, err
	})
	table.Flush()
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.file(w, "csv", "text/csv; charset=utf-8", next, body.Bytes())
}

// within is where a text may become a cell of its own: spreadsheets in many
// countries cut tables at semicolons, and then quotes do not hold.
var within = regexp.MustCompile(`([;\t\r\n][\s\x{A0}\x{3000}\x{FEFF}"]*)([=+\-@|%＝＋－＠])`)

// inert keeps a spreadsheet from taking a text, or a part of it, for a
// formula. An apostrophe before it is what spreadsheets themselves write for
// that (OWASP, CSV injection).
func inert(s string) string {
	s = within.ReplaceAllString(s, "$1'$2")
	switch first := strings.TrimLeft(s, " \u00A0\u3000\uFEFF"); {
	case first == "":
		return s
	case strings.ContainsAny(first[:1], "=+-@\t\r\n|%"), strings.HasPrefix(first, "＝"), strings.HasPrefix(first, "＋"),
		strings.HasPrefix(first, "－"), strings.HasPrefix(first, "＠"):
		return "'" + s
	}
	return s
}

func (d *desk) file(w http.ResponseWriter, suffix, kind, next string, body []byte) {
	name := "cutline-" + dateOf(d.Now())
	if next != "" {
		name += "-part"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+"."+suffix+`"`)
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body)
}
