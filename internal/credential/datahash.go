package credential

import (
	"bytes"
	"slices"
)

// maxExclusions bounds the ranges that a hash may leave out.
const maxExclusions = 4096

// A dataHash binds a manifest to the bytes of the file (C2PA 18.5, "Data
// Hash").
type dataHash struct {
	Alg        string      `cbor:"alg"`
	Hash       []byte      `cbor:"hash"`
	URL        any         `cbor:"url"` // of remote data, which is not followed
	Exclusions []exclusion `cbor:"exclusions"`
}

type exclusion struct {
	Start  uint64 `cbor:"start"`
	Length uint64 `cbor:"length"`
}

// dataBinding prepares the check of a data hash. Under an update manifest the
// store has grown since the hash was taken: the range of the store is then
// what it is now, and what followed it has moved (C2PA 15.12.1).
func (c *check) dataBinding(m *manifest, a assertion) *Binding {
	b := &Binding{code: assertionDataHashMismatch, url: assertionURI(m.label, a.label)}
	var d dataHash
	if decoder.Unmarshal(a.cbor(), &d) != nil || d.URL != nil || len(d.Exclusions) > maxExclusions {
		return b
	}
	alg := d.Alg
	if alg == "" {
		alg = m.claim.Alg
	}
	h := newHash(alg)
	if h == nil {
		return b
	}
	size := c.store.size
	hole := c.store.at.hole
	var moved int64
	if m != c.active && c.active.update {
		for _, e := range d.Exclusions {
			if inFile(e.Start) == hole.start {
				moved = max(0, hole.size()-inFile(e.Length))
			}
		}
	}
	var skips []span
	whole := len(d.Exclusions) == 0
	for _, e := range d.Exclusions {
		start, length := inFile(e.Start), inFile(e.Length)
		if start > size || length > size {
			return b
		}
		switch {
		case start == hole.start:
			length += moved
		case start > hole.start:
			start += moved
		}
		if length > size-start {
			return b
		}
		if length == 0 {
			continue
		}
		skip := span{start, start + length}
		skips = append(skips, skip)
		whole = whole || skip == hole
	}
	if !whole {
		return b // what is left out is not the manifest store
	}
	b.hash = &rangeHash{hash: h, size: c.store.size, skips: merge(skips)}
	b.holds = func(sum []byte) bool { return bytes.Equal(sum, d.Hash) }
	return b
}

// merge sorts spans and joins those that touch.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int {
		switch {
		case a.start < b.start:
			return -1
		case a.start > b.start:
			return 1
		}
		return 0
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}
