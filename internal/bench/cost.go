package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/local"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// List prices in US East (N. Virginia), November 2026, in dollars.
const (
	priceGet     = 0.40 / 1e6           // S3 Standard: GET and all others
	pricePut     = 5.00 / 1e6           // S3 Standard: PUT, PUT tagging
	priceRead    = 0.125 / 1e6          // DynamoDB on demand: a read unit
	priceWrite   = 0.625 / 1e6          // a write unit
	priceGBs     = 0.0000133334         // Lambda on arm64: a GB-second
	priceInvoked = 0.20 / 1e6           // an invocation
	priceSQS     = 0.40 / 1e6           // a request of a standard queue
	priceEvent   = 1.00 / 1e6           // an event of S3 by EventBridge
	aMillion     = 1_000_000            // pictures
	perBatch     = 10                   // pictures an invocation, when many come: BatchSize in template.yaml
	wait         = 8 * time.Millisecond // taken for each round of requests to AWS: none can be measured here
)

// bill is what the check of a picture asks of AWS, a mean.
type bill struct {
	gets, tags    float64 // requests of S3
	reads, writes float64 // units of DynamoDB
	asked         float64 // requests of S3 and DynamoDB
	rounds        float64 // of them, one after another
	took          time.Duration
}

// seconds are a picture's share of the function's time.
func (b bill) seconds() float64 { return b.took.Seconds() + b.rounds*wait.Seconds() }

// part is a line of the bill, in dollars for a million pictures.
type part struct {
	what    string
	dollars float64
}

func (b bill) parts(memory float64) []part {
	return []part{
		{fmt.Sprintf("S3, %.1f GET", b.gets), b.gets * priceGet * aMillion},
		{fmt.Sprintf("DynamoDB, %.1f write units", b.writes), b.writes * priceWrite * aMillion},
		{fmt.Sprintf("DynamoDB, %.1f read units", b.reads), b.reads * priceRead * aMillion},
		{fmt.Sprintf("Lambda, %.0f ms of %.0f MB", b.seconds()*1e3, memory*1024), b.seconds() * memory * priceGBs * aMillion},
		{fmt.Sprintf("Lambda, an invocation for %d", perBatch), priceInvoked / perBatch * aMillion},
		{fmt.Sprintf("SQS, a message, received and deleted with %d", perBatch), (1 + 2.0/perBatch) * priceSQS * aMillion},
	}
}

// cost computes dollars for a million pictures from what the checks of
// pictures on this machine ask for. It is the one place that does.
func cost(b *bench) (string, error) {
	memory, err := memorySize(filepath.Join(b.root, "template.yaml"))
	if err != nil {
		return "", err
	}
	own, err := b.billed("own", b.own, 50)
	if err != nil {
		return "", err
	}
	state, err := b.billed("state", b.state, 1) // a second one would be its copy
	if err != nil {
		return "", err
	}
	var s strings.Builder
	fmt.Fprintf(&s, "\nDollars for a million pictures, at list prices in US East of November 2026. Requests and units are counted on this machine; the function's time is its own time here and %s for each of %.0f rounds, one after another, of its %.0f requests.\n\n| part | dollars |\n|---|---|\n", wait, own.rounds, own.asked)
	total := 0.0
	for _, p := range own.parts(memory) {
		fmt.Fprintf(&s, "| %s | %.2f |\n", p.what, p.dollars)
		total += p.dollars
	}
	tag := own.tags * pricePut * aMillion
	fmt.Fprintf(&s, "| together, without the verdict's tag (goal: under 7) | %.2f |\n| the verdict's tag | %.2f |\n| together, with it (goal: under 12) | %.2f |\n", total, tag, total+tag)
	fmt.Fprintf(&s, "| by EventBridge instead of straight to the queue, on top | %.2f |\n", priceEvent*aMillion)
	evidence := 0.0
	for i, p := range state.parts(memory) {
		evidence += p.dollars - own.parts(memory)[i].dollars
	}
	fmt.Fprintf(&s, "| evidence of the whole picture (%.0f requests, %.1f write units, %.0f ms), for one in five, on top | %.2f |\n", state.asked, state.writes, state.seconds()*1e3, evidence/5)
	return s.String(), nil
}

// memorySize is what the template gives the function, in GB.
func memorySize(path string) (float64, error) {
	template, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`(?s)\n  Check:\n.*?MemorySize: (\d+)`).FindSubmatch(template)
	if m == nil {
		return 0, fmt.Errorf("%s: no MemorySize of the function Check", path)
	}
	mb, err := strconv.ParseFloat(string(m[1]), 64)
	return mb / 1024, err
}

