package desk

import (
	"net/http"
	"net/url"

	"cutline/internal/bucket"
	"cutline/internal/photo"
)

// Lists show each picture small. What EXIF carries for that costs one ranged
// GET of the desk's and some ten kilobytes of the browser's; a picture without
// it is loaded itself, once it is scrolled to. Pages hold the desk's own short
// addresses, and the presigned ones, which are long and soon stale, only
// where a browser follows them.

// pictureURL is the address of a picture at the desk, for the formats that
// browsers show; else "".
func pictureURL(kind, bucket, key, version, format string) string {
	switch format {
	case "jpeg", "png", "webp", "avif":
	default:
		return ""
	}
	address := url.URL{Path: "/" + kind + "/" + bucket + "/" + key}
	if version != "" {
		address.RawQuery = url.Values{"version": {version}}.Encode()
	}
	return address.String()
}

// pictured says whether the request asks for a picture: an object of the
// bucket that pictures come to, or one that has a report. The desk can read
// other objects, such as the rules.
func (d *desk) pictured(r *http.Request) error {
	bucket, key := r.PathValue("bucket"), r.PathValue("key")
	if bucket == d.Uploads {
		return nil
	}
	_, err := d.Store.Row(r.Context(), bucket, key)
	return err
}

// picture leads to the picture itself, for a while.
func (d *desk) picture(w http.ResponseWriter, r *http.Request) {
	if err := d.pictured(r); err != nil {
		d.failed(w, r, err)
		return
	}
	address, err := d.Bucket.PresignGet(r.Context(), r.PathValue("bucket"), r.PathValue("key"), r.FormValue("version"), pictureValid)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=600")
	http.Redirect(w, r, address, http.StatusFound)
}

// thumbnail is the picture as EXIF shows it small, else leads to the picture.
func (d *desk) thumbnail(w http.ResponseWriter, r *http.Request) {
	if err := d.pictured(r); err != nil {
		d.failed(w, r, err)
		return
	}
	object, err := d.Bucket.Open(r.Context(), bucket.Event{Bucket: r.PathValue("bucket"), Key: r.PathValue("key"), VersionID: r.FormValue("version")})
	if err != nil {
		d.failed(w, r, err)
		return
	}
	small, err := photo.Thumbnail(object, object.Size())
	if err != nil {
		d.failed(w, r, err)
		return
	}
	if small == nil {
		d.picture(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "private, max-age=86400")
	w.Write(small)
}

// reportURL is the address of a picture's page. Keys may hold anything.
func reportURL(bucket, key string) string {
	return (&url.URL{Path: "/reports/" + bucket + "/" + key}).EscapedPath()
}
