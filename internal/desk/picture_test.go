package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"cutline/internal/report"
	"cutline/internal/store"
)

// The desk can read more than pictures, such as a pack of rules. It leads to
// nothing that is not a picture.
func TestOnlyPicturesAreShown(t *testing.T) {
	s, reports, checker := open(t)
	rep := checker.Caption(nil)
	rep.Photo = &report.Photo{Bucket: "archive", Key: "a.jpg", VersionID: "1", Sequencer: "01", Format: "jpeg"}
	if _, err := reports.Put(t.Context(), rep); err != nil {
		t.Fatal(err)
	}
	if row, err := reports.Row(t.Context(), "archive", "a.jpg"); err != nil || row.Key != "a.jpg" {
		t.Errorf("%+v, %v", row, err)
	}
	if _, err := reports.Row(t.Context(), "archive", "b.jpg"); err != store.ErrNotFound {
		t.Errorf("a row of nothing: %v", err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]int{
		"/pictures/archive/a.jpg": http.StatusFound, "/pictures/photos/not-yet-checked.jpg": http.StatusFound,
		"/pictures/archive/b.jpg": http.StatusNotFound, "/pictures/rules/pack.yaml": http.StatusNotFound, "/thumbs/rules/pack.yaml": http.StatusNotFound,
	} {
		resp, err := client.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want || want == http.StatusFound && !strings.Contains(resp.Header.Get("Location"), "X-Amz-Signature=") {
			t.Errorf("%s: %d %s", path, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
}
