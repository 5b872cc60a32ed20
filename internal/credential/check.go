package credential

import (
	"slices"
	"strings"
	"time"
)

// A check is one validation of a manifest store (C2PA 15).
type check struct {
	store     *Store
	trust     *TrustList
	now       time.Time
	manifests map[string]*manifest
	active    *manifest
	redacted  []string // URIs that some manifest has redacted

	failures []failure
	signers  map[string]signer
	visited  map[string]bool
	problem  string // what broke the store, when no code says it
}

// A signer is who signed a manifest, as far as the signature could be read.
type signer struct {
	name, issuer, alg string
	at                time.Time
	trusted           bool
}

func (c *check) fail(code, url string) {
	c.failures = append(c.failures, failure{code, url})
}

// run validates the store but for the picture's bytes; the binding that is
// left to check is nil when the manifest has none.
func (c *check) run() (*Binding, error) {
	all, err := parseStores(c.store.data, c.store.update)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		c.manifests[m.label] = m
		c.redacted = append(c.redacted, m.claim.Redacted...)
	}
	c.active = c.manifests[all[len(all)-1].label]
	for _, uri := range c.redacted {
		c.checkRedacted(uri)
	}
	bound := c.bound(c.active)
	if bound == nil {
		c.fail(claimBindingsMissing, manifestURI(c.active.label))
	}
	c.visited[c.active.label] = true
	c.checkManifest(c.active)
	c.checkIngredients(c.active, 0)
	if bound == nil {
		return nil, nil
	}
	return c.binding(bound)
}

// isRedacted says whether something of the manifest was redacted.
func (c *check) isRedacted(manifest string) bool {
	return slices.ContainsFunc(c.redacted, func(uri string) bool { return manifestOf(uri) == manifest })
}

// checkRedacted reports a redacted assertion that still says something. It is
// either gone or all zeros (C2PA 15.11.3.3.1).
func (c *check) checkRedacted(uri string) {
	m := c.manifests[manifestOf(uri)]
	if m == nil {
		return
	}
	if a := m.assertion(boxOf(uri)); a != nil && !a.redactedAway() {
		c.fail(assertionNotRedacted, uri)
	}
}

// bound returns the manifest that is bound to the picture: the given one, or,
// of an update manifest, the one it updates (C2PA 15.12).
func (c *check) bound(m *manifest) *manifest {
	for range maxIngredientDepth {
		if !m.update {
			if len(m.bindings()) == 0 {
				return nil
			}
			return m
		}
		var parent *manifest
		for _, a := range m.of("c2pa.ingredient") {
			in, err := parseIngredient(a)
			if ref := in.manifest(); err == nil && in.Relationship == "parentOf" && ref != nil {
				parent = c.manifests[manifestOf(absolute(ref.URL, m.label))]
			}
		}
		if parent == nil {
			return nil
		}
		m = parent
	}
	return nil
}

// bindings returns the assertions that bind a manifest to its picture (C2PA
// 9.2).
func (m *manifest) bindings() []assertion {
	var all []assertion
	for _, a := range m.assertions {
		switch a.kind {
		case "c2pa.hash.data", "c2pa.hash.bmff", "c2pa.hash.boxes":
			all = append(all, a)
		}
	}
	return all
}

// binding prepares the check of the picture's bytes.
func (c *check) binding(m *manifest) (*Binding, error) {
	all := m.bindings()
	if len(all) > 1 {
		c.fail(assertionBindingsMultiple, manifestURI(m.label))
	}
	switch a := all[0]; a.kind {
	case "c2pa.hash.data":
		return c.dataBinding(m, a), nil
	case "c2pa.hash.bmff":
		return c.bmffBinding(m, a)
	default:
		return &Binding{code: assertionBoxesHashMismatch, url: assertionURI(m.label, a.label)}, nil
	}
}

// checkManifest validates one manifest (C2PA 15.10).
func (c *check) checkManifest(m *manifest) {
	m.checkForm(c.fail)
	c.checkSignature(m)
	c.checkRedactions(m)
	c.checkParents(m)
	c.checkAssertions(m)
	c.checkActions(m)
}

