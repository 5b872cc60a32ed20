package credential

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"time"
)

// maxChain bounds the certificates of one signature.
const maxChain = 16

// Key purposes that a signer's certificate may have (C2PA 14.5.1.1, and those
// that validators take by default).
var signingPurposes = []string{
	"1.3.6.1.5.5.7.3.4",         // e-mail protection
	"1.3.6.1.5.5.7.3.36",        // document signing
	"1.3.6.1.5.5.7.3.8",         // time stamping
	"1.3.6.1.5.5.7.3.9",         // OCSP signing
	"1.3.6.1.4.1.311.76.59.1.9", // C2PA signing of one vendor
	"1.3.6.1.4.1.62558.2.1",     // C2PA claim signing
}

const (
	purposeAny  = "2.5.29.37.0"
	purposeTime = "1.3.6.1.5.5.7.3.8"
	purposeOCSP = "1.3.6.1.5.5.7.3.9"
)

var (
	oidEKU          = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidAuthorityKey = asn1.ObjectIdentifier{2, 5, 29, 35}
)

// certificateFault checks a signer's certificate against the profile of C2PA
// 14.5.1 and returns a failure code, "" when there is no fault. The time is
// that of the signature as far as it is proven, else now.
func certificateFault(cert *x509.Certificate, at time.Time, purposes []string) string {
	if cert.Version != 3 {
		return signerInvalid
	}
	if !inForce(cert, at) {
		return signerExpired
	}
	if !knownAlgorithm(cert.SignatureAlgorithm) || !strongKey(cert) || cert.IsCA || hasUniqueID(cert) {
		return signerInvalid
	}
	if !purposesFit(cert, purposes) || !hasExtension(cert, oidAuthorityKey) {
		return signerInvalid
	}
	const enough = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if cert.KeyUsage&enough == 0 || cert.KeyUsage&x509.KeyUsageCertSign != 0 {
		return signerInvalid
	}
	if len(cert.UnhandledCriticalExtensions) > 0 {
		return signerInvalid
	}
	return ""
}

func inForce(cert *x509.Certificate, at time.Time) bool {
	return !at.Before(cert.NotBefore) && !at.After(cert.NotAfter)
}

// inForceAlike says whether each certificate is in force at both times or at
// neither, so that it makes no difference which of them a signature is of.
func inForceAlike(chain []*x509.Certificate, a, b time.Time) bool {
	return !slices.ContainsFunc(chain, func(cert *x509.Certificate) bool {
		return cert != nil && inForce(cert, a) != inForce(cert, b)
	})
}

func knownAlgorithm(alg x509.SignatureAlgorithm) bool {
	switch alg {
	case x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA,
		x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
		x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512,
		x509.PureEd25519:
		return true
	}
	return false
}

func strongKey(cert *x509.Certificate) bool {
	switch key := publicKey(cert).(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		return key.Curve == elliptic.P256() || key.Curve == elliptic.P384() || key.Curve == elliptic.P521()
	}
	return true
}

// hasUniqueID looks for the issuer's and subject's unique identifiers (RFC
// 5280 4.1.2.8), which crypto/x509 skips: context tags 1 and 2.
func hasUniqueID(cert *x509.Certificate) bool {
	var tbs asn1.RawValue
	if _, err := asn1.Unmarshal(cert.RawTBSCertificate, &tbs); err != nil {
		return true
	}
	for rest := tbs.Bytes; len(rest) > 0; {
		var field asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &field); err != nil {
			return true
		}
		if field.Class == asn1.ClassContextSpecific && (field.Tag == 1 || field.Tag == 2) {
			return true
		}
	}
	return false
}

// purposesFit wants one of the given purposes, never "any", and time stamping
// and OCSP signing only alone.
func purposesFit(cert *x509.Certificate, allowed []string) bool {
	have := keyPurposes(cert)
	if slices.Contains(have, purposeAny) {
		return false
	}
	if slices.Contains(have, purposeTime) || slices.Contains(have, purposeOCSP) {
		return len(have) == 1 && slices.Contains(allowed, have[0])
	}
	return hasPurpose(cert, allowed)
}

func hasPurpose(cert *x509.Certificate, allowed []string) bool {
	return slices.ContainsFunc(keyPurposes(cert), func(p string) bool { return slices.Contains(allowed, p) })
}

func keyPurposes(cert *x509.Certificate) []string {
	var purposes []string
	for _, ext := range cert.Extensions {
		if !ext.Id.Equal(oidEKU) {
			continue
		}
		var ids []asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(ext.Value, &ids); err != nil {
			return nil
		}
		for _, id := range ids {
			purposes = append(purposes, id.String())
		}
	}
	return purposes
}

func hasExtension(cert *x509.Certificate, id asn1.ObjectIdentifier) bool {
	for _, ext := range cert.Extensions {
		if ext.Id.Equal(id) {
			return true
		}
	}
	return false
}

// signedBy says whether a certificate was signed with another's key.
func signedBy(cert, issuer *x509.Certificate) bool {
	if issuer.PublicKey != nil {
		return issuer.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
	}
	key := publicKey(issuer)
	if key == nil {
		return false
	}
	pss := x509.Certificate{PublicKey: key, PublicKeyAlgorithm: x509.RSA}
	return pss.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}

// mayIssue says whether a certificate may sign others, with so many between
// it and the signer's (RFC 5280 6.1.4).
func mayIssue(cert *x509.Certificate, below int) bool {
	if !cert.BasicConstraintsValid || !cert.IsCA {
		return false
	}
	limited := cert.MaxPathLen > 0 || cert.MaxPathLenZero
	if limited && below > cert.MaxPathLen {
		return false
	}
	return cert.KeyUsage == 0 || cert.KeyUsage&x509.KeyUsageCertSign != 0
}
