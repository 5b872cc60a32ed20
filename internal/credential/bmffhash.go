package credential

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// A bmffHash binds a manifest to the boxes of a HEIC or AVIF file (C2PA 18.6,
// "BMFF-Based Hash"). From version 2 on it also covers where the boxes stand;
// from version 3 on the picture's data may be hashed as a Merkle tree.
type bmffHash struct {
	Alg        string          `cbor:"alg"`
	Hash       []byte          `cbor:"hash"`
	Exclusions []bmffExclusion `cbor:"exclusions"`
	Merkle     []merkleMap     `cbor:"merkle"`
}

// A bmffExclusion leaves out the boxes at a path that fit all conditions, or
// parts of them.
type bmffExclusion struct {
	XPath  string  `cbor:"xpath"`
	Length *uint64 `cbor:"length"`
	Data   []struct {
		Offset uint64 `cbor:"offset"`
		Value  []byte `cbor:"value"`
	} `cbor:"data"`
	Subset []struct {
		Offset uint64 `cbor:"offset"`
		Length uint64 `cbor:"length"` // 0: to the box's end
	} `cbor:"subset"`
	Version *uint8 `cbor:"version"`
	Flags   []byte `cbor:"flags"`
	Exact   *bool  `cbor:"exact"`
}

// bmffBinding prepares the check of a BMFF hash.
func (c *check) bmffBinding(m *manifest, a assertion) (*Binding, error) {
	b := &Binding{code: assertionBMFFHashMismatch, url: assertionURI(m.label, a.label)}
	var d bmffHash
	if decoder.Unmarshal(a.cbor(), &d) != nil || len(d.Exclusions) > maxExclusions {
		b.code = assertionBMFFHashMalformed
		return b, nil
	}
	alg := d.Alg
	if alg == "" {
		alg = m.claim.Alg
	}
	boxes := c.store.at.boxes
	if newHash(alg) == nil || boxes == nil || len(d.Hash) == 0 && len(d.Merkle) == 0 {
		return b, nil
	}
	skips, err := c.store.bmffSkips(d.Exclusions)
	if err != nil {
		if !isDamage(err) {
			return nil, err
		}
		return b, nil
	}
	for _, mm := range d.Merkle {
		tree := mm.tree(boxes, alg)
		if tree == nil {
			return b, nil
		}
		b.trees = append(b.trees, tree)
	}
	h := &rangeHash{hash: newHash(alg), size: c.store.size, skips: skips}
	if a.version >= 2 {
		h.marks = bmffMarks(boxes, skips)
	}
	b.hash = h
	b.holds = func(sum []byte) bool { return len(d.Hash) == 0 || bytes.Equal(sum, d.Hash) }
	return b, nil
}

// bmffMarks are the offsets of the top-level boxes that are not left out as a
// whole; they are hashed in front of their box.
func bmffMarks(boxes []bmffBox, skips []span) []mark {
	var marks []mark
	for _, b := range boxes {
		whole := false
		for _, s := range skips {
			whole = whole || s.start <= b.at.start && b.at.end <= s.end
		}
		if !whole {
			marks = append(marks, mark{b.at.start, binary.BigEndian.AppendUint64(nil, uint64(b.at.start))}) // #nosec G115 -- no offset is negative
		}
	}
	return marks
}

// bmffSkips resolves exclusions to ranges of the file.
func (st *Store) bmffSkips(exclusions []bmffExclusion) ([]span, error) {
	var skips []span
	for _, e := range exclusions {
		boxes, err := st.bmffPath(e.XPath)
		if err != nil {
			return nil, err
		}
		for _, b := range boxes {
			fits, err := st.fits(b, e)
			if err != nil {
				return nil, err
			}
			if !fits {
				continue
			}
			if len(e.Subset) == 0 {
				skips = append(skips, b.at)
			}
			for _, sub := range e.Subset {
				offset, length := inFile(sub.Offset), inFile(sub.Length)
				if offset >= b.at.size() {
					continue
				}
				start, end := b.at.start+offset, b.at.end
				if length > 0 {
					end = start + min(length, end-start)
				}
				skips = append(skips, span{start, end})
			}
		}
		if len(skips) > maxExclusions {
			return nil, damaged("the hash leaves out more than %d ranges", maxExclusions)
		}
	}
	return merge(skips), nil
}

// bmffPath returns the boxes at a path such as /meta/iloc.
func (st *Store) bmffPath(path string) ([]bmffBox, error) {
	kinds := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(kinds) > maxBoxDepth {
		return nil, damaged("the path %q is too deep", path)
	}
	boxes := st.at.boxes
	for depth, kind := range kinds {
		var found []bmffBox
		for _, b := range boxes {
			if b.kind == kind {
				found = append(found, b)
			}
		}
		if depth == len(kinds)-1 {
			return found, nil
		}
		boxes = nil
		for _, b := range found {
			body := b.body
			if b.kind == "meta" {
				body += 4 // version and flags
			}
			children, err := bmffBoxes(st.source, span{body, b.at.end})
			if err != nil {
				return nil, err
			}
			if boxes = append(boxes, children...); len(boxes) > maxBoxes {
				return nil, damaged("the file has more than %d boxes", maxBoxes)
			}
		}
	}
	return nil, nil
}

// fits says whether a box meets an exclusion's conditions.
func (st *Store) fits(b bmffBox, e bmffExclusion) (bool, error) {
	size := b.at.size()
	if e.Length != nil && inFile(*e.Length) != size {
		return false, nil
	}
	if e.Version != nil || len(e.Flags) > 0 {
		full, err := st.source.bytes(b.body, 4)
		if err != nil {
			return false, err
		}
		if e.Version != nil && full[0] != *e.Version {
			return false, nil
		}
		if len(e.Flags) > 0 && !flagsFit(full[1:], e.Flags, e.Exact == nil || *e.Exact) {
			return false, nil
		}
	}
	for _, d := range e.Data {
		offset := inFile(d.Offset)
		if offset > size-int64(len(d.Value)) {
			return false, nil
		}
		got, err := st.source.bytes(b.at.start+offset, len(d.Value))
		if err != nil || !bytes.Equal(got, d.Value) {
			return false, err
		}
	}
	return true, nil
}

// flagsFit compares a box's flags: exactly, or at least those that are set.
func flagsFit(have, want []byte, exact bool) bool {
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		got := have[i]
		if !exact {
			got &= want[i]
		}
		if got != want[i] {
			return false
		}
	}
	return true
}