// billed checks pictures that come and counts what it asks for.
func (b *bench) billed(name string, picture []byte, pictures int) (bill, error) {
	house, err := rules.BuiltIn()
	if err != nil {
		return bill{}, err
	}
	s, err := b.stack()
	if err != nil {
		return bill{}, err
	}
	var w watched
	u := &check.Uploads{Checker: &check.Checker{Rules: house}, Log: slog.New(slog.DiscardHandler)}
	u.Bucket, u.Store = w.clients(s)
	var took []time.Duration
	for i := range pictures {
		key := fmt.Sprintf("cost/%s/%d.jpg", name, i)
		if err := put(s, key, picture); err != nil {
			return bill{}, err
		}
		began := time.Now()
		if err := u.Upload(context.Background(), bucket.Event{Kind: bucket.Created, Bucket: local.Bucket, Key: key, Size: int64(len(picture)), Sequencer: "0055", Time: began}); err != nil {
			return bill{}, err
		}
		took = append(took, time.Since(began))
	}
	t := bill{took: median(took), asked: float64(len(w.s3)+len(w.db)) / float64(pictures), rounds: float64(rounds(slices.Concat(w.s3, w.db))) / float64(pictures)}
	for _, q := range w.s3 {
		if q.operation == "PUT tagging" {
			t.tags += 1 / float64(pictures)
		} else {
			t.gets += 1 / float64(pictures)
		}
	}
	for _, q := range w.db {
		reads, writes, err := units(q)
		if err != nil {
			return bill{}, err
		}
		t.reads, t.writes = t.reads+reads/float64(pictures), t.writes+writes/float64(pictures)
	}
	return t, nil
}

// units are the read and write units of a request (Developer Guide, "DynamoDB
// read and write operations"): a read counts by what it gives, 4 KB, half where
// it need not be consistent; a write by the item, 1 KB, once more in each
// index that has it.
func units(q request) (reads, writes float64, err error) {
	var in struct {
		Item          map[string]json.RawMessage
		TransactItems []struct {
			Put struct{ Item map[string]json.RawMessage }
		}
	}
	if err := json.Unmarshal(q.sent, &in); err != nil {
		return 0, 0, err
	}
	written := func(item map[string]json.RawMessage) float64 {
		copies := 1.0
		for _, index := range store.Indexes {
			if item[index.PartitionKey] != nil {
				copies++
			}
		}
		return copies * math.Ceil(float64(size(item))/1024)
	}
	switch q.operation {
	case "GetItem", "Query", "BatchGetItem":
		return readUnits(q)
	case "PutItem":
		return 0, written(in.Item), nil
	case "TransactWriteItems":
		for _, t := range in.TransactItems {
			writes += 2 * written(t.Put.Item)
		}
		return 0, writes, nil
	case "DeleteItem", "UpdateItem":
		return 0, 1, nil
	}
	return 0, 0, fmt.Errorf("no price is known for %s", q.operation)
}

// readUnits counts what an answer gives: a query's items together, others each
// for itself, and what is not there as one unit.
func readUnits(q request) (reads, _ float64, err error) {
	var out struct {
		Item      map[string]json.RawMessage
		Items     []map[string]json.RawMessage
		Responses map[string][]map[string]json.RawMessage
	}
	if err := json.Unmarshal(q.got, &out); err != nil {
		return 0, 0, err
	}
	together := size(out.Item)
	for _, item := range out.Items {
		together += size(item)
	}
	reads = math.Ceil(float64(together) / 4096)
	for _, items := range out.Responses {
		for _, item := range items {
			reads += math.Ceil(float64(size(item)) / 4096)
		}
	}
	reads = math.Max(1, reads)
	if !strings.Contains(string(q.sent), `"ConsistentRead":true`) {
		reads /= 2
	}
	return reads, 0, nil
}

// size is the length of an item in bytes, as it is billed, nearly: names and
// texts.
func size(item map[string]json.RawMessage) int {
	n := 0
	for name, value := range item {
		var text struct{ S, N, B string }
		if json.Unmarshal(value, &text) == nil && len(text.S)+len(text.N)+len(text.B) > 0 {
			n += len(name) + len(text.S) + len(text.N) + len(text.B)*3/4
		} else {
			n += len(name) + len(value)
		}
	}
	return n
}
