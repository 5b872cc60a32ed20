package credential

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
	"github.com/fxamacker/cbor/v2"
)

// A stamp is a time stamp of RFC 3161 that fits a signature.
type stamp struct {
	time  time.Time
	chain []*x509.Certificate // of the authority, its own certificate first
}

// timeStamp reads the time stamp of a signature (C2PA 10.3.2.5). sigTst, of
// version 1 claims, is over the claim; sigTst2 over the signature. It returns
// nil when there is none that holds: a bad time stamp proves nothing, and says
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

// sequence begins a response, whose status comes first (RFC 3161, 2.4.2); a
// token begins with the name of its kind.
const sequence = 0x30

// parseStamp reads a token, or a response with one, and compares it with the
// data that it should be of.
func parseStamp(der, data []byte) *stamp {
	read := timestamp.Parse
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err == nil && len(outer.Bytes) > 0 && outer.Bytes[0] == sequence {
		read = timestamp.ParseResponse
	}
	ts, err := read(der)
	if err != nil {
		return nil
	}
	// Without a certificate the library checks no signature.
	if !ts.AddTSACertificate || !ts.HashAlgorithm.Available() || ts.HashAlgorithm == crypto.MD5 {
		return nil
	}
	h := ts.HashAlgorithm.New()
	h.Write(data)
	if !bytes.Equal(h.Sum(nil), ts.HashedMessage) {
		return nil
	}
	// The library does not say which of the certificates signed.
	p7, err := pkcs7.Parse(ts.RawToken)
	if err != nil {
		return nil
	}
	cert := p7.GetOnlySigner()
	if cert == nil || ts.Time.Before(cert.NotBefore) || ts.Time.After(cert.NotAfter) {
		return nil
	}
	return &stamp{ts.Time.UTC(), order(cert, ts.Certificates)}
}

// trusted says whether the authority is vouched for.
func (s *stamp) trusted(list *TrustList) bool {
	return certificateFault(s.chain[0], s.time, []string{purposeTime}) == "" && list.trusts(s.chain, []string{purposeTime}, s.time)
}
