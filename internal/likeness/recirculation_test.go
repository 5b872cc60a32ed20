package likeness_test

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"cutline/internal/likeness"
	"cutline/internal/likeness/likenesstest"
)

// The made set: so many pictures, of which so many are copied in every way.
// CUTLINE_LIKENESS makes it as large as the promise is: 100000.
func setSize(t *testing.T) (pictures, copied int) {
	n, err := strconv.Atoi(os.Getenv("CUTLINE_LIKENESS"))
	if err != nil {
		t.Log("a small set; CUTLINE_LIKENESS=100000 makes the whole")
		return 600, 25
	}
	return n, min(n, 2000)
}

const width, height = 180, 120

var copies = []struct {
	name string
	make func(*testing.T, *image.Gray, *rand.Rand) *image.Gray
}{
	{"stripped", func(_ *testing.T, m *image.Gray, _ *rand.Rand) *image.Gray { return m }},
	{"scaled to 60 %", func(_ *testing.T, m *image.Gray, _ *rand.Rand) *image.Gray { return likenesstest.Scaled(m, 0.6) }},
	{"scaled to 250 %", func(_ *testing.T, m *image.Gray, _ *rand.Rand) *image.Gray { return likenesstest.Scaled(m, 2.5) }},
	{"quality 60", recompressed},
	{"cropped, 3 % of each side", cut(0.03, 0.03, 0.03, 0.03)},
	{"cropped, 1.5 % of each side", cut(0.015, 0.015, 0.015, 0.015)},
	{"cropped, 3 % left", cut(0.03, 0, 0, 0)},
	{"cropped, 3 % right and bottom", cut(0, 0, 0.03, 0.03)},
	{"cropped, 3 % top and bottom", cut(0, 0.03, 0, 0.03)},
	{"cropped anyhow", func(t *testing.T, m *image.Gray, r *rand.Rand) *image.Gray {
		return likenesstest.Cropped(m, 0.03*r.Float64(), 0.03*r.Float64(), 0.03*r.Float64(), 0.03*r.Float64())
	}},
	{"all of it", func(t *testing.T, m *image.Gray, r *rand.Rand) *image.Gray {
		return recompressed(t, likenesstest.Scaled(cut(0.03, 0.03, 0.03, 0.03)(t, m, r), 0.7), r)
	}},
}

func recompressed(t *testing.T, m *image.Gray, _ *rand.Rand) *image.Gray {
	p, _, err := image.Decode(bytes.NewReader(likenesstest.JPEG(t, m, 60)))
	if err != nil {
		t.Fatal(err)
	}
	return p.(*image.Gray)
}

func cut(left, top, right, bottom float64) func(*testing.T, *image.Gray, *rand.Rand) *image.Gray {
	return func(_ *testing.T, m *image.Gray, _ *rand.Rand) *image.Gray {
		return likenesstest.Cropped(m, left, top, right, bottom)
	}
}

// index is what the store is, in memory.
type index map[string][]int

// find returns the pictures of the probes' bands that are the same, how many
// bands were asked for, and how many entries they had.
func (x index) find(prints []likeness.Print, probes []likeness.Print) (found []int, asked, read int) {
	keys := likeness.Keys(probes)
	for _, band := range keys {
		read += len(x[band])
		for _, n := range x[band] {
			if !slices.Contains(found, n) && slices.ContainsFunc(probes, prints[n].Same) {
				found = append(found, n)
			}
		}
	}
	return found, len(keys), read
}

// TestRecirculation holds the promise: every copy is found, and fewer than one
// picture in 10,000 is taken for another. It prints what that costs.
func TestRecirculation(t *testing.T) {
	pictures, copied := setSize(t)
	prints, probes := make([]likeness.Print, pictures), make([][]likeness.Print, pictures)
	each(pictures, func(n int) {
		p := likeness.Of(likenesstest.Scene(uint64(n), width, height))
		var err error
		if probes[n], err = p.Probes(); err != nil {
			t.Errorf("picture %d: %v", n, err)
			return
		}
		prints[n] = probes[n][0]
	})
	if t.Failed() {
		return
	}
	x := index{}
	for n, p := range prints {
		for _, band := range p.Bands() {
			x[band] = append(x[band], n)
		}
	}

	var mu sync.Mutex
	missed, wrong, asked, read := map[string]int{}, 0, 0, 0
	each(copied, func(n int) {
		original := likenesstest.Scene(uint64(n), width, height)
		for k, c := range copies {
			probes, err := likeness.Of(c.make(t, original, rand.New(rand.NewPCG(uint64(n), uint64(k))))).Probes()
			if err != nil {
				t.Error(err)
				return
			}
			found, a, e := x.find(prints, probes)
			mu.Lock()
			asked, read = asked+a, read+e
			if !slices.Contains(found, n) {
				missed[c.name]++
			}
			wrong += len(slices.DeleteFunc(found, func(f int) bool { return f == n }))
			mu.Unlock()
		}
	})
	for _, c := range copies {
		t.Logf("%-30s %d of %d found", c.name, copied-missed[c.name], copied)
		if missed[c.name] > 0 {
			t.Errorf("%s: %d of %d copies were not found", c.name, missed[c.name], copied)
		}
	}
	// Every picture is looked for among all others.
	false_, closest := 0, 0.0
	each(pictures, func(n int) {
		found, _, _ := x.find(prints, probes[n])
		mu.Lock()
		defer mu.Unlock()
		for _, f := range found {
			if f != n {
				false_++
				closest = math.Max(closest, prints[f].Likeness(prints[n]))
			}
		}
	})
	// A pair is met from both sides.
	if rate := float64(false_) / float64(pictures); rate >= 1.0/10_000 {
		t.Errorf("%d of %d pictures were taken for another (likeness up to %.3f)", false_, pictures, closest)
	}
	queries := float64(asked) / float64(copied*len(copies))
	fmt.Printf("figures: %d pictures; %d taken for another in %d searches, %d among copies\n", pictures, false_, pictures, wrong)
	fmt.Printf("figures: a picture costs 4 writes, and a search one request for %.1f bands, with %.1f entries in all\n", queries, float64(read)/float64(copied*len(copies)))
}

// each calls f for the numbers below n, side by side.
func each(n int, f func(int)) {
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	group.Wait()
}
