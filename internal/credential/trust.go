package credential

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"
)

// A TrustList holds the certificates of authorities whose signers a desk
// trusts, and of those that vouch for time stamps. The nil list trusts nobody.
type TrustList struct {
	anchors map[string][]*x509.Certificate // by raw subject
}

// ParseTrustList reads a trust list in PEM form. Text between the
// certificates is skipped, as such lists are full of remarks.
func ParseTrustList(data []byte) (*TrustList, error) {
	t := &TrustList{anchors: map[string][]*x509.Certificate{}}
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("reading a certificate of the trust list: %w", err)
		}
		subject := string(cert.RawSubject)
		t.anchors[subject] = append(t.anchors[subject], cert)
	}
	if len(t.anchors) == 0 {
		return nil, errors.New("no certificate in PEM form")
	}
	return t, nil
}

// TrustListFile says whether a file of a folder belongs to its trust list.
func TrustListFile(name string) bool {
	return slices.Contains([]string{".pem", ".crt", ".cer"}, path.Ext(name))
}

// trusts says whether a chain, signer first, leads to an anchor: the signer's
// key made for one of the purposes, each certificate signed by the next, the
// next allowed to do so, all in force at that time, and one of them issued by
// an anchor (C2PA 14.4, RFC 5280 6.1).
func (t *TrustList) trusts(chain []*x509.Certificate, purposes []string, at time.Time) bool {
	if t == nil || !hasPurpose(chain[0], purposes) {
		return false
	}
	for i, cert := range chain {
		if cert == nil || !inForce(cert, at) {
			return false
		}
		if i > 0 && (!signedBy(chain[i-1], cert) || !mayIssue(cert, i-1)) {
			return false
		}
	}
	for _, cert := range chain {
		for _, anchor := range t.anchors[string(cert.RawIssuer)] {
			if signedBy(cert, anchor) {
				return true
			}
		}
	}
	return false
}

// order puts certificates in the order of a chain that starts with one.
func order(first *x509.Certificate, certs []*x509.Certificate) []*x509.Certificate {
	chain := []*x509.Certificate{first}
	for len(chain) < maxChain {
		last := chain[len(chain)-1]
		if bytes.Equal(last.RawIssuer, last.RawSubject) {
			break
		}
		var next *x509.Certificate
		for _, cert := range certs {
			if bytes.Equal(cert.RawSubject, last.RawIssuer) {
				next = cert
				break
			}
		}
		if next == nil {
			break
		}
		chain = append(chain, next)
	}
	return chain
}
