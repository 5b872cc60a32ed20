package faults_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"

	"cutline/internal/local"
	"cutline/internal/report"
)

// storm lets a fault befall some requests, whoever makes them.
type storm struct {
	mu       sync.Mutex
	rnd      *rand.Rand
	weather  weather
	befallen [faults]int
}

func (s *storm) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	f := s.weather.draw(s.rnd.IntN(1000))
	s.befallen[f]++
	s.mu.Unlock()
	return befall(http.DefaultTransport, r, f)
}

// TestSoak uploads pictures as fast as the stack takes them, through its own
// queue, while one request in fifty fails. CUTLINE_SOAK says how many; every
// fifth goes to a key that is there already, and four in five are of the desk's
// own photographers, as in a newsroom.
func TestSoak(t *testing.T) {
	n := number(t, "CUTLINE_SOAK", 200)
	w := openWorld(t)
	ctx, table := t.Context(), fmt.Sprint("soak-", time.Now().UnixNano())
	reports, err := w.open(ctx, http.DefaultTransport, w.stack.DynamoDBURL, table)
	if err != nil {
		t.Fatal(err)
	}
	bad := &storm{rnd: rand.New(rand.NewPCG(uint64(n), 3))}
	for f := fault(1); f <= cut; f++ { // the process is one, and lives
		bad.weather[f] = 3
	}
	uploads, _ := w.functions(bad, w.stack.DynamoDBURL, table)
	w.mu.Lock()
	w.direct = uploads.Handle
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.direct = nil
		w.mu.Unlock()
	}()

	began := time.Now()
	latest := upload(ctx, t, w, n)
	for !w.stack.Idle() {
		select {
		case <-ctx.Done():
			t.Fatal("the queue is not empty yet")
		case <-time.After(10 * time.Millisecond):
		}
	}
	took := time.Since(began)
	// What the queue gave up on is sent again, as an operator would.
	dead := w.stack.DeadLetters()
	uploads, _ = w.functions(http.DefaultTransport, w.stack.DynamoDBURL, table)
	for _, d := range dead {
		if _, err := uploads.Handle(ctx, []byte(d.Body)); err != nil {
			t.Errorf("dead letter %s: %v", d.ID, err)
		}
	}
	sum := tally{schedules: n, requests: bad.befallen[none], befallen: map[string]int{}, held: map[string]int{}}
	for f := fault(1); f <= cut; f++ {
		sum.befallen[f.String()] = bad.befallen[f]
		sum.requests += bad.befallen[f]
	}
	sum.befallen["dead letter sent again"] = len(dead)
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(8)
	wrong := 0
	for key, v := range latest {
		group.Go(func() error {
			rec, err := reports.Get(ctx, bucketName, key)
			tag := tagged(ctx, w, key, v.id)
			mu.Lock()
			defer mu.Unlock()
			for promise, kept := range map[string]bool{
				"the latest version is shown":            err == nil && rec.Photo.VersionID == v.id,
				"a report is of its own version's bytes": err == nil && (rec.Verdict == v.picture.verdict || recirculated(rec.Report)) && rec.Photo.Size == int64(len(v.picture.jpeg)),
				"nothing is pending for good":            err == nil && !rec.Pending(),
				"a tag agrees with its report":           err == nil && tag == rec.Clearance(),
			} {
				if kept {
					sum.held[promise]++
				} else if wrong++; wrong < 5 {
					t.Errorf("%s of %s: not so: %s: %v, version %s", v.id, key, promise, err, rec.Version)
				}
			}
			return nil
		})
	}
	group.Wait()
	if wrong > 0 {
		t.Errorf("%d promises are broken", wrong)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	sum.print(fmt.Sprintf("uploads to %d keys, %.0f a second, %d MB of memory", len(latest), float64(n)/took.Seconds(), memory.Sys>>20))
}

// tagged is what the version's tag says; its error's text where it has none.
func tagged(ctx context.Context, w *world, key, version string) string {
	s := schedule{world: w, bucket: bucketName}
	says, err := s.tag(ctx, key, version)
	if err != nil {
		return err.Error()
	}
	return says
}

// upload puts n pictures by eight clients, and returns the last version of
// each key.
func upload(ctx context.Context, t *testing.T, w *world, n int) map[string]uploaded {
	const clients = 8
	own := slices.IndexFunc(w.pictures, func(p picture) bool { return p.origin == report.Own })
	var mu sync.Mutex
	latest := make(map[string]uploaded, n)
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for i := c; i < n; i += clients {
				key := fmt.Sprintf("soak/%d/%d.jpg", c, i)
				if i%5 == 0 && i >= 40 {
					key = fmt.Sprintf("soak/%d/%d.jpg", c, i-8*(1+i%3))
				}
				p := w.pictures[own]
				if i%5 == 1 {
					p = w.pictures[i/5%ordinary]
				}
				out, err := w.stack.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(p.jpeg)})
				if err != nil {
					t.Errorf("upload %s: %v", key, err)
					return
				}
				mu.Lock()
				latest[key] = uploaded{id: aws.ToString(out.VersionId), picture: p}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return latest
}
