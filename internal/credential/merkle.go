package credential

import (
	"bytes"
	"hash"
)

// maxLeaves bounds the blocks of one Merkle tree.
const maxLeaves = 1 << 18

// A merkleMap says how the data of one mdat box is hashed in blocks: Hashes is
// one row of the tree over them (C2PA 18.6.2).
type merkleMap struct {
	LocalID  uint64   `cbor:"localId"` // which mdat box of the file
	Count    uint64   `cbor:"count"`
	Alg      string   `cbor:"alg"`
	Hashes   [][]byte `cbor:"hashes"`
	InitHash []byte   `cbor:"initHash"`
	Fixed    uint64   `cbor:"fixedBlockSize"`
	Variable []uint64 `cbor:"variableBlockSizes"`
}

// mdatHead is the part of an mdat box that the file's hash covers and the tree
// does not: the longest header that the box may have.
const mdatHead = 16

// tree prepares the check, nil when the map does not fit the file.
func (m merkleMap) tree(boxes []bmffBox, alg string) *merkleTree {
	if m.Alg != "" {
		alg = m.Alg
	}
	if newHash(alg) == nil || m.Count == 0 || m.Count > maxLeaves || len(m.InitHash) > 0 || len(m.Hashes) == 0 {
		return nil
	}
	mdats := 0
	for _, b := range boxes {
		if b.kind != "mdat" {
			continue
		}
		if uint64(mdats) == m.LocalID && b.at.size() > mdatHead {
			t := &merkleTree{alg: alg, at: span{b.at.start + mdatHead, b.at.end}, row: m.Hashes}
			return t.cut(m)
		}
		mdats++
	}
	return nil
}

// A merkleTree hashes a stream block by block.
type merkleTree struct {
	alg    string
	at     span    // what the blocks cover
	blocks []int64 // their sizes
	row    [][]byte

	pos    int64
	leaf   hash.Hash
	left   int64 // bytes missing in the current block
	leaves [][]byte
}

// cut lays the blocks out; they must cover the data to the byte.
func (t *merkleTree) cut(m merkleMap) *merkleTree {
	rest := t.at.size()
	for i := range m.Count {
		block := rest
		switch {
		case len(m.Variable) > 0:
			if uint64(len(m.Variable)) != m.Count {
				return nil
			}
			block = inFile(m.Variable[i])
		case m.Fixed > 0:
			block = min(inFile(m.Fixed), rest)
		}
		if block == 0 || block > rest {
			return nil
		}
		t.blocks, rest = append(t.blocks, block), rest-block
	}
	if rest != 0 {
		return nil
	}
	t.leaf, t.left = newHash(t.alg), t.blocks[0]
	return t
}

// Write takes the next bytes of the file.
func (t *merkleTree) Write(p []byte) (int, error) {
	n := len(p)
	if skip := t.at.start - t.pos; skip > 0 {
		skip = min(skip, int64(len(p)))
		p, t.pos = p[skip:], t.pos+skip
	}
	for len(p) > 0 && len(t.leaves) < len(t.blocks) {
		run := min(int64(len(p)), t.left)
		t.leaf.Write(p[:run])
		p, t.pos, t.left = p[run:], t.pos+run, t.left-run
		if t.left == 0 {
			t.leaves = append(t.leaves, t.leaf.Sum(nil))
			t.leaf.Reset()
			if len(t.leaves) < len(t.blocks) {
				t.left = t.blocks[len(t.leaves)]
			}
		}
	}
	t.pos += int64(len(p))
	return n, nil
}

// holds folds the leaves up to the row that the manifest gives, and compares.
// A node without a partner goes up as it is.
func (t *merkleTree) holds() bool {
	if len(t.leaves) != len(t.blocks) {
		return false
	}
	row := t.leaves
	for len(row) > len(t.row) {
		var up [][]byte
		for i := 0; i < len(row); i += 2 {
			if i+1 == len(row) {
				up = append(up, row[i])
				break
			}
			h := newHash(t.alg)
			h.Write(row[i])
			h.Write(row[i+1])
			up = append(up, h.Sum(nil))
		}
		row = up
	}
	if len(row) != len(t.row) {
		return false
	}
	for i := range row {
		if !bytes.Equal(row[i], t.row[i]) {
			return false
		}
	}
	return true
}
