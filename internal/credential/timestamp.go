package credential

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/fxamacker/cbor/v2"
)

// A stamp is a time stamp of RFC 3161 that fits a signature, not yet known to
// be signed.
type stamp struct {
	time  time.Time
	chain []*x509.Certificate // of the authority, its own certificate first
	token *pkcs7.PKCS7
}

// timeStamp reads the time stamp of a signature (C2PA 10.3.2.5). sigTst, of
// version 1 claims, is over the claim; sigTst2 over the signature. It returns
// nil when there is none that fits: a bad time stamp proves nothing, and says
// nothing against the signature either.
func (s *signature) timeStamp(claim []byte) *stamp {
	raw, payload := header(s.Unprotected, "sigTst2"), []byte(nil)
	if raw != nil {
		payload, _ = cbor.Marshal(s.Signature)
	} else if raw = header(s.Unprotected, "sigTst"); raw != nil {
		payload = claim
	} else {
		return nil
	}
	var box struct {
		Tokens []struct {
			Val []byte `cbor:"val"`
		} `cbor:"tstTokens"`
	}
	if decoder.Unmarshal(raw, &box) != nil || len(box.Tokens) != 1 {
		return nil
	}
	stamped, err := sigStructure("CounterSignature", s.Protected, payload)
	if err != nil {
		return nil
	}
	return parseStamp(box.Tokens[0].Val, stamped)
}

// A stampInfo is what an authority signs (RFC 3161, 2.4.2), as far as it is
// read.
type stampInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Hash pkix.AlgorithmIdentifier
		Sum  []byte
	}
	Serial *big.Int
	Time   time.Time `asn1:"generalized"`
}

// A stampResponse is an authority's answer, with a token where it gave one
// (RFC 3161, 2.4.2).
type stampResponse struct {
	Status struct {
		Status int
		Text   []string       `asn1:"optional,utf8"`
		Fault  asn1.BitString `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

// imprints are the hashes that a time stamp may be of.
var imprints = map[string]crypto.Hash{
	"1.3.14.3.2.26":          crypto.SHA1,
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// sequence begins a response, whose status comes first; a token begins with the
// name of its kind.
const sequence = 0x30

// parseStamp reads a token, or a response with one, and compares it with the
// data that it should be of.
func parseStamp(der, data []byte) *stamp {
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err == nil && len(outer.Bytes) > 0 && outer.Bytes[0] == sequence {
		var response stampResponse
		if rest, err := asn1.Unmarshal(der, &response); err != nil || len(rest) > 0 || response.Status.Status > 0 {
			return nil
		}
		der = response.Token.FullBytes
	}
	token, err := pkcs7.Parse(der)
	if err != nil {
		return nil
	}
	var info stampInfo
	if _, err := asn1.Unmarshal(token.Content, &info); err != nil {
		return nil
	}
	hash := imprints[info.Imprint.Hash.Algorithm.String()]
	if hash == 0 {
		return nil
	}
	h := hash.New()
	h.Write(data)
	if !bytes.Equal(h.Sum(nil), info.Imprint.Sum) {
		return nil
	}
	cert := token.GetOnlySigner()
	if cert == nil || !inForce(cert, info.Time) {
		return nil
	}
	return &stamp{info.Time.UTC(), order(cert, token.Certificates), token}
}

// signed says whether the authority signed it.
func (s *stamp) signed() bool { return s.token.Verify() == nil }

// trusted says whether the authority is vouched for.
func (s *stamp) trusted(list *TrustList) bool {
	return certificateFault(s.chain[0], s.time, []string{purposeTime}) == "" && list.trusts(s.chain, []string{purposeTime}, s.time)
}
