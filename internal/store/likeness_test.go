package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cutline/internal/likeness"
	"cutline/internal/report"
	"cutline/internal/store"
)

// printed is a report with a print; unlike has a print of its own for each
// number, and changed flips bits of its hash.
func printed(key string, p likeness.Print) report.Report {
	rep := made(key, "1", "01", 0)
	hash, shape := p.Text()
	rep.Provenance = &report.Provenance{Likeness: &report.Likeness{Hash: hash, Shape: shape}}
	return rep
}

func unlike(number uint64) likeness.Print {
	r := rand.New(rand.NewPCG(number, 1))
	p := likeness.Print{Hash: r.Uint64()}
	for i := range p.Shape {
		p.Shape[i] = int8(1 + r.IntN(127))
		if p.Hash>>i&1 == 0 {
			p.Shape[i] = -p.Shape[i]
		}
	}
	return p
}

func changed(p likeness.Print, bits ...int) likeness.Print {
	for _, b := range bits {
		p.Hash ^= 1 << b
	}
	return p
}

func TestAlike(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		for n := range 30 {
			if err := s.Remember(t.Context(), printed(fmt.Sprintf("p%d", n), unlike(uint64(n))), start.Add(time.Duration(n)*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		// Again, and the same picture under another name.
		for _, key := range []string{"p7", "later"} {
			if err := s.Remember(t.Context(), printed(key, changed(unlike(7), 5, 9)), start.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		before := db.requests.Load()
		probe := []likeness.Print{changed(unlike(7), 0, 1, 2)}
		found, err := s.Alike(t.Context(), probe, store.Place{Bucket: "photos", Key: "new"})
		if err != nil {
			t.Fatal(err)
		}
		if asked := db.requests.Load() - before; asked != 1 {
			t.Errorf("it took %d requests, want one", asked)
		}
		if len(found) != 2 || found[0].Key != "p7" || found[0].Distance != 3 || !found[0].At.Equal(start.Add(7*time.Second)) || found[1].Key != "later" {
			t.Errorf("found %+v", found)
		}
		found, err = s.Alike(t.Context(), []likeness.Print{unlike(8)}, store.Place{Bucket: "photos", Key: "p8"})
		if err != nil || len(found) != 0 {
			t.Errorf("a picture finds itself: %+v, %v", found, err)
		}
	})
}

// A band of very many pictures costs no more than one of a few hundred.
func TestHotBandIsBounded(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		for n := range 250 {
			p := unlike(uint64(n + 1000))
			p.Hash = p.Hash&^0x1111111111111111 | unlike(1).Hash&0x1111111111111111 // band 0 of picture 1
			if err := s.Remember(t.Context(), printed(fmt.Sprintf("h%d", n), p), start.Add(time.Duration(n)*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Remember(t.Context(), printed("p1", unlike(1)), start); err != nil {
			t.Fatal(err)
		}
		before := db.requests.Load()
		found, err := s.Alike(t.Context(), []likeness.Print{unlike(1)}, store.Place{Bucket: "photos", Key: "new"})
		if err != nil || len(found) != 1 || found[0].Key != "p1" {
			t.Errorf("found %+v, %v", found, err)
		}
		if asked := db.requests.Load() - before; asked != 1 {
			t.Errorf("it took %d requests, want one", asked)
		}
	})
}

func TestKillsMeetNames(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		k, err := store.NewKill(" EDITORS, PLEASE KILL TOK801 ", []string{"TOK801", "s3://photos/a b"}, start)
		if err != nil {
			t.Fatal(err)
		}
		later, _ := store.NewKill("EDITORS, PLEASE KILL TOK801", []string{"TOK801", "s3://photos/a b"}, start.Add(time.Hour))
		for _, one := range []report.Kill{k, later} {
			if err := s.AddKill(t.Context(), one); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := s.Name(t.Context(), "TOK801", store.Place{Bucket: "photos", Key: "김 +.jpg"}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Kills(t.Context(), []string{"TOK801"}, store.Strong)
		if err != nil || len(got) != 1 || got[0].ID != k.ID || !got[0].At.Equal(start) {
			t.Errorf("got %+v, %v", got, err)
		}
		if got, err := s.Kills(t.Context(), []string{"TOK802", "s3://photos/a"}, store.Strong); err != nil || len(got) != 0 {
			t.Errorf("got %+v, %v", got, err)
		}
		named, err := s.Named(t.Context(), "TOK801")
		if err != nil || len(named) != 1 || named[0].Key != "김 +.jpg" {
			t.Errorf("named %+v, %v", named, err)
		}
	})
}
