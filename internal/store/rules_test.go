package store_test

import (
	"strings"
	"testing"

	"cutline/internal/store"

	"github.com/google/go-cmp/cmp"
)

func TestLastPack(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s, ctx := db.store(t), t.Context()
		if files, err := s.LastPack(ctx); err != nil || files != nil {
			t.Fatalf("before any: %v %v", files, err)
		}
		first := []store.PackFile{{Name: "s3://packs/desk.yaml", Text: "name: desk\n"}}
		second := []store.PackFile{{Name: "s3://packs/desk.yaml", Text: "name: <desk> & 2\n"}, {Name: "s3://packs/more.yaml", Text: "placeholders: [x]\n"}}
		for _, files := range [][]store.PackFile{first, first, second} {
			if err := s.KeepPack(ctx, files); err != nil {
				t.Fatal(err)
			}
			if got, err := s.LastPack(ctx); err != nil || !cmp.Equal(got, files) {
				t.Errorf("%v, want %v: %v", got, files, err)
			}
		}
		if err := s.KeepPack(ctx, []store.PackFile{{Name: "large.yaml", Text: strings.Repeat("#", 400_000)}}); err == nil {
			t.Error("a pack larger than an item was kept")
		}
		if got, err := s.LastPack(ctx); err != nil || !cmp.Equal(got, second) {
			t.Errorf("%v: %v", got, err)
		}
	})
}
