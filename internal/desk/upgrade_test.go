package desk_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cutline/internal/local"
	"cutline/internal/local/localtest"
	"cutline/internal/report/reporttest"
	"cutline/internal/store"
	"cutline/internal/store/storetest"
)

// The desk shows and exports what earlier versions of Cutline stored beside
// what this one stores, and takes decisions about both.
func TestOldReportsAtTheDesk(t *testing.T) {
	config := localtest.Config(t)
	reports := localtest.Store(t, config)
	storetest.Fill(t, store.NewClient(config), local.Table)
	handler, checker := openOver(t, config, reports)
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	put(t, reports, checker, "new.jpg", "01", stateCaption)

	for _, path := range []string{"/", "/?verdict=fail", "/?origin=state&source=kcna", "/?q=hamhung", "/rows?verdict=fail", "/overview", "/export.json", "/api/reports?verdict=fail"} {
		status, body := get(t, s.URL+path)
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
		for _, day := range storetest.Days {
			if path != "/overview" && !strings.Contains(body, day+"/factory.jpg") {
				t.Errorf("%s: nothing of %s", path, day)
			}
		}
	}
	status, body := get(t, s.URL+"/export.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF"))).ReadAll()
	if status != http.StatusOK || err != nil || len(rows) < 1+3*len(storetest.Days)+1 {
		t.Errorf("export: %d, %d rows, %v", status, len(rows), err)
	}
	for _, day := range storetest.Days {
		at := "photos/" + day + "/factory.jpg"
		for path, want := range map[string]string{
			"/reports/" + at: "Ask the agency.", "/reports/" + at + "?version=v1": "harbour", "/api/versions/" + at: `"v1"`, "/api/decisions/" + at: "They call back at noon.",
		} {
			if status, body := get(t, s.URL+path); status != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("%s: %d, without %q", path, status, want)
			}
		}
		var rec store.Record
		status, body := get(t, s.URL+"/api/reports/"+at)
		if err := json.Unmarshal([]byte(body), &rec); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d, %v", at, status, err)
		}
		reporttest.Valid(t, rec.Report)
		resp, err := http.Post(s.URL+"/api/decisions/"+at, "application/json", strings.NewReader(`{"action": "kill", "reason": "A fake.", "revision": "`+rec.Revision+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if now, err := reports.Get(t.Context(), "photos", day+"/factory.jpg"); resp.StatusCode != http.StatusOK || err != nil || now.Decision.Action != store.Kill {
			t.Errorf("%s: %d, %+v, %v", at, resp.StatusCode, now.Decision, err)
		}
	}
}
