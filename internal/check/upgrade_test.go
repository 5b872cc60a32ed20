package check_test

import (
	"fmt"
	"slices"
	"testing"

	"cutline/internal/demo"
	"cutline/internal/store"
	"cutline/internal/store/storetest"
)

// Pictures that an earlier Cutline checked are checked again by today's rules;
// what was decided about them stands.
func TestRecheckOfOldReports(t *testing.T) {
	b := newBench(t)
	storetest.Fill(t, b.db, "reports")
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(pictures, func(p demo.Picture) bool { return p.Name == "kcna-factory-no-disclaimer.jpg" })
	for _, day := range storetest.Days {
		key := day + "/factory.jpg"
		b.s3.bodies[key], b.s3.named = pictures[i].JPEG, map[string]string{key: "v2"}
		recheck := fmt.Appendf(nil, `{"recheck": {"bucket": "photos", "only_changed_rules": true, "objects": [{"key": %q, "modified": 1790000000}]}}`, key)
		for _, want := range []string{"{Checked:1 Skipped:0}", "{Checked:0 Skipped:1}"} {
			if done, err := b.Invoke(t.Context(), recheck); err != nil || fmt.Sprintf("%+v", done) != want {
				t.Errorf("%s: %+v, %v, want %s", key, done, err, want)
			}
		}
		rec := b.report(t, key)
		if rec.Report.Rules.Digest != b.Checker.Rules.Digest() || rec.Report.Photo.VersionID != "v2" || rec.Decision == nil || rec.Decision.Action != store.Hold {
			t.Errorf("%s: %+v", key, rec)
		}
		if tag := b.s3.tags[key]; tag != "held" {
			t.Errorf("%s: the tag says %q", key, tag)
		}
		versions, err := b.Store.Versions(t.Context(), "photos", key)
		if err != nil || len(versions) != 2 {
			t.Errorf("%s: %d versions, %v", key, len(versions), err)
		}
	}
}
