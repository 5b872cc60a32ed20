package credential

import (
	"encoding/json"
)

// maxAssertions bounds the assertions of one manifest.
const maxAssertions = 2048

// A manifest is one signed record in a store (C2PA 11.1).
type manifest struct {
	label      string
	update     bool // says something about a picture that stays as it was
	box        *superbox
	claim      claim
	claimBytes []byte
	signature  *superbox
	cose       []byte
	assertions []assertion
}

// An assertion is one statement of a manifest (C2PA 6).
type assertion struct {
	label   string // with version and instance
	kind    string // without: "c2pa.actions"
	version int
	box     *superbox
}

// cbor returns the assertion's CBOR, nil if it has none.
func (a assertion) cbor() []byte {
	data, _ := a.box.data(0, "cbor")
	return data
}

// assertion returns the assertion of a label, nil if there is none.
func (m *manifest) assertion(label string) *assertion {
	for i := range m.assertions {
		if m.assertions[i].label == label {
			return &m.assertions[i]
		}
	}
	return nil
}

// of returns the assertions of a kind.
func (m *manifest) of(kind string) []assertion {
	var all []assertion
	for _, a := range m.assertions {
		if a.kind == kind {
			all = append(all, a)
		}
	}
	return all
}

// A storeError says why a manifest store cannot be read at all.
type storeError struct {
	code string // status code, "" where the specification has none
	err  error
}

func (e *storeError) Error() string { return e.err.Error() }

func broken(code, format string, args ...any) error {
	return &storeError{code, damaged(format, args...)}
}

// parseStores reads all manifests of a store, and of a second one that goes on
// with it (C2PA 11.1.4.2). The last one is the active manifest.
func parseStores(first, update []byte) ([]*manifest, error) {
	all, err := parseStore(first)
	if err == nil && update != nil {
		var later []*manifest
		later, err = parseStore(update)
		all = append(all, later...)
	}
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, broken(claimMissing, "the manifest store has no manifest")
	}
	return all, nil
}

func parseStore(data []byte) ([]*manifest, error) {
	root, err := parseJUMBF(data)
	if err != nil {
		return nil, err
	}
	if root.kind != "c2pa" {
		return nil, broken("", "the box is no manifest store")
	}
	var all []*manifest
	for _, b := range root.boxes {
		if b.super == nil {
			continue
		}
		switch b.super.kind {
		case "c2ma", "c2md", "c2um":
			m, err := parseManifest(b.super)
			if err != nil {
				return nil, err
			}
			all = append(all, m)
		}
	}
	return all, nil
}

func parseManifest(box *superbox) (*manifest, error) {
	m := &manifest{label: box.label, update: box.kind == "c2um", box: box}
	var claimBox, assertions *superbox
	for _, b := range box.boxes {
		if b.super == nil {
			continue
		}
		switch b.super.kind {
		case "c2cl":
			if claimBox != nil {
				return nil, broken(claimMultiple, "a manifest has more than one claim")
			}
			claimBox = b.super
		case "c2cs":
			m.signature = b.super
		case "c2as":
			assertions = b.super
		}
	}
	if claimBox == nil {
		return nil, broken(claimMissing, "a manifest has no claim")
	}
	if m.signature == nil {
		return nil, broken(claimSignatureMissing, "a manifest has no signature")
	}
	if assertions == nil {
		return nil, broken(assertionMissing, "a manifest has no assertions")
	}
	var ok bool
	if m.claimBytes, ok = claimBox.data(0, "cbor"); !ok || len(claimBox.boxes) != 1 {
		return nil, broken(claimMalformed, "a claim is no CBOR")
	}
	if m.cose, ok = m.signature.data(0, "cbor"); !ok {
		return nil, broken(claimSignatureMissing, "a signature is no CBOR")
	}
	var err error
	if m.claim, err = parseClaim(m.claimBytes); err != nil {
		return nil, &storeError{claimMalformed, err}
	}
	if m.claim.Alg == "" {
		return nil, broken(algorithmUnsupported, "a claim names no hash algorithm")
	}
	return m, m.addAssertions(assertions)
}

func (m *manifest) addAssertions(store *superbox) error {
	if len(store.boxes) > maxAssertions {
		return broken("", "a manifest has more than %d assertions", maxAssertions)
	}
	declared := map[string]bool{}
	for _, uri := range m.claim.assertions {
		declared[boxOf(uri.URL)] = true
	}
	for _, b := range store.boxes {
		if b.super == nil {
			return broken("", "an assertion is no superbox")
		}
		a := assertion{label: b.super.label, box: b.super}
		a.kind, a.version = kindOf(a.label)
		if !declared[a.label] {
			return broken(assertionUndeclared, "the claim does not know of the assertion %q", a.label)
		}
		m.assertions = append(m.assertions, a)
	}
	return nil
}

// checkForm reports assertions whose contents are not what their box says.
func (m *manifest) checkForm(report func(code, url string)) {
	for _, a := range m.assertions {
		switch a.box.kind {
		case "cbor":
			if decoder.Wellformed(a.cbor()) != nil {
				report(assertionCBORInvalid, assertionURI(m.label, a.label))
			}
		case "json":
			if data, ok := a.box.data(0, "json"); !ok || !json.Valid(data) {
				report(assertionJSONInvalid, assertionURI(m.label, a.label))
			}
		}
	}
}
