package credential

import (
	"bytes"

	"github.com/fxamacker/cbor/v2"

	"cutline/internal/report"
)

// maxIngredientDepth bounds how deep ingredients are followed.
const maxIngredientDepth = 24

// An ingredient is a picture that went into this one (C2PA 18.16,
// "Ingredient", versions 1 to 3).
type ingredient struct {
	Title        string          `cbor:"dc:title"`
	Format       string          `cbor:"dc:format"`
	Relationship string          `cbor:"relationship"`
	Manifest12   *hashedURI      `cbor:"c2pa_manifest"`
	Manifest3    *hashedURI      `cbor:"activeManifest"`
	Signature    *hashedURI      `cbor:"claimSignature"`
	Status12     []recorded      `cbor:"validationStatus"`
	Results3     *results        `cbor:"validationResults"`
	SourceType   cbor.RawMessage `cbor:"digitalSourceType"`
}

// recorded is a status that was seen when the ingredient was taken in.
type recorded struct {
	Code        string `cbor:"code"`
	URL         string `cbor:"url"`
	Explanation string `cbor:"explanation"`
}

type statusLists struct {
	Success       []recorded `cbor:"success"`
	Informational []recorded `cbor:"informational"`
	Failure       []recorded `cbor:"failure"`
}

type results struct {
	Active statusLists `cbor:"activeManifest"`
	Deltas []struct {
		Deltas statusLists `cbor:"validationDeltas"`
	} `cbor:"ingredientDeltas"`
}

func parseIngredient(a assertion) (ingredient, error) {
	var in ingredient
	if err := decoder.Unmarshal(a.cbor(), &in); err != nil {
		return in, err
	}
	if r := in.Results3; r != nil {
		for _, list := range [][]recorded{r.Active.Success, r.Active.Informational, r.Active.Failure} {
			for _, status := range list {
				if status.Code == "" {
					return in, damaged("an ingredient has a status without a code")
				}
			}
		}
	}
	return in, nil
}

// manifest returns the reference to the ingredient's own manifest, nil when it
// came without one.
func (in ingredient) manifest() *hashedURI {
	if in.Manifest3 != nil {
		return in.Manifest3
	}
	return in.Manifest12
}

// recorded returns the failures that the ingredient's user saw, by absolute
// URI.
func (in ingredient) recorded() []failure {
	list := in.Status12
	if r := in.Results3; r != nil {
		list = r.Active.Failure
		for _, d := range r.Deltas {
			list = append(list, d.Deltas.Failure...)
		}
	}
	var label string
	if ref := in.manifest(); ref != nil {
		label = manifestOf(ref.URL)
	}
	var seen []failure
	for _, r := range list {
		seen = append(seen, failure{r.Code, absolute(r.URL, label)})
	}
	return seen
}

// redactedAway says whether a redaction has blanked the assertion in place.
func (a assertion) redactedAway() bool {
	for _, b := range a.box.boxes {
		if len(bytes.Trim(b.data, "\x00")) > 0 {
			return false
		}
	}
	return true
}

// checkIngredients validates the manifests that a manifest builds on, each
// once, however many ways lead to it (C2PA 15.11.3).
func (c *check) checkIngredients(m *manifest, depth int) {
	if depth >= maxIngredientDepth {
		c.problem = "its ingredients nest too deep"
		c.fail("general.error", manifestURI(m.label))
		return
	}
	for _, a := range m.of("c2pa.ingredient") {
		if a.redactedAway() {
			continue
		}
		url := assertionURI(m.label, a.label)
		in, err := parseIngredient(a)
		if err != nil {
			c.fail(assertionIngredientBad, url)
			continue
		}
		if in.Manifest3 != nil && len(in.SourceType) > 0 {
			c.fail(assertionIngredientBad, url)
		}
		ref := in.manifest()
		if ref == nil {
			continue
		}
		if a.version >= 3 && in.Results3 == nil {
			c.fail(assertionIngredientBad, url)
		}
		child := c.manifests[manifestOf(absolute(ref.URL, m.label))]
		if child == nil {
			c.fail(ingredientMissing, ref.URL)
			continue
		}
		c.checkReference(in, *ref, child)
		if !c.visited[child.label] {
			c.visited[child.label] = true
			c.checkManifest(child)
			c.checkIngredients(child, depth+1)
		}
	}
}

// checkReference compares an ingredient's manifest with the hash that its user
// took of it. After a redaction only its signature can still be compared.
func (c *check) checkReference(in ingredient, ref hashedURI, child *manifest) {
	alg := ref.Alg
	if alg == "" {
		alg = child.claim.Alg
	}
	if hashIs(alg, ref.Hash, child.box.content) || hashIs(alg, ref.Hash, child.claimBytes) {
		return // the second is how it was before C2PA 1.3
	}
	if !c.isRedacted(child.label) {
		c.fail(ingredientMismatch, ref.URL)
		return
	}
	if child.claim.version < 2 {
		return
	}
	switch sig := in.Signature; {
	case sig == nil:
		c.fail(ingredientSigMissing, ref.URL)
	case !hashIs(alg, sig.Hash, child.signature.content):
		c.fail(ingredientSigMismatch, ref.URL)
	}
}

// ingredients tells the ingredients of a manifest for the report. A manifest
// that was told already is told without its own ingredients.
func (c *check) ingredients(m *manifest, told map[string]bool, depth int) []report.Ingredient {
	if told[m.label] || depth >= maxIngredientDepth {
		return nil
	}
	told[m.label] = true
	var all []report.Ingredient
	for _, a := range m.of("c2pa.ingredient") {
		in, err := parseIngredient(a)
		if err != nil {
			continue
		}
		r := report.Ingredient{Title: in.Title, Format: in.Format, Relationship: in.Relationship}
		if ref := in.manifest(); ref != nil {
			r.Manifest = manifestOf(absolute(ref.URL, m.label))
			if child := c.manifests[r.Manifest]; child != nil {
				r.Generator = child.claim.generator()
				r.Signer = c.signers[child.label].name
				r.Actions = child.actions()
				r.Ingredients = c.ingredients(child, told, depth+1)
			}
		}
		all = append(all, r)
	}
	return all
}
