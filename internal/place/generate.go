//go:build ignore

// Generate makes borders.gz out of Natural Earth's 1:50m countries (public
// domain) in TopoJSON, as the npm package world-atlas 2.0.2 has them in
// countries-50m.json: go run generate.go countries-50m.json
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"log"
	"math"
	"os"
	"slices"
	"strconv"

	"golang.org/x/text/language"
)

type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int
	Objects   struct {
		Countries struct {
			Geometries []struct {
				Type string
				ID   string
				Arcs json.RawMessage
			}
		}
	}
}

func main() {
	raw, err := os.ReadFile(os.Args[1])
	check(err)
	var world topology
	check(json.Unmarshal(raw, &world))
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	check(err)
	for _, g := range world.Objects.Countries.Geometries {
		number, err := strconv.Atoi(g.ID)
		if err != nil {
			continue // disputed places without a number
		}
		region, err := language.EncodeM49(number)
		if err != nil || !region.IsCountry() {
			continue
		}
		var polygons [][][]int // polygon, ring, arc
		switch g.Type {
		case "Polygon":
			polygons = make([][][]int, 1)
			check(json.Unmarshal(g.Arcs, &polygons[0]))
		case "MultiPolygon":
			check(json.Unmarshal(g.Arcs, &polygons))
		}
		for _, rings := range polygons {
			for _, arcs := range rings {
				ring := world.ring(arcs)
				zip.Write([]byte(region.String()))
				check(binary.Write(zip, binary.LittleEndian, uint16(len(ring))))
				check(binary.Write(zip, binary.LittleEndian, ring))
			}
		}
	}
	check(zip.Close())
	check(os.WriteFile("borders.gz", packed.Bytes(), 0o644))
}

// ring joins arcs; a negative one runs backwards. Coordinates are hundredths
// of a degree, longitude first.
func (w topology) ring(arcs []int) (ring [][2]int16) {
	for _, a := range arcs {
		points := w.points(max(a, ^a))
		if a < 0 {
			slices.Reverse(points)
		}
		ring = append(ring, points...)
	}
	return slices.Compact(ring)
}

func (w topology) points(arc int) (points [][2]int16) {
	var at [2]int
	for _, step := range w.Arcs[arc] {
		at[0] += step[0]
		at[1] += step[1]
		points = append(points, [2]int16{w.hundredths(at, 0), w.hundredths(at, 1)})
	}
	return points
}

func (w topology) hundredths(at [2]int, axis int) int16 {
	return int16(math.Round(100 * (float64(at[axis])*w.Transform.Scale[axis] + w.Transform.Translate[axis])))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
