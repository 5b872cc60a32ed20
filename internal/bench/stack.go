package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/local"
	"cutline/internal/rules"
)

// stack measures the one-machine stack from an upload to its report, with the
// pictures of a desk's own photographers and, apart, with handouts, which are
// read whole and looked for among earlier ones.
func stack(b *bench) ([]row, error) {
	s, err := b.stack()
	if err != nil {
		return nil, err
	}
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	uploads := &check.Uploads{Checker: &check.Checker{Rules: house}, Bucket: bucket.New(s.S3), Store: s.Store, Log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { s.Deliver(ctx, uploads.Handle) })
	defer func() {
		stop()
		group.Wait()
	}()
	for !s.Idle() { // what came before
		time.Sleep(time.Millisecond)
	}
	var rows []row
	for _, m := range []struct {
		what string
		jpeg func(n int) ([]byte, error)
		n    int
		goal bool
	}{
		{"one-machine stack, own pictures", func(int) ([]byte, error) { return b.own, nil }, 1000, true},
		{"one-machine stack, state handouts, read whole", b.handout, 300, false},
		{"one-machine stack, state handouts, all the same picture", func(int) ([]byte, error) { return b.state, nil }, 200, false},
	} {
		rate, alone, err := throughStack(ctx, s, m.jpeg, m.n, m.what)
		if err != nil {
			return nil, err
		}
		r := row{what: m.what, ours: fmt.Sprintf("%.0f a second; one alone %s", rate, short(alone))}
		if m.goal {
			r.goal, r.met = "300 a second, 20ms", met(rate > 300 && alone < 20*time.Millisecond)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// handout is a state's picture with what the demo's says of itself, but another
// scene for each number: tiles of chance.
func (b *bench) handout(n int) ([]byte, error) {
	const width, height, tile = 720, 480, 60
	random := rand.New(rand.NewPCG(uint64(n), 1)) // #nosec G115 G404 -- a picture
	scene := image.NewGray(image.Rect(0, 0, width, height))
	for y := 0; y < height; y += tile {
		for x := 0; x < width; x += tile {
			tone := image.NewUniform(color.Gray{Y: uint8(random.UintN(256))}) // #nosec G115
			draw.Draw(scene, image.Rect(x, y, x+tile, y+tile), tone, image.Point{}, draw.Src)
		}
	}
	var made bytes.Buffer
	if err := jpeg.Encode(&made, scene, nil); err != nil {
		return nil, err
	}
	at := 2 // behind the segments of metadata, APP0 to APP15
	for b.state[at] == 0xFF && b.state[at+1]&0xF0 == 0xE0 {
		at += 2 + int(binary.BigEndian.Uint16(b.state[at+2:]))
	}
	return slices.Concat(b.state[:at], made.Bytes()[2:]), nil
}

// throughStack returns how many pictures a second go through with eight
// clients, and the median time of one alone.
func throughStack(ctx context.Context, s *local.Stack, picture func(n int) ([]byte, error), n int, prefix string) (rate float64, alone time.Duration, err error) {
	const first = 60 // alone
	var pictures [][]byte
	for i := range first + n {
		p, err := picture(i)
		if err != nil {
			return 0, 0, err
		}
		pictures = append(pictures, p)
	}
	put := func(key string, jpeg []byte) error {
		_, err := s.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(jpeg)})
		return err
	}
	visible := func(key string) {
		for {
			if rec, err := s.Store.Get(ctx, local.Bucket, key); err == nil && !rec.Pending() || ctx.Err() != nil {
				return
			}
			time.Sleep(500 * time.Microsecond)
		}
	}
	var each []time.Duration
	for i := range first {
		key := fmt.Sprintf("%s/alone/%d.jpg", prefix, i)
		began := time.Now()
		if err := put(key, pictures[i]); err != nil {
			return 0, 0, err
		}
		visible(key)
		each = append(each, time.Since(began))
	}
	slices.Sort(each)
	const clients = 8
	var group sync.WaitGroup
	errs := make(chan error, clients)
	began := time.Now()
	for c := range clients {
		group.Go(func() {
			for i := c; i < n; i += clients {
				if err := put(fmt.Sprintf("%s/many/%d.jpg", prefix, i), pictures[first+i]); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		return 0, 0, err
	}
	for !s.Idle() {
		time.Sleep(time.Millisecond)
	}
	return float64(n) / time.Since(began).Seconds(), each[len(each)/2], nil
}
