// Package localtest gives tests the one-machine stack's database.
//
// Imports: local.
package localtest

import (
	"path/filepath"
	"testing"

	"cutline/internal/local"
)

// Database is an empty one, closed when the test ends.
func Database(t testing.TB) *local.Database {
	t.Helper()
	d, err := local.OpenDatabase(filepath.Join(t.TempDir(), "reports.journal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}
