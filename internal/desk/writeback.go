package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/photo"
	"cutline/internal/signin"
	"cutline/internal/store"
	"cutline/internal/writeback"
)

// The bounds of what is written: the desk's function holds a picture twice.
const (
	maxCorrected  = 64 << 20 // bytes of a picture
	maxCaption    = 32_000   // bytes of a caption: EXIF and XMP share a segment of 64 KB
	noteCorrected = 5        // times that the note of a correction is tried
)

// correct writes a caption into a picture as a new version of its object,
// which is then checked like any upload; the version before stays. Where the
// picture has to stay as it is, the caption goes into a sidecar.
func (d *desk) correct(w http.ResponseWriter, r *http.Request) {
	name, key := r.PathValue("bucket"), r.PathValue("key")
	done, err := d.correction(r, name, key)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	http.Redirect(w, r, reportURL(name, key)+"?"+done.Encode(), http.StatusSeeOther)
}

func (d *desk) correction(r *http.Request, name, key string) (url.Values, error) {
	ctx := r.Context()
	text := strings.TrimSpace(strings.ReplaceAll(r.FormValue("caption"), "\r\n", "\n"))
	if text == "" || len(text) > maxCaption {
		return nil, fmt.Errorf("%w: a caption of 1 to %d bytes is needed", errBadRequest, maxCaption)
	}
	rec, err := d.Store.Get(ctx, name, key)
	switch {
	case err != nil:
		return nil, err
	case rec.Deleted:
		return nil, bucket.ErrGone
	case rec.Revision != r.FormValue("revision"):
		return nil, d.meanwhile(ctx, name, key, store.ErrConflict)
	}
	object, err := d.Bucket.Open(ctx, bucket.Event{Bucket: name, Key: key, VersionID: rec.Photo.VersionID, ETag: rec.Photo.ETag})
	if err != nil {
		return nil, err
	}
	if object.Size() > maxCorrected {
		return nil, fmt.Errorf("%w: pictures larger than %s are not written here. Copy the caption", errBadRequest, bytesOf(maxCorrected))
	}
	beside := cmp.Or(rec.Photo.Sidecar, writeback.SidecarKey(key))
	sidecar, err := d.Bucket.Sidecar(ctx, name, beside, check.MaxSidecar)
	if err != nil {
		return nil, err
	}
	stream, err := object.Stream(ctx)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	c, err := writeback.Correct(stream, sidecar.Data, writeback.Texts{photo.Caption: text})
	if err != nil {
		return nil, fmt.Errorf("%w: the caption cannot be written: %w", errBadRequest, err)
	}
	done, note := url.Values{}, "Wrote a corrected caption into the picture."
	if c.Picture != nil {
		version, err := d.Bucket.Replace(ctx, object, c.Picture)
		if err != nil {
			return nil, err
		}
		done.Set("wrote", version)
	} else {
		note = "Wrote a corrected caption into the sidecar " + beside + ". " + c.Reason
		done.Set("sidecar", "1")
	}
	if c.Sidecar != nil {
		if err := d.Bucket.PutSidecar(ctx, name, beside, sidecar, c.Sidecar); err != nil {
			return nil, err
		}
	}
	d.noteOf(ctx, name, key, note)
	return done, nil
}

// noteOf puts into the history who corrected a caption. The picture is
// changed by then, so a note that cannot be taken is only logged.
func (d *desk) noteOf(ctx context.Context, name, key, text string) {
	me := signin.From(ctx)
	err := error(store.ErrConflict)
	for range noteCorrected {
		var rec store.Record
		if rec, err = d.Store.Get(ctx, name, key); err != nil {
			break
		}
		_, err = d.Store.Decide(ctx, name, key, store.Decision{Action: store.Note, By: me.Name, ByID: me.ID, At: d.Now().UTC(), Reason: text}, rec.Revision)
		if !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	if err != nil {
		d.Log.ErrorContext(ctx, "a correction is not in the history", "bucket", name, "key", key, "by", me.ID, "error", err)
	}
}
