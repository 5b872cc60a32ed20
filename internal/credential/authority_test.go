package credential

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// An authority is a throw-away certificate authority.
type authority struct {
	t      testing.TB
	cert   *x509.Certificate
	key    crypto.Signer
	serial int64
}

func newAuthority(t testing.TB, name string) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, serial: 1}
	a.cert = a.issue(key.Public(), &x509.Certificate{
		Subject:   pkix.Name{CommonName: name, Organization: []string{name}},
		NotBefore: time.Now().AddDate(-5, 0, 0), NotAfter: time.Now().AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	})
	return a
}

func (a *authority) issue(key crypto.PublicKey, template *x509.Certificate) *x509.Certificate {
	a.serial++
	template.SerialNumber = big.NewInt(a.serial)
	parent := a.cert
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert
}

// pem returns the authority's own certificate.
func (a *authority) pem() string { return certPEM(a.cert) }

func certPEM(cert *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
}

// A credential is a signer's key and certificates.
type credential struct {
	alg, chain, key string
	signer          crypto.Signer
	cert            *x509.Certificate
}

// newKey makes a key for a signature algorithm.
func newKey(t testing.TB, alg string) crypto.Signer {
	var key crypto.Signer
	var err error
	switch alg {
	case "es256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "es384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "es512":
		key, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// signer makes a credential, its certificate changed by the given functions.
func (a *authority) signer(alg string, change ...func(*x509.Certificate)) credential {
	key := newKey(a.t, alg)
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "Desk " + alg, Organization: []string{"Example Pictures"}},
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		BasicConstraintsValid: true,
	}
	for _, f := range change {
		f(template)
	}
	cert := a.issue(key.Public(), template)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return credential{
		alg: alg, chain: certPEM(cert) + a.pem(), signer: key, cert: cert,
		key: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	}
}

// clock makes the credential of a time-stamping authority.
func (a *authority) clock() credential {
	return a.signer("ps256", func(c *x509.Certificate) {
		c.Subject.CommonName = "Clock"
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}
		c.NotBefore = time.Now().AddDate(-4, 0, 0)
	})
}

// stamper runs a time-stamping authority that says it is a certain time.
func (a *authority) stamper(at time.Time) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			a.t.Error(err)
			return
		}
		req, err := timestamp.ParseRequest(body)
		if err != nil {
			a.t.Error(err)
			return
		}
		_, response := a.stamp(req.HashedMessage, req.Nonce, at)
		w.Header().Set("Content-Type", "application/timestamp-reply")
		w.Write(response)
	}))
	a.t.Cleanup(server.Close)
	return server.URL
}

// stamp makes a time stamp over a SHA-256 hash: the token, and a response with
// it. It has no signed attributes, as the library would put the real time into
// them.
func (a *authority) stamp(hash []byte, nonce *big.Int, at time.Time) (token, response []byte) {
	type algorithm struct{ ID asn1.ObjectIdentifier }
	type imprint struct {
		Algorithm algorithm
		Hash      []byte
	}
	who := a.clock()
	info, err := asn1.Marshal(struct { // TSTInfo, RFC 3161 2.4.2
		Version int
		Policy  asn1.ObjectIdentifier
		Imprint imprint
		Serial  int
		Time    time.Time `asn1:"generalized"`
		Nonce   *big.Int  `asn1:"optional"`
	}{1, asn1.ObjectIdentifier{1, 2, 3, 4, 1}, imprint{algorithm{pkcs7.OIDDigestAlgorithmSHA256}, hash}, 7, at.UTC(), nonce})
	if err != nil {
		a.t.Fatal(err)
	}
	signed, err := pkcs7.NewSignedData(info)
	if err != nil {
		a.t.Fatal(err)
	}
	signed.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	signed.SetContentType(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4})
	if err := signed.SignWithoutAttr(who.cert, who.signer, pkcs7.SignerInfoConfig{}); err != nil {
		a.t.Fatal(err)
	}
	signed.AddCertificate(a.cert)
	if token, err = signed.Finish(); err != nil {
		a.t.Fatal(err)
	}
	response, err = asn1.Marshal(struct {
		Status struct{ Granted int }
		Token  asn1.RawValue
	}{Token: asn1.RawValue{FullBytes: token}})
	if err != nil {
		a.t.Fatal(err)
	}
	return token, response
}
