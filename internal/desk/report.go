package desk

import (
	"errors"
	"net/http"
	"time"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/signin"
	"cutline/internal/store"
)

// reportPage is everything that is known of a picture.
type reportPage struct {
	store.Record
	Picture  string
	Checked  checked
	Chain    []link
	Others   []other
	Seen     []sighting
	Timeline []moment
	Fields   []photo.Field
	Versions []store.Version
	History  []store.Decision
	Draft    string // what the editor of the caption begins with
	Drafted  checked
	Override bool   // another editor has decided
	Latest   bool   // the version is the latest, so that it can be decided about
	Tag      string // what is wrong with the object's tag
	Wrote    string // the S3 version that a correction made and that is still to be checked
	Sidecar  bool   // a correction went beside the picture
	Beside   bool   // a correction will: the picture has to stay as it is
	Stalled  bool   // the report should have been completed long ago
	Me       signin.Person
}

// checked is a report's outcome as the page and the check while one types
// show it.
type checked struct {
	report.Report
	Caption  []piece
	Elements []element
	Findings []finding
	Sources  string
	Changes  []change // to the caption that was there; nil when there is none to compare with
	Changed  bool
}

type finding struct {
	report.Finding
	Why   string
	Words []string
}

// other is a caption field that says something else.
type other struct {
	From    string
	Changes []change
}

// completed is when a report's second stage has ended, with all its retries.
const completed = 30 * time.Minute

func (d *desk) report(w http.ResponseWriter, r *http.Request) {
	bucket, key := r.PathValue("bucket"), r.PathValue("key")
	var rec store.Record
	var err error
	version := r.FormValue("version")
	if version == "" {
		rec, err = d.Store.Get(r.Context(), bucket, key)
	} else {
		rec, err = d.Store.GetVersion(r.Context(), bucket, key, version)
	}
	if err != nil {
		d.failed(w, r, err)
		return
	}
	p := d.reportPage(rec)
	p.Me = signin.From(r.Context())
	p.Latest = version == ""
	p.Override = rec.Decision != nil && rec.Decision.ByID != p.Me.ID
	if !rec.Deleted {
		p.Picture = pictureURL("pictures", bucket, key, rec.Photo.VersionID, rec.Photo.Format)
	}
	if p.Latest {
		p.Tag = d.tag(r.Context(), rec)
	}
	if p.Wrote = r.FormValue("wrote"); p.Wrote == rec.Photo.VersionID {
		p.Wrote = ""
	}
	p.Sidecar = r.FormValue("sidecar") != ""
	var failed [2]error
	p.Versions, failed[0] = d.Store.Versions(r.Context(), bucket, key)
	p.History, failed[1] = d.Store.History(r.Context(), bucket, key)
	if err := errors.Join(failed[:]...); err != nil {
		d.failed(w, r, err)
		return
	}
	if p.Seen, err = d.seen(r.Context(), rec); err != nil {
		d.failed(w, r, err)
		return
	}
	p.Timeline = d.timeline(rec, p.History)
	d.page(w, r, http.StatusOK, "report.html", key, p)
}

func (d *desk) reportPage(rec store.Record) reportPage {
	p := reportPage{Record: rec, Checked: d.checked(rec.Report), Chain: d.chain(rec.Report), Fields: rec.Metadata, Draft: rec.Suggestion}
	if p.Draft == "" {
		p.Draft = rec.Report.Caption.Text
	}
	p.Draft = plain(p.Draft)
	if len(p.Draft) <= maxCaption { // a longer one cannot be written anyway
		p.Drafted = d.draft(rec.Report, p.Draft)
	}
	for _, f := range rec.Report.Caption.Others {
		p.Others = append(p.Others, other{f.From, compare(rec.Report.Caption.Text, f.Value)})
	}
	signed := rec.Provenance != nil && rec.Provenance.C2PA != nil && rec.Provenance.C2PA.Present
	p.Beside = signed || rec.Photo.Format != "jpeg"
	p.Stalled = rec.Pending() && d.Now().Sub(rec.CheckedAt) > completed
	return p
}

func (d *desk) checked(rep report.Report) checked {
	c := checked{Report: rep, Caption: pieces(rep), Elements: elements(rep), Sources: d.from(rep.Sources, rep.Provider)}
	for _, f := range rep.Findings {
		rule, _ := d.Checker.Rules.Finding(f.Code)
		c.Findings = append(c.Findings, finding{f, rule.Why, quoted(rep, f.Spans)})
	}
	return c
}