// checkSignature validates who signed the claim, and that it is the claim
// which was signed (C2PA 15.7).
func (c *check) checkSignature(m *manifest) {
	url := signatureURI(m.label)
	if to := manifestOf(m.claim.Signature); to != "" && to != m.label || boxOf(m.claim.Signature) != signatureLabel {
		c.fail(claimSignatureMissing, url)
	}
	if m.claim.version > 1 && !manifestLabel().MatchString(m.label) {
		c.fail(claimMalformed, manifestURI(m.label))
	}
	s, err := parseSignature(m.cose)
	if err != nil {
		c.fail(claimSignatureMismatch, url)
		return
	}
	name, known := algorithms[s.alg]
	if !known {
		c.fail(algorithmUnsupported, url)
		c.fail(claimSignatureMismatch, url)
		return
	}
	who := signer{alg: name}
	defer func() { c.signers[m.label] = who }()
	if err := s.certificates(); err != nil {
		c.fail(signerInvalid, url)
		c.fail(claimSignatureMismatch, url)
		return
	}
	cert := s.chain[0]
	if cert == nil {
		if !s.derOK {
			c.fail(signerInvalid, url)
		}
		c.fail(signerUntrusted, url)
		c.fail(claimSignatureMismatch, url)
		return
	}
	who.name, who.issuer = nameOf(cert.Subject), nameOf(cert.Issuer)
	if strings.HasPrefix(name, "es") && isDER(s.Signature) {
		c.fail(signerInvalid, url)
		c.fail(claimSignatureMismatch, url)
		return
	}
	// Only of the active manifest is the time told. Of another it matters where
	// certificates were in force then and are not now, or the other way round.
	at := c.now
	if ts := s.timeStamp(m.claimBytes); ts != nil && (m == c.active || !inForceAlike(s.chain, ts.time, c.now)) && ts.signed() {
		who.at = ts.time
		if m.claim.version < 2 || ts.trusted(c.trust) {
			at = ts.time
		}
	}
	if code := certificateFault(cert, at, signingPurposes); code != "" {
		c.fail(code, url)
	}
	if who.trusted = c.trust.trusts(s.chain, signingPurposes, at); !who.trusted {
		c.fail(signerUntrusted, url)
	}
	if !s.keyFits() {
		c.fail(signerInvalid, url)
	}
	if !s.covers(m.claimBytes) {
		c.fail(claimSignatureMismatch, url)
	}
}

// checkRedactions reports redactions of what must stay (C2PA 6.8).
func (c *check) checkRedactions(m *manifest) {
	for _, uri := range m.claim.Redacted {
		kind, _ := kindOf(boxOf(uri))
		if manifestOf(uri) == m.label {
			c.fail(assertionSelfRedacted, uri)
		}
		if kind == "c2pa.actions" {
			c.fail(assertionActionRedacted, uri)
		}
		if strings.HasPrefix(kind, "c2pa.hash.") {
			c.fail(assertionBindingRedacted, uri)
		}
	}
}

// checkParents reports a wrong number of parents, and update manifests that do
// more than they may (C2PA 11.2.3, 15.10.3.1).
func (c *check) checkParents(m *manifest) {
	url := manifestURI(m.label)
	parents := 0
	for _, a := range m.of("c2pa.ingredient") {
		if in, err := parseIngredient(a); err == nil && in.Relationship == "parentOf" {
			parents++
		}
	}
	if !m.update {
		if parents > 1 {
			c.fail(manifestMultipleParents, url)
		}
		return
	}
	for _, a := range m.of("c2pa.actions") {
		for _, act := range actionsOf(a).Actions {
			if !updateActions[act.Action] {
				c.fail(manifestUpdateInvalid, url)
			}
		}
	}
	switch {
	case parents == 0:
		c.fail(manifestUpdateParents, url)
	case parents > 1 || len(m.bindings()) > 0:
		c.fail(manifestUpdateInvalid, url)
	}
}

// checkAssertions compares the assertions with what the claim says of them
// (C2PA 15.10.3).
func (c *check) checkAssertions(m *manifest) {
	for _, uri := range m.claim.assertions {
		if in := manifestOf(uri.URL); in != "" && in != m.label {
			c.fail(assertionOutside, uri.URL)
			continue
		}
		label := boxOf(uri.URL)
		url := assertionURI(m.label, label)
		if slices.Contains(c.redacted, url) {
			continue
		}
		a := m.assertion(label)
		if a == nil {
			c.fail(assertionMissing, url)
			continue
		}
		alg := uri.Alg
		if alg == "" {
			alg = m.claim.Alg
		}
		if !hashIs(alg, uri.Hash, a.box.content) {
			c.fail(assertionHashMismatch, url)
		}
	}
}
