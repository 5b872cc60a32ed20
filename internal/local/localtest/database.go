// Package localtest gives tests the one-machine stack's database.
//
// Imports: local, store, AWS.
package localtest

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"cutline/internal/local"
	"cutline/internal/store"
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

// Config is what clients of an empty database are made by.
func Config(t testing.TB) aws.Config {
	t.Helper()
	server := httptest.NewServer(Database(t))
	t.Cleanup(server.Close)
	config := local.ClientConfig()
	config.BaseEndpoint = &server.URL
	return config
}

// Store is the store in the database that clients of the configuration reach.
// Its table, local.Table, is made.
func Store(t testing.TB, config aws.Config) *store.Store {
	t.Helper()
	s := store.New(store.NewClient(config), local.Table)
	if err := s.CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}
