// Package place tells which country a point lies in, and which countries a
// text names. It works offline.
//
// Imports: nothing.
package place

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

//go:generate go run generate.go countries-50m.json

// borders are Natural Earth's countries at 1:50 million: right to a few
// kilometres, without the smallest islands.
//
//go:embed borders.gz
var borders []byte

// ring is one closed line of a country's border, or of a hole in it.
type ring struct {
	country    string // ISO 3166 alpha-2
	points     [][2]int16
	west, east int16 // hundredths of a degree
	south      int16
	north      int16
}

// rings are unpacked when the first point is looked up: most pictures have none.
var rings = sync.OnceValue(func() []ring {
	all, err := unpack(borders)
	if err != nil {
		panic(fmt.Sprintf("place: embedded borders: %v", err))
	}
	return all
})

func unpack(packed []byte) ([]ring, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(zip)
	if err != nil {
		return nil, err
	}
	var all []ring
	for len(raw) > 0 {
		r := ring{country: string(raw[:2]), west: math.MaxInt16, south: math.MaxInt16, east: math.MinInt16, north: math.MinInt16}
		r.points = make([][2]int16, binary.LittleEndian.Uint16(raw[2:]))
		raw = raw[4:]
		for i := range r.points {
			p := [2]int16{int16(binary.LittleEndian.Uint16(raw)), int16(binary.LittleEndian.Uint16(raw[2:]))}
			raw = raw[4:]
			r.points[i] = p
			r.west, r.east = min(r.west, p[0]), max(r.east, p[0])
			r.south, r.north = min(r.south, p[1]), max(r.north, p[1])
		}
		all = append(all, r)
	}
	return all, nil
}

// kmPerHundredth is the length of a hundredth of a degree of latitude.
const kmPerHundredth = 1.11195

// Countries returns the ISO 3166 alpha-2 codes of the countries that a point
// lies in or is less than within kilometres away from, sorted. Latitude and
// longitude are in degrees, north and east positive. At sea it may be empty.
func Countries(latitude, longitude, within float64) []string {
	x, y := longitude*100, latitude*100
	shrink := math.Max(math.Cos(latitude*math.Pi/180), 0.01) // of a degree of longitude, here
	reach := within / kmPerHundredth
	inside := map[string]bool{}
	near := map[string]bool{}
	for _, r := range rings() {
		if x < float64(r.west)-reach/shrink || x > float64(r.east)+reach/shrink ||
			y < float64(r.south)-reach || y > float64(r.north)+reach {
			continue
		}
		crossed, distance := r.crossings(x, y, shrink)
		if crossed%2 == 1 {
			inside[r.country] = !inside[r.country] // a hole takes its country out again
		}
		if distance <= reach {
			near[r.country] = true
		}
	}
	var countries []string
	for country, in := range inside {
		if in {
			near[country] = true
		}
	}
	for country := range near {
		countries = append(countries, country)
	}
	slices.Sort(countries)
	return countries
}

// crossings counts how often a line from the point to the east crosses the
// ring, and measures how near the ring comes, in hundredths of a degree of
// latitude.
func (r ring) crossings(x, y, shrink float64) (count int, distance float64) {
	distance = math.Inf(1)
	last := r.points[len(r.points)-1]
	for _, p := range r.points {
		ax, ay, bx, by := float64(last[0]), float64(last[1]), float64(p[0]), float64(p[1])
		if (ay > y) != (by > y) && x < ax+(y-ay)/(by-ay)*(bx-ax) {
			count++
		}
		distance = math.Min(distance, toSegment((x-ax)*shrink, y-ay, (bx-ax)*shrink, by-ay))
		last = p
	}
	return count, distance
}

// toSegment is the distance of the point px, py from the line between the
// origin and bx, by.
func toSegment(px, py, bx, by float64) float64 {
	t := 0.0
	if length := bx*bx + by*by; length > 0 {
		t = math.Max(0, math.Min(1, (px*bx+py*by)/length))
	}
	return math.Hypot(px-t*bx, py-t*by)
}
