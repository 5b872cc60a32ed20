package credential

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"

	"github.com/fxamacker/cbor/v2"
	"github.com/veraison/go-cose"
)

// A coseSign1 is the COSE_Sign1 structure of a claim's signature (C2PA 13.2;
// RFC 9052 4.2).
type coseSign1 struct {
	_           struct{} `cbor:",toarray"`
	Protected   []byte
	Unprotected map[any]cbor.RawMessage
	Payload     []byte // nil when detached, as it should be
	Signature   []byte
}

const (
	tagSign1      = 18
	headerAlg     = int64(1)
	headerX5Chain = int64(33) // RFC 9360
)

// A signature is a claim's signature, taken apart.
type signature struct {
	coseSign1
	protected map[any]cbor.RawMessage
	alg       cose.Algorithm
	chain     []*x509.Certificate // end-entity certificate first; nil for one that cannot be read
	derOK     bool                // the end-entity certificate is DER at least
}

// maxNesting bounds how deep a certificate's values lie in each other.
const maxNesting = 16

// algorithms are those that C2PA 13.2.1 allows, with their names.
var algorithms = map[cose.Algorithm]string{
	cose.AlgorithmES256: "es256",
	cose.AlgorithmES384: "es384",
	cose.AlgorithmES512: "es512",
	cose.AlgorithmPS256: "ps256",
	cose.AlgorithmPS384: "ps384",
	cose.AlgorithmPS512: "ps512",
	cose.AlgorithmEdDSA: "ed25519",
}

// parseSignature reads a signature's structure, without its certificates.
func parseSignature(data []byte) (*signature, error) {
	var tag cbor.RawTag
	if err := decoder.Unmarshal(data, &tag); err != nil || tag.Number != tagSign1 {
		return nil, damaged("the signature is no COSE_Sign1")
	}
	s := &signature{}
	if err := decoder.Unmarshal(tag.Content, &s.coseSign1); err != nil {
		return nil, damaged("the signature cannot be read: %v", err)
	}
	if len(s.Protected) > 0 {
		if err := decoder.Unmarshal(s.Protected, &s.protected); err != nil {
			return nil, damaged("the signature's header cannot be read: %v", err)
		}
	}
	var alg int64
	if decoder.Unmarshal(header(s.protected, headerAlg), &alg) == nil {
		s.alg = cose.Algorithm(alg)
	}
	return s, nil
}

// header returns a header's value, by number or by name.
func header(h map[any]cbor.RawMessage, key any) cbor.RawMessage {
	if n, ok := key.(int64); ok && n >= 0 {
		if v, ok := h[uint64(n)]; ok {
			return v
		}
	}
	return h[key]
}

// certificates reads the signer's chain. It stands in the protected header,
// or, from before C2PA 1.3, in the other one; standing in both is an error.
func (s *signature) certificates() error {
	inner := header(s.protected, headerX5Chain)
	if inner == nil {
		inner = header(s.protected, "x5chain")
	}
	outer := header(s.Unprotected, "x5chain")
	if inner != nil && outer != nil {
		return damaged("the signature has two certificate chains")
	}
	if inner == nil {
		inner = outer
	}
	var chain [][]byte
	if decoder.Unmarshal(inner, &chain) != nil {
		var one []byte
		if decoder.Unmarshal(inner, &one) != nil {
			return damaged("the signature has no certificates")
		}
		chain = [][]byte{one}
	}
	if len(chain) == 0 || len(chain) > maxChain {
		return damaged("the signature has %d certificates", len(chain))
	}
	s.derOK = isNestedDER(chain[0], 0)
	for _, der := range chain {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			cert = nil
		}
		s.chain = append(s.chain, cert)
	}
	return nil
}

// keyFits says whether the signer's key is of the kind that the signature's
// algorithm uses (C2PA 13.2.1; each ECDSA algorithm has its curve).
func (s *signature) keyFits() bool {
	switch key := publicKey(s.chain[0]).(type) {
	case *ecdsa.PublicKey:
		return s.alg == map[elliptic.Curve]cose.Algorithm{
			elliptic.P256(): cose.AlgorithmES256,
			elliptic.P384(): cose.AlgorithmES384,
			elliptic.P521(): cose.AlgorithmES512,
		}[key.Curve]
	case *rsa.PublicKey:
		return s.alg == cose.AlgorithmPS256 || s.alg == cose.AlgorithmPS384 || s.alg == cose.AlgorithmPS512
	case ed25519.PublicKey:
		return s.alg == cose.AlgorithmEdDSA
	}
	return false
}

// covers says whether the signature is one over the claim.
func (s *signature) covers(claim []byte) bool {
	if s.Payload != nil && !bytes.Equal(s.Payload, claim) {
		return false
	}
	key := publicKey(s.chain[0])
	if key == nil {
		return false
	}
	verifier, err := cose.NewVerifier(s.alg, key)
	if err != nil {
		return false
	}
	signed, err := sigStructure("Signature1", s.Protected, claim)
	return err == nil && verifier.Verify(signed, s.Signature) == nil
}

// sigStructure builds what COSE signs (RFC 9052 4.4).
func sigStructure(context string, protected, payload []byte) ([]byte, error) {
	if protected == nil {
		protected = []byte{}
	}
	return cbor.Marshal([]any{context, protected, []byte{}, payload})
}

// isDER says whether an ECDSA signature is in the form of X9.62, which COSE
// does not use.
func isDER(sig []byte) bool {
	var v struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(sig, &v)
	return err == nil && len(rest) == 0
}

// isNestedDER says whether data is a row of DER values, down to the inmost.
func isNestedDER(data []byte, depth int) bool {
	for len(data) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(data, &v)
		if err != nil || depth > maxNesting || v.IsCompound && !isNestedDER(v.Bytes, depth+1) {
			return false
		}
		data = rest
	}
	return true
}

// oidPSS is the key type id-RSASSA-PSS (RFC 4055 1.2), which crypto/x509 does
// not read.
var oidPSS = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}

// publicKey returns a certificate's key, nil when it is of an unknown type.
func publicKey(cert *x509.Certificate) crypto.PublicKey {
	if cert.PublicKey != nil {
		return cert.PublicKey
	}
	var spki struct {
		Algorithm struct {
			ID     asn1.ObjectIdentifier
			Params asn1.RawValue `asn1:"optional"`
		}
		Key asn1.BitString
	}
	if _, err := asn1.Unmarshal(cert.RawSubjectPublicKeyInfo, &spki); err != nil || !spki.Algorithm.ID.Equal(oidPSS) {
		return nil
	}
	key, err := x509.ParsePKCS1PublicKey(spki.Key.Bytes)
	if err != nil {
		return nil
	}
	return key
}
