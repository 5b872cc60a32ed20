package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"cutline/internal/check"
	"cutline/internal/signin"
	"cutline/internal/store"
)

// errKilled says that only who may kill may take a kill back.
var errKilled = errors.New("the picture was killed")

// decision is what an editor sends.
type decision struct {
	Action   store.Action `json:"action"`
	Reason   string       `json:"reason"`
	Revision string       `json:"revision"`
}

// record keeps a decision and puts it on the object as a tag. A tag that
// cannot be put takes nothing back: the report's page shows that it is wrong,
// and puts it again.
func (d *desk) record(r *http.Request, in decision) (store.Record, error) {
	ctx, bucket, key := r.Context(), r.PathValue("bucket"), r.PathValue("key")
	me := signin.From(ctx)
	if in.Action == store.Kill && !me.May(signin.Kill) {
		return store.Record{}, signin.ErrNotAllowed
	}
	if !me.May(signin.Kill) && in.Action != store.Note {
		row, err := d.Store.Row(ctx, bucket, key)
		if err != nil {
			return store.Record{}, err
		}
		if row.Decision != nil && row.Decision.Action == store.Kill {
			return store.Record{}, errKilled
		}
	}
	rec, err := d.Store.Decide(ctx, bucket, key,
		store.Decision{Action: in.Action, By: me.Name, ByID: me.ID, At: d.Now().UTC(), Reason: strings.TrimSpace(in.Reason)}, in.Revision)
	if errors.Is(err, store.ErrConflict) {
		return rec, d.meanwhile(ctx, bucket, key, err)
	}
	if err != nil || in.Action == store.Note {
		return rec, err
	}
	if _, err := check.Tag(ctx, d.Bucket, d.Store, d.Bucket.At(bucket, key, rec.Photo.VersionID)); err != nil {
		d.Log.ErrorContext(ctx, check.TagMissing, "bucket", bucket, "key", key, "version", rec.Photo.VersionID, "error", err)
	}
	return rec, nil
}

// meanwhile tells an editor who came second what the first one did.
func (d *desk) meanwhile(ctx context.Context, bucket, key string, conflict error) error {
	history, err := d.Store.History(ctx, bucket, key)
	if err != nil {
		return err
	}
	rec, err := d.Store.Get(ctx, bucket, key)
	if err != nil {
		return err
	}
	if len(history) == 0 || history[0].Version != rec.Version {
		return fmt.Errorf("%w: it was checked again or uploaded anew. Nothing was recorded; look at it again", conflict)
	}
	last := history[0]
	said := ""
	if last.Reason != "" {
		said = ": " + shorten(200, visible(last.Reason))
	}
	return fmt.Errorf("%w: %s %s it at %s UTC%s. Nothing of yours was recorded; look at it again", conflict, visible(last.By), doneWords[last.Action], clock(last.At), said)
}

// decide takes a decision from the report's page.
func (d *desk) decide(w http.ResponseWriter, r *http.Request) {
	_, err := d.record(r, decision{store.Action(r.FormValue("action")), r.FormValue("reason"), r.FormValue("revision")})
	if err != nil {
		d.failed(w, r, err)
		return
	}
	http.Redirect(w, r, reportURL(r.PathValue("bucket"), r.PathValue("key")), http.StatusSeeOther)
}

// retag puts the tag of a picture's latest version again.
func (d *desk) retag(w http.ResponseWriter, r *http.Request) {
	bucket, key := r.PathValue("bucket"), r.PathValue("key")
	rec, err := d.Store.Get(r.Context(), bucket, key)
	if err == nil {
		_, err = check.Tag(r.Context(), d.Bucket, d.Store, d.Bucket.At(bucket, key, rec.Photo.VersionID))
	}
	if err != nil {
		d.failed(w, r, err)
		return
	}
	http.Redirect(w, r, reportURL(bucket, key), http.StatusSeeOther)
}

// tag compares the object's tag with what it should say: "" when it is right,
// or cannot be read.
func (d *desk) tag(ctx context.Context, rec store.Record) string {
	want := rec.Clearance()
	if want == "" || rec.Deleted {
		return ""
	}
	found, err := d.Bucket.Verdict(ctx, rec.Photo.Bucket, rec.Photo.Key, rec.Photo.VersionID)
	switch {
	case err != nil:
		d.Log.WarnContext(ctx, "a tag cannot be read", "bucket", rec.Photo.Bucket, "key", rec.Photo.Key, "error", err)
		return ""
	case found == want:
		return ""
	case found == "":
		return fmt.Sprintf("The object has no tag yet; it should say %q.", want)
	}
	return fmt.Sprintf("The object's tag says %q; it should say %q.", found, want)
}
