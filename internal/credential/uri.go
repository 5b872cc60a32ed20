package credential

import (
	"strconv"
	"strings"
)

// A JUMBF URI (C2PA 8.4.1) is absolute, self#jumbf=/c2pa/MANIFEST/STORE/BOX,
// or relative to the manifest it stands in, self#jumbf=STORE/BOX.
const (
	uriStart       = "self#jumbf="
	storeLabel     = "c2pa"
	assertionStore = "c2pa.assertions"
	databoxStore   = "c2pa.databoxes"
	signatureLabel = "c2pa.signature"
)

func manifestURI(manifest string) string { return uriStart + "/" + storeLabel + "/" + manifest }

func signatureURI(manifest string) string { return manifestURI(manifest) + "/" + signatureLabel }

func assertionURI(manifest, assertion string) string {
	return manifestURI(manifest) + "/" + assertionStore + "/" + assertion
}

// manifestOf returns the label of the manifest that an absolute URI points
// into, "" for a relative one.
func manifestOf(uri string) string {
	_, path, ok := strings.Cut(uri, "/"+storeLabel+"/")
	if !ok {
		return ""
	}
	label, _, _ := strings.Cut(path, "/")
	return label
}

// boxOf returns the label of the box that a URI points to: what follows the
// last slash.
func boxOf(uri string) string {
	uri = strings.TrimPrefix(uri, uriStart)
	return uri[strings.LastIndexByte(uri, '/')+1:]
}

// assertionOf returns the label of the assertion that a URI points to, "" when
// it points elsewhere.
func assertionOf(uri string) string {
	path, ok := strings.CutPrefix(uri, uriStart)
	parts := strings.Split(path, "/")
	if n := len(parts); ok && n >= 2 && parts[n-2] == assertionStore {
		return parts[n-1]
	}
	return ""
}

// absolute makes a URI absolute.
func absolute(uri, manifest string) string {
	path, ok := strings.CutPrefix(uri, uriStart)
	if !ok || strings.HasPrefix(path, "/") {
		return uri
	}
	return manifestURI(manifest) + "/" + path
}

// kindOf splits an assertion's label into its kind and version: of
// "c2pa.ingredient.v3__1", "c2pa.ingredient" and 3 (C2PA 6.3, 6.4).
func kindOf(label string) (kind string, version int) {
	kind, _, _ = strings.Cut(label, "__")
	if i := strings.LastIndex(kind, ".v"); i >= 0 {
		if v, err := strconv.Atoi(kind[i+2:]); err == nil && v > 0 {
			return kind[:i], v
		}
	}
	return kind, 1
}
