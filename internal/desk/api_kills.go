package desk

import (
	"fmt"
	"net/http"
	"slices"

	"cutline/internal/check"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// apiKill takes an agency's notice that withdraws pictures: EDITORS, PLEASE
// KILL TOK801 ... Every report of what it names, and of what shows the same,
// gets the finding; so does whatever comes later.
func (d *desk) apiKill(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Text     string        `json:"text"`
		Pictures []store.Place `json:"pictures"`
	}
	if err := readJSON(r, &in); err != nil {
		d.apiFailed(w, r, err)
		return
	}
	names := rules.Refs(in.Text)
	for _, p := range in.Pictures {
		if place, ok := store.ParseAddress(p.Address()); !ok || place != p {
			d.apiFailed(w, r, fmt.Errorf("%w: a picture needs a bucket and a key", errBadRequest))
			return
		}
		names = append(names, p.Address())
	}
	slices.Sort(names)
	kill, err := store.NewKill(in.Text, slices.Compact(names), d.Now())
	if err != nil {
		d.apiFailed(w, r, fmt.Errorf("%w: %w", errBadRequest, err))
		return
	}
	uploads := &check.Uploads{Checker: d.Checker, Bucket: d.Bucket, Store: d.Store, Log: d.Log}
	marked, err := uploads.Withdraw(r.Context(), kill)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	if marked == nil {
		marked = []store.Place{}
	}
	d.Log.InfoContext(r.Context(), "a notice withdraws pictures", "notice", kill.ID, "names", kill.Names, "marked", len(marked))
	d.answer(w, r, http.StatusOK, "", map[string]any{"id": kill.ID, "names": kill.Names, "marked": marked})
}
