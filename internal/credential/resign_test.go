package credential

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/veraison/go-cose"
)

// A resigning makes a new signature for a claim, as the reference refuses to
// sign with certificates that it would not accept.
type resigning struct {
	by       credential
	clock    *authority // puts a time stamp of its own on it
	at       time.Time  // of the time stamp
	alg      int64      // in place of the right number
	der      bool       // ECDSA signature in the form of X9.62
	outer    bool       // certificates in the unprotected header
	both     bool       // and in both
	untagged bool
}

// resign replaces the active manifest's signature by one of the same length,
// as the store's length is part of what is bound to the picture.
func resign(r resigning) damage {
	return func(t testing.TB, data []byte, format string) []byte {
		return rebox(func(root *superbox) {
			m := root.last()
			claim := m.child("c2pa.claim.v2")
			version := 2
			if claim == nil {
				claim, version = m.child("c2pa.claim"), 1
			}
			sig := m.child("c2pa.signature")
			sig.boxes[0].data = r.cose(t, claim.boxes[0].data, version, len(sig.boxes[0].data))
		})(t, data, format)
	}
}

// reassert changes an assertion of the active manifest, and the claim and the
// signature with it, as a signer would who means it. The lengths stay.
func reassert(by credential, label string, change func([]byte)) damage {
	return func(t testing.TB, data []byte, format string) []byte {
		data = rebox(func(root *superbox) {
			m := root.last()
			a, claim := m.child(label), m.child("c2pa.claim.v2")
			before := sha256.Sum256(a.content)
			a.boxes[0].data = bytes.Clone(a.boxes[0].data)
			change(a.boxes[0].data)
			after := sha256.Sum256(writeSuper(a)[8:])
			claim.boxes[0].data = bytes.Replace(claim.boxes[0].data, before[:], after[:], 1)
		})(t, data, format)
		return resign(resigning{by: by})(t, data, format)
	}
}

// bump adds to a byte some way after a text.
func bump(text string, after int, by byte) func([]byte) {
	return func(data []byte) { data[bytes.Index(data, []byte(text))+after] += by }
}

func (r resigning) cose(t testing.TB, claim []byte, version, size int) []byte {
	number := map[string]cose.Algorithm{
		"es256": cose.AlgorithmES256, "es384": cose.AlgorithmES384, "es512": cose.AlgorithmES512,
		"ps256": cose.AlgorithmPS256, "ps384": cose.AlgorithmPS384, "ps512": cose.AlgorithmPS512,
		"ed25519": cose.AlgorithmEdDSA,
	}[r.by.alg]
	var chain [][]byte
	for rest := []byte(r.by.chain); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		chain = append(chain, block.Bytes)
	}
	inner, outer := map[any]any{int64(1): int64(number)}, map[any]any{}
	if r.alg != 0 {
		inner[int64(1)] = r.alg
	}
	if !r.outer || r.both {
		inner[int64(33)] = chain
	}
	if r.outer || r.both {
		outer["x5chain"] = chain
	}
	protected := encode(t, inner)
	tbs, err := sigStructure("Signature1", protected, claim)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := cose.NewSigner(number, r.by.signer)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := signer.Sign(rand.Reader, tbs)
	if err != nil {
		t.Fatal(err)
	}
	if r.der {
		half := len(signature) / 2
		signature, err = asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])})
		if err != nil {
			t.Fatal(err)
		}
	}
	if r.clock != nil {
		payload, name := claim, "sigTst"
		if version > 1 {
			payload, name = encode(t, signature), "sigTst2"
		}
		stamped, err := sigStructure("CounterSignature", protected, payload)
		if err != nil {
			t.Fatal(err)
		}
		outer[name] = map[string]any{"tstTokens": []any{map[string]any{"val": r.clock.token(t, stamped, r.at, version)}}}
	}
	for pad := size; pad >= 0; pad-- {
		outer["pad"] = make([]byte, pad)
		var value any = []any{protected, outer, nil, signature}
		if !r.untagged {
			value = cbor.Tag{Number: tagSign1, Content: value}
		}
		if out := encode(t, value); len(out) == size {
			return out
		}
	}
	delete(outer, "pad")
	t.Fatalf("a signature of %d bytes does not fit %d", len(encode(t, []any{protected, outer, nil, signature})), size)
	return nil
}

func encode(t testing.TB, v any) []byte {
	out, err := cbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// token stamps data: a response for version 1 claims, else the token in it.
func (a *authority) token(t testing.TB, data []byte, at time.Time, version int) []byte {
	sum := sha256.Sum256(data)
	token, response := a.stamp(sum[:], nil, at)
	if version == 1 {
		return response
	}
	return token
}
