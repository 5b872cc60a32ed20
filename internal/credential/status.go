package credential

import "slices"

// The states of content credentials, as c2pa-rs names them. A store without a
// fault is Valid; it is Trusted when its signer's certificate leads to a
// configured trust anchor.
const (
	StateNone    = "none"
	StateInvalid = "Invalid"
	StateValid   = "Valid"
	StateTrusted = "Trusted"
)

// The failure codes of C2PA 15.2.2.3 that this package gives.
const (
	algorithmUnsupported       = "algorithm.unsupported"
	assertionActionIngredient  = "assertion.action.ingredientMismatch"
	assertionActionMalformed   = "assertion.action.malformed"
	assertionActionRedacted    = "assertion.action.redacted"
	assertionActionRedaction   = "assertion.action.redactionMismatch"
	assertionBindingRedacted   = "assertion.hardBinding.redacted"
	assertionBMFFHashMalformed = "assertion.bmffHash.malformed"
	assertionBMFFHashMismatch  = "assertion.bmffHash.mismatch"
	assertionBoxesHashMismatch = "assertion.boxesHash.mismatch"
	assertionBindingsMultiple  = "assertion.multipleHardBindings"
	assertionCBORInvalid       = "assertion.cbor.invalid"
	assertionDataHashMismatch  = "assertion.dataHash.mismatch"
	assertionHashMismatch      = "assertion.hashedURI.mismatch"
	assertionIngredientBad     = "assertion.ingredient.malformed"
	assertionJSONInvalid       = "assertion.json.invalid"
	assertionMissing           = "assertion.missing"
	assertionNotRedacted       = "assertion.notRedacted"
	assertionOutside           = "assertion.outsideManifest"
	assertionSelfRedacted      = "assertion.selfRedacted"
	assertionUndeclared        = "assertion.undeclared"
	claimBindingsMissing       = "claim.hardBindings.missing"
	claimMalformed             = "claim.malformed"
	claimMissing               = "claim.missing"
	claimMultiple              = "claim.multiple"
	claimSignatureMismatch     = "claimSignature.mismatch"
	claimSignatureMissing      = "claimSignature.missing"
	ingredientMismatch         = "ingredient.manifest.mismatch"
	ingredientMissing          = "ingredient.manifest.missing"
	ingredientSigMismatch      = "ingredient.claimSignature.mismatch"
	ingredientSigMissing       = "ingredient.claimSignature.missing"
	manifestMultipleParents    = "manifest.multipleParents"
	manifestUpdateInvalid      = "manifest.update.invalid"
	manifestUpdateParents      = "manifest.update.wrongParents"
	signerExpired              = "signingCredential.expired"
	signerInvalid              = "signingCredential.invalid"
	signerUntrusted            = "signingCredential.untrusted"
)

// A failure is a status code about one part of the manifest store.
type failure struct {
	code string
	url  string // JUMBF URI of that part
}

// codes returns the failures' codes, sorted, each once. A fault of an
// ingredient counts only if it is news: what its user saw and wrote down in
// the ingredient's assertion, and signed, is part of the record (C2PA 15.11.3).
func codes(failures []failure, active string, recorded map[failure]bool) []string {
	var codes []string
	for _, f := range failures {
		if manifestOf(f.url) == active || !recorded[f] {
			codes = append(codes, f.code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// state is what failure codes add up to. A signer whom nobody vouches for is
// no fault of the picture.
func state(codes []string, trusted bool) string {
	for _, code := range codes {
		if code != signerUntrusted {
			return StateInvalid
		}
	}
	if trusted {
		return StateTrusted
	}
	return StateValid
}
